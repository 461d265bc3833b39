"""What is wrong between the parts of one staging."""

from __future__ import annotations

import pytest

import rstage
from rstage.model.group import StageGroup


@pytest.mark.parametrize(
    "text", ["T2R2-ISS III", "T2 pR2 (AJCC 8) ISS III", "T2 R2, ISS III", "T2 N0 R2; ISS II"]
)
def test_an_r2_before_a_group_of_iss_would_be_read_as_another_system(text: str) -> None:
    reading = rstage.read(text)
    assert not reading.stages
    assert [one.code for one in reading.diagnostics if one.severity == "error"] == ["RS123"]


@pytest.mark.parametrize(
    "text", ["T2 R1 ISS III", "T2 R2(local) ISS III", "T2 R2 G1 ISS III", "T2 N0 ISS III"]
)
def test_what_stays_apart_is_read(text: str) -> None:
    assert str(rstage.parse(text)) == text


def test_no_stage_is_built_that_cannot_be_written() -> None:
    parts = {"t": rstage.parse("T2").t, "descriptors": rstage.parse("T2 R2").descriptors}
    with pytest.raises(ValueError, match="R2 before a group of ISS"):
        rstage.Stage(**parts, group=StageGroup(value="III", system="ISS"))  # type: ignore[arg-type]  # as named

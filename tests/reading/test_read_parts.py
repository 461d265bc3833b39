"""Findings of a stage that is held in parts: each in the part that it is about, or in none."""

from __future__ import annotations

import pytest

import rstage


def told(**parts: str) -> list[tuple[str, str | None, tuple[int, int]]]:
    reading = rstage.read_parts(**parts)  # type: ignore[arg-type]  # every part is a text
    return [(one.code, one.part, one.span) for one in reading.diagnostics]


def test_what_is_about_the_whole_stage_is_in_no_part() -> None:
    assert told(T="T2", N="yN0", M="M0") == [("RS301", None, (0, 0))]


def test_what_is_about_a_part_covers_it() -> None:
    assert told(T="cT2-3", N="N0") == [("RS303", "T", (0, 5))]
    assert told(T="T2", N="N0", M="MX") == [("RS305", "M", (0, 2))]
    assert told(T="rT2", N="rN0", group="rStage X") == [
        ("RS312", "group", (0, 8)),
        ("RS425", "group", (0, 8)),
    ]


@pytest.mark.parametrize(
    ("option", "value", "known"),
    [
        ("mode", "loose", "mode is one of strict, standard, repair"),
        ("field", "X", "field is one of T, N, M, group, "),
        ("dialect", "seer", "dialect is one of naaccr, obds, "),
        ("system", "Nobody", "system is one of TNM, "),
    ],
)
def test_an_option_that_is_not_known_is_named_with_those_that_are(
    option: str, value: str, known: str
) -> None:
    with pytest.raises(ValueError, match=f"^{known}"):
        rstage.read("T2", **{option: value})  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"L": "L0", "group": "II"}, "L0 Stage II"),
        ({"L": "L1", "T": "T2", "group": "2", "system": "INSS"}, "T2 L1 INSS 2"),
        ({"R": "R2", "group": "II", "system": "ISS"}, "R2 ISS II belongs to R2-ISS, not to TNM"),
        ({"T": "T2", "R": "R2", "group": "III", "system": "ISS"}, "R2 ISS III belongs to R2-ISS, not to TNM"),
    ],
)
def test_parts_that_spell_a_group_of_another_system_are_refused(parts: dict[str, str], said: str) -> None:
    reading = rstage.read_parts(**parts)  # type: ignore[arg-type]  # every part is a text
    if reading.ok:
        assert str(reading) == said
        assert rstage.read(said).stage == reading.stage
    else:
        assert [(one.part, one.message) for one in reading.diagnostics] == [("group", said)]

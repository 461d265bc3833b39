from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rstage.messages.fhir.contents import R_CODE, Contents
from rstage.messages.json_documents import REPEATED

if TYPE_CHECKING:
    from rstage.messages.json_places import Path

TWICE = {REPEATED: "code"}


@pytest.mark.parametrize(
    ("resource", "count"),
    [
        ({}, 0),
        ({"code": R_CODE}, 1),
        ({"a": [R_CODE, {"b": {R_CODE: R_CODE}}], "c": int(R_CODE), "d": f"{R_CODE} "}, 3),
    ],
)
def test_the_code_for_r_is_counted_wherever_it_stands(resource: dict[str, Any], count: int) -> None:
    assert Contents.of(resource).r_count == count


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ({"code": {"coding": [{}]}}, None),
        (TWICE, ()),
        ({"code": {"coding": [{}, TWICE]}}, ("code", "coding", 1)),
        ({"id": TWICE, "code": TWICE}, ("id",)),
        ({"code": {"name of a person": [{"code": TWICE}]}}, ("code",)),
    ],
)
def test_the_path_to_a_repeated_key_shows_no_names_but_those_of_elements(
    resource: dict[str, Any], path: Path | None
) -> None:
    assert Contents.of(resource).repeated == path

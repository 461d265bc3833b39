"""The recipe "Add a message format" of CONTRIBUTING.md, done with an invented format of JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from tests.support.scratch import Scratch

MODULE = '''"""Boards: what tumor boards noted, one tumor a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.messages.blocks import read_block
from rstage.messages.json_records import ALONE, json_records
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.messages.message import FoundStaging, MessageFinding, Record, Tumor, WithSidecar
from rstage.restaging.linking import Role
from rstage.restaging.staging import Circumstances, partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rstage.messages.json_records import JsonRecord
    from rstage.messages.json_values import JsonObject
    from rstage.messages.source import Source

_KEYS = {"board", "tumor", "stages"}
_PARTS = ("T", "N", "M")


class BoardFormat(WithSidecar):
    """Reads boards; restagings go to a sidecar."""

    name = "board"
    title = "Tumor board"

    def recognizes(self, head: bytes) -> bool:
        """Return whether a file begins with the name of a board."""
        return head.startswith(b'{"board":')

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the tumors; see `message.Format`."""
        return (_record(one, reading) for one in json_records(source, lambda _data: ALONE))


FORMAT = BoardFormat()


def _record(one: JsonRecord, reading: Mapping[str, Any]) -> Record:
    document = one.documents[0]
    data, place = document.data, one.place(document)
    tumor_id = as_text(data.get("tumor"))
    stagings = [
        _staging(one, number, as_dict(noted), reading, tumor_id)
        for number, noted in enumerate(as_list(data.get("stages")))
    ]
    is_whole = data.keys() == _KEYS and type(data["stages"]) is list
    unread = MessageFinding(rules.UNREAD_STAGING.at(element="a tumor"), place)
    tumor = Tumor(
        keys={"tumor_id": tumor_id}, place=place, stagings=stagings, findings=() if is_whole else (unread,)
    )
    return Record(number=one.number, raw=one.raw, tumors=(tumor,))


def _staging(
    one: JsonRecord, number: int, noted: JsonObject, reading: Mapping[str, Any], tumor_id: str
) -> FoundStaging:
    place = one.place(one.documents[0], ("stages", number))
    parts = {name: as_text(noted[name]) for name in _PARTS if name in noted}
    date, is_whole = None, noted.keys() <= {"date", *_PARTS} and all(parts.values())
    try:
        date = partial_date(as_text(noted.get("date")))
    except ValueError:
        is_whole = False
    if not is_whole or not parts:
        unread = MessageFinding(rules.UNREAD_STAGING.at(element="a stage"), place)
        return FoundStaging(staging=None, place=place, findings=(unread,))
    given = Circumstances(date=date, tumor_id=tumor_id or None)
    staging, found = read_block("obds", parts, reading, given)
    is_recurrence = staging is not None and staging.stage.is_recurrence
    return FoundStaging(
        staging=staging,
        place=place,
        role=Role.ASSESSMENT if is_recurrence else Role.INITIAL,
        findings=tuple(MessageFinding(inner, place, parts.get(inner.part or "", "")) for inner in found),
    )
'''
MESSAGE = "".join(
    json.dumps({"board": "B", "tumor": tumor, "stages": stages}) + "\n"
    for tumor, stages in (
        (
            "A",
            [
                {"date": "2019-03", "T": "pT2", "N": "pN1", "M": "cM0"},
                {"date": "2023", "T": "rcT0", "N": "rcN0", "M": "rcM1"},
            ],
        ),
        ("B", [{"date": "2020", "T": "pT1", "N": "pN9"}]),
    )
)


@needs_checkout
@pytest.mark.slow
def test_a_message_format_is_a_module_and_its_name(scratch: Scratch) -> None:
    scratch.write("src/rstage/messages/board.py", MODULE)
    scratch.replace(
        "src/rstage/messages/recognize.py",
        '"obds.format", "fhir.format")',
        '"obds.format", "fhir.format", "board")',
    )
    scratch.replace(
        "src/rstage/reference/choices.py",
        'MessageFormat = Literal["naaccr", "obds", "fhir"]',
        'MessageFormat = Literal["naaccr", "obds", "fhir", "board"]',
    )
    scratch.replace(
        "pyproject.toml", '"rstage.messages.obds"]', '"rstage.messages.obds", "rstage.messages.board"]'
    )
    scratch.write("tests/data/messages/board.ndjson", MESSAGE)
    file = "tests/data/messages/board.ndjson"

    histories = [
        json.loads(line) for line in scratch.rstage("history", file, "-q", "--exit-zero").splitlines()
    ]
    assert [one["tumor_id"] if one["diagnosis"] else one["keys"]["tumor_id"] for one in histories] == [
        "A",
        "B",
    ]
    assert [len(one.get("restagings", ())) for one in histories] == [1, 0]
    scratch.rstage("restage", file, "-o", "out.jsonl", "--input-format", "board", "--exit-zero")
    scratch.rstage("verify", "out.jsonl", "--against", file)
    found = json.loads(scratch.rstage("check", file, "--format", "json", "--exit-zero"))
    assert ("B", "stages[0]", 2) in {
        (histories[one["record"] - 1]["keys"]["tumor_id"], one["path"], one["line"]) for one in found
    }

    scratch.test("tests/messages/test_messages.py", "-k", "board or format")
    scratch.test("tests/promises/test_damaged_messages.py", "-k", "board")

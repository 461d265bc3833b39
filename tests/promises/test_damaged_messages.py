"""Messages that were cut off or have flipped bits: no traceback, no hang, and no r invented or lost."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from rstage import messages
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from tests.support.message_files import every_message_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rstage.messages.message import Record, TumorHistory

SEED = 1880
LARGEST = 60_000
SMALL = [path for path in every_message_file() if path.stat().st_size <= LARGEST]


def read(path: Path, data: bytes) -> tuple[list[TumorHistory], str | None]:
    """Return the histories before the message breaks, and the code that it breaks with."""
    path.write_bytes(data)
    found: list[TumorHistory] = []
    try:
        for one in messages.histories(str(path)):
            found.append(one)  # noqa: PERF402  what came before an error is kept
    except TableError as error:
        return found, error.diagnostic.code
    return found, None


def told(found: Sequence[TumorHistory]) -> list[tuple[object, ...]]:
    return [(one.tumor.keys, one.history, [part.staging for part in one.unlinked]) for one in found]


def damages(path: Path, total: int) -> int:
    """Return how often a message is damaged, so that all of them together are damaged `total` times."""
    return total // len(SMALL) + 1 if path in SMALL else total // 80


def cuts(path: Path, total: int) -> list[int]:
    """Return where a message is cut."""
    size, chance = path.stat().st_size, random.Random(f"{SEED} {path.name}")  # noqa: S311  no secret
    return sorted(chance.randrange(size) for _ in range(damages(path, total)))


every_message = pytest.mark.parametrize("path", every_message_file(), ids=lambda path: path.name)
few_and_many = pytest.mark.parametrize("total", [240, pytest.param(2_000, marks=pytest.mark.slow)])


@every_message
@few_and_many
def test_a_message_that_was_cut_gives_the_records_before_the_cut(
    path: Path, tmp_path: Path, total: int
) -> None:
    data = path.read_bytes()
    whole = told(list(messages.histories(str(path))))
    for at in cuts(path, total):
        found, code = read(tmp_path / "cut", data[:at])
        assert told(found) == whole[: len(found)] or is_one_line_less(path, data, at)
        # Only what is left between two lines is a message by itself.
        assert code is not None or not data[at:].strip() or path.suffix == ".ndjson"


def is_one_line_less(path: Path, data: bytes, at: int) -> bool:
    """Return whether a patient whose resources are lines of their own was cut between two of them."""
    return path.suffix == ".ndjson" and b"\n" in data[at - 1 : at + 1]


@every_message
@few_and_many
def test_a_flipped_bit_invents_no_r_and_loses_none(path: Path, tmp_path: Path, total: int) -> None:
    data = path.read_bytes()
    chance = random.Random(f"{SEED} {path.name}")  # noqa: S311  no secret
    for _ in range(damages(path, total)):
        at = chance.randrange(len(data))
        flipped = bytes([*data[:at], data[at] ^ (1 << chance.randrange(8)), *data[at + 1 :]])
        found, _ = read(tmp_path / "flipped", flipped)
        for one in found:
            assert_r_is_as_written(one)


def assert_r_is_as_written(found: TumorHistory) -> None:
    """Hold the stagings with r against the marks in the bytes of the record, found in another way."""
    stagings = found.tumor.stagings
    is_r = [one for one in stagings if one.staging is not None and one.staging.stage.is_recurrence]
    marks = marks_of_r(found.record)
    if is_r:
        assert marks, "an r was invented"
    if marks and not is_r:
        everything = [*found.record.findings, *found.findings]
        others = [one for one in found.record.tumors if one is not found.tumor]
        is_reported = any(one.diagnostic.severity is not Severity.INFO for one in everything)
        assert is_reported or others, "an r was lost"


def marks_of_r(record: Record) -> int:
    """Return how many r a record writes: symbols, codes and values that begin with one."""
    text = record.raw.decode("utf-8", "replace")
    symbol = re.findall(r"<(?:\w+:)?(?:TNM_)?r_Symbol[^>]*>\s*[rR]", text)
    code = re.findall(r'"421188008"|"101659-1"|"code": ?"r"', text)
    value = re.findall(r'[>"\s][ya]{0,2}r[ya]{0,2}[cpu]{0,2}(?:T|N|M|Stage|\d|I|X|is)', text)
    return len(symbol) + len(code) + len(value)


def test_there_are_enough_of_both() -> None:
    assert sum(len(cuts(path, 2_000)) for path in every_message_file()) >= 2_000

"""One try of each kind of file: a table and a message are drawn, run through, and compared byte by byte."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import rstage
from rstage import messages
from rstage.files.errors import TableError
from tests.support.command_line import run
from tests.support.fuzz import drawing, promises
from tests.support.fuzz.promises import hold
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

HEADER = b"id,dx,new,dx_date,note\n"
CELLS = 5
COUNTED = re.compile(r"([\d,]+) rows in = ([\d,]+) out \+ ([\d,]+) rejected")
ENGINES = ("stdlib", "polars")
COMMANDS: dict[str, tuple[str, ...]] = {
    "normalize": ("--column", "dx", "--column", "new"),
    "restage": (
        "--diagnosis",
        "dx",
        "--assessment",
        "new",
        "--tumor-id",
        "id",
        "--diagnosis-date",
        "dx_date",
    ),
}
LARGEST = 20_000
_VALUE = re.compile(rb'(?<=>)[^<>{}]*\w[^<>{}]*(?=<)|(?<=: ")[^"<>\\]+(?=")')


def _row(chance: Random) -> list[str]:
    texts = [drawing.text_of(chance).text.replace("\x00", "") for _ in range(2)]
    date = chance.choice(("", "2019", "2020-01-02", "31.12.2019", "never"))
    note = chance.choice(("", "x", "=1+1", *drawing.SECRETS))
    row = [chance.choice(("1", "2", "3")), *texts, date, note]
    kind = chance.random()
    return row[:-1] if kind < 0.03 else [*row, drawing.SECRETS[0]] if kind < 0.06 else row


def _line(chance: Random, row: list[str]) -> bytes:
    out = io.StringIO()
    end = chance.choice(("\n", "\n", "\r\n"))
    quoting: Any = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(out, lineterminator=end, quoting=quoting).writerow(row)
    return out.getvalue().encode()


def try_table(chance: Random, folder: Path) -> int:
    """Normalize or restage a table, verify it, check it, and compare it line by line."""
    rows = [_row(chance) for _ in range(chance.randint(5, 60))]
    lines = [_line(chance, row) for row in rows]
    source, out = folder / "in.csv", folder / "out.csv"
    source.write_bytes(HEADER + b"".join(lines))
    command, engine = chance.choice(tuple(COMMANDS)), chance.choice(ENGINES)
    options = (*COMMANDS[command], "--mode", chance.choice(("standard", "repair")))
    done = run(command, source, "-o", out, *options, "--engine", engine, "--force")
    hold(done.code in (0, 1), promises.NO_CRASH, done.err)
    kept = [line for line, row in zip(lines, rows, strict=True) if len(row) == CELLS]
    counted = COUNTED.search(done.err)
    hold(counted, promises.ROWS, done.err)
    assert counted
    numbers = [int(number.replace(",", "")) for number in counted.groups()]
    hold(numbers == [len(lines), len(kept), len(lines) - len(kept)], promises.ROWS, numbers, len(kept))
    _compare(out.read_bytes(), kept)
    if len(kept) < len(lines):
        rejected = (folder / "out.csv.rejected").read_bytes()
        hold(all(line.rstrip(b"\r\n") in rejected for line in lines if line not in kept), promises.ROWS)
    promises.private((), done.err, done.out)
    verified = run("verify", out, "--against", source, *(options if command == "restage" else ()))
    hold(verified.code == 0, promises.LINKED, verified.out, verified.err)
    checked = run("check", source, "--column", "dx", "--column", "new", "--format", "jsonl")
    promises.private((), checked.out, checked.err)
    hold("Traceback" not in checked.err, promises.NO_CRASH, checked.err)
    return 2 * len(lines)


def _compare(written: bytes, kept: list[bytes]) -> None:
    """Every line that was kept stands in the output from its first to its last byte, in order."""
    place = written.index(b"\n") + 1
    for line in kept:
        begin = line.rstrip(b"\r\n")
        hold(written.startswith(begin, place), promises.UNCHANGED, begin)
        place = written.index(line[len(begin) :], place + len(begin)) + len(line) - len(begin)
    hold(place == len(written), promises.ROWS, place, len(written))


@cache
def _messages() -> dict[str, bytes]:
    """Return the small messages by their names."""
    found = [path for path in sorted(MESSAGES.iterdir()) if path.suffix in (".xml", ".json", ".ndjson")]
    return {path.name: path.read_bytes() for path in found if path.stat().st_size <= LARGEST}


def _damaged(chance: Random, message: bytes) -> bytes:
    """Return a message with a value replaced, or bytes changed, or cut off."""
    for _ in range(chance.choice((1, 1, 2))):
        start, end = chance.choice([match.span() for match in _VALUE.finditer(message)] or [(0, 0)])
        kind, text = chance.random(), drawing.text_of(chance).text.encode()
        if kind < 0.5:
            plain = re.sub(rb'[<>&"\\\x00-\x1f]', b"", text)
            message = message[:start] + plain + message[end:]
        elif kind < 0.8:
            message = message[:start] + drawing.SECRETS[0].encode() + message[end:]
        elif kind < 0.9:
            place = chance.randrange(len(message) or 1)
            message = message[:place] + bytes([chance.randrange(256)]) + message[place + 1 :]
        else:
            return message[: chance.randrange(len(message) or 1)]
    return message


def try_message(chance: Random, folder: Path) -> int:
    """Read a message in which something was changed, restage it and verify what was written."""
    name = chance.choice(tuple(_messages()))
    message = _damaged(chance, _messages()[name])
    source, out = folder / name, folder / f"out-{name}"
    source.write_bytes(message)
    count = 0
    try:
        for one in messages.histories(str(source)):
            count += _held(one)
        messages.write(str(source), str(out), force=True)
    except TableError as error:
        promises.private([error.diagnostic])
        return count + 1
    found = list(messages.verify(str(out), str(source)))
    hold(not found, promises.LINKED, name, message, found)
    hold(source.read_bytes() == message, promises.UNCHANGED, name)
    return count + 1


def _held(one: Any) -> int:
    """Hold the promises to one tumor of a message; return its stagings."""
    promises.private((), repr(one))
    history = one.history
    for part in one.unlinked:
        promises.private([found.diagnostic for found in part.findings], repr(part))
    if history is None:
        return len(one.unlinked)
    stage = history.diagnosis.stage if history.diagnosis else None
    hold(stage is None or not stage.is_recurrence, promises.NO_R, str(stage))
    hold(not rstage.verify(history), promises.LINKED, repr(history))
    hold(rstage.History.from_dict(history.to_dict()) == history, promises.SAME_VALUE, repr(history))
    return len(one.unlinked) + len(history.initial) + len(history.restagings)

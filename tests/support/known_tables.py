"""Tables whose output is known, row by row."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

NORMALIZE = ("--column", "dx", "-o", "out.csv")
OLD, OLD_REJECTED = b"the output of an earlier run\n", b"its rejected rows\n"

HEADER = b"id,dx\n"
NORMALIZED_HEADER = b"id,dx,dx_normalized,dx_findings\n"
# What stands in a row, and what normalizing appends to it.
CELLS = (
    (b"cT2 N0 M0", b",cT2 N0 M0,"),
    (b"rT4b N2 M1", b",rT4b rN2 rM1,"),
    (b"T5 N0", b",,RS103"),
    (b"", b",,"),
    (b"T3 NX", b",T3 NX,"),
    (b"pT1c pN1a(sn)", b",pT1c pN1a(sn),"),
)


class Known(NamedTuple):
    """A table, and what comes out when its column dx is normalized."""

    source: bytes
    output: bytes
    rejected: bytes

    @property
    def counts(self) -> str:
        """What is said of its rows."""
        rows_in, out, rejected = (part.count(b"\n") for part in self)
        return f"{rows_in - 1:,} rows in = {out - 1:,} out + {rejected:,} rejected"


def hard_to_compress(row_count: int, bits: int = 200) -> list[int]:
    """Return ids that no compression makes small, the same ones each time."""
    return [random.Random(number).getrandbits(bits) for number in range(row_count)]  # noqa: S311  no secret


def known_table(
    row_count: int, *, ragged_every: int = 7, ids: Callable[[int], Iterable[int]] = range
) -> Known:
    """Return a table of so many rows; each has an id, so that a lost one and one too many are seen."""
    source, output, rejected = [HEADER], [NORMALIZED_HEADER], []
    for number, one in enumerate(ids(row_count), start=1):
        if number % ragged_every == 0:
            rejected.append(b"%d,T2,N0\n" % one)
            source.append(rejected[-1])
        else:
            cell, appended = CELLS[number % len(CELLS)]
            row = b"%d,%b" % (one, cell)
            source.append(row + b"\n")
            output.append(row + appended + b"\n")
    return Known(b"".join(source), b"".join(output), b"".join(rejected))


def put_old(folder: Path) -> tuple[str, ...]:
    """Put the files of an earlier run into a folder, and return the option that replaces them."""
    (folder / "out.csv").write_bytes(OLD)
    (folder / "out.csv.rejected").write_bytes(OLD_REJECTED)
    return ("--force",)

"""Columns for the tests of the engines: what stands in real columns, and what should stand in none."""

from __future__ import annotations

from itertools import cycle, islice, product
from typing import NamedTuple

from rstage import read
from rstage.tables.missing import is_missing, missing_words

GOOD = tuple(
    f"{timing}{method}T{tumor} {timing}{method}N{nodes} {timing}cM{metastases}{behind}"
    for timing, method, tumor, nodes, metastases, behind in product(
        ("", "y", "r"),
        ("c", "p"),
        ("1", "2b", "3(m)", "is", "4-4b"),
        ("0", "1a(sn)", "2(4/17)"),
        ("0", "1(HEP)", "1b"),
        ("", " L1 V0", " Stage IIB", " (AJCC 8)", " G2 R1(liver) Stage IV (UICC 8)"),
    )
)
BAD = (
    *("T9", "pNl", "pT2 pN1 M", "T2 NO MO", "TP2", "3C1", "rpT2 rpN1 cM0", "r", "T2 T3", "Stage", "(sn)"),
    *("pT2 N0 M0; rpT3 N0 M0", "T1 vs T2", "cT2 cN0 cM0 / rT0 rN0 rM1", "aT1 N0 M0", "ryT2", "N1(20/10)"),
)
MISSING = (
    *("", " ", "\t", "\u00a0", "\u3000", "\n", "  \r\n "),
    *("'--", "[Not Available]", "n/a", "unknown", "99", "88"),
)
NUMBERS = ("0", "1", "-1", "12", "2019", "3.0", "1e9", "\u0663", "\uff12", "007", "NaN", "inf", "088")
UNICODE = (
    *(
        "\uff50\uff342\u3000N0\u3000M0",
        "\u0440\u04222 N0 M0",
        "pT2\u200bN0 M0",
        "\ufeffpT2 N0 M0",
        "M\u00fcller",
    ),
    *(
        "M\u00fcller",
        "e\u0301",
        "\U0001f600",
        "\U0002f800",
        "T2\u2028N0",
        "T\u00b2 N0",
        "\U0010fffd",
        "\U000e0001T2",
    ),
    *("\u202eT2", "\uff34\uff2e\uff2d", "\ufffd", "pT2 N0 M0\u0000"),
)
HOSTILE = (
    *("\0", "T2\0N0", "'", '"', "'; DROP TABLE x; --", 'pT2 "N0" M0', "\\", "\x1b[31mT2", "\x07", "\x7f"),
    *("`${x}`", "=1+1", "@T2", "T2,N0", "T2\tN0\tM0", "T2\nN0", "T2\r\nN0", "(((((", "T2" + "(" * 500),
    *("r" * 999, "rT2 " * 250, "T" * 100_000, "x" * 100_000, "pT2 " + " " * 99_990 + "N0", "1" * 1_001),
)
COUNT = 5_000


class Answer(NamedTuple):
    """What is said of one text in every engine; nothing where the stage is missing."""

    normalized: str | None
    is_recurrence: bool | None
    findings: str | None


def values() -> list[str | None]:
    """Return the same 5,000 values in every run, some of them often, with nulls between."""
    odd = (*BAD, *MISSING, *NUMBERS, *UNICODE, *HOSTILE, None)
    once = [f"pT{one % 4 + 1} pN1({one % 90}/{one})" for one in range(1, 1_000)]
    known: list[str | None] = [*odd, *GOOD, *once, *(f"{text} {one}" for one, text in enumerate(BAD))]
    cycled = islice(cycle([*known, *odd]), COUNT)
    return [None if place % 90 == 7 else text for place, text in enumerate(cycled)]


def answer(text: str | None) -> Answer:
    """Return what plain Python says of a text, with nothing but `read`."""
    if text is None or is_missing(text, missing_words()):
        return Answer(None, None, None)
    reading = read(text)
    codes: list[str] = []
    for found in reading.diagnostics:
        if found.code not in codes:
            codes.append(found.code)
    if not reading.ok:
        return Answer(None, None, " ".join(codes))
    return Answer(str(reading), any(one.is_recurrence for one in reading.stages), " ".join(codes))

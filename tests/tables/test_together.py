"""Rows that are put together many at a time are counted for a report as they are one by one."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from rstage.report.course import MOST_TIMELINES
from rstage.report.years import first_number, second_number, years_between, years_of
from rstage.tables.formats import polars_engine
from rstage.tables.restage import Restager
from tests.support.command_line import run, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("polars", reason="the extra polars is not installed")

import polars as pl

from rstage.tables.formats import polars_links

HEAD = "tumor,later tumor,site,dx,dx date,new,new date,event"
RESTAGE = (
    *("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "tumor", "--site", "site"),
    *("--assessment-tumor-id", "later tumor", "--event", "event"),
    *("--diagnosis-date", "dx date", "--assessment-date", "new date"),
)
# The first of each are plain: most rows hold nothing else, as in a table.
DIAGNOSES = (
    *("pT2 pN0 cM0", "pT1a pN1a(1/12) cM0", "cT3 cN1 cM0", "pT4a pN2b cM0 R0", "ypT1 ypN0 cM0"),
    *("Stage IIB", "pT2 pN1 cM0 (AJCC 9)", "pT2-3 pN0 M0", "rpT1 rpN0 rcM0", "pT2 pNl cM0", "T9"),
    *("", "NA", "a word", "pT2 pN1; cT3 cN0"),
)
ASSESSMENTS = (
    *("rpT2 rpN0 rcM0", "cT0 cN0 pM1(HEP)", "cT0 cN1 cM0", "cT0 cN0 cM0", "rcT2 rcN2 rcM1(PUL)"),
    *("Stage IV", "pT1 pN0 M0 (AJCC 9)", "ypT2 ypN1 cM0", "pT2 pM1 (AJCC 8) Stage II", "rT2 N1 M0"),
    *("", "unknown", "a name", "pT2; pN1", "T2 N1O"),
)
DATES = (
    *("2017-05-03", "2018-12-31", "2019-03-02", "2019-02", "2018"),
    *("", "NA", "2019-02-30", "soon", "2019-03-02T10:15:00Z"),
)
LATER = (
    *("2019-03-03", "2020-04", "2021-01-01", "2024-02-29", "2024"),
    *("2019-03-01", "2019-04", "2019", "2016-01-01", "", "never"),
)
PLAIN = 5
ROWS = 3_000


def rows() -> list[str]:
    """Return rows of every kind; ids that need quotes come only in the last half."""
    draw = Random(17)  # noqa: S311  no secret
    found = []
    for number in range(ROWS):
        most = PLAIN if draw.random() < 0.8 else None
        tumor = draw.choice((f"P{number}", f"é {number}", "", "NA")[: most and 1])
        later = draw.choice([tumor] * 8 + ["P1"] * (most is None))
        site = draw.choice(("C18.7", "C34.1", "", "unknown", "colon"))
        event = draw.choice(("", "recurrence", "progression", "relapsed")[: most and 3])
        stages = [draw.choice(one[:most]) for one in (DIAGNOSES, DATES, ASSESSMENTS, LATER)]
        name = f'"{tumor}"' if number > ROWS / 2 else tumor
        # The first of a file are often old rows without a second assessment.
        if number < MOST_TIMELINES:
            stages[2] = draw.choice(("", "", "", stages[2]))
        found.append(",".join((name, later, site, *stages, event)))
    return found


@pytest.fixture
def restaged(tmp_path: Path) -> Callable[..., tuple[bytes, bytes]]:
    """Return what restages one table and returns its output and its report."""
    source = table(tmp_path, HEAD, *rows())

    def restage(*more: str) -> tuple[bytes, bytes]:
        out, report = tmp_path / "out.csv", tmp_path / "report.html"
        done = run("restage", source, "-o", out, "--report", report, *RESTAGE, *more, "--force", "-q")
        assert done.code == 1, done.err
        return out.read_bytes(), report.read_bytes()

    return restage


@pytest.mark.parametrize("block", [2_000, 40_000, polars_engine.BLOCK])
@pytest.mark.parametrize("more", [(), ("--show-values",), ("--no-link", "--show-values")])
def test_a_report_is_the_same_however_rows_are_taken(
    restaged: Callable[..., tuple[bytes, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    block: int,
) -> None:
    monkeypatch.setattr(polars_engine, "BLOCK", block)
    alone = []
    of_row = Restager.of_row

    def counted(self: Restager, *row: object) -> object:
        alone.append(row)
        return of_row(self, *row)  # type: ignore[arg-type]

    monkeypatch.setattr(Restager, "of_row", counted)
    by_rows = restaged("--engine", "stdlib", *more)
    assert len(alone) == ROWS
    alone.clear()
    together = restaged("--engine", "polars", *more)
    assert MOST_TIMELINES < len(alone) < 0.8 * ROWS
    monkeypatch.setattr(Restager, "together", lambda *_: None)
    one_by_one = restaged("--engine", "polars", *more)
    assert by_rows == together == one_by_one


def test_the_report_of_these_rows_has_every_kind(restaged: Callable[..., tuple[bytes, bytes]]) -> None:
    _, report = restaged("--engine", "polars")
    text = report.decode()
    for words in (
        *("local + distant", "local + regional", "no recurrence shown", "less than 1 year", "7 years"),
        *("leave two numbers of years open", "a date is missing", "rpT2 rpN0 rcM0", "Stage group"),
        *("RS401", "RS402", "RS403", "RS502", "first 200 tumors"),
    ):
        assert words in text, words


def test_years_are_the_same_many_at_a_time() -> None:
    known = ("2015", "2018", "2015-04", "2015-05", "2018-04", "2015-04-01", "2018-03-31", "2018-04-01")
    for first, second in product((*known, None), repeat=2):
        numbers = {"old_number": [first_number(first)] * 3, "new_number": [second_number(second)] * 3}
        found = polars_links.years_between(pl.DataFrame(numbers, dict.fromkeys(numbers, pl.UInt64)))
        assert [(years_of(total), count) for total, count in found.items()] == [
            (years_between(first, second), 3)
        ]

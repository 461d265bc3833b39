"""Which cells are meant: columns, missing values, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rstage import read
from rstage.files.errors import TableError
from rstage.reference.choices import FIELDS
from rstage.tables.dates import check_date_format, read_date
from rstage.tables.formats.delimited import DelimitedTable, open_delimited
from rstage.tables.missing import MISSING_WORDS, is_missing, missing_words, without_numbers
from rstage.tables.stage_columns import PARTS, StageColumns, ValueSource, find_source, find_stage, find_stages
from tests.support.command_line import run, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[DelimitedTable]:
    with open_delimited(str(table(tmp_path, "id,dx,T,N,x:T=1,twice,twice,=ev"))) as found:
        yield found


def test_a_column_is_a_whole_stage_or_a_part(opened: DelimitedTable) -> None:
    assert find_stages(opened, ["dx", "a:T=T", "a:N=N", "M=id"]) == (
        StageColumns(name="dx", columns=("dx",), indexes=(1,)),
        StageColumns(name="a", columns=("T", "N"), indexes=(2, 3), parts=("T", "N")),
        StageColumns(name="stage", columns=("id",), indexes=(0,), parts=("M",)),
    )
    assert find_stages(opened, ["x:T=1"])[0].columns == ("x:T=1",)
    assert find_stage(opened, ["T=T"], "--diagnosis").name == "diagnosis"


@pytest.mark.parametrize(
    ("specs", "code"),
    [
        (["Dx"], "RS005"),
        (["T=nothing"], "RS005"),
        (["twice"], "RS010"),
        (["Q=dx"], "RS012"),
        (["dx", "dx"], "RS012"),
        (["dx", "dx:T=T"], "RS012"),
        (["T=T", "T=N"], "RS012"),
        (["edition=dx"], "RS012"),
    ],
)
def test_a_column_that_cannot_be_meant_is_refused(
    opened: DelimitedTable, specs: list[str], code: str
) -> None:
    with pytest.raises(TableError) as refused:
        find_stages(opened, specs)
    assert refused.value.diagnostic.code == code


def test_one_stage_is_one_column_or_its_parts(opened: DelimitedTable) -> None:
    for specs in (["dx", "id"], ["dx", "T=T"], ["a:T=T", "b:N=N"]):
        with pytest.raises(TableError) as refused:
            find_stage(opened, specs, "--diagnosis")
        assert refused.value.diagnostic.code == "RS012"


def test_a_fact_is_a_column_or_a_value(opened: DelimitedTable) -> None:
    assert find_source(opened, "dx", "--event") == ValueSource(name="dx", index=1)
    assert find_source(opened, "=recurrence", "--event") == ValueSource(name="--event", literal="recurrence")
    assert find_source(opened, "=ev", "--event") == ValueSource(name="=ev", index=7)
    with pytest.raises(TableError):
        find_source(opened, "event", "--event")


def test_the_closest_names_are_suggested_whatever_their_case(opened: DelimitedTable) -> None:
    with pytest.raises(TableError) as refused:
        find_stages(opened, ["TWICE "])
    assert refused.value.diagnostic.suggestions == ("twice",)


def test_another_delimiter_is_told(tmp_path: Path) -> None:
    done = run("check", table(tmp_path, "id;dx", "1;T2"), "--column", "dx")
    assert done.code == 2
    assert "--delimiter ';'" in done.err
    done = run("check", table(tmp_path, "id\tdx", "1\tT2"), "--column", "dx")
    assert "--delimiter '\\t'" in done.err


def test_every_part_can_be_read(tmp_path: Path) -> None:
    values = {"group": "III", "edition": "8", "B": "B0", "system": "TNM"}
    source = table(tmp_path, ",".join(PARTS), ",".join(values.get(part, f"{part}1") for part in PARTS))
    done = run("normalize", source, *(f"--column={part}={part}" for part in PARTS))
    assert "T1 N1 M1 L1 V1 Pn1 R1 G1 S1 PL1 H1 B0 Stage III (edition 8)" in done.out


@pytest.mark.parametrize("word", MISSING_WORDS)
def test_no_missing_word_is_a_stage(word: str) -> None:
    for field in (None, *FIELDS):
        for text in (word, word.upper(), word.title()):
            assert not read(text, field=field).ok
    assert word == word.casefold()


def test_missing_cells() -> None:
    words = missing_words(["Nil "])
    for cell in ("", " ", "'--", "Not Reported", "[Not Available]", "NA", "88", "99", "nil", "\xa0"):
        assert is_missing(cell, words)
    for cell in ("X", "0", "TX", "T2", "8", "9"):
        assert not is_missing(cell, words)
    assert not is_missing("88", without_numbers(words))
    assert is_missing("NA", without_numbers(words))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019-03-02", "2019-03-02"),
        ("20190302", "2019-03-02"),
        ("2019-03", "2019-03"),
        ("201903", "2019-03"),
        (" 2019 ", "2019"),
    ],
)
def test_dates_that_need_no_format(text: str, date: str) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        *("02.03.2019", "03/02/2019", "2019-3-2", "2019-0302", "201903-02", "2019-02-30", "2019-13"),
        *("20191301", "0000", "19", "99999999", "2019-03-02T", "٢٠١٩", "March 2019", ""),
    ],
)
def test_no_date_is_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day") as refused:
        read_date(text)
    assert not text or text not in str(refused.value)


def test_a_format_alone_reads_full_dates() -> None:
    assert read_date("02.03.2019", "%d.%m.%Y") == "2019-03-02"
    assert read_date("2019-02-03", "%Y-%d-%m") == "2019-03-02"
    assert [read_date(text, "%d.%m.%Y") for text in ("2019", "2019-03")] == ["2019", "2019-03"]
    # Read as ISO, the second would be another day than the first.
    for text in ("2019-03-14", "20190314", "02.03.19"):
        with pytest.raises(ValueError, match="format"):
            read_date(text, "%Y-%d-%m")


@pytest.mark.parametrize("date_format", ["%m/%Y", "%Y", "%d.%m.", "day", "%Q", "%H:%M"])
def test_a_format_names_day_month_and_year(date_format: str) -> None:
    with pytest.raises(TableError) as refused:
        check_date_format(date_format)
    assert refused.value.diagnostic.code == "RS012"
    for good in (None, "%d.%m.%Y", "%m/%d/%y", "%d %b %Y", "%Y%j"):
        check_date_format(good)

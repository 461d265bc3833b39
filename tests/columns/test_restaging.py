"""Two columns of stages in, their restaging out: what plain Python and tables say."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage.cli import main
from tests.support.column_values import values
from tests.support.command_line import CliRunner
from tests.support.link_keys import KEY, SECRET

pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
pytest.importorskip("narwhals", reason="the extra arrow is not installed")
import pyarrow as pa

from rstage import columns
from rstage.columns import restaging as column_restaging

if TYPE_CHECKING:
    from pathlib import Path


def test_a_restaging_is_that_of_plain_python() -> None:
    table = columns.restage(
        pa.array(["cT2 cN0 cM0"]),
        pa.array(["cT0 cN0 pM1(HEP)"]),
        tumor_id=pa.array([17]),
        diagnosis_date=pa.array([dt.date(2019, 3, 2)]),
        assessment_date=pa.array(["2023-05"]),
        site="C18.7",
        event="recurrence",
    )
    diagnosis = rstage.Staging.parse("cT2 cN0 cM0", tumor_id="17", site="C18.7", date="2019-03-02")
    assessment = rstage.Staging.parse("cT0 cN0 pM1(HEP)", tumor_id="17", date="2023-05")
    restaging = rstage.restage(diagnosis, assessment, event="recurrence")
    assert table.to_pylist() == [
        {
            "restaged": str(restaging.restaged),
            "restage_recurrence": "distant",
            "restage_link": str(restaging.link),
            "restage_findings": "",
        }
    ]


FACTS = (
    "tumor_id",
    "assessment_tumor_id",
    "diagnosis_date",
    "assessment_date",
    "site",
    "assessment_site",
    "event",
    "recurrence",
)


def facts() -> dict[str, list[str | None]]:
    """Return the facts of a few thousand rows: good, bad, missing, in every combination."""
    given: dict[str, tuple[str | None, ...]] = {
        "tumor_id": ("1", "2", None, "x y"),
        "assessment_tumor_id": ("1", "1", None, "2", "x y "),
        "diagnosis_date": ("2019", "2019-03-02", None, "20190302", "2.3.2019", "2024-01"),
        "assessment_date": ("2023-05", "2018", None, "2019-03-01", "NA", "2024", "2024-02-30"),
        "site": ("C18.7", None, "c187", "rectum", "C50.9"),
        "assessment_site": (None, "C18.7", "C34.1"),
        "event": ("recurrence", "progression", None, "relapse", "unknown", "Recurrence", "NA"),
        "recurrence": (None, "local", "distant", "local+distant", "near", "", "NA"),
    }
    return {
        name: [texts[(place // (step + 1) + place) % len(texts)] for place in range(2_000)]
        for step, (name, texts) in enumerate(given.items())
    }


@pytest.mark.usefixtures("rows_at_a_time")
@pytest.mark.parametrize(("link", "key"), [(True, None), (True, KEY), (False, None)])
def test_columns_and_tables_agree(tmp_path: Path, *, link: bool, key: rstage.LinkKey | None) -> None:
    plain = [text for text in values() if text is None or ("\0" not in text and len(text) < 2_000)]
    data = {
        "diagnosis": list(islice(plain, 2_000)),
        "assessment": list(islice(reversed(plain), 2_000)),
        **facts(),
    }
    path, out, key_file = tmp_path / "table.csv", tmp_path / "out.csv", tmp_path / "link.key"
    key_file.write_bytes(SECRET)
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(data)
        writer.writerows(zip(*data.values(), strict=True))
    options = [part for name in data for part in (f"--{name.replace('_', '-')}", name)]
    result = CliRunner().invoke(
        main,
        [
            "restage",
            str(path),
            "-o",
            str(out),
            *options,
            "--exit-zero",
            "-q",
            *([] if link else ["--no-link"]),
            *([] if key is None else ["--link-key", str(key_file)]),
        ],
    )
    assert result.exit_code == 0, result.output
    with out.open(newline="", encoding="utf-8") as source:
        names = columns.restage(pa.array(["T2"]), pa.array(["T3"]), link=link).column_names
        wanted = [{name: row[name] for name in names} for row in csv.DictReader(source)]
    given = {name: pa.array(texts, pa.string()) for name, texts in data.items()}
    table = columns.restage(given.pop("diagnosis"), given.pop("assessment"), link=link, key=key, **given)
    found = [{name: text or "" for name, text in row.items()} for row in table.to_pylist()]
    assert found == wanted
    assert 100 < sum(bool(row["restaged"]) for row in found) < 1_900


def test_a_row_without_an_assessment_has_no_result() -> None:
    table = columns.restage(pa.array(["T2", "T9", None, "T2"]), pa.array([None, "NA", " ", "T9"]))
    rows = [tuple(row.values()) for row in table.to_pylist()]
    assert rows[:3] == [(None,) * 4] * 3
    assert rows[3][:3] == (None,) * 3
    assert "RS103" in rows[3][3]


def test_dates_and_ids_of_every_type() -> None:
    stages = pa.array(["T2", "T2"]), pa.array(["T3", "T3"])
    moment = dt.datetime(2019, 3, 2, 23, 30, tzinfo=dt.UTC)
    texts = pa.array(["2019-03-02", None])
    wanted = columns.restage(*stages, tumor_id=pa.array(["12", None]), diagnosis_date=texts).to_pylist()
    dates = [
        pa.array([dt.date(2019, 3, 2), None]),
        pa.array([dt.date(2019, 3, 2), None], pa.date64()),
        pa.array([moment.replace(tzinfo=None), None], pa.timestamp("ns")),
        pa.array([moment, None], pa.timestamp("us", tz="UTC")),
        pa.array([moment, None], pa.timestamp("s", tz="America/New_York")),
        texts.dictionary_encode(),
        pa.array([20190302, None]),
    ]
    ids = [
        pa.array([12, None]),
        pa.array([12.0, float("nan")]),
        pa.array([12, None], pa.uint8()),
        pa.array(["12", None]).dictionary_encode(),
        pa.array(["12", None], pa.string_view()),
    ]
    for date in dates:
        for tumor_id in ids:
            assert columns.restage(*stages, tumor_id=tumor_id, diagnosis_date=date).to_pylist() == wanted


@pytest.mark.parametrize("numbers", [[1.5], [1e300], [float("inf")], [2.0**53]])
def test_numbers_that_are_not_whole_are_no_ids(numbers: list[float]) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        columns.restage(pa.array(["T2"]), pa.array(["T3"]), tumor_id=pa.array(numbers))


def test_texts_for_every_row_are_checked_at_once() -> None:
    stages = pa.array(["T2"]), pa.array(["T3"])
    wrong: dict[str, Any] = {"event": "relapse", "recurrence": "near", "date_format": "%d", "mode": "loose"}
    for name, text in wrong.items():
        with pytest.raises(ValueError, match=r"one of|needs a day|a recurrence is"):
            columns.restage(*stages, **{name: text})
    with pytest.raises(TypeError):
        columns.restage(*stages, spelling="loose")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="tumor_id is no series"):
        columns.restage(*stages, tumor_id="tumor")
    assert columns.restage(*stages, recurrence="local+distant")["restage_recurrence"].to_pylist() == [
        "local+distant"
    ]


def test_categories_stay_categories_where_both_stages_are() -> None:
    old, new = pa.array(["T2", "T2", "T2"]), pa.array(["T3", None, "T9"])
    both = columns.restage(old.dictionary_encode(), new.dictionary_encode())
    one = columns.restage(old, new.dictionary_encode())
    assert both.to_pylist() == one.to_pylist() == columns.restage(old, new).to_pylist()
    are_encoded = [pa.types.is_dictionary(field.type) for field in both.schema]
    assert are_encoded == [True, True, False, True]
    assert not any(pa.types.is_dictionary(field.type) for field in one.schema)


def test_the_columns_that_were_given_stay_as_they_were() -> None:
    column = pa.chunked_array([["rpT2b(m) yN1", None, "T2N0", "T9", "NA", "pT1 N0 M0; rT3 N0 M0", " "]])
    before = column.to_pylist()
    columns.restage(column, column)
    columns.parts(column)
    assert column.to_pylist() == before


def test_every_fact_is_a_keyword_of_a_restaging() -> None:
    assert set(column_restaging.FACTS) <= set(column_restaging.RestageOptions.__annotations__)

"""What nobody foresaw: the row it befell is rejected and told, everything else ends with one sentence."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import rules
from rstage.files.inputs import Input
from rstage.files.unforeseen import origin
from tests.support.command_line import INTERNAL, Run, in_folder, run, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENGINES = ("stdlib", "polars")
BAD = "pT1b N1 M0"
BAD_DATE = "2022-09-09"
BAD_ID = "7"
PATIENT = "Erika Mustermann"
HEADER = "id,dx,dx_date,new,new_date"
ROWS = (
    "1,cT2 N0 M0,2019,T3 N0 M0,2021",
    '2,"pT1, N0",2019,,',
    "3,T5,2019,T3 N0 M0,2018",
    f"{BAD_ID},cT2 N0 M0,2019,{BAD},{BAD_DATE}",
    "4,cT2 N0 M0,2019,T3 N0 M0,2021",
    "5,,,T3 N0 M0,2021",
)
BAD_ROW = ROWS[3]
COLUMNS = ("--column", "dx", "--column", "new")
RESTAGE = (
    *("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id"),
    *("--diagnosis-date", "dx_date", "--assessment-date", "new_date"),
)
CODE = rules.INTERNAL_ERROR.code


class UnforeseenError(Exception):
    """What no caller expects."""


def failing(known: Any, is_bad: Callable[..., bool]) -> Callable[..., Any]:
    """Return a function that fails on some arguments, with a value of the input in its message."""

    def call(*args: Any, **keywords: Any) -> Any:
        if is_bad(*args, **keywords):
            raise UnforeseenError(PATIENT)
        return known(*args, **keywords)

    return call


def has_bad(*args: Any, **_: Any) -> bool:
    return any(bad in map(str, [one, getattr(one, "text", "")]) for one in args for bad in (BAD, BAD_DATE))


STAGES: dict[str, tuple[str, Callable[..., bool]]] = {
    "reading a cell": ("rstage.tables.cells.read", has_bad),
    "naming what was found": (
        "rstage.tables.cells.StageReader.findings",
        lambda _self, key, _read: key == BAD,
    ),
    "rendering": (
        "rstage.tables.normalize.normalized_text",
        lambda reading: reading.text == BAD,
    ),
    "comparing a pair": ("rstage.tables.pairs.NewAssessment", has_bad),
    "looking at the r-form": ("rstage.tables.pairs.check_restaged", has_bad),
    "reading a date": ("rstage.tables.facts.read_date", has_bad),
    "making a link": (
        "rstage.restaging.link.sha256",
        lambda data: f'"{BAD_ID}"'.encode() in data,
    ),
}
OF_NORMALIZE = ("reading a cell", "naming what was found", "rendering")
OF_RESTAGE = tuple(name for name in STAGES if name != "rendering")


def broken(patch: pytest.MonkeyPatch, target: str, is_bad: Callable[..., bool]) -> None:
    """Make a function fail on some arguments."""
    module, _, name = target.rpartition(".")
    try:
        known = getattr(__import__(module, fromlist=[name]), name)
    except ModuleNotFoundError:
        module, _, owner = module.rpartition(".")
        known = getattr(getattr(__import__(module, fromlist=[owner]), owner), name)
    patch.setattr(target, failing(known, is_bad))


def is_told_well(done: Run) -> None:
    """Make sure that what failed is named, and nothing of the input."""
    assert "Traceback" not in done.err
    assert PATIENT not in done.err + done.out
    assert "UnforeseenError in rstage." in done.err + done.out
    assert "without patient data" in done.err + done.out


def appended(folder: Path, command: str, engine: str, source: Path, **options: Any) -> tuple[Run, bytes, Any]:
    """Run a command that appends; return what it did, its output and its summary."""
    given = COLUMNS if command == "normalize" else RESTAGE
    out, summary = folder / f"{engine}.csv", folder / f"{engine}.json"
    done = run(
        *(
            command,
            source,
            *given,
            "-o",
            out,
            "--engine",
            engine,
            "--summary",
            summary,
            *options.get("more", ()),
        ),
        may_fail=True,
    )
    made = json.loads(summary.read_text(encoding="utf-8"))
    made.pop("seconds")
    made.pop("rows_per_second")
    return done, out.read_bytes() if out.exists() else b"", made


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("command", "stage"),
    [*(("normalize", one) for one in OF_NORMALIZE), *(("restage", one) for one in OF_RESTAGE)],
)
def test_only_the_row_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, stage: str, engine: str
) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    whole = table(tmp_path, HEADER, *ROWS)
    others = table(tmp_path, HEADER, *(one for one in ROWS if one != BAD_ROW), name="others.csv")
    _, expected, plain = appended(tmp_path, command, "stdlib", others)
    (tmp_path / "stdlib.csv").unlink()
    broken(monkeypatch, *STAGES[stage])
    done, made, summary = appended(tmp_path, command, engine, whole)
    assert done.code == 1
    is_told_well(done)
    assert f"table.csv:5:(row): {CODE} error" in done.err
    assert made == expected
    assert (tmp_path / f"{engine}.csv.rejected").read_text(encoding="utf-8") == BAD_ROW + "\n"
    assert summary["rows"] == {"in": 6, "out": 5, "rejected": 1}
    assert f"6 rows in = 5 out + 1 rejected ({tmp_path / engine}.csv.rejected)" in done.err
    assert summary["cells"] == plain["cells"]
    assert [one for one in summary["codes"] if one["code"] != CODE] == plain["codes"]
    assert {one["code"]: one["count"] for one in summary["codes"]}[CODE] == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_no_option_silences_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    source = table(tmp_path, HEADER, ROWS[0], BAD_ROW)
    broken(monkeypatch, *STAGES["reading a cell"])
    done, _, _ = appended(tmp_path, "normalize", engine, source, more=("--exit-zero", "--select", "RS3"))
    assert done.code == 1
    is_told_well(done)
    assert run("check", source, *COLUMNS, "--ignore", "RS9").code == 1
    assert run("check", source, *COLUMNS, "--ignore", CODE).code == 2


@pytest.mark.parametrize("stage", OF_NORMALIZE[:2])
def test_check_reports_the_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    source = table(tmp_path, HEADER, *ROWS)
    broken(monkeypatch, *STAGES[stage])
    done = run("check", source, *COLUMNS, "--format", "csv", "--summary", tmp_path / "sum.json")
    assert done.code == 1
    is_told_well(done)
    assert [row["line"] for row in csv.DictReader(done.out.splitlines()) if row["code"] == CODE] == ["5"]
    assert "RS103" in done.out
    assert "6 rows in = 5 checked + 1 rejected" in done.err
    summary = json.loads((tmp_path / "sum.json").read_text(encoding="utf-8"))
    assert sum(summary["cells"].values()) == 2 * 5


LONG = (
    "tumor,stage,date",
    f"{BAD_ID},{BAD},{BAD_DATE}",
    "1,cT2 N0 M0,2019",
    "1,rT3 N0 M0,2021",
    "2,pT1,2020",
)
HISTORY = ("--tumor-id", "tumor", "--stage", "stage", "--date", "date")


@pytest.mark.parametrize(
    ("target", "is_bad"),
    [
        STAGES["reading a cell"],
        STAGES["reading a date"],
        (
            "rstage.tables.history.linked",
            lambda members, **_: members[0].staging.text == BAD,
        ),
        ("rstage.tables.history._to_dict", lambda tumor, *_: tumor.tumor_id == BAD_ID),
    ],
    ids=["reading a cell", "reading a date", "linking", "rendering"],
)
def test_history_leaves_out_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, is_bad: Callable[..., bool]
) -> None:
    source = table(tmp_path, *LONG)
    others = table(tmp_path, LONG[0], *LONG[2:], name="others.csv")
    expected = run("history", others, *HISTORY).out
    broken(monkeypatch, target, is_bad)
    done = run("history", source, *HISTORY)
    assert (done.code, done.out) == (1, expected)
    is_told_well(done)
    assert f"table.csv:2:(row): {CODE} error" in done.err
    assert "4 rows in = 3 stagings + 0 blank + 0 refused + 1 rejected; 2 tumors, 1 restaging" in done.err


@pytest.mark.parametrize("target", ["rstage.cli.find.find", "rstage.cli.find.paired"])
def test_find_goes_on_in_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    source = table(tmp_path, "id,text", "1,Today pT2 pN0 M0.", f"2,Today {BAD}.", "3,Then rT3 N0 M0.")

    def is_bad(found: Any, **_: Any) -> bool:
        return BAD in found if isinstance(found, str) else False

    if target.endswith("find"):
        broken(monkeypatch, target, is_bad)
    else:
        known = rstage.find

        def paired(findings: Any, _: Any) -> Any:
            held = list(findings)
            if any(one.text == BAD for one in held):
                raise UnforeseenError(PATIENT)
            return ((one, None) for one in held)

        assert [one.text for one in known(f"Today {BAD}.")] == [BAD]
        monkeypatch.setattr(target, paired)
    done = run("find", source, "--column", "text", "--restage")
    assert done.code == 1
    is_told_well(done)
    assert [json.loads(line)["row"] for line in done.out.splitlines()] == [1, 3]
    assert "3 rows in = 2 read + 1 rejected; 2 stagings found" in done.err


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("is_in_output", [True, False], ids=["row written", "row rejected"])
def test_verify_tells_what_it_cannot_compute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, *, is_in_output: bool
) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    source = table(tmp_path, HEADER, *ROWS)
    if is_in_output:
        appended(tmp_path, "restage", engine, source)
    broken(monkeypatch, *STAGES["comparing a pair"])
    if not is_in_output:
        appended(tmp_path, "restage", engine, source)
    out = tmp_path / f"{engine}.csv"
    done = run("verify", out, "--against", source, *RESTAGE, "--engine", engine)
    assert done.code == 1
    is_told_well(done)
    assert done.out.count("RS") == 1
    numbers = (6, 0) if is_in_output else (5, 1)
    assert f"6 rows in, {numbers[0]} out, {numbers[1]} rejected" in done.err


@pytest.mark.parametrize("command", ["normalize", "restage"])
def test_a_row_of_parquet_stays_with_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    pl = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    names, rows = HEADER.split(","), list(csv.reader(ROWS))
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pl.DataFrame(rows, schema=names, orient="row").write_parquet(source)
    given = COLUMNS if command == "normalize" else RESTAGE
    run(command, source, *given, "-o", tmp_path / "plain.parquet")
    broken(monkeypatch, *STAGES["reading a date" if command == "restage" else "reading a cell"])
    done = run(command, source, *given, "-o", out)
    assert done.code == 1
    is_told_well(done)
    assert f"in.parquet:4:(row): {CODE} error" in done.err
    assert "6 rows in = 6 out + 0 rejected" in done.err
    assert in_folder(tmp_path) == {"in.parquet", "plain.parquet", "out.parquet"}
    found, plain = pl.read_parquet(out), pl.read_parquet(tmp_path / "plain.parquet")
    assert found.filter(found["id"] != BAD_ID).equals(plain.filter(plain["id"] != BAD_ID))
    cells = found.row(3, named=True)
    assert {cells[name] for name in found.columns[5:]} == {None, CODE}
    assert all((cells[name] == CODE) == name.endswith("_findings") for name in found.columns[5:])
    if command == "restage":
        again = run("verify", out, "--against", source, *given)
        assert (again.code, again.out.count("RS")) == (1, 1)
        is_told_well(again)


def test_a_row_of_json_lines_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ['{"dx": "T2"}', f'{{"dx":  "{BAD}"}}', '{"dx": "T3"}']
    source = table(tmp_path, *lines, name="in.ndjson")
    broken(monkeypatch, *STAGES["reading a cell"])
    done = run("normalize", source, "--column", "dx", "-o", tmp_path / "out.ndjson")
    assert done.code == 1
    assert (tmp_path / "out.ndjson.rejected").read_text(encoding="utf-8") == lines[1] + "\n"
    assert len((tmp_path / "out.ndjson").read_text(encoding="utf-8").splitlines()) == 2


def test_blocks_of_polars_that_fail_are_taken_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("polars")
    monkeypatch.setattr("rstage.tables.formats.polars_engine.BLOCK", 200)
    rows = [f"{number},T{number % 5},2019,,"[:20] for number in range(60)]
    rows[17] = BAD_ROW
    rows[40] = '40,"T2\n",2019,,'
    source = table(tmp_path, HEADER, *rows)
    broken(monkeypatch, *STAGES["reading a cell"])
    done, made, summary = appended(tmp_path, "normalize", "polars", source)
    _, expected, plain = appended(tmp_path, "normalize", "stdlib", source)
    assert (made, summary) == (expected, plain)
    assert summary["rows"] == {"in": 60, "out": 59, "rejected": 1}
    assert f"table.csv:19:(row): {CODE} error" in done.err


def test_a_block_that_cannot_be_parsed_is_taken_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("polars")
    source = table(tmp_path, HEADER, *ROWS)
    _, expected, plain = appended(tmp_path, "restage", "stdlib", source)
    broken(monkeypatch, "rstage.tables.formats.polars_engine.CodedCells", lambda *_: True)
    _, made, summary = appended(tmp_path, "restage", "polars", source)
    assert (made, summary) == (expected, plain)


@pytest.mark.parametrize("engine", ENGINES)
def test_overridden_findings_of_a_rejected_row_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    source = table(tmp_path, HEADER, *ROWS)
    reviewed = table(
        tmp_path, "code,record,column,value,who,why,date", "RS103,3,,,AB,seen,2024-05-31", name="reviewed.csv"
    )
    broken(monkeypatch, "rstage.tables.cells.read", lambda text, **_: text in (BAD, "T5"))
    given = ("--overrides", reviewed, "--record-key", "id")
    _, _, summary = appended(tmp_path, "normalize", engine, source, more=given)
    assert summary["rows"] == {"in": 6, "out": 4, "rejected": 2}
    assert (summary["overridden"], summary["overrides_stale"]) == (0, 1)
    assert all(one["count"] > 0 for one in summary["codes"])


def fails(*_: Any, **__: Any) -> Any:
    raise UnforeseenError(PATIENT)


@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ("rstage.cli.parse.read", ("parse", "T2")),
        ("rstage.cli.check.read", ("check", "--text", "T2")),
        ("rstage.cli.normalize.read", ("normalize", "--text", "T2")),
        ("rstage.tables.restage.restage", ("restage", "--text", "T2", "T3")),
        ("rstage.cli.options.checked_options", ("parse", "T2")),
        ("rstage.cli.rules.print_data", ("rules",)),
        ("rstage.cli.find.find", ("find", "text.txt")),
        ("rstage.cli.finding_printer.report", ("check", "table.csv", "--column", "dx")),
        (
            "rstage.tables.formats.delimited.DelimitedTable._read_header",
            ("check", "table.csv", "--column", "dx"),
        ),
        (
            "rstage.tables.formats.delimited.DelimitedTable.records",
            ("normalize", "table.csv", "--column", "dx", "-o", "out.csv"),
        ),
        (
            "rstage.files.outputs.TableOutput.write",
            ("normalize", "table.csv", "--column", "dx", "-o", "out.csv"),
        ),
        ("rstage.files.outputs.TableOutput.commit", ("restage", "table.csv", *RESTAGE, "-o", "out.csv")),
        ("rstage.files.outputs.Output.write", ("history", "long.csv", *HISTORY, "-o", "out.json")),
        ("rstage.cli.messages.record_histories", ("check", "bundle.json")),
        ("rstage.cli.messages.record_histories", ("history", "bundle.json", "-o", "out.json")),
        ("rstage.messages.writing.record_histories", ("restage", "bundle.json", "-o", "out.json")),
        ("rstage.messages.link_files.verify", ("verify", "restaging.json")),
        ("rstage.cli.ending.summary", ("check", "table.csv", "--column", "dx")),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_elsewhere_a_command_ends_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path, HEADER, *ROWS)
    table(tmp_path, *LONG, name="long.csv")
    table(tmp_path, f"Today {BAD}.", name="text.txt")
    table(tmp_path, json.dumps({"resourceType": "Bundle", "entry": []}), name="bundle.json")
    made = rstage.restage(rstage.Staging.parse("T2"), rstage.Staging.parse("T3"))
    table(tmp_path, json.dumps(made.to_dict()), name="restaging.json")
    before = in_folder(tmp_path)
    monkeypatch.setattr(target, fails)
    done = run(*arguments, may_fail=True)
    assert done.code == INTERNAL
    lines = [line for line in done.err.splitlines() if "internal error" in line]
    assert len(lines) == 1
    assert lines[0].startswith("rstage: an internal error (UnforeseenError in rstage.")
    assert lines[0].endswith("): please report it, without patient data")
    assert "Traceback" not in done.err
    assert PATIENT not in done.err + done.out
    assert in_folder(tmp_path) == before


def test_the_start_of_a_command_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rstage.cli.import_module", fails)
    done = run("parse", "T2", may_fail=True)
    assert (done.code, done.out, len(done.err.splitlines())) == (INTERNAL, "", 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_memory_that_runs_out_ends_the_run_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    if engine == "polars":
        pytest.importorskip("polars")

    def read(*_: Any, **__: Any) -> Any:
        raise MemoryError

    source = table(tmp_path, HEADER, *ROWS)
    monkeypatch.setattr("rstage.tables.cells.read", read)
    options = ("--column", "dx", "-o", tmp_path / "out.csv", "--engine", engine)
    done = run("normalize", source, *options, may_fail=True)
    assert (done.code, len(done.err.splitlines())) == (INTERNAL, 1)
    assert done.err.startswith("rstage: an internal error (MemoryError in rstage.")
    assert in_folder(tmp_path) == {"table.csv"}


def test_an_interrupted_row_interrupts_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    source = table(tmp_path, HEADER, *ROWS)
    monkeypatch.setattr("rstage.tables.cells.read", read)
    assert run("normalize", source, "--column", "dx").code == 130


def test_the_summary_names_the_internal_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, summary = table(tmp_path, HEADER, *ROWS), tmp_path / "sum.json"
    monkeypatch.setattr("rstage.files.outputs.TableOutput.write", fails)
    done = run("normalize", source, "--column", "dx", "--summary", summary, may_fail=True)
    assert done.code == INTERNAL
    made = json.loads(summary.read_text(encoding="utf-8"))
    assert (made["exit_code"], made["ended_by"]) == (INTERNAL, CODE)
    monkeypatch.undo()
    monkeypatch.setattr("rstage.cli.summary.SummaryFile.write", fails)
    done = run("check", source, "--column", "dx", "--summary", summary, may_fail=True)
    assert done.code == INTERNAL
    assert done.err.count("internal error") == 1


def test_the_help_lists_the_code() -> None:
    assert "70 an internal error" in " ".join(run("--help").out.split())


def test_the_innermost_place_in_rstage_is_named() -> None:
    assert origin(ValueError(PATIENT)) == "ValueError"
    with pytest.raises(TypeError) as error:
        rstage.read(3)  # type: ignore[arg-type]
    assert origin(error.value).startswith("TypeError in rstage.reading.read, is_short, line ")
    with pytest.raises(OSError, match=r"missing") as outside:
        Input("missing.csv")
    assert " in rstage.files.inputs, " in origin(outside.value)

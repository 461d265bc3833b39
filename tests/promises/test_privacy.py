"""No message, report, summary or repr shows a name, an id or a date of the input; --show-values does."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import messages
from rstage.files.errors import TableError
from rstage.messages.message import MessageFinding
from rstage.messages.place import Place
from rstage.reporting.placed import CellFinding
from rstage.reporting.report import DATA_FORMATS, FORMATS
from rstage.tables.formats.delimited import open_delimited
from tests.support.command_line import run, table
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.command_line import Run

SECRETS = ("Margaret", "margaret", "Miller", "miller", "77123", "1977")
NAME, ID, DATE = "Margaret Miller", "Miller-77123", "1977-05-03"

GOOD = {
    "id": "1",
    "dx": "cT2 N0 M0",
    "new": "T3 N0 M0",
    "dx_date": "2019-03-02",
    "new_date": "2021-03-02",
    "new_id": "1",
    "site": "C18.7",
    "new_site": "C18.7",
    "event": "recurrence",
    "kind": "local",
    "T": "T2",
    "N": "N0",
    "group": "IIA",
    f"{NAME} {DATE}": "",
}
OF_RESTAGE = (
    *("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id", "--assessment-tumor-id", "new_id"),
    *("--diagnosis-date", "dx_date", "--assessment-date", "new_date", "--site", "site"),
    *("--assessment-site", "new_site", "--event", "event", "--recurrence", "kind"),
)
OF_CHECK = (
    *("--column", "dx", "--column", "new", "--column", "x:T=T", "--column", "x:N=N"),
    *("--column", "x:group=group"),
)
OF_HISTORY = (
    *("--stage", "dx", "--tumor-id", "id", "--date", "dx_date", "--id", "new_id", "--site", "site"),
    *("--event", "event", "--recurrence", "kind"),
)


def rows() -> Iterator[list[str]]:
    """Yield good rows in which one column, or every one, holds a secret, and rows with too many fields."""
    yield list(GOOD.values())
    for secret in (NAME, ID, DATE, f"{NAME} T2 N0", f"T2 ({ID})", f"T2 N0 {DATE}", f"rT2 {NAME}", "Margaret"):
        for column in GOOD:
            yield list((GOOD | {column: secret}).values())
        yield [secret] * len(GOOD)
        yield [*GOOD.values(), secret]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return table(tmp_path, ",".join(GOOD), *map(",".join, rows()), name="in.csv")


def shown(*texts: str) -> list[str]:
    """Return the lines that show a secret; how fast a run was, and a digest, may be any number."""
    known = [re.sub(r'"fingerprint": "[0-9a-f]{64}"', "", text) for text in texts]
    lines = [line for text in known for line in text.splitlines() if "rows_per_second" not in line]
    return [line for line in lines if any(secret in line for secret in SECRETS)]


def told(done: Run) -> str:
    assert "Traceback" not in done.out + done.err
    assert "RS" in done.out + done.err
    return done.out + done.err


@pytest.mark.parametrize(
    "more", [(), ("--statistics",), ("--color", "always"), ("--mode", "repair")], ids=str
)
@pytest.mark.parametrize("form", FORMATS)
def test_check_shows_no_secret(source: Path, tmp_path: Path, form: str, more: tuple[str, ...]) -> None:
    if more == ("--statistics",) and form not in DATA_FORMATS:
        pytest.skip("what was counted has no such format")
    command = ("check", source, *OF_CHECK, "--format", form, *more, "--summary", "s.json")
    done = run(*command)
    assert not shown(told(done), (tmp_path / "s.json").read_text(encoding="utf-8"))
    revealed = run(*command, "--show-values")
    if form != "text" or more != ("--statistics",):
        assert f"{NAME} T2 N0" in revealed.out
    assert NAME in revealed.out
    assert not shown(revealed.err, (tmp_path / "s.json").read_text(encoding="utf-8"))
    told_of = [
        [line for line in one.err.splitlines() if not line.startswith("hint: ")] for one in (revealed, done)
    ]
    assert (revealed.code, told_of[0]) == (done.code, told_of[1])


@pytest.mark.parametrize(
    "command",
    [
        ("check", *OF_CHECK),
        ("normalize", *OF_CHECK, "--parts"),
        ("restage", *OF_RESTAGE),
        ("history", *OF_HISTORY),
        ("find", "--column", "dx", "--restage"),
    ],
    ids=lambda command: command[0],
)
def test_a_report_shows_no_secret(source: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    out = () if command[0] in ("check", "find") else ("-o", "out", "--force")
    run(command[0], source, *command[1:], *out, "--report", "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not shown(page)
    assert "Values are shown" not in page
    run(command[0], source, *command[1:], *out, "--report", "report.html", "--show-values")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Values are shown" in page
    assert shown(page) or command[0] == "find"


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
@pytest.mark.parametrize(
    "command",
    [("normalize", *OF_CHECK, "--parts"), ("restage", *OF_RESTAGE), ("history", *OF_HISTORY)],
    ids=lambda command: command[0],
)
def test_what_is_told_of_an_output_shows_no_secret(
    source: Path, tmp_path: Path, command: tuple[str, ...], engine: str
) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    more = () if command[0] == "history" else ("--engine", engine)
    for statistics in ((), ("--statistics",)):
        done = run(
            command[0], source, *command[1:], *more, *statistics, "-o", "out", "--force", "--summary", "s"
        )
        assert not shown(
            told(done) if statistics else done.err, done.out, (tmp_path / "s").read_text("utf-8")
        )
        assert shown((tmp_path / "out").read_text(encoding="utf-8"))
    revealed = run(
        command[0], source, *command[1:], *more, "--statistics", "--show-values", "-o", "out", "--force"
    )
    assert NAME in revealed.err


def test_rejected_rows_without_a_place_show_no_secret(source: Path) -> None:
    done = run("normalize", source, "--column", "dx")
    assert "RS501" in done.err
    assert not shown(done.err)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("column", range(-1, len(GOOD) + 4))
def test_verify_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: int, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = table(tmp_path, ",".join(GOOD), ",".join(GOOD.values()), name="in.csv")
    assert run("restage", source, *OF_RESTAGE, "-o", "out.csv").code == 0
    header, row = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    cells = row.split(",")
    if column >= 0:
        cells[column] = NAME
    rest = [] if column >= 0 else [",".join([ID] * len(cells))]
    for first in (header, header.replace("dx_date", NAME)):
        table(tmp_path, first, ",".join(cells), *rest, name="out.csv")
        for options in (OF_RESTAGE, ()):
            done = run("verify", "out.csv", "--against", source, *options, "--format", form, "--show-values")
            assert not shown(done.out, done.err)
            if options:
                assert done.code == 1


def test_links_are_verified_without_a_secret(tmp_path: Path) -> None:
    diagnosis = rstage.Staging.parse("T2 N0 M0", tumor_id=ID, site=NAME, date=DATE, id=ID)
    assessment = rstage.Staging.parse("T3 N0 M0", tumor_id=ID, site=NAME, date="2021")
    data = rstage.restage(diagnosis, assessment).to_dict()
    data["diagnosis"]["site"] = "Margaret"
    (tmp_path / "one.json").write_text(json.dumps(data), encoding="utf-8")
    for form in FORMATS:
        done = run("verify", tmp_path / "one.json", "--format", form)
        assert done.code == 1
        assert not shown(told(done))
    for text in ("[1", '{"Margaret": "Miller"}', f'"{NAME}"', f"{NAME}\n{NAME}"):
        (tmp_path / "one.json").write_text(text, encoding="utf-8")
        done = run("verify", tmp_path / "one.json")
        # JSON that holds no restaging is a finding; what is no JSON ends the run.
        assert done.code == (3 if text in ("[1", f"{NAME}\n{NAME}") else 1)
        assert not shown(told(done))


def test_single_texts_show_no_secret() -> None:
    for secret in (NAME, ID, DATE, f"{NAME} T2", f"T2 {ID}", f"T2 {DATE}"):
        for command in (("check", "--text", secret), ("normalize", "--text", secret), ("parse", secret)):
            assert not shown(told(run(*command)))
            assert not shown(run(*command, "--mode", "repair").err)
        assert shown(run("check", "--text", secret, "--show-values").out)
        assert not shown(run("check", "--text", secret, "--statistics", "--format", "json").out)
        facts = (
            "--tumor-id",
            f"={ID}",
            "--site",
            f"={NAME}",
            "--diagnosis-date",
            f"={secret}",
            "--event",
            f"={secret}",
        )
        assert not shown(run("restage", "--text", secret, "T2 N0 M0", *facts).err)
        assert not shown(run("restage", "--text", "T2 N0 M0", secret, *facts).err)


def test_a_column_that_is_not_there_shows_no_record_in_place_of_the_header(tmp_path: Path) -> None:
    source = table(tmp_path, f"dx 77123,dx-{DATE},T2", "a,b,c")
    for column in ("dx", "dx 7712", f"dx-{DATE[:-1]}4", "T"):
        done = run("check", source, "--column", column)
        assert done.code == 2
        assert not shown(done.err.replace(column, ""))


def test_files_that_cannot_be_read_show_no_secret(tmp_path: Path) -> None:
    good = f"id,dx\n{ID},{NAME}\n"
    broken = {
        "latin.csv": f"{good}{ID},M\xfcller {NAME}\n".encode("latin-1"),
        "quote.csv": f'{good}{ID},"{NAME}\n'.encode(),
        "nul.csv": good.encode() + b"\0\0",
        "utf16.csv": good.encode("utf-16"),
    }
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
        for command in ("check", "normalize"):
            done = run(command, tmp_path / name, "--column", "dx")
            assert not shown(done.err)


def test_overrides_and_settings_show_no_secret(source: Path, tmp_path: Path) -> None:
    header = "code,record,column,value,who,why,date"
    for line in (
        f"{NAME},{ID},dx,{NAME},AB,seen,2024-05-31",
        f"RS103,{ID},{NAME},{NAME},AB,seen,{NAME}",
        f"RS103,{ID},{NAME},{NAME},{NAME},{NAME},2024-05-31",
        f"{NAME}",
    ):
        table(tmp_path, header, line, name="reviewed.csv")
        options = ("--overrides", "reviewed.csv", "--record-key", "id", "--summary", "s.json")
        done = run("check", source, "--column", "id", *options)
        assert not shown(told(done), (tmp_path / "s.json").read_text(encoding="utf-8"))
    assert (
        "RS570" in run("check", source, "--column", "dx", "--overrides", "reviewed.csv").out or done.code == 2
    )


PLANTED = re.compile(rb'(?<=>)[^<>]*\w[^<>]*(?=<)|(?<=")[^"<>\s]+(?=")')
MARK = b"Margaret"


def planted(message: bytes) -> Iterator[bytes]:
    """Yield the message with a name in the place of each of its values, one after the other."""
    for match in PLANTED.finditer(message):
        yield message[: match.start()] + MARK + message[match.end() :]


# Each value of each message makes two runs.
SMALL = ("naaccr_items.xml", "obds.xml", "adt.xml", "components.json")
LARGE = ("naaccr_recurrence.xml", "mcode.json", "mii.json")


@pytest.mark.parametrize("name", [*SMALL, *(pytest.param(name, marks=pytest.mark.slow) for name in LARGE)])
def test_no_value_of_a_message_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    path, count, revealed = tmp_path / name, 0, False
    for data in planted((MESSAGES / name).read_bytes()):
        path.write_bytes(data)
        count += 1
        for command in (
            ("check", name, "--format", "json", "--summary", "s.json"),
            ("restage", name, "-o", "out", "--force", "--statistics"),
        ):
            done = run(*command)
            assert "Traceback" not in done.err
            assert not shown(done.out, done.err), data
        assert not shown((tmp_path / "s.json").read_text(encoding="utf-8"))
        revealed = revealed or bool(shown(run("check", name, "--show-values").out))
    assert count > 20
    assert revealed


def objects(tmp_path: Path) -> Iterator[Any]:
    """Yield what a program that uses the library may write to its log."""
    yield rstage.read(NAME)
    yield rstage.read(f"T2 {ID}")
    yield rstage.read_parts(T=NAME, group=ID)
    for text in (NAME, f"T2 {ID}", DATE):
        with pytest.raises(rstage.NotationError) as raised:
            rstage.parse(text)
        yield from (raised.value, str(raised.value), raised.value.diagnostics)
    diagnosis = rstage.Staging.parse("T2 N0 M0", tumor_id=ID, site=NAME, date=DATE, id=ID)
    yield diagnosis
    yield rstage.History.of([diagnosis])
    assessment = rstage.Staging.parse("T3 N0 M0", tumor_id=NAME, site=ID, date="1970-05-03")
    yield rstage.check_restaging(diagnosis, assessment)
    with pytest.raises(rstage.RestagingError) as refused:
        rstage.restage(diagnosis, assessment)
    yield from (refused.value, str(refused.value))
    same = rstage.Staging.parse("T3 N0 M0", tumor_id=ID, date="2021")
    yield rstage.restage(diagnosis, same)
    found = rstage.read(NAME).diagnostics[0]
    cell = CellFinding(found, "dx", NAME)
    yield from (cell, cell.at("in.csv", 2, 1), str(cell.at("in.csv", 2, 1)))
    yield MessageFinding(found, Place(1, "a/b", 1, 1), NAME)
    with open_delimited(str(table(tmp_path, "dx", NAME))) as opened:
        yield opened


def test_no_repr_shows_a_secret(tmp_path: Path) -> None:
    for one in objects(tmp_path):
        assert not shown(repr(one), f"{one}", f"{[one]}"), type(one)


@pytest.mark.parametrize("name", SMALL)
def test_no_repr_of_what_is_read_from_a_message_shows_a_value(tmp_path: Path, name: str) -> None:
    path, count = tmp_path / name, 0
    for data in planted((MESSAGES / name).read_bytes()):
        path.write_bytes(data)
        with suppress(TableError):
            for found in messages.histories(path):
                count += 1
                stagings = [*found.tumor.stagings, *found.unlinked]
                handles = [found.record.handle, *(one.handle for one in stagings)]
                assert not shown(*map(repr, [found, found.record, found.tumor, *stagings, *handles])), data
    assert count > 20

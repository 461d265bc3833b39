"""The command line: exit codes, bytes that stay, files that cannot be read or written, interruption."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rstage.cli import main

GOOD = "id,dx,new\n1,cT2 N0 M0,T3 N0 M0\n2,pT1 pN0,\n3,Tis,rT1 N0 M0\n"
BAD = "id,dx\n1,cT2 N0\n2,T5\n"
EXAMPLE = Path(__file__).parents[1] / "examples" / "recurrences.csv"
RESTAGE = ("--diagnosis", "dx", "--assessment", "new")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.csv").write_text(BAD, encoding="utf-8")
    return tmp_path


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def process(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rstage", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload]  # noqa: S603
    assert b"Traceback" not in done.stderr
    return done  # type: ignore[no-any-return]  # the options hide the type


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("parse", "pT2 N0"), 0),
        (("parse", "T5"), 1),
        (("parse", "T5", "--exit-zero"), 0),
        (("parse", "cT2-3"), 0),
        (("parse", "cT2-3", "--fail-on", "warning"), 1),
        (("parse", "T2,N0", "--fail-on", "info"), 1),
        (("parse", "cT2-3", "--mode", "strict"), 1),
        (("parse", "T2", "--mode", "loose"), 2),
        (("parse",), 2),
        (("nothing",), 2),
        (("check", "good.csv", "--column", "dx"), 0),
        (("check", "bad.csv", "--column", "dx"), 1),
        (("check", "good.csv", "--column", "diagnosis"), 2),
        (("check", "good.csv"), 2),
        (("check", "missing.csv", "--column", "dx"), 3),
        (("check", ".", "--column", "dx"), 3),
        (("check", "empty.csv", "--column", "dx"), 3),
        (("check", "zip.csv", "--column", "dx"), 3),
        (("check", "latin1.csv", "--column", "dx"), 3),
        (("check", "latin1.csv", "--column", "dx", "--encoding", "latin-1"), 0),
        (("check", "utf16.csv", "--column", "dx"), 3),
        (("check", "utf16.csv", "--column", "dx", "--encoding", "utf-16"), 0),
        (("check", "quote.csv", "--column", "dx"), 3),
        (("normalize", "good.csv", "-o", "no/such/folder.csv", "--column", "dx"), 4),
        (("normalize", "good.csv", "-o", "/dev/full", "--column", "dx"), 4),
        (("normalize", "good.csv", "-o", "good.csv", "--column", "dx", "--force"), 2),
        (("normalize", "good.csv", "-o", "link.csv", "--column", "dx", "--force"), 2),
        (("normalize", "good.csv", "-o", "bad.csv", "--column", "dx"), 2),
        (("restage", "good.csv", *RESTAGE), 0),
        (("restage", "good.csv", "--diagnosis", "dx"), 2),
        (("restage", "--text", "cT2 N0", "T3 N0"), 0),
        (("restage", "--text", "rT2 N0", "T3 N0"), 1),
        (("explain", "RS402"), 0),
        (("explain", "SECOND_PRIMARY"), 0),
        (("explain", "RS999"), 2),
        (("rules",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_exit_codes(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    (folder / "empty.csv").touch()
    (folder / "zip.csv").write_bytes(b"PK\x03\x04\x14\x00\x00\x00")
    (folder / "latin1.csv").write_bytes("arzt,dx\nM\xfcller,T2\n".encode("latin-1"))
    (folder / "utf16.csv").write_bytes("id,dx\n1,T2\n".encode("utf-16"))
    (folder / "quote.csv").write_text('id,dx\n1,"T2\n2,T3\n', encoding="utf-8")
    (folder / "link.csv").symlink_to("good.csv")
    assert run(*arguments).exit_code == code


def test_a_wrong_column_names_the_closest(folder: Path) -> None:
    (folder / "semicolons.csv").write_text("id;dx\n1;T2\n", encoding="utf-8")
    assert "did you mean dx" in run("check", "good.csv", "--column", "dxx").stderr
    assert "--delimiter ';'" in run("check", "semicolons.csv", "--column", "dx").stderr
    assert run("check", "semicolons.csv", "--column", "dx", "--delimiter", ";").exit_code == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_original_part_of_each_line_stays_byte_for_byte(
    folder: Path, encoding: str, end: str, delimiter: str
) -> None:
    lines = ["name,dx,new", '"M\xfcller, A.",cT2N0M0,T3 N0 M0', '"line', 'two""",pT1,', "", '" x ","T2 ",']
    text = end.join(line.replace(",", delimiter) for line in lines)
    source, out = folder / "in.csv", folder / "out.csv"
    source.write_bytes(text.encode(encoding))
    # utf-8-sig writes the mark that plain utf-8 must keep.
    asked = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    options = ("--delimiter", delimiter, "--encoding", asked)
    assert run("restage", "in.csv", "-o", "out.csv", *RESTAGE, *options).exit_code == 0
    before, after = (path.read_bytes().decode(encoding).split(end) for path in (source, out))
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        assert new.startswith(old)
    assert source.read_bytes() == text.encode(encoding)
    assert run("verify", "out.csv", "--against", "in.csv", *RESTAGE, *options).exit_code == 0


def test_restaged_cells(folder: Path) -> None:
    assert run("restage", "good.csv", "-o", "out.csv", *RESTAGE).exit_code == 0
    first, second, third = rows(folder / "out.csv")
    assert (first["restaged"], first["restage_recurrence"]) == ("rT3 rN0 rM0", "local")
    assert first["restage_link"].startswith("r1:")
    assert [second[name] for name in second if name.startswith("restage")] == ["", "", "", ""]
    assert third["restaged"] == "rT1 rN0 rM0"
    assert not (folder / "out.csv.rejected").exists()


def test_parts_and_prefix(folder: Path) -> None:
    (folder / "parts.csv").write_text("t,n,m,g\npT2,N1,M0,IIB\n'--,NX,,\n", encoding="utf-8")
    columns = [
        f"--column=dx:{part}={column}"
        for part, column in (("T", "t"), ("N", "n"), ("M", "m"), ("group", "g"))
    ]
    assert run("normalize", "parts.csv", "-o", "out.csv", *columns, "--parts").exit_code == 0
    first, second = rows(folder / "out.csv")
    assert first["dx_normalized"] == "pT2 N1 M0 Stage IIB"
    assert (first["dx_T"], first["dx_group"]) == ("pT2", "Stage IIB")
    assert second["dx_normalized"] == "NX"
    assert run("normalize", "out.csv", "--column", "dx:T=t").exit_code == 2
    assert run("normalize", "out.csv", "--column", "dx:T=t", "--prefix", "again").exit_code == 0


def test_a_ragged_row_goes_byte_for_byte_to_the_reject_file(folder: Path) -> None:
    (folder / "in.csv").write_bytes(b'id,dx\n1,T2\n2,"T3",x\r\n3\n4,T4\n')
    result = run("normalize", "in.csv", "-o", "out.csv", "--column", "dx")
    assert result.exit_code == 1
    assert (folder / "out.csv.rejected").read_bytes() == b'2,"T3",x\r\n3\n'
    assert [row["id"] for row in rows(folder / "out.csv")] == ["1", "4"]
    assert "4 rows in = 2 out + 2 rejected" in result.stderr
    assert run("verify", "out.csv", "--against", "in.csv").exit_code == 0


def test_missing_words_are_no_findings(folder: Path) -> None:
    words = ["'--", "Not Reported", "[Not Available]", "NA", "88", "99", " ", "nichts"]
    text = "dx\n" + "".join(f'"{word}"\n' for word in words)
    (folder / "in.csv").write_text(text, encoding="utf-8")
    assert run("check", "in.csv", "--column", "dx").exit_code == 1
    assert run("check", "in.csv", "--column", "dx", "--missing", "nichts").exit_code == 0


@pytest.mark.parametrize(
    ("date", "options", "finding"),
    [
        ("2018-01-01", (), "RS403"),
        ("20180101", (), "RS403"),
        ("2018", (), "RS403"),
        ("201801", (), "RS403"),
        ("2019", (), ""),
        ("01/02/2018", (), "RS502"),
        ("01/02/2018", ("--date-format", "%d/%m/%Y"), "RS403"),
        ("2018-13-01", (), "RS502"),
    ],
)
def test_dates_are_read_and_never_guessed(
    folder: Path, date: str, options: tuple[str, ...], finding: str
) -> None:
    (folder / "in.csv").write_text(f"dx,new,d,e\nT2 N0 M0,T3 N0 M0,2019-03,{date}\n", encoding="utf-8")
    dates = ("--diagnosis-date", "d", "--assessment-date", "e")
    run("restage", "in.csv", "-o", "out.csv", *RESTAGE, *dates, *options)
    (row,) = rows(folder / "out.csv")
    assert row["restage_findings"] == finding
    assert bool(row["restaged"]) == (not finding)


def test_verify_names_row_and_column(folder: Path) -> None:
    run("restage", "good.csv", "-o", "out.csv", *RESTAGE)
    whole = (folder / "out.csv").read_text(encoding="utf-8")
    altered = {
        "column restaged": whole.replace("rT3", "rT4"),
        "RS511": whole.replace("cT2", "cT1"),
        "RS513": whole.replace("2,pT1 pN0,,,,,\n", ""),
        "RS514": whole + "4,T2,T3,,,,\n",
        "column restage_link": whole.replace("r1:", "r2:", 1),
    }
    for said, text in altered.items():
        (folder / "altered.csv").write_text(text, encoding="utf-8")
        result = run("verify", "altered.csv", "--against", "good.csv", *RESTAGE)
        assert result.exit_code == 1
        assert said in result.stdout, said


def test_json_of_a_restaging_can_be_verified(folder: Path) -> None:
    printed = run("restage", "--text", "cT2 N0 M0", "T0 N0 M1(HEP)", "--format", "json").stdout
    restaging = json.loads(printed)
    (folder / "restaging.json").write_text(printed, encoding="utf-8")
    assert run("verify", "restaging.json").exit_code == 0
    text = printed.replace("HEP", "PUL", 1)
    (folder / "altered.json").write_text(text, encoding="utf-8")
    assert run("verify", "altered.json").exit_code == 1
    assert "restaged" in json.dumps(restaging)


@pytest.mark.usefixtures("folder")
def test_every_format_of_check() -> None:
    assert "bad.csv:3:dx: RS103 error" in run("check", "bad.csv", "--column", "dx").stdout
    (found,) = json.loads(run("check", "bad.csv", "--column", "dx", "--format", "json").stdout)
    assert (found["code"], found["column"], found["line"]) == ("RS103", "dx", 3)
    (line,) = run("check", "bad.csv", "--column", "dx", "--format", "jsonl").stdout.splitlines()
    assert json.loads(line) == found
    (row,) = csv.DictReader(io.StringIO(run("check", "bad.csv", "--column", "dx", "--format", "csv").stdout))
    assert row["code"] == "RS103"
    statistics = run("check", "bad.csv", "--column", "dx", "--statistics").stdout
    assert "RS103" in statistics
    assert "T5" in statistics


def test_nothing_that_is_not_notation_is_shown(folder: Path) -> None:
    text = "patient,dx,new\nMeyer 4711,Anna Meyer 12.03.1958,T2 Schulze\n"
    (folder / "in.csv").write_text(text, encoding="utf-8")
    for arguments in (
        ("check", "in.csv", "--column", "dx", "--column", "new", "--statistics"),
        ("check", "in.csv", "--column", "dx", "--format", "json"),
        ("restage", "in.csv", "-o", "out.csv", *RESTAGE, "--tumor-id", "patient", "--statistics", "--force"),
        ("verify", "out.csv", "--against", "in.csv", *RESTAGE),
    ):
        output = run(*arguments).output
        for secret in ("Meyer", "Anna", "1958", "4711", "Schulze"):
            assert secret not in output


def test_stdin_and_stdout() -> None:
    result = run("normalize", "-", "--column", "dx", stdin=GOOD)
    assert result.stdout.splitlines()[1] == "1,cT2 N0 M0,T3 N0 M0,cT2 N0 M0,"
    assert run("parse", "-", stdin="T2\nT3\n").exit_code == 0
    assert run("check", "-", "--column", "dx", stdin=b"").exit_code == 3


def test_a_cell_of_a_million_characters_is_refused_and_kept(folder: Path) -> None:
    (folder / "in.csv").write_text("id,dx\n1," + "T2" * 500_000 + "\n2,T2\n", encoding="utf-8")
    assert run("normalize", "in.csv", "-o", "out.csv", "--column", "dx").exit_code == 1
    first, second = (folder / "out.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert first.endswith("T2,,RS901")
    assert second == "2,T2,T2,"


def test_a_full_disk_leaves_nothing(folder: Path) -> None:
    (folder / "in.csv").write_text("id,dx\n" + "1,pT2 pN0 M0\n" * 20_000, encoding="utf-8")
    limit = 100_000

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = process(
        "normalize", "in.csv", "-o", "out.csv", "--column", "dx", cwd=folder, preexec_fn=small_files
    )
    assert done.returncode == 4
    assert sorted(path.name for path in folder.iterdir()) == ["bad.csv", "good.csv", "in.csv"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(folder: Path, sent: signal.Signals) -> None:
    os.mkfifo(folder / "endless.csv")
    command = [sys.executable, "-m", "rstage", "normalize", "endless.csv", "-o", "out.csv", "--column", "dx"]
    with (
        subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) as running,  # noqa: S603
        (folder / "endless.csv").open("w", encoding="utf-8") as feed,
    ):
        feed.write("id,dx\n" + "1,pT2 pN0 M0\n" * 20_000)
        feed.flush()
        deadline = time.monotonic() + 30
        while not list(folder.glob(".rstage-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(sent)
        _, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b"Traceback" not in errors
    assert not list(folder.glob("out*"))
    assert not list(folder.glob(".rstage-*"))


def test_a_reader_that_goes_away_ends_quietly(folder: Path) -> None:
    (folder / "in.csv").write_text("id,dx\n" + "1,pT2 pN0 M0\n" * 50_000, encoding="utf-8")
    line = f"{sys.executable} -m rstage normalize in.csv --column dx | head -n 1"
    done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, timeout=60, check=False)  # noqa: S602
    assert done.stdout == b"id,dx,dx_normalized,dx_findings\n"
    assert b"Traceback" not in done.stderr


def test_the_example_shows_r_forms_and_findings(tmp_path: Path) -> None:
    options = (
        *("--diagnosis", "diagnosis", "--assessment", "assessment", "--tumor-id", "tumor_id"),
        *("--assessment-tumor-id", "new_tumor_id", "--diagnosis-date", "diagnosis_date"),
        *("--assessment-date", "assessment_date", "--site", "site", "--assessment-site", "new_site"),
        *("--event", "event"),
    )
    out = str(tmp_path / "out.csv")
    assert run("restage", str(EXAMPLE), "-o", out, *options).exit_code == 1
    made = rows(tmp_path / "out.csv")
    assert sum(bool(row["restaged"]) for row in made) >= 150
    assert len({row["site"][:3] for row in made}) >= 12
    found = {code for row in made for code in row["restage_findings"].split()}
    assert {"RS402", "RS403", "RS207", "RS101", "RS401", "RS411"} <= found
    assert run("verify", out, "--against", str(EXAMPLE), *options).exit_code == 0


def test_version_imports_neither_the_grammar_nor_the_tables() -> None:
    code = (
        "import sys\nfrom rstage.cli import main\n"
        "try: main(['--version'])\nexcept SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = set(done.stdout.split())
    assert not {"lark", "csv", "json", "rstage.reading", "rstage.tables"} & loaded

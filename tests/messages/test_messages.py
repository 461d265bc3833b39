"""What holds for messages of every format: nothing is altered, nothing is lost, and anyone can check that."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import rstage
from rstage import messages
from rstage.cli import main
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from rstage.messages.recognize import format_of, needed_format
from rstage.messages.source import Source
from rstage.reference.choices import MESSAGE_FORMATS
from tests.support.command_line import CliRunner
from tests.support.message_files import HOSTILE, NAMESPACE, SCHEMA, every_message_file, hostile
from tests.support.paths import EXAMPLES, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rstage.messages.message import TumorHistory


every_message = pytest.mark.parametrize("path", every_message_file(), ids=lambda path: path.name)


def run(*arguments: object) -> Any:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


class Told(NamedTuple):
    """What the history of a tumor comes to, wherever its stagings stand."""

    keys: Mapping[str, str]
    diagnosis: rstage.Staging | None
    links: list[str]
    unlinked: list[rstage.Staging | None]


def restagings(found: Iterable[TumorHistory]) -> list[Told]:
    return [
        Told(
            one.tumor.keys,
            one.history.diagnosis if one.history else None,
            [str(part.link) for part in one.history.restagings] if one.history else [],
            [part.staging for part in one.unlinked],
        )
        for one in found
    ]


@every_message
def test_what_was_written_is_the_original_with_additions(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = messages.write(str(path), str(out))
    assert messages.verify(str(out), str(path)) == ()
    again = tmp_path / "again"
    messages.write(str(path), str(again))
    assert again.read_bytes() == out.read_bytes()
    assert written.restagings == sum(
        len(one.history.restagings) for one in messages.histories(str(path)) if one.history is not None
    )


@every_message
def test_every_link_holds(path: Path) -> None:
    for found in messages.histories(str(path)):
        if found.history is not None:
            assert rstage.verify(found.history) == ()
            assert rstage.History.from_dict(found.history.to_dict()) == found.history


@every_message
def test_every_staging_is_linked_or_told(path: Path) -> None:
    for found in messages.histories(str(path)):
        placed = {one.place for one in found.findings}
        linked = set() if found.history is None else {id(one) for one in found.found.values()}
        everything = [*found.record.findings, *found.findings]
        has_error = any(one.diagnostic.severity is Severity.ERROR for one in everything)
        for one in found.tumor.stagings:
            is_reported = one.place in placed or one.findings or (one.staging is None and has_error)
            assert id(one) in linked or is_reported
        if found.history is not None:
            stagings = [*found.history.initial, *(one.assessment for one in found.history.restagings)]
            assert set(stagings) == set(found.found)
            assert not [one for one in found.history.initial if one.stage.is_recurrence]


@every_message
def test_the_histories_of_what_was_written_are_the_same(path: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out{path.suffix}"
    messages.write(str(path), str(out))
    with Source(str(path)) as source:
        holds_additions = needed_format(source, None).holds_additions
    if not holds_additions:
        lines = [json.loads(line) for line in out.read_bytes().splitlines()]
        links = [str(rstage.Restaging.from_dict(line["restaging"]).link) for line in lines[:-1]]
        assert links == [link for one in restagings(messages.histories(str(path))) for link in one.links]
        return
    assert restagings(messages.histories(str(out))) == restagings(messages.histories(str(path)))
    twice = tmp_path / f"twice{path.suffix}"
    messages.write(str(out), str(twice))
    assert twice.read_bytes() == out.read_bytes()


@every_message
def test_the_commands_say_the_same(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    histories = run("history", path, "-q")
    assert len(histories.stdout.splitlines()) == len(list(messages.histories(str(path))))
    assert run("restage", path, "-o", out, "--exit-zero", "-q").exit_code == 0
    assert run("verify", out, "--against", path, "-q").exit_code == 0
    checked = run("check", path, "--format", "json", "-q")
    findings = json.loads(checked.stdout)
    for one in findings:
        assert one["file"] == str(path)
        assert one["line"] > 0
        assert one["column"] > 0
        assert one["record"] > 0
        assert one["path"]
    is_wrong = any(one["severity"] == "error" for one in findings)
    assert checked.exit_code == histories.exit_code == int(is_wrong)


@every_message
def test_an_altered_output_is_found(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    messages.write(str(path), str(out))
    data = out.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 23)):
        altered = bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]])
        out.write_bytes(altered)
        result = run("verify", out, "--against", path, "-q")
        assert result.exit_code in (1, 3), at
    out.write_bytes(data[: len(data) // 2])
    assert run("verify", out, "--against", path, "-q").exit_code in (1, 3)


# What is larger than the limits takes its time; that one command refuses it is shown in every run.
TOO_LARGE = ("large.xml", "bomb.xml.gz")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        pytest.param(
            *(name, command), marks=[pytest.mark.slow] if name in TOO_LARGE and command != "check" else []
        )
        for name in HOSTILE
        for command in ("check", "history", "restage", "verify")
    ],
)
def test_what_is_refused_ends_with_its_code_and_writes_nothing(
    tmp_path: Path, name: str, command: str
) -> None:
    path, out = tmp_path / name, tmp_path / "out"
    path.write_bytes(hostile(name))
    more = {"restage": ["-o", out], "history": ["-o", out], "verify": ["--against", MESSAGES / "obds.xml"]}
    arguments = [path, *more.get(command, [])]
    if command == "verify":
        arguments = [MESSAGES / "obds.xml", "--against", path]
    result = run(command, *arguments)
    assert result.exit_code == 3
    assert "RS0" in result.stderr or "RS9" in result.stderr
    assert not out.exists()
    assert not list(tmp_path.glob(".rstage*"))


def test_the_records_before_a_break_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    good = (MESSAGES / "obds_r_at_diagnosis.xml").read_bytes()
    path.write_bytes(good.replace(b"</Menge_Patient>", b"</Menge_Patent>"))
    whole = run("check", MESSAGES / "obds_r_at_diagnosis.xml", "-q").stdout.replace(
        str(MESSAGES / "obds_r_at_diagnosis.xml"), str(path)
    )
    result = run("check", path, "-q")
    assert result.exit_code == 3
    assert whole
    assert result.stdout == whole
    assert "RS016" in result.stderr
    assert ", line " in result.stderr


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 3),
        (b"\x00\x01\x02", 3),
        (b"<other/>", 3),  # no table either: to name columns would be no help
        (b"{}", 2),
        (b'{"resourceType": "Patient"', 3),
        (b"[1, 2]", 2),
        ("id,dx\n1,T2\n".encode("utf-16"), 3),
    ],
)
def test_what_is_no_message(tmp_path: Path, data: bytes, code: int) -> None:
    path = tmp_path / "m"
    path.write_bytes(data)
    assert run("check", path).exit_code == code
    assert run("check", path, "--input-format", "obds").exit_code == 3


def test_a_folder_and_a_missing_file_are_no_messages(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.xml"):
        for command in ("check", "history", "restage"):
            result = run(command, path)
            assert result.exit_code == 3
            assert "RS001" in result.stderr


def test_the_output_is_never_the_input(tmp_path: Path) -> None:
    path = Path(shutil.copy(MESSAGES / "obds.xml", tmp_path))
    assert "RS008" in run("restage", path, "-o", path, "--force").stderr
    assert "RS007" in run("history", path, "-o", Path(shutil.copy(path, tmp_path / "x"))).stderr


def test_standard_input_needs_no_name() -> None:
    data = (MESSAGES / "obds.xml").read_bytes()
    result = CliRunner().invoke(main, ["check", "-"], input=data)
    assert result.exit_code == run("check", MESSAGES / "obds.xml").exit_code


@pytest.mark.parametrize("name", MESSAGE_FORMATS)
def test_each_format_has_its_name(name: str) -> None:
    assert name in messages.FORMATS
    assert format_of(name).name == name


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("check", ["--dialect", "naaccr"]),
        ("check", ["--missing", "x"]),
        ("check", ["--system", "FIGO"]),
        ("restage", ["--event", "=recurrence"]),
        ("restage", ["--tumor-id", "x"]),
        ("restage", ["--no-link"]),
        ("restage", ["--reject-file", "x"]),
        ("history", ["--delimiter", ";"]),
        ("verify", ["--against", str(MESSAGES / "obds.xml"), "--prefix", "x"]),
    ],
)
def test_options_of_a_table_do_not_go_with_a_message(command: str, option: list[str]) -> None:
    result = run(command, MESSAGES / "obds.xml", *option)
    assert result.exit_code == 2
    assert "for tables" in result.stderr


def test_a_caller_can_only_add(tmp_path: Path) -> None:
    path = str(MESSAGES / "obds.xml")

    def begun_anew(found: TumorHistory) -> rstage.History | None:
        return rstage.History.begun(found.history.initial) if found.history is not None else None

    with pytest.raises(ValueError, match="only grows"):
        messages.write(path, str(tmp_path / "o"), extend=begun_anew)


def test_a_schema_is_held_against_a_message_and_no_value_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("lxml")
    schema = tmp_path / "obds.xsd"
    schema.write_text(SCHEMA.format(namespace=NAMESPACE, root="oBDS"), encoding="utf-8")
    assert "RS018" not in run("check", MESSAGES / "obds.xml", "--schema", schema).stderr
    schema.write_text(SCHEMA.format(namespace=NAMESPACE, root="Other"), encoding="utf-8")
    assert "RS018" in run("check", MESSAGES / "obds.xml", "--schema", schema).stderr
    schema.write_text("<no", encoding="utf-8")
    assert run("check", MESSAGES / "obds.xml", "--schema", schema).exit_code == 2
    assert run("check", MESSAGES / "obds.xml", "--schema", tmp_path / "none.xsd").exit_code == 3


def test_without_lxml_a_schema_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "lxml", None)
    result = run("check", MESSAGES / "obds.xml", "--schema", "x.xsd")
    assert result.exit_code == 2
    assert "rstage[xml]" in result.stderr


def test_the_library_raises_what_the_commands_say(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        list(messages.read(str(tmp_path / "missing.xml")))
    with pytest.raises(ValueError, match="a format is one of"):
        list(messages.read(str(MESSAGES / "obds.xml"), input_format="hl7"))  # type: ignore[arg-type]  # no format
    with pytest.raises(ValueError, match="a policy is one of"):
        list(messages.histories(str(MESSAGES / "obds.xml"), policy="latest"))  # type: ignore[arg-type]  # no policy


@pytest.mark.parametrize(
    ("script", "message"),
    [("registry_job", "naaccr_synthetic.xml"), ("ehr_export", "fhir_synthetic.ndjson")],
)
def test_the_worked_examples_run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    message: str,
) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    job = __import__(script)
    out = tmp_path / "out"
    job.main(str(EXAMPLES / message), str(out))
    printed = capsys.readouterr().out
    assert " restagings" in printed
    assert "0 restagings" not in printed
    assert out.stat().st_size > 0

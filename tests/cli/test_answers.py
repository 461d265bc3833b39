"""A line that is given through a pipe is answered by one line at once, for as long as the pipe is open."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.command_line import run
from tests.support.processes import Conversation, ended, started

if TYPE_CHECKING:
    from pathlib import Path

NDJSON = ("--input-format", "ndjson")
NORMALIZE = ("normalize", "-", *NDJSON, "--column", "dx")
RESTAGE = ("restage", "-", *NDJSON, "--diagnosis", "dx", "--assessment", "new", "--no-link")
PARSE = ("parse", "-", "--format", "jsonl")
NO_ROWS = ("1", "{}", "nope", '{"dx":"T2","dx":"T3"}', '{"dx":"\\ud800"}', '{"dx":"T2","dx_findings":""}')

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes cannot be waited for with a limit")


def talk(folder: Path, *command: str) -> Conversation:
    return Conversation(started(folder, *command, stdin=subprocess.PIPE))


def test_parse_answers_each_line(tmp_path: Path) -> None:
    pipe = talk(tmp_path, *PARSE)
    asked = [
        (b"rpT2 N0\n", "rpT2 rN0"),
        (b"T5\r\n", None),
        (b"\n", None),
        (b"T\xff\n", None),
        (b"T2\n", "T2"),
    ]
    for line, canonical in asked:
        answer = json.loads(pipe.ask(line))
        stages = [one["canonical"] for one in answer["stages"]]
        assert stages == ([canonical] if canonical else [])
        assert bool(stages) != any(one["severity"] == "error" for one in answer["diagnostics"])
    done = ended(pipe.process)
    assert (done.code, done.out) == (1, b"")


def test_parse_answers_as_the_other_formats_do() -> None:
    lines = b"pT2, N0\nT9\n\npT2 N0 M0; IIA\n"
    as_lines = run("parse", "-", "--format", "jsonl", stdin=lines)
    as_array = run("parse", "-", "--format", "json", stdin=lines)
    assert [json.loads(line) for line in as_lines.out.splitlines()] == json.loads(as_array.out)
    assert as_lines.code == as_array.code == 1


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_a_line_of_other_bytes_is_a_finding_of_that_line(form: str) -> None:
    done = run("parse", "-", "--format", form, stdin=b"T\xff\nT2 N0\n")
    assert done.code == 1
    assert "RS004" in done.err + done.out
    assert "T2 N0" in done.out


def test_normalize_answers_each_line(tmp_path: Path) -> None:
    pipe = talk(tmp_path, *NORMALIZE, "-q")
    assert pipe.ask(b'{"dx":"pT2, N0"}\n') == (
        b'{"dx":"pT2, N0","dx_normalized":"pT2 N0","dx_findings":"RS202"}\n'
    )
    assert pipe.ask(b'{"dx":"T5"}\r\n').endswith(b',"dx_findings":"RS103"}\r\n')
    assert pipe.ask(b"\n") == b"\n"
    assert json.loads(pipe.ask(b'{"id":7}\n')) == {"id": 7, "dx_normalized": "", "dx_findings": ""}
    for line in NO_ROWS:
        answer = json.loads(pipe.ask(line.encode() + b"\n"))
        assert answer == {"dx_normalized": "", "dx_findings": "RS550"}, line
    assert json.loads(pipe.ask(b'{"dx":"T\xff"}\n'))["dx_findings"] == "RS004"
    done = ended(pipe.process, b'{"dx":"T2"}')
    assert (done.code, done.out) == (1, b'{"dx":"T2","dx_normalized":"T2","dx_findings":""}')


def test_restage_answers_each_line(tmp_path: Path) -> None:
    pipe = talk(tmp_path, *RESTAGE)
    first = json.loads(pipe.ask(b'{"dx":"cT2 cN0 cM0","new":"cT0 cN0 pM1(HEP)"}\n'))
    assert (first["restaged"], first["restage_recurrence"]) == ("rcT0 rcN0 rpM1(HEP)", "distant")
    assert json.loads(pipe.ask(b'{"dx":"cT2","new":null}\n'))["restaged"] == ""
    assert json.loads(pipe.ask(b'{"new":"T3"}\n'))["restage_findings"] == "RS504"
    done = ended(pipe.process)
    assert (done.code, "3 rows in = 3 out + 0 rejected; 1 restaged, 1 without" in done.err) == (1, True)


def test_the_first_row_has_every_key_that_is_asked_for(tmp_path: Path) -> None:
    """A name that no line has would else be blank in all of them, without a word."""
    pipe = talk(tmp_path, *RESTAGE, "-q")
    for line in (b'{"dx":"T2","mew":"T3"}\n', b'{"dx":"T2"}\n'):
        assert json.loads(pipe.ask(line))["restage_findings"] == "RS005"
    assert json.loads(pipe.ask(b'{"dx":"T2","new":"T3"}\n'))["restaged"] == "rT3"
    assert json.loads(pipe.ask(b'{"dx":"T2"}\n'))["restage_findings"] == ""
    done = ended(pipe.process)
    assert done.code == 1
    assert "did you mean new" not in done.err
    assert "mew" in done.err


@pytest.mark.parametrize("spec", ["?dx", "dx:T=?a", "a | b"])
def test_a_choice_between_keys_is_refused_where_they_are_not_known(spec: str) -> None:
    done = run("normalize", "-", *NDJSON, "--column", spec, stdin=b'{"dx":"T2","a":"T2"}\n')
    assert (done.code, "RS012" in done.err, done.out) == (2, True, "")


def test_the_answers_are_the_output_of_the_same_file(tmp_path: Path) -> None:
    lines = "".join(
        f'{{"dx": "{dx}" , "n": {n}}}\n' for n, dx in enumerate(["pT2N0", "T5", "", "T2 x", "cT1 cN0"] * 300)
    )
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text(lines, encoding="utf-8")
    written = run("normalize", source, "--column", "dx", "-o", target)
    answered = run(*NORMALIZE, stdin=lines.encode())
    assert answered.out_bytes == target.read_bytes()
    assert answered.code == written.code


def test_rejected_lines_are_kept_as_they_are(tmp_path: Path) -> None:
    kept = tmp_path / "rejected.ndjson"
    run(*NORMALIZE, "--reject-file", kept, stdin=b'{"dx":"T2"}\n{"dx":"T\xff"}\nnope\n')
    assert kept.read_bytes() == b'{"dx":"T\xff"}\nnope\n'


def test_into_a_file_nothing_is_answered(tmp_path: Path) -> None:
    target = tmp_path / "out.ndjson"
    done = run(*NORMALIZE, "-o", target, stdin=b'{"a":"T2"}\nnope\n{"dx":"T3"}\n')
    assert "3 rows in = 2 out + 1 rejected" in done.err
    assert target.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    ("command", "line"),
    [(PARSE, b"T2\n"), (NORMALIZE, b'{"dx":"T2"}\n'), (RESTAGE, b'{"dx":"T2","new":""}\n')],
)
def test_a_pipe_ends_cleanly(tmp_path: Path, command: tuple[str, ...], line: bytes) -> None:
    pipe = talk(tmp_path, *command)
    assert pipe.ask(line)
    assert ended(pipe.process).code == 0

    pipe = talk(tmp_path, *command)
    assert pipe.ask(line)
    pipe.process.send_signal(signal.SIGINT)
    assert ended(pipe.process).code == 130

    pipe = talk(tmp_path, *command)
    assert pipe.ask(line)
    assert pipe.process.stdout is not None
    pipe.process.stdout.close()
    pipe.process.stdout = None
    done = ended(pipe.process, line)
    assert (done.code, done.err) == (4, "")


@pytest.mark.parametrize("compression", ["gzip", "lzma"])
def test_compressed_lines_are_answered_too(compression: str) -> None:
    packed = __import__(compression).compress(b'{"dx":"T2"}\n{"dx":"T3"}\n')
    assert run(*NORMALIZE, stdin=packed).out.count("_normalized") == 2

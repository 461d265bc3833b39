"""On a terminal a run shows how far it is and findings have colors; a shell can complete what is typed."""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rstage.cli import main
from rstage.cli.finding_printer import uses_color
from rstage.cli.progress import bar, progress
from rstage.files.inputs import Input, read_counts
from tests.support.command_line import run, table
from tests.support.processes import started_as

if TYPE_CHECKING:
    from pathlib import Path

RED = "\x1b[1;31mRS103 error\x1b[0m: "
ERASE = "\r\x1b[K"


class Stream(io.StringIO):
    """A stream that is a terminal or none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.mark.parametrize(
    ("asked", "environment", "is_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_what_decides_about_colors(
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    environment: dict[str, str],
    is_terminal: bool,
    expected: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert uses_color(asked, Stream(is_terminal=is_terminal)) == expected
    assert uses_color(asked, None) == (expected and (asked == "always" or "FORCE_COLOR" in environment))


@pytest.mark.parametrize(
    ("option", "environment", "is_colored"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_findings_are_colored_and_data_never_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, ...],
    environment: dict[str, str],
    is_colored: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    source = table(tmp_path, "id,dx", "1,T5", "2,T2,N0")
    assert (RED in run("check", source, "--column", "dx", *option).out) == is_colored
    assert (RED in run("check", "--text", "T5", *option).out) == is_colored
    assert (RED in run("normalize", "--text", "T5", *option).err) == is_colored
    history = run("history", source, "--tumor-id", "id", "--stage", "dx", *option)
    assert (RED in history.err) == is_colored
    assert "\x1b" not in history.out
    for form in ("json", "jsonl", "csv"):
        assert "\x1b" not in run("check", source, "--column", "dx", "--format", form, *option).out
    done = run("normalize", source, "--column", "dx", *option)
    assert "\x1b" not in done.out
    assert ("\x1b[1;31mRS501" in done.err) == is_colored


@pytest.mark.parametrize(
    ("done", "size", "seconds", "line"),
    [
        (0, 100, 1.0, "[------------------------------]   0%"),
        (50, 100, 30.0, "[###############---------------]  50%  0:30 left"),
        (25, 100, 60.0, "[########----------------------]  25%  3:00 left"),
        (100, 100, 30.0, "[##############################] 100%  0:00 left"),
        (120, 100, 30.0, "[##############################] 100%  0:00 left"),
    ],
)
def test_the_line_says_how_far_a_run_is(done: int, size: int, seconds: float, line: str) -> None:
    assert bar(done, size, seconds) == line


@pytest.mark.parametrize(
    ("terminals", "options", "expected"),
    [
        ({"stderr"}, {"quiet": False}, True),
        ({"stderr"}, {"quiet": True}, False),
        ({"stderr"}, {}, False),
        (set(), {"quiet": False}, False),
        ({"stderr", "stdout"}, {"quiet": False}, False),
        ({"stderr", "stdout"}, {"quiet": False, "output": "-"}, False),
        ({"stderr", "stdout"}, {"quiet": False, "output": "out.csv"}, True),
    ],
)
def test_the_line_is_only_on_a_terminal_that_nothing_else_is_written_to(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    terminals: set[str],
    options: dict[str, object],
    expected: bool,
) -> None:
    stderr = Stream(is_terminal="stderr" in terminals)
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr("sys.stdout", Stream(is_terminal="stdout" in terminals))
    monkeypatch.setattr("rstage.cli.progress.EVERY", 0.001)
    with Input(str(table(tmp_path, "x" * 100))) as source, progress(options):
        source.read(50)
        began = time.monotonic()
        while not stderr.getvalue() and time.monotonic() - began < (60 if expected else 0.05):
            time.sleep(0.001)
    assert ("%" in stderr.getvalue()) == expected
    if expected:
        assert stderr.getvalue().endswith(ERASE)


def test_open_files_say_how_far_they_are_read(tmp_path: Path) -> None:
    one, other = (str(table(tmp_path, "x" * 99, name=name)) for name in ("a", "b"))
    assert read_counts() == (0, 0)
    with Input(one) as first, Input(one) as again, Input(other):
        first.read(60)
        again.read(10)
        assert read_counts() == (60, 200)
    assert read_counts() == (0, 0)


IMPATIENT = "import sys\nfrom rstage.cli import main, progress\nprogress.EVERY = 0.01\nmain(sys.argv[1:])"


def on_terminal(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run a command whose stderr is a terminal; return its exit code and what stood there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", IMPATIENT, *arguments]
    process = started_as(command, folder, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    pieces = []
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    return process.wait(120), b"".join(pieces).decode()


def test_a_long_run_is_shown_and_leaves_its_last_line_alone(tmp_path: Path) -> None:
    # What cannot be read takes the longest, and only for its first row.
    rows = (f"T5 N0({number}/{number}),{'x' * 500}" for number in range(400))
    table(tmp_path, "dx,note", *rows, name="in.csv")
    code, shown = on_terminal(tmp_path, "check", "in.csv", "--column", "dx", "--statistics")
    assert code == 1
    assert "% " in shown
    assert ERASE in shown
    assert shown.rpartition(ERASE)[2].startswith("rstage check: 400 rows in")
    code, shown = on_terminal(tmp_path, "check", "in.csv", "--column", "dx", "-q")
    assert "%" not in shown


def test_who_types_a_text_sees_where_a_finding_stands(tmp_path: Path) -> None:
    code, shown = on_terminal(tmp_path, "parse", "rT2 récidive")
    assert code == 1
    assert "\r\n    rT2 récidive\r\n        ^^^^^^^^\r\n" in shown
    assert "RS101 error: récidive is not stage notation\r\n" in shown
    hidden = run("parse", "rT2 récidive").err
    assert "récidive" not in hidden
    assert "(hidden, 8 characters)" in hidden


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("T2 Smythe", "RS101 error: Smythe is not stage notation"),
        ("pT2 (Margarete) N0", "RS108 error: the bracket (Margarete) is no known suffix"),
        ("R0 (lokales Gewebe)", "RS201 info: R0 (lokales Gewebe) was read as R0(lokales Gewebe)"),
    ],
)
def test_who_types_a_text_sees_it_in_the_message_too(tmp_path: Path, text: str, line: str) -> None:
    _, shown = on_terminal(tmp_path, "parse", text)
    assert f"{line}\r\n" in shown
    assert "hidden" not in shown
    assert "(hidden, " in run("parse", text).err


def test_a_line_from_stdin_is_hidden_on_a_terminal_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"T2 Miller\n"), encoding="utf-8"))
    monkeypatch.setattr("sys.stdout", Stream(is_terminal=True))
    monkeypatch.setattr("sys.stderr", stderr := Stream(is_terminal=True))
    with pytest.raises(SystemExit):
        main(["parse", "-", "T2 Smythe"])
    assert "Miller" not in stderr.getvalue()
    assert "(hidden, 6 characters)" in stderr.getvalue()
    assert "    T2 Smythe\n       ^^^^^^\n" in stderr.getvalue()


def complete(**environment: str) -> str:
    """Return what the program says to a shell that asks it."""
    script = "from rstage.cli import main; main(prog_name='rstage')"
    done = subprocess.run(  # noqa: S603  our own
        [sys.executable, "-c", script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_a_script_that_completes(shell: str) -> None:
    if shell == "bash" and shutil.which("bash") is None:
        pytest.skip("this system has no bash")
    script = complete(_RSTAGE_COMPLETE=f"{shell}_source")
    assert f"_RSTAGE_COMPLETE={shell}_complete" in script
    assert "rstage" in script


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("rstage norm", "plain,normalize"),
        ("rstage check --max", "plain,--max-findings"),
        ("rstage check --select RS10", "plain,RS103"),
        ("rstage check --ignore RS1,RS57", "plain,RS1,RS570"),
        ("rstage check --mode str", "plain,strict"),
        ("rstage check in", "file,in"),
        ("rstage normalize --overrides in", "file,in"),
    ],
)
def test_commands_options_and_codes_are_completed(words: str, expected: str) -> None:
    place = str(len(words.split()) - 1)
    answer = complete(_RSTAGE_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=place)
    assert expected in answer.splitlines()


COLUMNS = "pt,ptx,My stage,dx=old,Miller 77123"


@pytest.mark.parametrize(
    ("shell", "words", "expected"),
    [
        ("bash", "rstage check in.csv --column ", ["pt", "ptx", "'My stage'", "dx=old"]),
        ("bash", "rstage check --column pt| in.csv", ["pt", "ptx"]),
        ("zsh", "rstage check in.csv --column dx:T=p", ["dx:T=pt", "dx:T=ptx"]),
        ("zsh", "rstage normalize in.csv --column My", ["My stage"]),
        ("zsh", "rstage check in.csv --column dx=o", ["dx=old"]),
        ("zsh", "rstage restage semi.txt --delimiter ; --diagnosis a", ["ab"]),
        ("zsh", "rstage restage in.csv --tumor-id ptx", ["ptx"]),
        ("zsh", "rstage find in.csv --column pt", ["pt", "ptx"]),
        ("zsh", "rstage check missing.csv --column p", []),
        ("zsh", "rstage check --column p", []),
    ],
)
def test_the_columns_of_the_table_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str, words: str, expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path, COLUMNS, "T2,,,,", name="in.csv")
    table(tmp_path, "ab;cd", "T2;", name="semi.txt")
    place = str(len(words.partition("|")[0].split(" ")) - 1)
    given = words.replace("|", "").replace(";", "';'")
    answer = complete(_RSTAGE_COMPLETE=f"{shell}_complete", COMP_WORDS=given, COMP_CWORD=place).splitlines()
    found = [line.partition(",")[2] for line in answer] if shell == "bash" else answer[1::3]
    assert found == expected

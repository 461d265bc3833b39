"""The runner of the suite: programs of every kind are driven, and scored as they deserve."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rstage.conformance.__main__ import main
from rstage.conformance.answers import answer
from rstage.conformance.cases import TASKS, Case, load_cases
from rstage.conformance.scoring import ASPECTS, Score, Verdict, judge

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("rpT2 rpN1 cM0", "pT2 pN0", "T9", "T1 T2 | no", "cT2-3 N0; rT4")
RIGHT, WRONG, REFUSED, SILENT = Verdict


def case(text: str = ASKED[0]) -> Case:
    ask = {"id": f"read-{text}", "task": "read", "text": text, "mode": "standard"}
    made = answer(ask)
    del made["id"]
    return Case(ask["id"], "read", ask, made)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite, with a case for each text and some of the other tasks."""
    made = [case(text) for text in ASKED]
    (tmp_path / TASKS["read"]).write_text(
        "".join(json.dumps(one.ask | {"expect": one.expect}) + "\n" for one in made), encoding="utf-8"
    )
    for task in ("restage", "link", "find"):
        few = list(load_cases(task))[:3]
        text = "".join(json.dumps(one.ask | {"expect": one.expect}) + "\n" for one in few)
        (tmp_path / TASKS[task]).write_text(text, encoding="utf-8")
    return tmp_path


HEAD = """
import json, sys
from rstage.conformance.answers import answer
"""
PROGRAMS = {
    "one by one": "for line in sys.stdin: print(json.dumps(answer(json.loads(line))), flush=True)",
    "at the end, backwards": "for line in list(sys.stdin)[::-1]: print(json.dumps(answer(json.loads(line))))",
    "nothing": "pass",
    "never reads": "print('ready')",
    "breaks off": "print(json.dumps(answer(json.loads(sys.stdin.readline()))), flush=True); sys.exit(7)",
    "noise": "for line in sys.stdin: print('{'); print('5'); print(json.dumps({'id': 'x'})); "
    "print(); print(json.dumps(answer(json.loads(line))))",
    "twice": "for line in sys.stdin: text = json.dumps(answer(json.loads(line))); print(text); print(text)",
    "never ends": "import time; print(sys.stdin.readline()); time.sleep(600)",
    "knows no task": "for line in sys.stdin: print(json.dumps("
    "{'id': json.loads(line)['id'], 'unsupported': True}))",
    "odd answers": "for line in sys.stdin: print(json.dumps("
    "{'id': json.loads(line)['id'], 'stages': 5, 'mentions': [5], 'restaged': []}))",
}


def run(suite: Path, program: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, Any]:
    command = shlex.join([sys.executable, "-c", HEAD + PROGRAMS[program]])
    code = main(["--suite", str(suite), "--command", command, "--format", "json", *more])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("program", ["one by one", "at the end, backwards"])
def test_a_right_program(program: str, suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, score = run(suite, program, capsys)
    assert code == 0
    assert (score["answered"], score["malformed"], score["exit_code"]) == (14, 0, 0)
    assert {line["score"] for line in score["scores"]} == {1.0}


@pytest.mark.parametrize(
    ("program", "answered", "malformed", "exit_code"),
    [
        ("nothing", 0, 0, 0),
        ("never reads", 0, 1, 0),
        ("breaks off", 1, 0, 7),
        ("noise", 14, 42, 0),
        ("twice", 14, 14, 0),
        ("knows no task", 14, 0, 0),
        ("odd answers", 14, 0, 0),
    ],
)
def test_a_program_that_does_not_keep_to_it(
    program: str, answered: int, malformed: int, exit_code: int, *, suite: Path, capsys: Any
) -> None:
    code, score = run(suite, program, capsys, "--show", "100")
    assert code == 1
    assert (score["answered"], score["malformed"], score["exit_code"]) == (answered, malformed, exit_code)
    assert len(score["failed"]) == (0 if program in ("noise", "twice") else 13 if answered == 1 else 14)


def test_a_program_that_does_not_end_is_stopped(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, score = run(suite, "never ends", capsys, "--timeout", "1", "--task", "read")
    assert code == 1
    assert score["exit_code"] < 0


@pytest.mark.parametrize(
    ("command", "code"),
    [("no-program-of-this-name", 3), ("", 2), ("'", 2)],
)
def test_a_command_that_cannot_be_started(command: str, code: int, suite: Path) -> None:
    assert main(["--suite", str(suite), "--command", command]) == code


def test_the_score_as_text(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = shlex.join([sys.executable, "-c", HEAD + PROGRAMS["nothing"]])
    main(["--suite", str(suite), "--command", command, "--task", "link", "--show", "1"])
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["task", "aspect", "cases", *map(str, Verdict), "score"]
    assert lines[0].split() == ["link", "json", "3", "0", "0", "0", "3", "0.0%"]
    assert json.loads(lines[-1])["answer"] is None


# ---------------------------------------------------------------- verdicts


def stages(*given: dict[str, Any]) -> dict[str, Any]:
    return {"stages": list(given)}


R = {"canonical": "rpT2 rpN1 rcM0", "values": ["T2", "N1", "M0"], "recurrence": True}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, (SILENT, SILENT, SILENT, SILENT, SILENT)),
        ({"unsupported": True}, (SILENT, SILENT, SILENT, SILENT, SILENT)),
        (stages(R), (RIGHT, RIGHT, RIGHT, SILENT, SILENT)),
        (stages(R) | {"codes": []}, (RIGHT, RIGHT, RIGHT, SILENT, RIGHT)),
        (stages(R) | {"codes": ["RS301"]}, (RIGHT, RIGHT, RIGHT, SILENT, WRONG)),
        (stages({**R, "recurrence": False}), (RIGHT, RIGHT, WRONG, SILENT, SILENT)),
        (stages({"canonical": "T2"}), (WRONG, SILENT, SILENT, SILENT, SILENT)),
        (stages(R, R), (WRONG, WRONG, WRONG, SILENT, SILENT)),
        (stages(), (REFUSED, REFUSED, REFUSED, REFUSED, SILENT)),
        (
            stages({"structure": case().expect["stages"][0]["structure"]}),
            (SILENT, RIGHT, RIGHT, RIGHT, SILENT),
        ),
        (stages({"structure": {"t": {"letter": "T", "value": "2"}}}), (SILENT, WRONG, WRONG, WRONG, SILENT)),
        ({}, (WRONG,) * 5),
        ({"stages": "x"}, (WRONG,) * 5),
    ],
)
def test_the_verdicts_of_a_reading(given: Any, expected: tuple[Verdict, ...]) -> None:
    assert judge(case(), given) == dict(zip(ASPECTS["read"], expected, strict=True))


def test_what_should_be_refused_and_is_read_is_wrong() -> None:
    assert judge(case("T9"), stages())["canonical"] is RIGHT
    assert judge(case("T9"), stages({"canonical": "T4"}))["canonical"] is WRONG


@pytest.mark.parametrize(
    ("text", "given", "lost", "invented"),
    [
        (ASKED[0], True, 0, 0),
        (ASKED[0], False, 1, 0),
        (ASKED[1], True, 0, 1),
        (ASKED[1], False, 0, 0),
    ],
)
def test_an_r_that_is_lost_or_invented_is_counted(text: str, given: object, lost: int, invented: int) -> None:
    score = Score()
    score.add(case(text), stages({"canonical": "x", "recurrence": given}))
    score.add(case(text), stages())
    score.add(case(text), None)
    assert (score.lost, score.invented) == (lost, invented)
    assert not score.is_perfect


def of(task: str, number: int = 0) -> Case:
    return list(load_cases(task))[number]


def test_the_verdicts_of_the_other_tasks() -> None:
    one = of("restage")
    assert judge(one, {"restaged": None, "recurrence": []})["restaged"] is REFUSED
    assert judge(one, {"restaged": "rT2"})["restaged"] is WRONG
    assert judge(one, {"restaged": one.expect["restaged"]})["recurrence"] is SILENT
    link = of("link")
    assert judge(link, {"cell": "r1:"}) == {"json": SILENT, "digests": SILENT, "cell": WRONG}
    assert judge(link, link.expect | {"restaging": "0"}) == {"json": RIGHT, "digests": WRONG, "cell": RIGHT}
    found = of("find")
    (mention,) = found.expect["mentions"]
    without = {name: value for name, value in mention.items() if name != "context"}
    assert judge(found, {"mentions": [without]}) == {"spans": RIGHT, "canonical": RIGHT, "context": SILENT}
    moved = {**mention, "span": [0, 5]}
    assert set(judge(found, {"mentions": [moved]}).values()) == {WRONG}
    assert set(judge(found, {"mentions": []}).values()) == {REFUSED}

"""`python -m rstage.conformance`: drives a program through the suite and prints its score."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rstage.conformance.cases import TASKS, SuiteError, load_cases
from rstage.conformance.driving import drive
from rstage.conformance.scoring import Score, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.conformance.cases import Case
    from rstage.conformance.driving import Driven

PERFECT, IMPERFECT, WRONG_USE, UNREADABLE = 0, 1, 2, 3
"""The exit codes: every aspect of every case is right; not so; wrong use; suite or program cannot be used."""

_OWN = (sys.executable, "-m", "rstage.conformance.answers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Drive a program and print its score; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        command = shlex.split(options.command) if options.command is not None else list(_OWN)
    except ValueError as error:
        print(f"--command: {error}", file=sys.stderr)
        return WRONG_USE
    if not command:
        print("--command: there is no program", file=sys.stderr)
        return WRONG_USE
    try:
        tasks = options.task or list(TASKS)
        cases = [case for task in tasks for case in load_cases(task, options.suite)]
        driven = drive(command, cases, timeout=options.timeout)
    except (SuiteError, OSError) as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    score = Score()
    for case in cases:
        score.add(case, driven.answers.get(case.id))
    _print(score, driven, len(cases), options)
    return PERFECT if score.is_perfect and not driven.malformed and not driven.exit_code else IMPERFECT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rstage.conformance",
        description="Drive a program through the conformance suite and print its score.",
    )
    parser.add_argument("--command", help="the program with its arguments; without it rstage answers")
    parser.add_argument("--suite", type=Path, help="the folder of the suite; by default the one of rstage")
    parser.add_argument(
        "--task", action="append", choices=list(TASKS), help="only this task; can be repeated"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what is printed")
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="print so many cases that are not right"
    )
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="stop the program after so long")
    return parser


def _print(score: Score, driven: Driven, count: int, options: argparse.Namespace) -> None:
    failed = score.failed[: options.show]
    if options.format == "json":
        data = {
            "cases": count,
            "answered": len(driven.answers),
            "malformed": driven.malformed,
            "exit_code": driven.exit_code,
            "r_lost": score.lost,
            "r_invented": score.invented,
            "scores": [line.to_dict() for line in score.lines()],
            "failed": [_failed(case, answer) for case, answer in failed],
        }
        print(json.dumps(data, ensure_ascii=False))
        return
    names = [f"{name:>7}" for name in ("cases", *Verdict)]
    print(f"{'task':<8} {'aspect':<11} {' '.join(names)} score")
    for line in score.lines():
        counts = [f"{count:>7}" for count in (line.total, *(line.counts.get(one, 0) for one in Verdict))]
        print(f"{line.task:<8} {line.aspect:<11} {' '.join(counts)} {line.score:.1%}")
    print(f"an r lost: {score.lost}, an r invented: {score.invented}")
    print(
        f"{len(driven.answers)} of {count} cases answered, {driven.malformed} lines that are no answer,"
        f" exit code {driven.exit_code}"
    )
    for case, answer in failed:
        print(json.dumps(_failed(case, answer), ensure_ascii=False))


def _failed(case: Case, answer: dict[str, object] | None) -> dict[str, object]:
    return {"ask": case.ask, "expect": case.expect, "answer": answer}


if __name__ == "__main__":
    sys.exit(main())

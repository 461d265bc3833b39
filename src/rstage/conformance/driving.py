"""Asks a program: a line of JSON for each case to its standard input, a line of JSON for each answer back."""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.conformance.cases import Case


class Driven(NamedTuple):
    """What a program answered.

    Attributes:
        answers: by the ids of the cases. malformed: the lines that are no answer to a case, or a second one.
        exit_code: how it ended; a program that was stopped has a negative one.
    """

    answers: dict[str, dict[str, Any]]
    malformed: int
    exit_code: int


def drive(command: Sequence[str], cases: Sequence[Case], *, timeout: float | None = None) -> Driven:
    """Return what a program answers to the cases; its standard error is the caller's.

    It can answer each line at once or all of them at the end, in any order.

    Args:
        command: the program and its arguments.
        cases: what it is asked.
        timeout: seconds after which it is stopped; what it has answered until then counts.

    Raises:
        OSError: the program cannot be started.
    """
    # The command is the caller's own.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:  # noqa: S603
        writer = threading.Thread(target=_ask, args=(program.stdin, cases), daemon=True)
        writer.start()
        timer = threading.Timer(timeout, program.kill) if timeout is not None else None
        if timer is not None:
            timer.start()
        try:
            answers, malformed = _answers(program.stdout, {case.id for case in cases})
        finally:
            if timer is not None:
                timer.cancel()
            if program.poll() is None and program.stdout is not None and not program.stdout.closed:
                program.stdout.close()
        exit_code = program.wait()
        writer.join()
    return Driven(answers, malformed, exit_code)


def _ask(target: IO[bytes] | None, cases: Sequence[Case]) -> None:
    if target is None:
        return
    with suppress(OSError):  # a program that ended earlier has not answered, and that is counted
        for case in cases:
            target.write(json.dumps(case.ask, ensure_ascii=False).encode() + b"\n")
            target.flush()
    with suppress(OSError):
        target.close()


def _answers(source: IO[bytes] | None, known: set[str]) -> tuple[dict[str, dict[str, Any]], int]:
    answers: dict[str, dict[str, Any]] = {}
    malformed = 0
    for line in source or ():
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        name = data.get("id") if isinstance(data, dict) else None
        if not isinstance(name, str) or name not in known or name in answers:
            malformed += bool(line.strip())
            continue
        answers[name] = data
    return answers, malformed

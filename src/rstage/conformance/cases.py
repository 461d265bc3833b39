"""The cases of the suite: what is asked, and what is expected."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

TASKS = {"read": "reading.jsonl", "restage": "restaging.jsonl", "link": "links.jsonl", "find": "text.jsonl"}
"""The tasks, and the file of each."""


class SuiteError(ValueError):
    """A file of the suite cannot be used; the message says which and why."""


class Case(NamedTuple):
    """One case.

    Attributes:
        id: names it. It follows from what is asked, so that it stays when cases are added.
        task: one of `TASKS`. ask: what the program is asked, with both. expect: what it should answer.
    """

    id: str
    task: str
    ask: dict[str, Any]
    expect: dict[str, Any]


def suite_folder() -> Traversable:
    """Return the folder of the suite: of a wheel, or of the checkout next to `src/`."""
    packaged = files("rstage") / "conformance" / "suite"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "conformance"


def load_cases(task: str, folder: Traversable | None = None) -> Iterator[Case]:
    """Yield the cases of a task.

    Args:
        task: one of `TASKS`.
        folder: where the suite is; by default what came with rstage.

    Raises:
        SuiteError: the file cannot be read, or a line is no case of the task.
    """
    file = (folder or suite_folder()) / TASKS[task]
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file} cannot be read: {type(error).__name__}") from error
    # Only the line feed ends a line: a text may hold others.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        try:
            data = json.loads(line)
            expect, is_of_task = dict(data.pop("expect")), data["task"] == task
            case = Case(str(data["id"]), task, data, expect)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SuiteError(f"{file}, line {number}: this is no case") from error
        if not is_of_task:
            raise SuiteError(f"{file}, line {number}: this is a case of another task")
        yield case

"""What the page asks of rstage: calls of the public library, and runs of its command line.

It holds no rule. Everything goes in and comes out as JSON, because the page is JavaScript.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import rstage
from rstage.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The options of a restaging that name one column, as `rstage look` proposes them.
FACTS = (
    *("tumor-id", "assessment-tumor-id", "diagnosis-date", "assessment-date"),
    *("site", "assessment-site", "event"),
)
MOST_SHOWN = 200
"""Alterations that are named; the others are counted."""

_SIDES = ("diagnosis", "assessment")
_OF_RESTAGING = ("date-format",)


def choices() -> str:
    """Return what can be chosen."""
    return json.dumps(
        {
            "version": rstage.__version__,
            "mode": get_args(rstage.Mode),
            "field": get_args(rstage.FieldName),
            "part": (*get_args(rstage.FieldName), "edition", "system"),
            "dialect": get_args(rstage.DialectName),
            "system": rstage.SYSTEMS,
            "facts": FACTS,
        }
    )


def read(given: str) -> str:
    """Return what a text says.

    Args:
        given: its `text`, and the `options` that are not empty are keywords of `rstage.read`.
    """
    asked = json.loads(given)
    text = asked["text"]
    options = {name: value for name, value in asked["options"].items() if value}
    try:
        reading = rstage.read(text, **options)
        proposals = rstage.proposals_of(text, **options)
    except ValueError as error:  # options that do not go together
        return json.dumps({"refused": str(error)})
    return json.dumps(
        {
            "stages": [_stage(stage) for stage in reading.stages],
            "findings": [_finding(found, text) for found in reading.diagnostics],
            "proposals": proposals,
        }
    )


def _stage(stage: rstage.Stage) -> dict[str, Any]:
    said = {"text": str(stage), "words": stage.words(), "is_recurrence": stage.is_recurrence}
    try:
        return {**said, "restaged": str(stage.restaged()), "why_not": ""}
    except rstage.RestagingError as error:
        return {**said, "restaged": "", "why_not": "; ".join(one.message for one in error.diagnostics)}


def _finding(found: rstage.Diagnostic, text: str) -> dict[str, Any]:
    """Return a finding with the text in three: what it is about is the one in the middle."""
    start, end = found.span
    return {**found.to_dict(), "drawn": [text[:start], text[start:end], text[end:]]}


def explain(code: str) -> str:
    """Return what a finding means."""
    return _run(["explain", code, "--format", "json"]).out


def look(given: str) -> str:
    """Return what may stand in a table, with what `rstage look` would choose.

    Args:
        given: the `file`, and `shows_values`.
    """
    asked = json.loads(given)
    words = ["look", "--format", "json", *_shown(asked), _path(asked["file"])]
    done = _run(words)
    if done.code != 0:
        return json.dumps({"error": done.err})
    (seen,) = json.loads(done.out)
    return json.dumps({**seen, "chosen": chosen(seen)})


def chosen(seen: dict[str, Any]) -> dict[str, Any]:
    """Return the command of a look as choices: the command, what each column is used as, and the settings."""
    command, output, options = "normalize", "", []
    if seen["command"]:
        _, command, _, _, output, *rest = seen["command"]
        options = list(_options(rest))
    normalized = [
        {"column": column, "role": part, "name": "" if part == "stage" else stage["name"]}
        for stage in seen["stages"]
        for part, column in stage["columns"].items()
    ]
    return {
        "command": "restage" if command == "restage" else "normalize",
        "output": output if command in ("normalize", "restage") else "",
        "normalize": normalized,
        "restage": list(_restaged(options, seen["stages"])) if command == "restage" else [],
        "settings": [
            [name, value]
            for name, value in options
            if name not in (*_SIDES, *FACTS, "column", *_OF_TUMORS_IN_ROWS)
        ],
    }


# The options of `rstage history`, which this page does not run.
_OF_TUMORS_IN_ROWS = ("stage", "date")


def _options(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the options of a command line; each has a value there."""
    rest = iter(words)
    for word in rest:
        name, sign, value = word.removeprefix("--").partition("=")
        yield name, value if sign else next(rest)


def _restaged(options: list[tuple[str, str]], stages: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for side in _SIDES:
        specs = [value for name, value in options if name == side]
        for stage in stages:
            named = {
                column if part == "stage" else f"{part}={column}": (column, part)
                for part, column in stage["columns"].items()
            }
            if specs and set(specs) <= set(named):
                for column, part in map(named.__getitem__, specs):
                    yield {"column": column, "role": side if part == "stage" else f"{side}:{part}"}
                break
    for name, value in options:
        if name in FACTS:
            yield {"column": value, "role": name}


def work(given: str) -> str:
    """Run a command over a table; what it made is in the folder `/made`.

    Args:
        given: the `command`, the `file`, the names of `output` and `report`, the `roles` of columns and the
            `settings`; see `words_of`.
    """
    asked = json.loads(given)
    return json.dumps(_run(words_of(asked))._asdict())


def command_line(given: str) -> str:
    """Return the command line that does the same; without names of files that only the page has."""
    asked = json.loads(given)
    words = words_of({**asked, "folder": "", "report": "", "is_isolated": False})
    return json.dumps(shlex.join(["rstage", *words]))


def words_of(asked: dict[str, Any]) -> list[str]:
    """Return the words of a command line.

    Args:
        asked: the `command`; the `file`; the name of the `output` and the `folder` it is in; a `report`; the
            `roles`, each with its `column`, `role` and the `name` of its stage; the `settings`, pairs of an
            option and its value; `shows_values`; `is_isolated`.
    """
    command, folder = asked["command"], asked.get("folder", "")
    words = [command, _path(asked["file"])]
    if command == "verify":
        words = [command, asked["made"], "--against", _path(asked["file"]), f"--max-findings={MOST_SHOWN}"]
    elif command == "check":
        words += ["--format", "csv", "--output-file", folder + asked["output"]]
    else:
        words += ["-o", folder + asked["output"]]
    if asked.get("report"):
        words.append(f"--report={folder}{asked['report']}")
    is_restaging = asked["is_restaging"]
    if command != "verify" or is_restaging:
        words += _of_columns(asked["roles"], is_restaging=is_restaging, is_checked=command == "check")
    for name, value in asked["settings"]:
        if value and (name not in _OF_RESTAGING or (is_restaging and command != "check")):
            words.append(f"--{name}={value}")
    words += _shown(asked)
    if asked.get("is_isolated", True):
        words.append("--isolated")
    return words


def _of_columns(roles: list[dict[str, str]], *, is_restaging: bool, is_checked: bool) -> Iterator[str]:
    for one in roles:
        column, (role, _, part) = one["column"], one["role"].partition(":")
        if not is_restaging:
            name = one.get("name", "")
            yield "--column=" + (column if role == "stage" else f"{name}:{role}={column}")
        elif not is_checked:
            yield f"--{role}=" + (f"{part}={column}" if part else column)
        elif role in _SIDES:
            yield "--column=" + (f"{role}:{part}={column}" if part else column)


def _shown(asked: dict[str, Any]) -> list[str]:
    return ["--show-values"] if asked.get("shows_values") else []


def _path(name: str) -> str:
    return f"./{name}" if name.startswith("-") else name


class Done(NamedTuple):
    """What a run of the command line did: its exit code, and what it printed."""

    code: object
    out: str
    err: str


def _run(words: list[str]) -> Done:
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code
    return Done(code, out.getvalue(), err.getvalue())


def try_everything(table: str, folder: str) -> None:
    """Run each command once, so that whoever compiles the modules knows which ones they need.

    Raises:
        RuntimeError: one of them does not run.
    """
    os.chdir(Path(table).parent)
    choices()
    for text in ("rpT2 rpN1(sn) cM0, Stage IIB (AJCC 8)", "pT2 NO MO", "T2cN0"):
        read(json.dumps({"text": text, "options": {}}))
    explain("RS101")
    file = Path(table).name
    seen = json.loads(look(json.dumps({"file": file})))
    asked = {"file": file, "folder": folder, "settings": seen["chosen"]["settings"]}
    for command in ("normalize", "restage"):
        roles, output = seen["chosen"][command], f"{command}.csv"
        same = {**asked, "roles": roles, "is_restaging": command == "restage", "output": output}
        for work_of in (
            {"command": command, "report": f"{command}.html"},
            {"command": "verify", "made": folder + output},
            {"command": "check", "output": f"{command}_findings.csv"},
        ):
            done = json.loads(work(json.dumps({**same, **work_of})))
            if done["code"] not in (0, 1):
                raise RuntimeError(done["err"])

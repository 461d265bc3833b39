"""The command that fits a table that was looked at: a guess that is told, and done by nobody but the user."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rstage.tables.look.columns import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rstage.tables.look.columns import ColumnGuess
    from rstage.tables.look.look import Look
    from rstage.tables.look.stages import StageGuess

_MOSTLY_REPEATED = 0.9
_COMPRESSED = (".gz", ".xz", ".zst")
_NUMBERS = ("header-row",)
_NO_TUMOR = "no column of tumor numbers was found: second primaries are not looked for"
_NO_FORMAT = "the dates of {name} can be day first or month first: say which with --date-format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A command.

    Attributes:
        command: its name. file, output: what it reads and writes.
        options: the options of reading, which every command has. own: those of the command.
        notes: what it leaves open.
    """

    command: str
    file: str
    output: str
    options: Mapping[str, str | tuple[str, ...]]
    own: Mapping[str, str | tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def words(self, config: str | None = None) -> list[str]:
        """Return the words of the command line; with a configuration the settings stand there."""
        words = ["rstage", self.command, self.file, "-o", self.output]
        if config is not None:
            return [*words, "--config", config]
        return [*words, *_as_words(self.options), *_as_words(self.own)]

    def line(self, config: str | None = None) -> str:
        """Return the command line for a shell."""
        return shlex.join(self.words(config))

    def toml(self) -> str:
        """Return the settings as a configuration file has them."""
        others = {"normalize": ("check",), "restage": ("verify",)}.get(self.command, ())
        lines = ["# A guess of `rstage look`: look at it before it is used.\n", *_as_toml(self.options)]
        for command in (self.command, *others):
            lines += [f"\n[{command}]\n", *_as_toml(self.own)]
        return "".join(lines)


def propose(look: Look) -> Proposal | None:
    """Return the command that fits; None where no stage was found."""
    if not look.stages:
        return None
    options: dict[str, str | tuple[str, ...]] = dict(look.opening.options())
    if look.how.mode != "standard":
        options["mode"] = look.how.mode
    if look.how.dialect is not None:
        options["dialect"] = look.how.dialect
    if look.missing:
        options["missing"] = look.missing
    pair = _pair(look)
    long = _long_table(look) if pair is None else None
    if long is not None:
        output = _output(look, "histories", ".jsonl")
        return Proposal(command="history", file=look.opening.file, output=output, options=options, own=long)
    if pair is None:
        columns = tuple(spec for stage in look.stages for spec in stage.specs())
        output = _output(look, "normalized")
        return Proposal(
            command="normalize",
            file=look.opening.file,
            output=output,
            options=options,
            own={"column": columns},
        )
    own, notes = _facts(look)
    own = {"diagnosis": tuple(pair[0].parts()), "assessment": tuple(pair[1].parts()), **own}
    output = _output(look, "restaged")
    return Proposal(
        command="restage", file=look.opening.file, output=output, options=options, own=own, notes=notes
    )


def _pair(look: Look) -> tuple[StageGuess, StageGuess] | None:
    """Return the diagnosis and the assessment, where there is one of each."""
    later = [stage for stage in look.stages if stage.timing == "new"]
    first = [stage for stage in look.stages if stage.timing == "dx"]
    first = first or [stage for stage in look.stages if not stage.timing]
    return (first[0], later[0]) if len(later) == len(first) == 1 else None


def _long_table(look: Look) -> dict[str, str | tuple[str, ...]] | None:
    """Return the options of a history, where each tumor has several rows of one stage with its date."""
    tumors, dates = names(look.columns, "tumor id"), names(look.columns, "date")
    dates = [one for one in dates if "other" not in one.says.others and one.date_format != "?"]
    if not len(look.stages) == len(tumors) == len(dates) == 1 or tumors[0].values.is_pruned:
        return None
    if len(tumors[0].values.values) > _MOSTLY_REPEATED * tumors[0].values.filled:
        return None
    found: dict[str, str | tuple[str, ...]] = {
        "tumor-id": tumors[0].name,
        "stage": tuple(look.stages[0].parts()),
        "date": dates[0].name,
    }
    if dates[0].date_format:
        found["date-format"] = dates[0].date_format
    for fact in ("site", "event"):
        if len(columns := names(look.columns, fact)) == 1:
            found[fact] = columns[0].name
    return found


def _facts(look: Look) -> tuple[dict[str, str | tuple[str, ...]], tuple[str, ...]]:
    """Return the options of a restaging that name columns, and what is left open."""
    own: dict[str, str | tuple[str, ...]] = {}
    notes: list[str] = []
    for fact, option in (
        ("tumor id", "tumor-id"),
        ("site", "site"),
        ("date", "diagnosis-date"),
        ("event", "event"),
    ):
        found = [one for one in names(look.columns, fact) if "other" not in one.says.others]
        first = [one for one in found if one.says.timing == "dx"]
        first = first or [one for one in found if not one.says.timing]
        later = [one for one in found if one.says.timing == "new"]
        if len(first) == 1:
            own[option] = first[0].name
        if len(later) == 1 and fact != "event":
            own[f"assessment-{option.removeprefix('diagnosis-')}"] = later[0].name
    if "tumor-id" not in own:
        notes.append(_NO_TUMOR)
        own.pop("assessment-tumor-id", None)
    if "site" not in own:
        own.pop("assessment-site", None)
    dates = [one for one in names(look.columns, "date") if one.name in own.values()]
    formats = {one.date_format for one in dates}
    unclear = [one for one in dates if one.date_format == "?"]
    if unclear or len(formats) > 1:
        notes.append(_of_dates(unclear, dates))
        for option in ("diagnosis-date", "assessment-date"):
            own.pop(option, None)
    elif formats and "" not in formats:
        own["date-format"] = formats.pop()
    return own, tuple(notes)


def _of_dates(unclear: list[ColumnGuess], dates: list[ColumnGuess]) -> str:
    if unclear:
        return _NO_FORMAT.format(name=unclear[0].name)
    return f"the dates of {' and '.join(one.name for one in dates)} are written in different formats"


def _output(look: Look, what: str, written: str | None = None) -> str:
    """Return the name of an output in the working folder."""
    name = os.path.basename(look.opening.file)  # noqa: PTH119  a name, and no path
    stem, ending = os.path.splitext(name)  # noqa: PTH122  the same
    packed = ""
    if ending.lower() in _COMPRESSED:
        packed = ending
        stem, ending = os.path.splitext(stem)  # noqa: PTH122  the same
    if look.opening.form == "excel":
        ending, packed = ".csv", ""
    return f"{stem}_{what}{written or ending + packed}"


def _as_words(options: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    for name, given in options.items():
        for value in (given,) if isinstance(given, str) else given:
            if value.startswith("-"):
                yield f"--{name}={value}"
            else:
                yield from (f"--{name}", value)


def _as_toml(options: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    for name, value in options.items():
        if name in _NUMBERS:
            yield f"{name} = {value}\n"
        elif isinstance(value, str):
            yield f"{name} = {_quoted(value)}\n"
        else:
            listed = "".join(f"    {_quoted(one)},\n" for one in value)
            yield f"{name} = [\n{listed}]\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

"""Settings from a file: `rstage.toml`, or `[tool.rstage]` of a `pyproject.toml`.

A setting is named like the long option without its dashes in front (`date-format`). Those at the top count
for every command that has the option, those in the table of a command (`[check]`) for that one and before the
others.
"""

# Each command looks for the file when it starts, and to import pathlib would take longer than that.
# ruff: noqa: PTH109, PTH113, PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.files.errors import TableError, reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAME = "rstage.toml"
"""The file of settings; in one folder it counts before a `pyproject.toml`."""

_PROJECT = "pyproject.toml"
_IN_PROJECT = ("tool", "rstage")
_TABLE = r"\s*\[\s*([^\[\]]+?)\s*\]"
_KEY = r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*="""
_PLACE = r"line (\d+), column \d+"


class Setting(NamedTuple):
    """One setting.

    Attributes:
        key: its name. value: as TOML has it.
        where: the file, and the line where that is known, for a person.
    """

    key: str
    value: Any
    where: str


class Configuration(NamedTuple):
    """The settings of a file.

    Attributes:
        file: its name. common: the settings of every command. tables: those of one command, by its name.
    """

    file: str
    common: tuple[Setting, ...]
    tables: Mapping[str, tuple[Setting, ...]]

    def of(self, command: str) -> tuple[Setting, ...]:
        """Return the settings of a command, its own last."""
        return (*self.common, *self.tables.get(command, ()))


def find_configuration(commands: Collection[str]) -> Configuration | None:
    """Return the configuration of the working folder, or of the nearest folder above that has one.

    Args:
        commands: the names that a table can have.

    Raises:
        TableError: as for `load_configuration`.
    """
    try:
        folder = os.getcwd()
    except OSError:  # it was removed
        return None
    shown = ""
    while True:
        for name in (NAME, _PROJECT):
            file = os.path.join(shown, name)
            if os.path.isfile(file) and (found := _loaded(file, commands)):
                return found
        shown = os.path.dirname(shown or folder)
        if shown == folder:
            return None
        folder = shown


def load_configuration(file: str, commands: Collection[str]) -> Configuration:
    """Return the configuration in a file, which is a project's where it is called `pyproject.toml`.

    Raises:
        TableError: RS020, it cannot be read; RS021, it is no TOML; RS022, there is no such table.
    """
    return _loaded(file, commands) or Configuration(file, (), {})


def _loaded(file: str, commands: Collection[str]) -> Configuration | None:
    """Return the configuration in a file; None where a project has none."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
        is_project = os.path.basename(file) == _PROJECT
        # Most projects have none, and it takes time to parse TOML.
        if is_project and _IN_PROJECT[-1].encode() not in data:
            return None
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise TableError(rules.CONFIGURATION_UNREADABLE.at(file=file, why=reason(error))) from error
    except UnicodeDecodeError as error:
        raise TableError(rules.CONFIGURATION_UNREADABLE.at(file=file, why="it is not UTF-8")) from error
    content = _parsed(file, text)
    if not is_project:
        return _configuration(file, text, content, (), commands)
    for name in _IN_PROJECT:
        if not isinstance(content, dict) or name not in content:
            return None
        content = content[name]
    if not isinstance(content, dict):
        why = "it is a table"
        raise TableError(rules.SETTING_UNUSABLE.at(where=file, key=".".join(_IN_PROJECT), why=why))
    return _configuration(file, text, content, _IN_PROJECT, commands)


def _parsed(file: str, text: str) -> Any:
    import tomllib  # only who has a configuration waits for it

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(_PLACE, str(error))
        where = f"{file}, line {found[1]}" if found else file
        raise TableError(rules.CONFIGURATION_MALFORMED.at(where=where)) from error


def _configuration(
    file: str, text: str, content: dict[str, Any], top: tuple[str, ...], commands: Collection[str]
) -> Configuration:
    lines = _lines(text)
    common: list[Setting] = []
    tables: dict[str, tuple[Setting, ...]] = {}
    for key, value in content.items():
        path = (*top, key)
        if not isinstance(value, dict):
            common.append(Setting(key, value, _where(file, lines.get(path))))
        elif key not in commands:
            raise unknown_setting(key, _where(file, lines.get(path)), commands)
        else:
            tables[key] = tuple(
                Setting(name, one, _where(file, lines.get((*path, name)))) for name, one in value.items()
            )
    return Configuration(file, tuple(common), tables)


def unknown_setting(key: str, where: str, known: Collection[str]) -> TableError:
    """Return the error of a name that is none of those known: RS022 with the closest ones."""
    from rstage.reporting.similar import closest

    return TableError(rules.SETTING_UNKNOWN.at(where=where, key=key, suggestions=closest(key, known)))


def _where(file: str, line: int | None) -> str:
    return file if line is None else f"{file}, line {line}"


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of each table and key that is written in the plain way, one a line."""
    table: tuple[str, ...] = ()
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(_TABLE, line):
            table = tuple(part.strip(" \t\"'") for part in match[1].split("."))
            found.setdefault(table, number)
        elif match := re.match(_KEY, line):
            found.setdefault((*table, match[1].strip("\"'")), number)
    return found

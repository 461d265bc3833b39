"""Groups of options: frozen dataclasses whose fields say which options a command has.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class CheckOptions:
        schema: str | None = file_option("--schema", "FILE", "Hold an XML message against this schema too.")
        reading: ReadingOptions = group(ReadingOptions)

The help lists the options in the order of the fields.
"""

from __future__ import annotations

from dataclasses import field, fields
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from rstage.cli.presets import preset_of
from rstage.tables.formats.listing import format_of_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from _typeshed import DataclassInstance

_Options = TypeVar("_Options", bound="DataclassInstance")

# What cannot be read is reported when it is read; the type is for the completion of a shell.
FILE = click.Path(readable=False, allow_dash=True)
"""The type of an option that names a file. In a configuration it counts from the folder of that."""

_DECLARED = "declared"


class _Option(NamedTuple):
    """What click needs to make an option."""

    names: tuple[str, ...]
    attributes: dict[str, Any]


class _Group(NamedTuple):
    """A group inside another one, and which of its options a command has; None is all of them."""

    options: type[DataclassInstance]
    only: Collection[str] | None


def option(*names: str, **attributes: Any) -> Any:
    """Return a field that is an option, with the value that it has where it is not given.

    Args:
        names: how it is written, such as `--mode`; its parameter is called like the field.
        attributes: as for `click.option`.
    """
    absent = () if attributes.get("multiple") else False if attributes.get("is_flag") else None
    declared = _Option(names, attributes)
    return field(default=attributes.get("default", absent), metadata={_DECLARED: declared})


def group(options: type[DataclassInstance], *, only: Collection[str] | None = None) -> Any:
    """Return a field that is a group of its own.

    Args:
        options: the group.
        only: the fields that are options of the command; the others keep their defaults. None is all.
    """
    return field(default_factory=options, metadata={_DECLARED: _Group(options, only)})


def flag_option(name: str, help_text: str) -> Any:
    """Return a field that is true where the option is given."""
    return option(name, is_flag=True, help=help_text)


def text_option(name: str, metavar: str, help_text: str, **attributes: Any) -> Any:
    """Return a field that is a text, or None; what it stands for is called `metavar`."""
    return option(name, metavar=metavar, help=help_text, **attributes)


def texts_option(name: str, metavar: str, help_text: str, **attributes: Any) -> Any:
    """Return a field that is a tuple: the option can be given as often as needed."""
    return option(name, metavar=metavar, help=help_text, multiple=True, **attributes)


def file_option(name: str, metavar: str, help_text: str) -> Any:
    """Return a field that is the name of a file, or None."""
    return option(name, metavar=metavar, help=help_text, type=FILE)


def choice_option(name: str, known: Sequence[str], help_text: str, *, default: str | None = None) -> Any:
    """Return a field that is one of the `known` texts."""
    return option(name, type=click.Choice(known), help=help_text, default=default)


def with_options(command: Callable[..., int], options: type[DataclassInstance]) -> Callable[..., int]:
    """Return a command that has the options of a group; click calls it with each of them."""
    for name, declared in reversed(tuple(_declared(options))):
        command = click.option(*declared.names, name, **declared.attributes)(command)
    return command


def taken(options: type[_Options], values: dict[str, Any]) -> _Options:
    """Return a group with the values that click gives, which are taken out of `values`.

    An option that neither the command line nor a configuration gives has the value of the preset.
    """
    source_of = click.get_current_context().get_parameter_source
    preset = preset_of(values.get("preset"))
    first = values.get("file") or next(iter(values.get("files", ())), "")
    is_named = format_of_name(first) is not None
    for name, texts in preset.options.items():
        if is_named and name in preset.unnamed:
            continue
        if name in values and source_of(name) is ParameterSource.DEFAULT:
            values[name] = texts if isinstance(values[name], tuple) else texts[0]
    return _taken(options, values)


def names_of(options: type[DataclassInstance]) -> tuple[str, ...]:
    """Return the names of the options of a group."""
    return tuple(name for name, _ in _declared(options))


def is_stated(name: str) -> bool:
    """Return whether an option was given on the command line itself."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def _declared(
    options: type[DataclassInstance], only: Collection[str] | None = None
) -> Iterator[tuple[str, _Option]]:
    """Yield each option of a group with the name of its field."""
    for one in fields(options):
        declared = one.metadata[_DECLARED]
        if isinstance(declared, _Group):
            yield from _declared(*declared)
        elif only is None or one.name in only:
            yield one.name, declared


def _taken(options: type[_Options], values: dict[str, Any], only: Collection[str] | None = None) -> _Options:
    """Return a group with the values of its options, which are taken out of `values`."""
    found: dict[str, Any] = {}
    for one in fields(options):
        declared = one.metadata[_DECLARED]
        if isinstance(declared, _Group):
            found[one.name] = _taken(declared.options, values, declared.only)
        elif only is None or one.name in only:
            found[one.name] = values.pop(one.name)
    return options(**found)

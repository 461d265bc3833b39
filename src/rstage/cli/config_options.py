"""Settings of a configuration file become what is not given on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from rstage import rules
from rstage.cli.config_file import Setting, find_configuration, load_configuration, unknown_setting
from rstage.cli.exit_codes import WRONG_USE
from rstage.cli.option_groups import FILE
from rstage.cli.presets import preset_of
from rstage.files.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rstage.cli.config_file import Configuration

_Command = TypeVar("_Command", bound="Callable[..., Any]")

CONFIGURED = ("parse", "check", "normalize", "restage", "history", "verify", "find")
"""The commands that take settings; a table of the file can have these names."""

_META = "rstage.configuration"
_ISOLATED, _SHOWN = f"{_META}.isolated", f"{_META}.shown"
# What is said anew in each run, and what is about the configuration itself.
_NO_SETTINGS = ("config", "isolated", "show-settings", "text")
_WIDEST = 40


def _isolate(ctx: click.Context, _option: click.Parameter, is_isolated: bool) -> None:
    if is_isolated:
        ctx.meta[_ISOLATED] = True
        if _META in ctx.meta:
            raise _contradiction()


def _configure(ctx: click.Context, _option: click.Parameter, file: str | None) -> None:
    """Take the settings of the file, or of the nearest one, for what is not given."""
    if ctx.resilient_parsing:
        return
    if ctx.meta.get(_ISOLATED):
        if file is not None:
            raise _contradiction()
        return
    try:
        found = find_configuration(CONFIGURED) if file is None else load_configuration(file, CONFIGURED)
        if found is not None:
            settings = {option.name or "": one for option, one in _own_settings(ctx, found)}
            ctx.default_map = {name: one.value for name, one in settings.items()}
            ctx.meta[_META] = (found, settings)
    except TableError as error:
        click.echo(str(error), err=True)
        ctx.exit(WRONG_USE)


def _contradiction() -> click.UsageError:
    return click.UsageError("--isolated reads no configuration, so there is no --config")


def _show(ctx: click.Context, _option: click.Parameter, is_shown: bool) -> None:
    ctx.meta[_SHOWN] = is_shown


_OPTIONS = (
    click.option(
        "--config",
        metavar="FILE",
        type=FILE,
        is_eager=True,
        expose_value=False,
        callback=_configure,
        help="Settings; else rstage.toml or pyproject.toml here or above.",
    ),
    click.option(
        "--isolated",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_isolate,
        help="Read no configuration file.",
    ),
    click.option(
        "--show-settings",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show,
        help="Print each setting and where it comes from, and do nothing else.",
    ),
)


def configuration_options(command: _Command) -> _Command:
    """Give a command the options that say which settings count."""
    for decorator in reversed(_OPTIONS):
        command = decorator(command)
    return command


class NeededArgument(click.Argument):
    """What is needed, but for showing the settings."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value as click does."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            if not ctx.meta.get(_SHOWN):
                raise
            return None


def settings_of(command: click.Command) -> dict[str, click.Option]:
    """Return the options that can be set in a file, by their long names."""
    return {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in [max(option.opts, key=len).removeprefix("--")]
        if name not in _NO_SETTINGS
    }


def _own_settings(ctx: click.Context, found: Configuration) -> Iterator[tuple[click.Option, Setting]]:
    """Yield the settings that this command takes, as its options hold them; its own table comes last."""
    own = settings_of(ctx.command)
    table = found.tables.get(ctx.info_name or "", ())
    for setting in found.of(ctx.info_name or ""):
        option = own.get(setting.key)
        if option is not None:
            yield option, setting._replace(value=_value(ctx, option, setting, found.file))
        elif setting in table:
            raise unknown_setting(setting.key, setting.where, own)
        elif setting.key not in (known := _known_anywhere(ctx)):
            raise unknown_setting(setting.key, setting.where, known)


def _known_anywhere(ctx: click.Context) -> set[str]:
    """Return the settings of all commands; to know them, each is imported."""
    group = ctx.parent.command if ctx.parent is not None else None
    if not isinstance(group, click.Group):
        return set(settings_of(ctx.command))
    commands = (group.get_command(ctx, name) for name in CONFIGURED)
    return {name for command in commands if command is not None for name in settings_of(command)}


def _value(ctx: click.Context, option: click.Option, setting: Setting, file: str) -> Any:
    """Return the value of a setting as the command line would give it.

    Raises:
        TableError: RS023, it has another type, or the option does not take it.
    """
    value = setting.value
    if option.multiple and isinstance(value, str):
        value = [value]
    if option.is_flag:
        is_right, needed = isinstance(value, bool), "true or false"
    elif option.multiple:
        is_right = isinstance(value, list) and all(isinstance(one, str) for one in value)
        needed = "a list of texts"
    elif isinstance(option.type, click.types.IntParamType):
        is_right, needed = isinstance(value, int) and not isinstance(value, bool), "a whole number"
    else:
        is_right, needed = isinstance(value, str), "a text, in quotes"
    if not is_right:
        raise _unusable(setting, f"it is {needed}")
    if isinstance(option.type, click.Path):
        from pathlib import Path

        value = value if value == "-" else str(Path(file).parent / value)
    try:
        option.process_value(ctx, value)
    except click.BadParameter as error:
        raise _unusable(setting, error.message.rstrip(".")) from None
    return value


def _unusable(setting: Setting, why: str) -> TableError:
    return TableError(rules.SETTING_UNUSABLE.at(where=setting.where, key=setting.key, why=why))


def is_showing_settings(ctx: click.Context) -> bool:
    """Return whether the settings are asked for instead of a run."""
    return bool(ctx.meta.get(_SHOWN))


def shown_settings(ctx: click.Context) -> Iterator[str]:
    """Yield each setting that counts for a command as a line of TOML, and where it comes from."""
    found, sources = ctx.meta.get(_META, (None, {}))
    yield f"# settings of rstage {ctx.info_name}; configuration: {found.file if found else 'none'}\n"
    preset = preset_of(ctx.params.get("preset")).options
    rows = []
    for key, option in settings_of(ctx.command).items():
        name = option.name or ""
        value = ctx.params.get(name)
        source = ctx.get_parameter_source(name)
        where = "default"
        if source is ParameterSource.COMMANDLINE:
            where = "command line"
        elif source is ParameterSource.ENVIRONMENT:
            where = f"environment, {option.envvar}"
        elif name in sources:
            where = sources[name].where
        elif name in preset:
            values = preset[name]
            value, where = values if option.multiple else values[0], f"preset {ctx.params['preset']}"
        rows.append((_toml(key, value), where))
    width = min(max(len(text) for text, _ in rows), _WIDEST)
    for text, where in rows:
        yield f"{text:<{width}}  # {where}\n"


def _toml(key: str, value: Any) -> str:
    """Return a setting as a line of TOML; one that is not set is a comment."""
    import json

    if value is None or value == ():
        return f"# {key} is not set"
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"

"""The command line: options in, calls, exit code out. It holds no rules.

A command's module is imported when the command is used, so that a short one starts fast.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

import click

from rstage import __version__
from rstage.cli.exit_codes import CLEAN, INTERNAL, INTERRUPTED, UNWRITABLE, WRONG_USE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_COMMANDS = {
    "parse": "parse",
    "look": "look",
    "check": "check",
    "normalize": "normalize",
    "restage": "restage",
    "history": "history",
    "find": "find",
    "verify": "verify",
    "schema": "schema",
    "explain": "rules",
    "rules": "rules",
    "page": "page",
}


class _ReaderGoneError(Exception):
    """Who read standard output went away; click would end the process with an exit code of its own."""


@contextmanager
def _noticing_closed_pipe() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise _ReaderGoneError from None


class _CommandGroup(click.Group):
    """The commands, each in the module that `_COMMANDS` names."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  the same
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f".{_COMMANDS[cmd_name]}", __name__)
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is named; one that there is not is answered with the closest one."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            from rstage.reporting.similar import closest

            near = closest(name, _COMMANDS, most=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"No such command '{name}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with a whole sentence."""
        import_module(".help", __name__).write_commands(self, ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; none at all is wrong use, which click before 8.2 does not say."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(WRONG_USE)
        return super().parse_args(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Return the context; the help is printed here."""
        with _noticing_closed_pipe():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with _noticing_closed_pipe():
            return super().invoke(ctx)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and end the process with its exit code; whatever happens, there is no traceback."""
        extra["standalone_mode"] = False
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        with _ending_like_interrupted():
            code = self._exit_code(args, extra)
        sys.exit(code)

    def _exit_code(self, args: tuple[Any, ...], extra: dict[str, Any]) -> int:
        code: object
        try:
            code = super().main(*args, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except (_ReaderGoneError, BrokenPipeError):
            code = _stdout_is_lost()
        except OSError as error:
            click.echo(import_module(".failures", __name__).unwritable_message(error), err=True)
            code = _stdout_is_lost()
        except SystemExit:
            raise
        except BaseException as error:  # noqa: BLE001  a panic of an extension is no Exception
            code = _internal_error(error)
        return code if isinstance(code, int) else CLEAN


def _internal_error(error: BaseException) -> int:
    """Say what nobody foresaw; its message stays out of it, because it can hold the text of a cell."""
    from rstage.files.unforeseen import origin

    with suppress(OSError, ValueError):
        click.echo(
            f"rstage: an internal error ({origin(error)}): please report it, without patient data", err=True
        )
    return INTERNAL


def _stdout_is_lost() -> int:
    """Drop what is left in the buffers, because the end of Python would try to write it again."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNWRITABLE


@contextmanager
def _ending_like_interrupted() -> Iterator[None]:
    """Let a request to end the process clean up as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.group(cls=_CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rstage")
def main() -> None:
    """Read cancer stages, write the restaged r-form, keep the stage at diagnosis unchanged and linked.

    Exit codes: 0 clean, 1 findings, 2 wrong use, 3 an input could not be read, 4 an output could not be
    written, 70 an internal error, 130 interrupted.
    """

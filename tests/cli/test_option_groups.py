"""A command takes its options as one frozen object; what is not given has its default."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

from rstage.cli.command import command
from rstage.cli.config_options import CONFIGURED
from rstage.cli.option_groups import flag_option, group, names_of, taken, text_option, texts_option
from tests.support.command_line import CliRunner

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, kw_only=True)
class Inner:
    word: str | None = text_option("--word", "WORD", "A word.")
    is_loud: bool = flag_option("--loud", "Whether it is loud.")


@dataclass(frozen=True, kw_only=True)
class Outer:
    first: tuple[str, ...] = texts_option("--first", "WORD", "The first of all.")
    inner: Inner = group(Inner, only=("word",))
    last: str | None = text_option("--last", "WORD", "The last of all.")


def options_of(name: str) -> type[DataclassInstance]:
    """Return the group of a command: `CheckOptions` of `check`."""
    found: type[DataclassInstance] = getattr(
        import_module(f"rstage.cli.{name}"), f"{name.capitalize()}Options"
    )
    return found


def test_groups_stand_in_groups_and_a_command_may_have_a_part_of_one() -> None:
    @command("say", Outer)
    @click.argument("file")
    def say(options: Outer, file: str) -> int:
        click.echo(f"{file} {options}")
        return 0

    assert names_of(Outer) == ("first", "word", "last")
    assert [one.name for one in say.params[:3]] == ["first", "word", "last"]
    done = CliRunner().invoke(say, ["in.txt", "--first", "a", "--first", "b", "--word", "w"])
    expected = Outer(first=("a", "b"), inner=Inner(word="w", is_loud=False), last=None)
    assert done.output == f"in.txt {expected}\n"
    assert CliRunner().invoke(say, ["in.txt", "--loud"]).exit_code == 2


@pytest.mark.parametrize("name", CONFIGURED)
def test_what_is_not_given_has_the_default_of_its_field(name: str) -> None:
    module = import_module(f"rstage.cli.{name}")
    made: click.Command = getattr(module, f"{name}_command")
    with made.make_context(name, ["--isolated", "file"]) as context:
        assert taken(options_of(name), dict(context.params)) == options_of(name)()


@pytest.mark.parametrize("name", CONFIGURED)
def test_no_name_stands_twice_among_the_options_of_a_command(name: str) -> None:
    names = names_of(options_of(name))
    assert len(set(names)) == len(names)

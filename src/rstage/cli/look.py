"""`rstage look`: what may stand in a table, how much of it is read, and the command that fits."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.command import command
from rstage.cli.exit_codes import CLEAN
from rstage.cli.failures import code_of
from rstage.cli.option_groups import FILE, choice_option, file_option, flag_option
from rstage.cli.presets import PRESETS, load_preset
from rstage.cli.printing import print_data, print_note
from rstage.files.errors import TableError
from rstage.tables.look.look import fitting_presets, look_at
from rstage.tables.look.proposal import propose
from rstage.tables.look.report import look_dict, look_text
from rstage.tables.look.worklist import worklist_text

if TYPE_CHECKING:
    from rstage.tables.look.look import Look
    from rstage.tables.look.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class LookOptions:
    """The options of `look`."""

    form: str = choice_option("--format", ["text", "json"], "What is printed.", default="text")
    write_config: str | None = file_option(
        "--write-config", "FILE", "Write the settings of the command that fits to FILE, such as rstage.toml."
    )
    worklist: str | None = file_option(
        "--worklist", "FILE", "Write the values that are not read to FILE, to be filled in for --corrections."
    )
    force: bool = flag_option("--force", "Replace files that exist.")
    show_values: bool = flag_option("--show-values", "Show values that are not plain stage notation.")


@command("look", LookOptions, is_configured=False)
@click.argument("files", nargs=-1, type=FILE, metavar="FILE...")
def look_command(options: LookOptions, files: tuple[str, ...]) -> int:
    """Say what may stand in FILE, and what command fits.

    Encoding, delimiter, header, the columns of stages and of what stands beside them, and how much of them
    each mode and dialect reads: all of it is a guess, and no other command uses it until it is told to.
    """
    if not files:
        raise click.UsageError("a FILE is needed")
    for name, given in (("--write-config", options.write_config), ("--worklist", options.worklist)):
        if given is not None and len(files) > 1:
            raise click.UsageError(f"{name} takes one FILE, because what it writes is about one table")
    looks, code = [], CLEAN
    for file in files:
        try:
            look = _with_presets(look_at(file))
            looks.append((look, propose(look)))
        except TableError as error:
            print_note(str(error))
            code = max(code, code_of(error))
    if looks and options.write_config is not None:
        _write_config(options.write_config, *looks[0], force=options.force)
    if looks and options.worklist is not None:
        write_text(options.worklist, worklist_text(looks[0][0]), looks[0][0], force=options.force)
    config, shows_values = options.write_config, options.show_values
    if options.form == "json":
        found = [look_dict(look, fits, config=config, shows_values=shows_values) for look, fits in looks]
        print_data([json.dumps(found, indent=2, ensure_ascii=False) + "\n"])
    else:
        for look, fits in looks:
            print_data(look_text(look, fits, config=config, shows_values=shows_values))
    return code


def _with_presets(look: Look) -> Look:
    """Return a look with a note for each preset that names its columns too."""
    presets = {name: load_preset(name).options.get("column", ()) for name in PRESETS}
    fitting = fitting_presets(look, {name: specs for name, specs in presets.items() if specs})
    return replace(
        look, notes=(*look.notes, *(f"--preset {name} names these columns too" for name in fitting))
    )


def _write_config(name: str, look: Look, proposal: Proposal | None, *, force: bool) -> None:
    if proposal is None:
        why = f"no column of {look.opening.file} looks like a stage, so there is nothing to set"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--write-config", why=why))
    write_text(name, proposal.toml(), look, force=force)


def write_text(name: str, text: str, look: Look, *, force: bool) -> None:
    """Write a text to a file of its own.

    Raises:
        TableError: RS007, RS008 or RS009.
    """
    from rstage.files.outputs import Output

    with ExitStack() as stack:
        table = stack.enter_context(look.opening.open())
        output = stack.enter_context(Output(table, name, force=force))
        output.write(text.encode())
        output.commit()

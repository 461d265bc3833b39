"""`rstage schema`: the JSON Schema of what is written as JSON."""

from __future__ import annotations

import json

import click

from rstage.cli.exit_codes import CLEAN, WRONG_USE
from rstage.cli.help import HelpfulCommand
from rstage.cli.printing import print_data, print_note
from rstage.reporting.similar import closest
from rstage.schema import json_schema, schema_names


@click.command("schema", cls=HelpfulCommand)
@click.argument("name", required=False)
def schema_command(name: str | None) -> int:
    """Print the JSON Schema (2020-12) of everything that rstage writes as JSON, or of one NAME in it.

    NAME is a value such as History or Restaging, or what a command writes: HistoryLine, SidecarLine, Mention.
    """
    if name is not None and name not in schema_names():
        near = closest(name, schema_names())
        hint = f"; did you mean {' or '.join(near)}?" if near else f": {', '.join(schema_names())}"
        print_note(f"there is no schema {name}{hint}")
        return WRONG_USE
    print_data([json.dumps(json_schema(name), indent=2, ensure_ascii=False), "\n"])
    return CLEAN

"""How the help of a command looks: its options in sections, two examples, and whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterator


def section_of_options() -> dict[str, str]:
    """Return the section of each option by its long name, in the order of the sections."""
    return {row["option"]: row["section"] for row in data_rows("option_sections.tsv")}


def examples_of(command: str) -> Iterator[tuple[str, str]]:
    """Yield the examples of a command, each with what it says."""
    for row in data_rows("command_examples.tsv"):
        if row["command"] == command:
            yield row["example"], row["says"]


def first_sentence(text: str) -> str:
    """Return the first sentence of a help text."""
    first = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return first.partition(". ")[0].removesuffix(".") + "."


class HelpfulCommand(click.Command):
    """A command whose help lists its options in sections, and two examples."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each section with its own heading."""
        known = section_of_options()
        rows: dict[str, list[tuple[str, str]]] = {section: [] for section in known.values()}
        last = next(reversed(rows))
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if record is not None:
                rows[known.get(long_name(option), last)].append(record)
        for section, records in rows.items():
            if records:
                with formatter.section(section):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples: each as one line that can be copied, below what it says."""
        examples = list(examples_of(ctx.info_name or ""))
        if examples:
            with formatter.section("Examples"):
                for example, says in examples:
                    formatter.write_text(f"# {says}")
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
        super().format_epilog(ctx, formatter)


def long_name(option: click.Parameter) -> str:
    """Return the long name of an option without its dashes in front."""
    return max(option.opts, key=len).removeprefix("--")


def write_commands(group: click.Group, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the commands of a group, each with its first sentence; click cuts a longer one off."""
    rows = []
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is not None and not command.hidden:
            rows.append((name, first_sentence(command.help or "")))
    with formatter.section("Commands"):
        formatter.write_dl(rows)

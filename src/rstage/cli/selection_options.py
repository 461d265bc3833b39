"""The options that say which findings are reported, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.finding_printer import COLORS
from rstage.cli.option_groups import (
    choice_option,
    file_option,
    flag_option,
    option,
    text_option,
    texts_option,
)
from rstage.reporting.selection import checked_codes, checked_ignored

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem


def _codes(checked: Callable[[str], tuple[str, ...]]) -> Callable[..., tuple[str, ...]]:
    """Return what checks the codes and families of an option, each text with commas between them."""

    def check(_ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(code for text in texts for code in checked(text))
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return check


def complete_codes(_ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes that begin with what is written, for a shell."""
    from click.shell_completion import CompletionItem

    before, comma, begun = incomplete.rpartition(",")
    found = (rule for rule in rules.ALL if rule.code.startswith(begun.upper()))
    return [CompletionItem(f"{before}{comma}{rule.code}", help=rule.name) for rule in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionOptions:
    """Which findings are reported, how they are printed, and where they are counted."""

    select: tuple[str, ...] = texts_option(
        "--select",
        "CODES",
        "Tell only these findings: codes or families, such as RS1,RS301.",
        callback=_codes(checked_codes),
        shell_complete=complete_codes,
    )
    ignore: tuple[str, ...] = texts_option(
        "--ignore",
        "CODES",
        "Do not tell these.",
        callback=_codes(checked_ignored),
        shell_complete=complete_codes,
    )
    max_findings: int | None = option(
        "--max-findings",
        type=click.IntRange(min=0),
        metavar="N",
        help="Print so many; the others are counted.",
    )
    show_values: bool = flag_option("--show-values", "Show values that are not plain stage notation.")
    color: str = choice_option("--color", COLORS, "Whether findings are colored.", default=COLORS[0])
    overrides: str | None = file_option("--overrides", "FILE", "Reviewed cases, which are not reported.")
    record_key: str | None = text_option("--record-key", "COL", "The key by which overrides name a record.")
    summary: str | None = file_option("--summary", "FILE", "Write counts, rates and times as JSON.")

"""The options that say which findings are told, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rstage import rules
from rstage.cli.decorators import FILE, together
from rstage.cli.teller import COLORS
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


def _complete_codes(_ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes that begin with what is written, for a shell."""
    from click.shell_completion import CompletionItem

    before, comma, begun = incomplete.rpartition(",")
    found = (rule for rule in rules.ALL if rule.code.startswith(begun.upper()))
    return [CompletionItem(f"{before}{comma}{rule.code}", help=rule.name) for rule in found]


color_option = click.option(
    "--color", type=click.Choice(COLORS), default=COLORS[0], help="Whether findings are colored."
)

selection_options = together(
    click.option(
        "--select",
        multiple=True,
        callback=_codes(checked_codes),
        shell_complete=_complete_codes,
        metavar="CODES",
        help="Tell only these findings: codes or families, such as RS1,RS301.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        callback=_codes(checked_ignored),
        shell_complete=_complete_codes,
        metavar="CODES",
        help="Do not tell these.",
    ),
    click.option(
        "--max-findings",
        type=click.IntRange(min=0),
        metavar="N",
        help="Print so many; the others are counted.",
    ),
    click.option("--show-values", is_flag=True, help="Show values that are not plain stage notation."),
    color_option,
    click.option("--overrides", type=FILE, metavar="FILE", help="Reviewed cases, which are not told."),
    click.option("--record-key", metavar="COL", help="The key by which overrides name a record."),
    click.option("--summary", type=FILE, metavar="FILE", help="Write counts, rates and times as JSON."),
)

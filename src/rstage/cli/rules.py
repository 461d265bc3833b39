"""`rstage rules` and `rstage explain`: every finding, and one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rstage import rules
from rstage.cli.exit_codes import CLEAN, WRONG_USE
from rstage.cli.help import HelpfulCommand
from rstage.cli.printing import print_data, print_note
from rstage.cli.selection_options import complete_codes
from rstage.reporting.report import json_array
from rstage.reporting.selection import ANY, checked_codes
from rstage.reporting.similar import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.diagnostics import Rule

_form = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed."
)


@click.command("rules", cls=HelpfulCommand)
@click.argument("codes", metavar="[CODE...]", nargs=-1, shell_complete=complete_codes)
@_form
def rules_command(codes: tuple[str, ...], form: str) -> int:
    """List findings: code, severity, name and message.

    CODE is a code or a family such as RS4; without one every finding is listed.
    """
    try:
        wanted = tuple(code for text in codes for code in checked_codes(text)) or (ANY,)
    except ValueError as error:
        print_note(str(error))
        return WRONG_USE
    found = [rule for rule in rules.ALL if rule.code.startswith(wanted)]
    if form == "json":
        print_data(json_array(map(_rule_to_dict, found)))
    else:
        width = max(len(rule.name) for rule in found)
        print_data(
            f"{rule.code}  {rule.severity:<7}  {rule.name:<{width}}  {rule.message}\n" for rule in found
        )
    return CLEAN


@click.command("explain", cls=HelpfulCommand)
@click.argument("codes", metavar="CODE...", nargs=-1, required=True, shell_complete=complete_codes)
@_form
def explain_command(codes: tuple[str, ...], form: str) -> int:
    """Explain findings by code or name: what they say, why, and an example of each kind."""
    known = {name: rule for rule in rules.ALL for name in (rule.code, rule.name)}
    unknown = [code for code in codes if code.upper() not in known]
    for code in unknown:
        near = closest(code, known)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        print_note(f"there is no finding {code}{hint}")
    if unknown:
        return WRONG_USE
    found = [known[code.upper()] for code in codes]
    if form == "json":
        print_data(json_array(map(_rule_to_dict, found)))
    else:
        print_data(piece for rule in found for piece in _explained(rule))
    return CLEAN


def _rule_to_dict(rule: Rule) -> dict[str, Any]:
    names = (
        *("code", "name", "severity", "otherwise", "message"),
        *("reason", "source", "wrong", "option", "right"),
    )
    more = {"address": address} if (address := rules.address(rule.code)) else {}
    return {name: str(getattr(rule, name)) for name in names} | more


def _explained(rule: Rule) -> Iterator[str]:
    severities = f"{rule.severity}; {rule.otherwise}" if rule.otherwise else str(rule.severity)
    yield f"{rule.code} {rule.name} ({severities})\n"
    for label, text in (
        ("says", rule.message),
        ("why", rule.reason),
        ("source", rule.source),
        ("wrong", rule.wrong),
        ("option", rule.option and f"{rule.option} reads the wrong example"),
        ("right", rule.right),
        ("more", rules.address(rule.code)),
    ):
        if text:
            yield f"  {label:<6}  {text}\n"

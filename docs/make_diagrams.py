"""Draws the rules of the grammar as railroad diagrams, one SVG for each, into `docs/notation/`.

python docs/make_diagrams.py

Needs the package `railroad-diagrams`, a dependency of development only. A test compares the
files with the grammar.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import railroad

HERE = Path(__file__).parent
GRAMMAR = HERE.parent / "grammar" / "tnm.lark"
FOLDER = HERE / "notation"
RULES = (
    *("category", "_letter_and_value", "_after_value", "_end_of_category", "_suffix"),
    *("descriptor", "_name_and_value"),
    *("group", "_plain_group", "_worded_value", "_group_value", "_group_rest", "_end_or_mark"),
    *("bracketed_group", "label"),
)
WIDEST = 6
"""How many alternatives that are single names stand below one another; more of them stand side by side."""

_RULE = re.compile(r"^([a-z_]+): (.*(?:\n +\|?.*)*)", re.MULTILINE)
_TOKEN = re.compile(r"\w+|[][()|*+]")


def rules() -> dict[str, list[str]]:
    """Return the tokens of the right side of each rule of the grammar."""
    text = re.sub("^ *//.*\n", "", GRAMMAR.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: _TOKEN.findall(body) for name, body in _RULE.findall(text)}


def alternatives(tokens: list[str]) -> railroad.DiagramItem:
    """Return the diagram of alternatives, and take their tokens off the list."""
    branches = [sequence(tokens)]
    while tokens and tokens[0] == "|":
        tokens.pop(0)
        branches.append(sequence(tokens))
    if len(branches) == 1:
        return branches[0]
    columns = [branches[place : place + WIDEST] for place in range(0, len(branches), WIDEST)]
    choices = [railroad.Choice(0, *column) for column in columns]
    return choices[0] if len(choices) == 1 else railroad.HorizontalChoice(*choices)


def sequence(tokens: list[str]) -> railroad.DiagramItem:
    """Return the diagram of what stands side by side."""
    items = []
    while tokens and tokens[0] not in ("|", ")", "]"):
        items.append(item(tokens))
    return items[0] if len(items) == 1 else railroad.Sequence(*items)


def item(tokens: list[str]) -> railroad.DiagramItem:
    """Return the diagram of one name or bracket with what repeats it."""
    taken = tokens.pop(0)
    if taken in ("(", "["):
        found = alternatives(tokens)
        tokens.pop(0)
        if taken == "[":
            found = railroad.Optional(found)
    else:
        words = taken.strip("_").replace("_", " ")
        found = railroad.Terminal(words.lower()) if taken.isupper() else railroad.NonTerminal(words)
    if tokens and tokens[0] in ("*", "+"):
        found = railroad.ZeroOrMore(found) if tokens.pop(0) == "*" else railroad.OneOrMore(found)
    return found


def diagrams() -> dict[str, str]:
    """Return the name of each file with its text."""
    known = rules()
    drawn = {}
    for name in RULES:
        text = io.StringIO()
        railroad.Diagram(alternatives(list(known[name]))).writeStandalone(text.write)
        drawn[f"{name.strip('_')}.svg"] = text.getvalue() + "\n"
    return drawn


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in diagrams().items():
        (FOLDER / file).write_text(text, encoding="utf-8")

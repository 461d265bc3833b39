"""What every dialect shares: its table of codes, and how one code becomes notation.

A dialect is a module with a `DIALECT` and a table beside it. A line of the table is a regular expression for
the whole text of a column and the notation that it stands for; the grammar alone judges that notation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.notation.edits import Rewritten
from rstage.privacy import shown
from rstage.reference.tsv import data_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.model.stage import Stage

FIELDS = frozenset(("T", "N", "M", "group", "edition", *DESCRIPTOR_ORDER))
"""The columns that every stage in parts can have; what else a table names is a further part."""

NO_NOTATION = "-"
"""The notation of a code for a missing value."""

_ANY = "any"
_LETTER = "@"
_COPY = re.compile(r"\{(\d+)(?::(lower|upper))?\}")


class CodeRule(NamedTuple):
    """One line of a table: which texts of a column it translates, and into what.

    Attributes:
        fields: the columns it is for; `any` also where no column is named.
        pattern: matches the whole text. notation: what it stands for; `{1}` copies the first group,
            `{1:lower}` in small letters, and `@` is the name of the column.
        edition: the only edition that has the value, where the caller names no edition.
    """

    fields: frozenset[str]
    pattern: re.Pattern[str]
    notation: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A dialect.

    Attributes:
        name: its name, and that of its table.
        write: returns the columns of a stage, as far as the dialect has them; None where it is only read.
        own_method: the categories that keep the method they name beside a column that says another one.
    """

    name: str
    write: Callable[[Stage], dict[str, str]] | None = None
    own_method: str = ""

    @property
    def further_parts(self) -> tuple[str, ...]:
        """The parts that only this dialect has, in the order of its table."""
        return _further_parts(self.name)

    def rule_of(self, text: str, field: str | None) -> tuple[CodeRule, re.Match[str]] | None:
        """Return the first line that matches the whole text of a column, without the blanks around it."""
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        for rule in _code_rules(self.name):
            if (field in rule.fields or _ANY in rule.fields) and start < end:
                match = rule.pattern.fullmatch(text, start, end)
                if match is not None:
                    return rule, match
        return None

    def decode(self, text: str, field: str | None, *, has_edition: bool) -> Rewritten:
        """Return the notation of a column's text; what no line matches stays as it is."""
        found = self.rule_of(text, field)
        if found is None:
            return Rewritten(text)
        rule, match = found
        span = match.span()
        if rule.notation == NO_NOTATION:
            return Rewritten("", [len(text)], (rules.NO_VALUE_CODE.at(span, before=shown(match[0])),))
        template = rule.notation.replace(_LETTER, field or "")
        edition = "" if has_edition or not rule.edition else f" ({rule.edition})"
        notation, offsets = _filled(template + edition, match)
        if notation == match[0]:
            return Rewritten(text)
        diagnostic = rules.DIALECT_CODE.at(span, before=shown(match[0]), after=shown(notation))
        return Rewritten(notation, [*offsets, len(text)], (diagnostic,))


def _filled(template: str, match: re.Match[str]) -> tuple[str, list[int]]:
    """Return a template with the copied groups, and for each of its characters where it stood.

    What was added, or stood further right, stands where the next character stood: spans stay in order.
    """
    text, places, end = "", [], 0
    for copy in _COPY.finditer(template):
        group = int(copy[1])
        copied = match[group] or ""
        added = template[end : copy.start()]
        text += added + (getattr(copied, copy[2])() if copy[2] else copied)
        places += [match.end()] * len(added) + list(
            range(match.start(group), match.start(group) + len(copied))
        )
        end = copy.end()
    text += template[end:]
    places += [match.end() if places else match.start()] * len(template[end:])
    for place in range(len(places) - 2, -1, -1):
        places[place] = min(places[place], places[place + 1])
    return text, places


@cache
def _code_rules(name: str) -> tuple[CodeRule, ...]:
    return tuple(
        CodeRule(frozenset(row["field"].split()), re.compile(row["pattern"]), row["notation"], row["edition"])
        for row in data_rows(f"{name}.tsv", folder="dialects")
    )


@cache
def _further_parts(name: str) -> tuple[str, ...]:
    names = dict.fromkeys(field for rule in _code_rules(name) for field in sorted(rule.fields))
    return tuple(field for field in names if field not in FIELDS and field != _ANY)

"""The columns of a record in a dialect: which hold a value, and what the others add to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Severity
from rstage.dialects import NO_DIALECT, dialect_of
from rstage.dialects.affixes import Affixes, places_of
from rstage.model.category import Timing
from rstage.notation.folding import fold
from rstage.privacy import shown

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic
    from rstage.dialects.engine import Dialect


def in_dialect(
    texts: dict[str, str], name: str | None
) -> tuple[dict[str, str], dict[str, Affixes], list[Diagnostic]]:
    """Return the texts of the columns that hold a value, what is added to each, and what was found.

    Args:
        texts: the texts of all columns by the name of the part.
        name: the name of the dialect; None where the columns hold notation.
    """
    dialect = dialect_of(name or NO_DIALECT)
    values: dict[str, str] = {}
    further: dict[str, str] = {}
    found: list[Diagnostic] = []
    for part, text in texts.items():
        is_further = part in dialect.further_parts
        decoded = dialect.decode(fold(text).text, part, has_edition=True)
        if not decoded.text and decoded.diagnostics:
            found += [
                replace(one, part=part, span=(0, len(text)), severity=Severity.INFO)
                for one in decoded.diagnostics
            ]
        elif not is_further:
            values[part] = text
        elif dialect.rule_of(fold(text).text, part) is None:
            found.append(rules.NOT_NOTATION.at((0, len(text)), part=part, text=shown(text)))
        else:
            further[part] = decoded.text.strip()
    affixes, more = _affixes(dialect, further, tuple(values))
    found += [replace(one, span=(0, len(texts[one.part or ""]))) for one in more]
    return values, affixes, found


def _affixes(
    dialect: Dialect, further: dict[str, str], present: tuple[str, ...]
) -> tuple[dict[str, Affixes], list[Diagnostic]]:
    """Return what the further parts add to each column, and the marks that have nothing to stand on."""
    prefixes: dict[str, str] = {}
    suffixes: dict[str, list[str]] = {}
    found: list[Diagnostic] = []
    for part, marks in further.items():
        for mark in marks.split():
            places = places_of(part, mark, present)
            for place in places:
                if mark.islower() and not mark.startswith("("):
                    prefixes[place] = prefixes.get(place, "") + mark
                elif mark not in suffixes.setdefault(place, []):
                    suffixes[place].append(mark)
            if not places:
                found.append(
                    rules.PART_WITHOUT_VALUE.at(part=part, text=shown(mark), severity=_severity(part, mark))
                )
    return {
        place: Affixes(prefixes.get(place, ""), tuple(suffixes.get(place, ())), place in dialect.own_method)
        for place in {**prefixes, **suffixes}
    }, found


def _severity(part: str, mark: str) -> Severity:
    """Return how much it matters that a mark has nothing to stand on: an r must not get lost."""
    if part.endswith("_method"):
        return Severity.INFO  # that a column is clinical says nothing by itself
    return Severity.ERROR if mark in tuple(Timing) else Severity.WARNING

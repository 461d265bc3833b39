"""A restaging in one plain sentence for a person. It names no tumor id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.model.suffixes import SITES
from rstage.restaging.recurrence import RecurrenceType, shows_no_tumor, type_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.model.stage import Stage
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Staging

_EVENTS = {"recurrence": "recurrence", "progression": "progression", "unknown": "disease"}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def describe(
    diagnosis: Staging, restaged: Stage, *, event: str, recurrence: Types, sites: Sequence[str]
) -> str:
    """Return what a restaging says, in words; it holds the stage at diagnosis, its date and its site.

    Args:
        diagnosis: the staging at diagnosis.
        restaged: the r-form.
        event: `unknown`, `recurrence` or `progression`.
        recurrence: the types of recurrence.
        sites: codes of the metastatic sites; they count where the recurrence is distant.
    """
    when = f" {in_words(diagnosis.date)}" if diagnosis.date else ""
    where = f" ({' '.join(diagnosis.site.split())})" if diagnosis.site else ""
    return (
        f"{_what(restaged, event, recurrence, sites)} of the cancer first staged {diagnosis.stage}{when}; "
        f"it is still the same cancer{where}. The stage at diagnosis stays as it was."
    )


def _what(restaged: Stage, event: str, recurrence: Types, sites: Sequence[str]) -> str:
    word = _EVENTS[event]
    if not recurrence:
        if shows_no_tumor(restaged):
            return "No tumor found at the new assessment"
        return f"{word.capitalize()} of unknown place"
    kinds = joined(type_names(recurrence)).capitalize()
    named = sites if RecurrenceType.DISTANT in recurrence else ()
    places = f" ({joined([SITES[site] for site in named])})" if named else ""
    return f"{kinds} {word}{places}"


def joined(words: Sequence[str]) -> str:
    """Return words as they are listed in a sentence: `local, regional and distant`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def in_words(date: str) -> str:
    """Return a date as it stands in a sentence, no more precise than a reader needs: `in March 2019`."""
    year, *rest = date.split("-")
    return f"in {_MONTHS[int(rest[0]) - 1]} {year}" if rest else f"in {year}"

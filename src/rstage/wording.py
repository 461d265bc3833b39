"""A restaging in one plain sentence for a person. It names no tumor id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .recurrence import RecurrenceType, shows_no_tumor, type_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .restaging import Restaging

_EVENTS = {"recurrence": "recurrence", "progression": "progression", "unknown": "disease"}

# Our own words for the codes of metastatic sites.
_SITES = {
    "ADR": "adrenal gland",
    "BRA": "brain",
    "GEN": "many organs",
    "HEP": "liver",
    "LYM": "distant lymph nodes",
    "MAR": "bone marrow",
    "OSS": "bone",
    "OTH": "another organ",
    "PER": "peritoneum",
    "PLE": "pleura",
    "PUL": "lung",
    "SKI": "skin",
}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def describe(restaging: Restaging) -> str:
    """Return what the restaging says, in words; it holds the stage at diagnosis, its date and its site."""
    diagnosis = restaging.diagnosis
    when = f" {in_words(diagnosis.date)}" if diagnosis.date else ""
    where = f" ({' '.join(diagnosis.site.split())})" if diagnosis.site else ""
    return (
        f"{_what(restaging)} of the cancer first staged {diagnosis.stage}{when}; "
        f"it is still the same cancer{where}. The stage at diagnosis stays as it was."
    )


def _what(restaging: Restaging) -> str:
    event = _EVENTS[restaging.event]
    if not restaging.recurrence:
        if shows_no_tumor(restaging.restaged):
            return "No tumor found at the new assessment"
        return f"{event.capitalize()} of unknown place"
    kinds = joined(type_names(restaging.recurrence)).capitalize()
    sites = restaging.metastatic_sites if RecurrenceType.DISTANT in restaging.recurrence else ()
    places = f" ({joined([_SITES[site] for site in sites])})" if sites else ""
    return f"{kinds} {event}{places}"


def joined(words: Sequence[str]) -> str:
    """Return words as they are listed in a sentence: `local, regional and distant`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def in_words(date: str) -> str:
    """Return a date as it stands in a sentence, no more precise than a reader needs: `in March 2019`."""
    year, *rest = date.split("-")
    return f"in {_MONTHS[int(rest[0]) - 1]} {year}" if rest else f"in {year}"

"""Dates as tables hold them, read without a guess."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from rstage import rules
from rstage.files.errors import TableError

_PLAIN = re.compile(r"(\d{4})(?:(-?)(\d{2})(?:\2(\d{2}))?)?", re.ASCII)
_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_PARTIAL = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)
_DIRECTIVES = re.compile(r"%.")
_FULL = ({"%d", "%j"}, {"%m", "%b", "%B", "%j"}, {"%Y", "%y"})


def check_date_format(date_format: str | None) -> None:
    """Make sure that a format names a day, a month and a year, so that it invents none of them.

    Raises:
        TableError: RS012.
    """
    if date_format is None:
        return
    directives = set(_DIRECTIVES.findall(date_format))
    if not all(directives & needed for needed in _FULL) or not _reads_back(date_format):
        why = "it needs a day, a month and a year, such as %d.%m.%Y"
        raise TableError(rules.OPTION_UNUSABLE.at(option="--date-format", why=why))


def _reads_back(date_format: str) -> bool:
    """Return whether a date written in a format is read as the same date."""
    sample = datetime(2001, 2, 3, tzinfo=UTC)
    try:
        return read_date(sample.strftime(date_format), date_format) == sample.date().isoformat()
    except ValueError:
        return False


def day_of_time(text: str) -> str | None:
    """Return the day that an ISO 8601 timestamp is of, as it is written; None where it is none."""
    match = _TIMESTAMP.fullmatch(text.strip())
    return match[1] if match else None


def read_date(text: str, date_format: str | None = None) -> str:
    """Return a date as ISO 8601, as far as it goes: `2019`, `2019-03` or `2019-03-02`.

    Args:
        text: `2019-03-02`, `20190302`, `2019-03`, `201903` or `2019`; or a day with a time of day, as
            `2019-03-02T10:15:00Z`, whose day counts as it is written.
        date_format: the format of full dates (`%d.%m.%Y`). It alone reads them then, because the digits of
            one format can make another date in another; a lone year or year and month stays what it is.

    Raises:
        ValueError: the text is no date, or one that needs another format; the message does not show it.
    """
    text = text.strip()
    if date_format is not None and not _PARTIAL.fullmatch(text):
        try:
            return datetime.strptime(text, date_format).date().isoformat()  # noqa: DTZ007  a date has no zone
        except ValueError:
            raise ValueError("not a date of this format") from None
    match = _PLAIN.fullmatch(day_of_time(text) or text)
    if match is None:
        raise ValueError("not a date that can be read without a format")
    year, _, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError("no such day") from None
    return "-".join(part for part in (year, month, day) if part)

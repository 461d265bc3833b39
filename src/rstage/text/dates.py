"""The dates beside the stagings of a text, as far as they are certain (notation J.26)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rstage.diagnostics import Span

_YEAR = r"(?:19|20)[0-9]{2}"
# 2019-03-02, 02.03.2019, 03/2019, 2019. Day and month of 02/03/2019 can be either, so the year is all of it.
_DATE = re.compile(
    rf"(?<![\w.,/-])(?:(?P<iso>{_YEAR}-[01][0-9](?:-[0-3][0-9])?)"
    rf"|(?P<day>[0-3]?[0-9])\.[ ]?(?P<month>[01]?[0-9])\.[ ]?(?P<of>{_YEAR})"
    rf"|(?:[0-9]{{1,2}}/)?(?P<in>[01]?[0-9])/(?P<year>{_YEAR})|(?P<alone>{_YEAR}))(?![\w/-]|[.,][0-9])"
)
# An edition is no date: (UICC 2017), FIGO 2018, AJCC Cancer Staging Manual 2018.
_EDITION = re.compile(r"(?:UICC|AJCC|FIGO|TNM|[Ee]dition|[Mm]anual|Auflage)[ ,]{0,2}\Z")
# What stands between a staging and the date behind it.
_DIRECTLY = re.compile(
    r"[ ]?(?P<comma>,)?[ ]{0,2}(?P<opened>\()?[ ]?"
    r"(?P<word>(?:ED|at|bei|in|im|am|on|vom|from|of|en|le|el|em|nel|del|op\.?)[ ])?"
)
_ENDS = re.compile(r"[ ]?(?:[,.;)\n]|$)")
_PART_END = re.compile(r"[;\n]|[.!?][ ]|[ ](?:and|und|et|y|e|en|then|dann)[ ]")
_REACH = 60
_LONGEST = 40


class Dates:
    """The dates of one text, asked for its stagings in order.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._behind = 0

    def of(self, span: Span) -> str | None:
        """Return the date beside a staging: directly behind it, else the nearest before it in its part."""
        text, (start, end) = self._text, span
        floor, self._behind = self._behind, end
        found = self._directly_behind(end)
        if found is not None:
            self._behind = found.end()
            return _iso(found)
        begin = max(floor, start - _REACH)
        for match in _PART_END.finditer(text, begin, start):
            begin = match.end()
        dates = [one for one in _DATE.finditer(text, begin, start) if not _is_edition(text, one.start())]
        return _iso(dates[-1]) if dates else None

    def _directly_behind(self, end: int) -> re.Match[str] | None:
        lead = _DIRECTLY.match(self._text, end, end + _LONGEST)
        found = _DATE.match(self._text, lead.end()) if lead is not None else None
        if found is None or lead is None:
            return None
        # "pT2 pN0, 2015 rT3": behind a comma alone a date is that of what follows.
        is_own = not lead["comma"] or lead["opened"] or lead["word"] or _ENDS.match(self._text, found.end())
        return found if is_own else None


def _is_edition(text: str, place: int) -> bool:
    return _EDITION.search(text, max(0, place - 12), place) is not None


def _iso(found: re.Match[str]) -> str:
    """Return a date as ISO 8601, as far as it is certain."""
    if found["iso"]:
        return found["iso"]
    if found["of"]:
        return f"{found['of']}-{found['month']:0>2}-{found['day']:0>2}"
    if found["in"]:
        is_of_day = found[0].count("/") > 1
        return found["year"] if is_of_day else f"{found['year']}-{found['in']:0>2}"
    return found["alone"]


def months(date: str, *, last: bool) -> int:
    """Return the first or the last month that a partial date can mean, counted from the year 0."""
    year, *month = map(int, date.split("-")[:2])
    return 12 * year + (month[0] if month else 12 if last else 1)


def is_later(date: str | None, first: str | None, by: int) -> bool:
    """Return whether one date is certainly more than some months after another."""
    if date is None or first is None:
        return False
    return months(date, last=False) - months(first, last=True) > by

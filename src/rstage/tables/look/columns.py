"""What each column may hold, by its name and by its most frequent values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rstage.notation.build import parse_edition
from rstage.privacy import is_column_name
from rstage.reading.read import read
from rstage.reference.choices import EVENTS
from rstage.tables.as_given import system_of, whole_number
from rstage.tables.dates import read_date
from rstage.tables.look.names import NameSays, missing_vocabulary, name_says
from rstage.tables.missing import is_missing, missing_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.tables.table import Table

MOST_ROWS = 200_000
MOST_CELLS = 5_000_000
"""Rows and cells that are looked at; a wide table has fewer rows for it."""

MOST_VALUES = 20_000
"""Distinct values of a column that are counted; then further ones are not."""

MOST_TRIED = 150
"""The most frequent values that are tried."""

LONGEST_KEPT = 320
"""Characters of a value that are kept."""

_MOSTLY = 0.5
_NEARLY_ALL = 0.8
_LONGEST = 80
_SHORTEST = 4
_LETTER_RUNS = re.compile(r"[^\W\d_]+")
_LETTERS = ("T", "N", "M")
_CATEGORY = re.compile(
    r"(?<![^\W_])[ryacpum]{0,4}(?:([tnm])(?=[0-4+]|x(?![^\W_]))|(t)(?=is|a\b|mi\b))", re.IGNORECASE
)
_GROUP = re.compile(
    r"stage|stadi|estadio|stade|figo|uicc|ajcc|^\W*(?:IV|I{1,3})[A-D]?[1-3]?\W*$", re.IGNORECASE
)
BARE = re.compile(r"(?:[0-4][a-e]?[0-9]?|x|is|a|mi|mic|[ivx0-4]{1,3}[a-d]?[0-9]?)(?:\(.*\))?", re.IGNORECASE)
_CODE = re.compile(r"(?:[tnm]?[cpy]{1,2})?[tnm]?[0-4xi].{0,6}", re.IGNORECASE)
_METHOD = re.compile(r"[cpuy]{1,2}|clin\w*\.?|path\w*\.?", re.IGNORECASE)
_FLAGS = {letter: re.compile(letter, re.IGNORECASE) for letter in "rya"} | {
    "m": re.compile(r"\(?(?:m|is|[1-9][0-9]{0,2})(?:,is)?\)?", re.IGNORECASE)
}
_SITE = re.compile(r"C\d\d(?:\.?\d)?", re.IGNORECASE)
_DAY_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%d.%m.%y")
_WORDS = missing_words()
# A version can also be one of the topography or the morphology.
_OF_STAGING = frozenset(("tnm", "ajcc", "uicc", "staging", "stage", "edition", "auflage", "publication"))


@dataclass(slots=True)
class ColumnValues:
    """A column and its values, each with how many rows have it.

    Attributes:
        name: its name. index: its place. values: those that are not missing.
        filled: the rows that have one. is_pruned: whether rare values were not counted.
    """

    name: str
    index: int
    values: Counter[str] = field(default_factory=Counter)
    filled: int = 0
    is_pruned: bool = False

    def add(self, cell: str) -> None:
        """Count the cell of a row."""
        if is_missing(cell, _WORDS):
            return
        self.filled += 1
        if len(self.values) < MOST_VALUES or cell in self.values:
            self.values[cell[:LONGEST_KEPT]] += 1
        else:
            self.is_pruned = True

    @property
    def frequent(self) -> list[tuple[str, int]]:
        """The most frequent values with their counts, without those that say that nothing is known."""
        found = [one for one in self.values.most_common(MOST_TRIED) if not says_nothing(one[0])]
        return found or self.values.most_common(MOST_TRIED)

    @property
    def empty_words(self) -> list[str]:
        """The values that say that nothing is known, in words that are known to say so."""
        return [value.strip() for value, _ in self.values.most_common(MOST_TRIED) if says_nothing(value)]

    def share(self, is_so: Callable[[str], object]) -> float:
        """Return the share of rows with a value of which something is so."""
        tried = [(count, bool(is_so(value.strip()))) for value, count in self.frequent]
        total = sum(count for count, _ in tried)
        return sum(count for count, found in tried if found) / total if total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGuess:
    """What a column may hold.

    Attributes:
        values: the column. says: what its name says.
        part: `stage` for a whole one, else a part such as `T` or `T_method`; empty where it is none.
        fact: `date`, `site`, `tumor id`, `id` or `event` for what stands beside a stage.
        date_format: of a date that needs one; `?` where day and month cannot be told apart.
    """

    values: ColumnValues
    says: NameSays
    part: str = ""
    fact: str = ""
    date_format: str = ""

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.values.name


def says_nothing(value: str) -> bool:
    """Return whether a text has only words that say that nothing is known; a stage is none of them."""
    text, known = value.strip().casefold(), missing_vocabulary()
    words = _LETTER_RUNS.findall(text)
    is_of_words = bool(words) and not any(map(str.isdigit, text)) and known.issuperset(words)
    if not ((is_of_words and max(map(len, words)) >= _SHORTEST) or text in known - set(words)):
        return False
    return not any(read(value, field=part, mode="repair").ok for part in (None, "T", "N", "M", "group"))


def columns_of(table: Table) -> tuple[list[ColumnValues], int]:
    """Return the columns of a table with their values, and how many rows were looked at.

    Raises:
        TableError: the table cannot be read.
    """
    found = [ColumnValues(name, index) for index, name in enumerate(table.columns)]
    count = 0
    for cells, _, _ in table.records():
        if len(cells) == len(found):
            count += 1
            for column, cell in zip(found, cells, strict=True):
                column.add(cell)
        if count >= most_rows(table):
            break
    return found, count


def most_rows(table: Table) -> int:
    """Return how many rows of a table are looked at."""
    return min(MOST_ROWS, MOST_CELLS // max(len(table.columns), 1))


def guess_column(values: ColumnValues) -> ColumnGuess:
    """Return what a column may hold; nothing where its name may be a record of a table without header."""
    says = name_says(values.name)
    if not is_column_name(values.name):
        return ColumnGuess(values=values, says=says)
    part = _part(values, says) if values.filled else ""
    if part:
        return ColumnGuess(values=values, says=says, part=part)
    form = _date_format(values, says)
    if form is not None:
        return ColumnGuess(values=values, says=says, fact="date", date_format=form)
    return ColumnGuess(values=values, says=says, fact=_fact(values, says))


def _part(values: ColumnValues, says: NameSays) -> str:
    if says.beside:
        return _part_beside(values, says)
    is_of_staging = not _OF_STAGING.isdisjoint(says.words)
    for part, is_so in (("edition", _is_edition), ("system", system_of)):
        if part in says.parts and (is_of_staging or part == "system") and values.share(is_so) >= _MOSTLY:
            return part
    if values.share(_has_several) >= _MOSTLY / 2:
        return "stage"
    letters = Counter[str]()
    for value, count in values.frequent:
        for letter in set(_letters(value)):
            letters[letter] += count
    total = sum(count for _, count in values.frequent)
    letter, count = letters.most_common(1)[0] if letters else ("", 0)
    if count >= _MOSTLY * total:
        return letter if values.share(_is_short) >= _NEARLY_ALL else ""
    if letters[says.letter]:
        return says.letter
    return _by_name(values, says)


def _part_beside(values: ColumnValues, says: NameSays) -> str:
    if says.beside.endswith("_method"):
        return says.beside if values.share(_METHOD.fullmatch) >= _MOSTLY else ""
    return says.beside if values.share(_FLAGS[says.beside].fullmatch) >= _NEARLY_ALL else ""


def _by_name(values: ColumnValues, says: NameSays) -> str:
    """Return the part of a column whose values name no letter: that of its name, where they can be values."""
    if says.others & {"other", "id"}:
        return ""
    if says.system and values.share(lambda value: _is_of_system(value, says.system)) >= _MOSTLY:
        return "group"
    is_group = values.share(_is_group) >= _MOSTLY
    if says.letter and not is_group and values.share(_CODE.fullmatch) >= _MOSTLY:
        return says.letter
    if is_group:
        return "group"
    is_named = "group" in says.parts and not says.letter
    if is_named and values.share(lambda value: BARE.fullmatch(whole_number(value))) >= _MOSTLY:
        return "group"
    return ""


def _letters(value: str) -> Iterator[str]:
    if len(value) <= _LONGEST:
        for match in _CATEGORY.finditer(value):
            yield (match[1] or match[2]).upper()


def _has_several(value: str) -> bool:
    return len(set(_letters(value))) > 1


def _is_short(value: str) -> bool:
    return len(value) <= _LONGEST


def _is_group(value: str) -> bool:
    is_like = len(value) <= _LONGEST and _GROUP.search(value) is not None
    return is_like and read(value, field="group", mode="repair").ok


def _is_of_system(value: str, system: str) -> bool:
    return len(value) <= _LONGEST and read(whole_number(value), field="group", system=system).ok


def _is_edition(value: str) -> bool:
    try:
        parse_edition(whole_number(value))
    except ValueError:
        return False
    return True


def _date_format(values: ColumnValues, says: NameSays) -> str | None:
    """Return the format of a column of dates, an empty text where it needs none; None where it is no date."""
    if "date" not in says.others and values.share(lambda value: len(value) >= len("2019-03-02")) < _MOSTLY:
        return None
    if values.share(_reads_as_date("")) >= _NEARLY_ALL and "other" not in says.others:
        return ""
    fitting = [form for form in _DAY_FORMATS if values.share(_reads_as_date(form)) >= _NEARLY_ALL]
    best = max((values.share(_reads_as_date(form)) for form in fitting), default=0)
    fitting = [form for form in fitting if values.share(_reads_as_date(form)) == best]
    return None if not fitting else fitting[0] if len(fitting) == 1 else "?"


def _reads_as_date(form: str) -> Callable[[str], bool]:
    def reads(value: str) -> bool:
        try:
            return "1900" <= read_date(value, form or None) <= "2100"
        except ValueError:
            return False

    return reads


def _fact(values: ColumnValues, says: NameSays) -> str:
    if not values.filled:
        return ""
    if values.share(_SITE.fullmatch) >= _MOSTLY:
        return "site"
    if values.share(lambda value: value in EVENTS) >= _NEARLY_ALL:
        return "event"
    if "id" in says.others and not says.others & {"other", "date"}:
        return "tumor id" if "tumor" in says.others else "id"
    return ""


def names(guesses: Iterable[ColumnGuess], fact: str) -> list[ColumnGuess]:
    """Return the columns that may hold a fact."""
    return [guess for guess in guesses if guess.fact == fact]

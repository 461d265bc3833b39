"""What is said of the stages of a column: the same as in a table, and each distinct text is read once."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from rstage.model.category import prefix
from rstage.reading.options import checked_options
from rstage.tables.cells import StageReader
from rstage.tables.missing import missing_words
from rstage.tables.normalize import PART_COLUMNS, codes_text, normalized_text, part_texts
from rstage.tables.shared import LONGEST_KEPT
from rstage.tables.stage_columns import StageColumns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from rstage.model.category import Category
    from rstage.reading.read import Reading
    from rstage.tables.stage_columns import ValueSource

Answer = tuple[str | bool | None, ...]
"""What is said of one text, field by field; None where there is nothing to say."""

_CATEGORY_FIELDS = ("timing", "method", "value", "subcategory", "upper", "suffixes")
_LETTERS = ("T", "N", "M")

MOST_ANSWERS = 1 << 14
"""Texts whose answers are kept."""

# Answers are few at a time where no text comes twice: Python's collector of garbage goes through all of them.
_AT_A_TIME = 1 << 10


class Aspect(NamedTuple):
    """What can be asked of a stage.

    Attributes:
        fields: the names of the answers; one that begins with `is_` is a flag, every other one a text.
        answer: gives them for what was read.
    """

    fields: tuple[str, ...]
    answer: Callable[[Reading], Answer]


def _normalized(reading: Reading) -> Answer:
    """Several stagings stand beside each other as in a table; the r of any of them counts."""
    has_r = any(stage.is_recurrence for stage in reading.stages) if reading.ok else None
    return normalized_text(reading) or None, has_r, codes_text(reading)


def _parts(reading: Reading) -> Answer:
    stage = reading.stage
    categories = (stage.t, stage.n, stage.m) if stage else (None, None, None)
    texts = [text for category in categories for text in _category_texts(category)]
    return tuple(text or None for text in (*texts, *part_texts(stage)[len(_LETTERS) :]))


def _category_texts(category: Category | None) -> tuple[str | None, ...]:
    """Return the parts of a category in the order of `_CATEGORY_FIELDS`."""
    if category is None:
        return (None,) * len(_CATEGORY_FIELDS)
    return (
        prefix(category.timing, None),
        category.method and str(category.method),
        category.value,
        category.subcategory,
        category.upper,
        str(category.suffixes),
    )


NORMALIZED = Aspect(("normalized", "is_recurrence", "findings"), _normalized)
PARTS = Aspect(
    (
        *(f"{letter}_{name}" for letter in _LETTERS for name in _CATEGORY_FIELDS),
        *PART_COLUMNS[len(_LETTERS) :],
    ),
    _parts,
)


def stage_reader(
    place: int,
    name: str,
    options: Mapping[str, Any],
    missing: Iterable[str] = (),
    site: ValueSource | None = None,
) -> StageReader:
    """Return what reads a whole stage in the column at a place, with the site that stands beside it.

    Raises:
        ValueError: an option has an unknown value.
        TypeError: an option is unknown or has another type, or `missing` is one text.
    """
    checked_options(**options)
    if isinstance(missing, str):
        raise TypeError("missing takes a list of words")
    columns = StageColumns(name=name, columns=(name,), indexes=(place,))
    return StageReader(columns, options, missing_words(missing), site)


class Answers:
    """The answers to each text of a column. It can be asked from several threads.

    Args:
        aspect: what is asked. missing: further words for a missing stage. options: the keywords of `read`.

    Raises:
        ValueError, TypeError: as for `stage_reader`.
    """

    def __init__(self, aspect: Aspect, missing: Iterable[str] = (), **options: Any) -> None:
        self.fields = aspect.fields
        self._answer = aspect.answer
        self._reader = stage_reader(0, "stage", options, missing)
        self._missing: Answer = (None,) * len(aspect.fields)
        self._kept = lru_cache(MOST_ANSWERS)(self._read)
        self._lock = Lock()

    def of(self, texts: Iterable[str | None]) -> list[Answer]:
        """Return the answers to each text; all of them are None where the stage is missing."""
        with self._lock:
            return [
                self._missing
                if text is None
                else self._kept(text)
                if len(text) <= LONGEST_KEPT
                else self._read(text)
                for text in texts
            ]

    def by_field(self, texts: Sequence[str | None]) -> Sequence[Sequence[str | bool | None]]:
        """Return the answers to all texts, field by field."""
        fields: list[list[str | bool | None]] = [[] for _ in self.fields]
        for start in range(0, len(texts), _AT_A_TIME):
            found = zip(*self.of(texts[start : start + _AT_A_TIME]), strict=True)
            for field, values in zip(fields, found, strict=True):
                field.extend(values)
        return fields

    def _read(self, text: str) -> Answer:
        reading = self._reader.read(text)
        return self._missing if reading is None else self._answer(reading)

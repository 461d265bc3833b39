"""What a run counts for its report beside its findings: the stages of each column, and what came of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rstage.model.category import Category
from rstage.report.course import Course

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rstage.model.group import StageGroup
    from rstage.model.stage import Stage
    from rstage.reading.read import Reading

GROUP = "group"
LETTERS = ("T", "N", "M", GROUP)
"""What the values are counted of."""


class StageTally:
    """What became of the stages that stand in one place, such as a column.

    Args:
        label: what the place is called.
        is_one: whether one stage is needed there, so that several are refused.

    Attributes:
        label: as given.
        read, refused, missing: how many were read, were refused, and were not there.
        passed_over: how many were not looked at, because nothing was to be done with them.
        values: how often each value of T, N, M and the group came, by letter.
    """

    def __init__(self, label: str, *, is_one: bool = False) -> None:
        self.label, self._is_one = label, is_one
        self.read = self.refused = self.missing = self.passed_over = 0
        self.values: Mapping[str, Counter[str]] = {letter: Counter() for letter in LETTERS}

    def add(self, reading: Reading | None, count: int = 1) -> None:
        """Count what so many rows hold: None where the stage is missing."""
        if reading is None:
            self.missing += count
        elif not reading.ok or (self._is_one and reading.stage is None):
            self.refused += count
        else:
            self.add_read(reading.stages, count)

    def add_read(self, stages: Iterable[Stage], count: int = 1) -> None:
        """Count a text that was read, and the values of its stages."""
        self.read += count
        for stage in stages:
            for category in stage.categories:
                self.values[category.letter][_value(category)] += count
            if stage.group is not None:
                group = stage.group
                words = "" if group.system == "TNM" else f"{group.system} "
                self.values[GROUP][words + _value(group)] += count

    @property
    def total(self) -> int:
        """How many there were."""
        return self.read + self.refused + self.missing + self.passed_over


def _value(one: Category | StageGroup) -> str:
    """Return a value without its subcategory, or a range from end to end."""
    if one.upper is None:
        return one.value
    return f"{one.value}{one.subcategory if isinstance(one, Category) else ''}-{one.upper}"


class Tally:
    """What one run counts for its report.

    Attributes:
        stages: what became of the stages, by the place they stand in.
        parts: the part that each column holds, an empty text for a whole stage.
        course: the recurrences.
    """

    def __init__(self) -> None:
        self.stages: dict[str, StageTally] = {}
        self.parts: dict[str, str] = {}
        self.course = Course()

    def of(
        self,
        label: str,
        columns: Iterable[str] = (),
        parts: Iterable[str] = (),
        *,
        is_one: bool = False,
    ) -> StageTally:
        """Return what counts the stages of a place.

        Args:
            label: what it is called.
            columns: its columns, where it is a place in a table.
            parts: what each of them holds, where a stage stands in several.
            is_one: as for `StageTally`.
        """
        for name, part in zip(columns, parts, strict=False):
            self.parts[name] = part
        self.parts.setdefault(label, "")
        if label not in self.stages:
            self.stages[label] = StageTally(label, is_one=is_one)
        return self.stages[label]

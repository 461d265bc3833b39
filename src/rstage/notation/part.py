"""The parts of a text on their way to a stage: what each says, where it stands, what was found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rstage.diagnostics import has_error
from rstage.privacy import shown

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic, Rule, Span
    from rstage.model.category import Category, Timing
    from rstage.model.descriptor import Descriptor
    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup


@dataclass(slots=True)
class WrittenPart:
    """One part of a folded text, while stagings are put together.

    Attributes:
        kind: `category`, `descriptor`, `group`, `edition`, `label` or `mistake`.
        start, end: where it stands in the folded text.
        text: the folded text.
        value: what it says; None where it has an error.
        letter: of a category, also where it has no value.
        glued: a letter behind it that is its subcategory or the next category's prefix.
        timing: what a label gives to the run behind it.
        detached: whether a blank or hyphen stands between its prefix and its letter.
        found: its diagnostics, with spans in the folded text.
        renamed: whether one of them says already how its spelling was changed.
    """

    kind: str
    start: int
    end: int
    text: str
    value: Category | Descriptor | StageGroup | Edition | None = None
    letter: str = ""
    glued: str = ""
    timing: frozenset[Timing] = frozenset()
    detached: bool = False
    found: list[Diagnostic] = field(default_factory=list)
    renamed: bool = False

    @property
    def span(self) -> Span:
        """Where it stands in the folded text."""
        return self.start, self.end

    @property
    def slice(self) -> str:
        """The part as it was written."""
        return self.text[self.start : self.end]

    def moved(self, start: int, text: str) -> WrittenPart:
        """Return a part in which nothing was found, as it stands at another place."""
        end = start + self.end - self.start
        return WrittenPart(
            self.kind, start, end, text, self.value, self.letter, self.glued, self.timing, self.detached
        )

    @property
    def has_error(self) -> bool:
        """Whether anything found in it refuses the text."""
        return has_error(self.found)

    def add(
        self, rule: Rule, span: Span | None = None, suggestions: tuple[str, ...] = (), **values: Any
    ) -> None:
        """Add a diagnostic of `rule`, by default on the whole part and showing it as `text`."""
        start, end = span or self.span
        values.setdefault("text", shown(self.text[start:end].strip()))
        self.found.append(rule.at((start, end), suggestions=suggestions, **values))

    def add_change(self, rule: Rule, after: object) -> None:
        """Add a diagnostic of how the part is spelled otherwise."""
        self.add(rule, before=shown(self.slice), after=shown(str(after)))
        self.renamed = True


@dataclass(slots=True)
class Run:
    """The parts of one staging."""

    parts: list[WrittenPart] = field(default_factory=list)
    timing: frozenset[Timing] = frozenset()

    def category(self, letter: str) -> WrittenPart | None:
        """Return the category with this letter, if it was written."""
        return next((part for part in self.parts if part.kind == "category" and part.letter == letter), None)

    def first(self, kind: str) -> WrittenPart | None:
        """Return the first part of this kind."""
        return next((part for part in self.parts if part.kind == kind), None)

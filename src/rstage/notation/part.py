"""One part of a text: what it says, or what is wrong with it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rstage.diagnostics import has_error
from rstage.privacy import shown

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic, Rule, Span
    from rstage.model.category import Timing
    from rstage.model.facts import StagePart


# Parts are never compared: a class that cannot be is made in half the time, which a command's start pays.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Part:
    """One part of a folded text.

    Attributes:
        kind: `category`, `descriptor`, `group`, `edition`, `label` or `mistake`.
        start, end: where it stands in the folded text.
        text: the part as it was written.
        value: what it says; None where a diagnostic refuses it, and for a label.
        letter: of a category, also of one without a value; the name of a descriptor.
        glued: a letter behind it that is its subcategory or the prefix of the next category.
        timing: what a label gives to the run behind it.
        detached: whether a blank or hyphen stands between its prefix and its letter.
        found: its diagnostics, with spans in the folded text.
        renamed: whether one of them names the change of its spelling already.
        is_usual: whether it is known to be spelled as the standards print it.
    """

    kind: str
    start: int
    end: int
    text: str
    value: StagePart | None = None
    letter: str = ""
    glued: str = ""
    timing: frozenset[Timing] = frozenset()
    detached: bool = False
    found: tuple[Diagnostic, ...] = ()
    renamed: bool = False
    is_usual: bool = False

    @property
    def span(self) -> Span:
        """Where it stands in the folded text."""
        return self.start, self.end

    @property
    def has_error(self) -> bool:
        """Whether a diagnostic of it refuses the text."""
        return has_error(self.found)

    def moved(self, offset: int) -> Part:
        """Return the part in a text in which what it was read from stands `offset` characters later."""
        if not offset:
            return self
        return Part(  # `replace` costs several times as much
            kind=self.kind,
            start=self.start + offset,
            end=self.end + offset,
            text=self.text,
            value=self.value,
            letter=self.letter,
            glued=self.glued,
            timing=self.timing,
            detached=self.detached,
            found=tuple([one.moved(offset) for one in self.found]) if self.found else (),
            renamed=self.renamed,
            is_usual=self.is_usual,
        )

    def with_found(self, rule: Rule, **values: Any) -> Part:
        """Return the part with one more diagnostic, of `rule` on the whole part."""
        return replace(self, found=(*self.found, rule.at(self.span, text=shown(self.text.strip()), **values)))


@dataclass(slots=True, eq=False, repr=False)
class Draft:
    """A part while its tokens are read; `part` ends that.

    Attributes:
        text: the folded text that the part stands in. dialect: the dialect whose own values count.
            All others: as `Part` has them.
    """

    kind: str
    start: int
    end: int
    text: str
    value: StagePart | None = None
    letter: str = ""
    glued: str = ""
    timing: frozenset[Timing] = frozenset()
    detached: bool = False
    found: list[Diagnostic] = field(default_factory=list)
    renamed: bool = False
    dialect: str | None = None

    @classmethod
    def again(cls, part: Part, text: str) -> Draft:
        """Return a part as a draft without a value and without diagnostics."""
        return cls(part.kind, part.start, part.end, text, letter=part.letter)

    @property
    def span(self) -> Span:
        """Where the part stands in the folded text."""
        return self.start, self.end

    @property
    def slice(self) -> str:
        """The part as it was written."""
        return self.text[self.start : self.end]

    @property
    def has_error(self) -> bool:
        """Whether a diagnostic so far refuses the text."""
        return has_error(self.found)

    def add(
        self, rule: Rule, span: Span | None = None, suggestions: tuple[str, ...] = (), **values: Any
    ) -> None:
        """Add a diagnostic of `rule`, by default on the whole part and showing it as `text`."""
        start, end = span or self.span
        values.setdefault("text", shown(self.text[start:end].strip()))
        self.found.append(rule.at((start, end), suggestions=suggestions, **values))

    def add_change(self, rule: Rule, after: object) -> None:
        """Add a diagnostic that names how the part is spelled otherwise."""
        self.add(rule, before=shown(self.slice), after=shown(str(after)))
        self.renamed = True

    def part(self) -> Part:
        """Return the part, which has a value only where no diagnostic refuses it."""
        return Part(
            kind=self.kind,
            start=self.start,
            end=self.end,
            text=self.slice,
            value=None if self.has_error else self.value,
            letter=self.letter,
            glued=self.glued,
            timing=self.timing,
            detached=self.detached,
            found=tuple(self.found),
            renamed=self.renamed,
            is_usual=str(self.value) == self.slice,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Run:
    """The parts of one staging, and the timing that a label before it gives to it."""

    parts: tuple[Part, ...] = ()
    timing: frozenset[Timing] = frozenset()

    def category(self, letter: str) -> Part | None:
        """Return the category with this letter, if it was written."""
        return next((part for part in self.parts if part.kind == "category" and part.letter == letter), None)

    def first(self, kind: str) -> Part | None:
        """Return the first part of this kind."""
        return next((part for part in self.parts if part.kind == kind), None)

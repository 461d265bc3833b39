"""Stagings in running text: `find` yields each with its place, what it says, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from rstage import rules
from rstage.arguments import check_type
from rstage.diagnostics import Severity
from rstage.model.value import Value
from rstage.notation.tree import LONGEST_TEXT
from rstage.reading.options import checked_options
from rstage.reading.read import Reading, read_cached
from rstage.text.candidate import Candidate, counts, is_glued, without_brackets
from rstage.text.context import Contexts
from rstage.text.patterns import flattened
from rstage.text.phrases import LANGUAGES
from rstage.text.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.model.edition import Edition
    from rstage.model.stage import Stage
    from rstage.reading.options import Options
    from rstage.reference.choices import Mode
    from rstage.text.candidate import Part
    from rstage.text.context import Surroundings

MOST_ATTEMPTS = 6
"""How many shorter candidates are read where the grammar refuses a whole one."""

_CONTEXTS = (None, "recurrence", "diagnosis")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mention(Value):
    """One staging that was found in a text.

    It has no stage where a letter between two categories can belong to either (`cT2cN0`) and nothing decides:
    the readings are the suggestions of RS207.

    Attributes:
        span: where it stands, as half-open character offsets into the text as given.
        reading: what `read` says of it; the spans of its diagnostics count from the start of the mention.
        context: `recurrence` or `diagnosis` where words beside it say so. Words never set an r.
        context_span: where those words stand, in the text as given.

    Raises:
        ValueError: the reading holds no single stage and no undecided letter, or the context is unknown.
    """

    span: tuple[int, int]
    reading: Reading
    context: str | None = None
    context_span: tuple[int, int] | None = None

    made_by: ClassVar[str] = "rstage.find(text)"
    readers: ClassVar[dict[str, Any]] = {
        "span": tuple,
        "reading": Reading.from_dict,
        "context_span": tuple,
    }

    def __post_init__(self) -> None:
        check_type("reading", self.reading, Reading)
        if not _is_mention(self.reading):
            raise ValueError("a mention holds one stage, or the readings of an undecided letter")
        if self.context not in _CONTEXTS or (self.context is None) != (self.context_span is None):
            raise ValueError("a context is recurrence or diagnosis, with its span")

    @property
    def stage(self) -> Stage | None:
        """The stage; None where it is not decided between two readings."""
        return self.reading.stage

    @property
    def text(self) -> str:
        """The staging as it was written."""
        return self.reading.text

    def __str__(self) -> str:
        return str(self.reading)


def find(
    text: str,
    languages: Iterable[str] = LANGUAGES,
    mode: Mode = "standard",
    *,
    edition: str | Edition | None = None,
    carry_method: bool = False,
    assume_clinical: bool = False,
) -> Iterator[Mention]:
    """Yield each staging of a text, in order; none of them overlaps another.

    What looks like a staging is read by the grammar, and what it refuses is not found. A single category
    counts only with a prefix or beside another category, a stage group only with its word.

    Args:
        text: any text, of any length.
        languages: whose words are looked for around a staging: `en`, `de`, `fr`, `es`, `it`, `pt`, `nl`.
        mode: as for `read`.
        edition: the edition where the text names none.
        carry_method: carry a leading c to N and M, a leading p to N only.
        assume_clinical: read a category without method as clinical.

    Raises:
        TypeError: `text` is no string.
        ValueError: a language, or an option, has an unknown value.
    """
    if not isinstance(text, str):
        raise TypeError(f"stagings are found in a str, not in {type(text).__name__}")
    contexts = Contexts.of(languages)
    options = checked_options(
        mode=mode, edition=edition, carry_method=carry_method, assume_clinical=assume_clinical
    )
    return _found(text, contexts, options)


def _is_mention(reading: Reading) -> bool:
    """Return whether a reading holds one stage, or is refused for nothing but an undecided letter (J.23)."""
    errors = [one.code for one in reading.diagnostics if one.severity is Severity.ERROR]
    return reading.stage is not None or (
        not reading.stages and set(errors) == {rules.AMBIGUOUS_GLUED_PREFIX.code}
    )


def _found(text: str, contexts: Contexts, options: Options) -> Iterator[Mention]:
    is_repairing = options.mode == "repair"
    flat = flattened(text, with_look_alikes=is_repairing)
    around = contexts.around(flat)
    # One waits for the next, because words between two belong to one of them.
    waiting: Mention | None = None
    for candidate in Scanner(flat, options.mode).candidates():
        for one, reading in _readings(candidate, text, options):
            if around.is_of_other_kind(one, reading):
                continue
            if waiting is not None:
                yield _with_context(waiting, one.span[0], around)
            waiting = Mention(span=one.span, reading=reading)
    if waiting is not None:
        yield _with_context(waiting, None, around)


def _with_context(mention: Mention, following: int | None, around: Surroundings) -> Mention:
    """Return a mention with the words around it, which are asked for in the order of the text."""
    is_recurrent = mention.stage is not None and mention.stage.is_recurrence
    name, span = around.context(mention.span, following, is_recurrent=is_recurrent)
    return mention if name is None else replace(mention, context=name, context_span=span)


def _readings(candidate: Candidate, text: str, options: Options) -> list[tuple[Candidate, Reading]]:
    """Return a candidate with its reading, or the shorter candidates in it that the grammar reads.

    Categories are never left out: a staging without one of them would say something else. Only what stands
    beside them is, from the end and then from the front, and a group left out stays as a mention of its own.
    """
    parts = candidate.parts
    groups: list[tuple[Part, ...]] = []
    for _ in range(MOST_ATTEMPTS):
        reading = _read(parts, text, options)
        if reading is not None:
            alone = [
                (Candidate(one), read_alone) for one in groups if (read_alone := _read(one, text, options))
            ]
            return sorted([(Candidate(parts), reading), *alone], key=lambda one: one[0].span)
        left = _left_out(parts)
        if left is None:
            break
        parts = parts[1:] if left is parts[0] else parts[:-1]
        if left.kind == "group" and counts((left,)):
            groups.append((without_brackets(left, text),))
        if not counts(parts):
            break
    return []


def _read(parts: Sequence[Part], text: str, options: Options) -> Reading | None:
    start, end = parts[0].start, parts[-1].end
    if end - start > LONGEST_TEXT:
        return None
    reading = read_cached(text[start:end], options)
    return reading if _is_mention(reading) else None


def _left_out(parts: tuple[Part, ...]) -> Part | None:
    """Return the part that a refused candidate is read without."""
    if len(parts) == 1:
        return None
    if parts[-1].kind != "category" and not is_glued(*parts[-2:]):
        return parts[-1]
    return parts[0] if parts[0].kind not in ("category", "label") and not is_glued(*parts[:2]) else None

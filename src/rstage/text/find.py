"""Stagings in running text: `find` yields each with its place, what it says, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from rstage.arguments import check_type
from rstage.diagnostics import has_error
from rstage.model.value import Value
from rstage.notation.tree import LONGEST_TEXT
from rstage.reading.options import checked_options
from rstage.reading.read import Reading, read_cached
from rstage.text.candidate import UNCHOSEN, Candidate, counts, is_glued, without_brackets
from rstage.text.context import LANGUAGES, Contexts
from rstage.text.joining import Found, joined
from rstage.text.parts import with_blanks
from rstage.text.patterns import flattened
from rstage.text.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.model.edition import Edition
    from rstage.model.stage import Stage
    from rstage.reading.options import Options
    from rstage.reference.choices import Mode
    from rstage.text.candidate import Part
    from rstage.text.parts import Blank

MOST_ATTEMPTS = 6
"""How many shorter candidates are read where the grammar refuses a whole one."""

MOST_WAITING = 64
"""Mentions that wait for those behind them, because words between two belong to one of them."""

_AROUND = 2
_CONTEXTS = (None, "recurrence", "diagnosis")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mention(Value):
    """One staging that was found in a text.

    It has no stage where something in it is not understood, or can be read in two ways (`cT2cN0`): a part of
    a staging is never passed on as the whole. The reading says why, and suggests where it can.

    Attributes:
        span: where it stands, as half-open character offsets into the text as given.
        reading: what `read` says of it without the remarks in brackets that change nothing (RS224); the spans
            of its diagnostics count from the start of the mention.
        context: `recurrence` or `diagnosis` where words beside it say so. Words never set an r.
        context_span: where those words stand, in the text as given.

    Raises:
        ValueError: the reading holds several stages, or none without an error; or the context is unknown.
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
            raise ValueError("a mention holds one stage, or none and the errors that say why")
        if self.context not in _CONTEXTS or (self.context is None) != (self.context_span is None):
            raise ValueError("a context is recurrence or diagnosis, with its span")

    @property
    def stage(self) -> Stage | None:
        """The stage; None where not all of it is understood, or it can be read in two ways."""
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
        languages: whose words are looked for around a staging: `en`, `de`, `fr`, `es`.
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
    """Return whether a reading holds one stage, or none and says why."""
    return reading.stage is not None or (not reading.stages and has_error(reading.diagnostics))


def _found(text: str, contexts: Contexts, options: Options) -> Iterator[Mention]:
    flat = flattened(text, with_look_alikes=options.mode == "repair")
    pending: list[Found] = []
    said = 0
    for one in _whole_readings(text, flat, options):
        if one.reading is None or contexts.is_of_other_kind(flat, one.candidate, one.reading):
            continue
        pending.append(one)
        if len(pending) == MOST_WAITING + 2 * _AROUND:
            yield from _with_contexts(pending, said, MOST_WAITING + _AROUND, flat, contexts)
            del pending[:MOST_WAITING]
            said = _AROUND
    yield from _with_contexts(pending, said, len(pending), flat, contexts)


def _with_contexts(
    found: Sequence[Found], first: int, last: int, text: str, contexts: Contexts
) -> Iterator[Mention]:
    """Yield some of what was found with the words around it, from `first` to before `last`."""
    spans = [one.candidate.span for one in found]
    stages = [one.reading.stage if one.reading is not None else None for one in found]
    recurrent = [stage is not None and stage.is_recurrence for stage in stages]
    around = contexts.of_spans(text, spans, recurrent)
    for one, context in list(zip(found, around, strict=True))[first:last]:
        if one.reading is not None:
            yield Mention(
                span=one.candidate.span,
                reading=one.reading,
                context=context.name,
                context_span=context.span,
            )


def _whole_readings(text: str, flat: str, options: Options) -> Iterator[Found]:
    """Yield each candidate with its reading; what is put together is read as a whole."""
    scanner = Scanner(flat, options.mode)
    read = (
        one
        for candidate in scanner.candidates()
        for one in _readings(candidate, scanner.blanks, text, options)
    )
    for one in joined(read, flat):
        if not one.is_apart or one.reading is None:
            yield one
            continue
        reading = _read(one.candidate, one.blanks, text, options)
        yield one._replace(reading=reading)


def _readings(
    candidate: Candidate, blanks: tuple[Blank, ...], text: str, options: Options
) -> Iterator[Found]:
    """Yield a candidate with its reading, or those in it that the grammar reads.

    Categories are never left out: a staging without one of them would say something else. Only what stands
    beside them is, from the end and then from the front, and a group left out stays as a mention of its own.
    Where nothing makes it readable, the whole is refused, and its reading says why.
    """
    if candidate.is_faulty:
        yield Found(candidate, blanks, None)
        return
    refused = reading = _read(candidate, blanks, text, options)
    if reading is not None and reading.stages:
        yield Found(candidate, blanks, reading)
        return
    parts, groups = candidate.parts, []
    is_broken = any(part.kind == "mistake" for part in parts)
    for _ in range(MOST_ATTEMPTS):
        left = None if is_broken or reading is None or reading.stages else _left_out(parts)
        if left is None:
            break
        parts = parts[1:] if left is parts[0] else parts[:-1]
        if left.kind == "group" and counts((left,)):
            groups.append(left)
        if not counts(parts):
            break
        reading = _read(Candidate.of(parts), blanks, text, options)
    if reading is None or not reading.stages:
        yield Found(candidate, blanks, None if options.mode == "strict" and not is_broken else refused)
        return
    found = [Found(Candidate.of(parts), blanks, reading)]
    for group in groups:
        alone = Candidate.of((without_brackets(group, text),))
        said = _read(alone, (), text, options)
        if said is not None and said.stages:
            found.append(Found(alone, (), said))
    yield from sorted(found, key=lambda one: one.candidate.span)


def _read(candidate: Candidate, blanks: tuple[Blank, ...], text: str, options: Options) -> Reading | None:
    """Return the reading of a candidate without what it leaves out, or None where there can be none."""
    start, end = candidate.span
    if end - start > LONGEST_TEXT:
        return None
    written = text[start:end]
    inside = [one for one in blanks if start <= one.start and one.end <= end] if blanks else ()
    if candidate.parts[0].letter == UNCHOSEN:
        options = options._replace(mode="standard")  # where nothing is chosen, nothing is guessed
    reading = read_cached(with_blanks(written, inside, start) if inside else written, options)
    if len(reading.stages) > 1:
        return None
    return _as_written(reading, written, inside, start) if inside else reading


def _as_written(reading: Reading, written: str, blanks: Sequence[Blank], start: int) -> Reading:
    """Return a reading as that of the text as it was written, with what was left out of it."""
    told = [
        replace(one.diagnostic, span=(one.start - start, one.end - start))
        for one in blanks
        if one.diagnostic is not None
    ]
    found = sorted([*reading.diagnostics, *told], key=lambda one: one.span)
    return Reading(text=written, stages=reading.stages, diagnostics=tuple(found))


def _left_out(parts: tuple[Part, ...]) -> Part | None:
    """Return the part that a refused candidate is read without."""
    if len(parts) == 1:
        return None
    if parts[-1].kind != "category" and not is_glued(*parts[-2:]):
        return parts[-1]
    return parts[0] if parts[0].kind not in ("category", "label") and not is_glued(*parts[:2]) else None

"""Stagings in running text: `find` yields each with its place, what it says, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from rstage import rules
from rstage.arguments import check_type
from rstage.diagnostics import has_error, span_of
from rstage.model.value import Value, unfrozen
from rstage.notation.tree import LONGEST_TEXT
from rstage.reading.options import checked_options
from rstage.reading.read import Reading, read_cached
from rstage.text.candidate import UNCHOSEN, Candidate, counts, is_glued, without_brackets
from rstage.text.context import Contexts
from rstage.text.flat import flattened
from rstage.text.joining import Found, joined
from rstage.text.one_staging import names_both_sides
from rstage.text.parts import with_blanks
from rstage.text.phrases import LANGUAGES
from rstage.text.scanner import Scanner
from rstage.text.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.diagnostics import Span
    from rstage.model.edition import Edition
    from rstage.model.stage import Stage
    from rstage.reading.options import Options
    from rstage.reference.choices import Mode
    from rstage.text.candidate import Part
    from rstage.text.context import Context, Surroundings
    from rstage.text.parts import Blank

MOST_ATTEMPTS = 6
"""How many shorter candidates are read where the grammar refuses a whole one."""

# "UICC 4" can be the edition and the group, and of two values neither is left out.
_UNDECIDED = {rules.OWNER_NUMBER.code, rules.REPEATED_PART.code}
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
        "span": span_of,
        "reading": Reading.from_dict,
        "context_span": span_of,
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


_UnfrozenMention = unfrozen(Mention)


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
    """Return whether a reading holds one stage, or none and says why."""
    return len(reading.stages) == 1 or (not reading.stages and has_error(reading.diagnostics))


def _found(text: str, contexts: Contexts, options: Options) -> Iterator[Mention]:
    flat = flattened(text, with_look_alikes=options.mode == "repair")
    around = contexts.around(flat)
    # One waits for the next, because words between two belong to one of them.
    waiting: tuple[Span, Reading] | None = None
    # What could be one staging does not depend on whose words are asked for.
    sentences = around.sentences if contexts.languages == LANGUAGES else Sentences(flat)
    for whole in _whole_readings(text, sentences, options):
        one = _without_other_group(whole, around, text, options)
        if one.reading is None or around.is_of_other_kind(one.candidate, one.reading):
            continue
        span = one.candidate.span
        if waiting is not None:
            yield _mention(*waiting, around.context(waiting[0], span[0], waiting[1].stage))
        waiting = span, one.reading
    if waiting is not None:
        yield _mention(*waiting, around.context(waiting[0], None, waiting[1].stage))


def _without_other_group(found: Found, around: Surroundings, text: str, options: Options) -> Found:
    """Return what was found without a group behind its categories that is one of another disease."""
    parts = found.candidate.parts
    if parts[-1].kind != "group" or not found.candidate.letters or not around.is_of_other_disease(parts[-1]):
        return found
    candidate = Candidate.of(parts[:-1])
    return Found(candidate, found.blanks, _read(candidate, found.blanks, text, options))


def _mention(span: Span, reading: Reading, said: Context) -> Mention:
    """Return a mention: what was found is one, so nothing of it is checked again."""
    made = object.__new__(_UnfrozenMention)
    made.span = span
    made.reading = reading
    made.context, made.context_span = said
    made.__class__ = Mention
    return made  # type: ignore[no-any-return]  # it has become one


def _whole_readings(text: str, sentences: Sentences, options: Options) -> Iterator[Found]:
    """Yield each candidate with its reading; what is put together is read as a whole."""
    scanner = Scanner(sentences.text, options.mode)
    read = (
        one
        for candidate in scanner.candidates()
        for one in _readings(candidate, scanner.blanks, text, options)
    )
    for one in joined(read, sentences):
        if not one.is_apart or one.reading is None:
            yield one
            continue
        reading = _read(one.candidate, one.blanks, text, options)
        yield one._replace(reading=reading)


def _readings(candidate: Candidate, blanks: tuple[Blank, ...], text: str, options: Options) -> list[Found]:
    """Return a candidate with its reading, or those in it that the grammar reads.

    Categories are never left out: a staging without one of them would say something else. Only what stands
    beside them is, from the end and then from the front, and a group left out stays as a mention of its own.
    Where nothing makes it readable, the whole is refused, and its reading says why.
    """
    if candidate.is_faulty:
        return [Found(candidate, blanks, None)]
    refused = reading = _read(candidate, blanks, text, options)
    if reading is not None and reading.stages:
        return [Found(candidate, blanks, reading)]
    parts, groups = candidate.parts, []
    is_undecided = refused is not None and any(one.code in _UNDECIDED for one in refused.diagnostics)
    is_broken = is_undecided or any(part.kind == "mistake" or _is_marked(part, text) for part in parts)
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
        return [Found(candidate, blanks, None if options.mode == "strict" and not is_broken else refused)]
    found = [Found(Candidate.of(parts), blanks, reading)]
    for group in groups:
        alone = Candidate.of((without_brackets(group, text),))
        said = _read(alone, (), text, options)
        if said is None or not said.stages:
            return [Found(candidate, blanks, refused)]  # an r behind it would be lost: "T2 N0 Stage IIB-r"
        found.append(Found(alone, (), said))
    return sorted(found, key=lambda one: one.candidate.span)


def _read(candidate: Candidate, blanks: tuple[Blank, ...], text: str, options: Options) -> Reading | None:
    """Return the reading of a candidate without what it leaves out, or None where there can be none."""
    start, end = candidate.span
    if end - start > LONGEST_TEXT:
        return None
    written = text[start:end]
    inside = [one for one in blanks if start <= one.start and one.end <= end] if blanks else ()
    if inside and names_both_sides(text, start, end, inside):
        inside = ()  # what is not left out refuses the whole
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


def _is_marked(part: Part, text: str) -> bool:
    """Return whether a group that is no mention of its own has a mark behind it: `pT2 pN1 IIB-r`."""
    return part.letter == "bare" and text[part.start : part.end].rstrip(" )").endswith(("r", "p"))


def _left_out(parts: tuple[Part, ...]) -> Part | None:
    """Return the part that a refused candidate is read without."""
    if len(parts) == 1:
        return None
    if parts[-1].kind != "category" and not is_glued(*parts[-2:]):
        return parts[-1]
    return parts[0] if parts[0].kind not in ("category", "label") and not is_glued(*parts[:2]) else None

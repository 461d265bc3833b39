"""Reading a stage: `read` returns what it found, `parse` raises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from rstage import rules
from rstage.arguments import check_each, check_keywords, check_type
from rstage.caches import CACHE_SIZE, BoundedDict, cached, registered
from rstage.diagnostics import Diagnostic, NotationError, Severity, has_error
from rstage.dialects import decode
from rstage.model.stage import Stage
from rstage.model.value import Value, tuple_of, unfrozen
from rstage.notation.folding import fold, is_plain
from rstage.notation.glued import choice_found
from rstage.notation.tree import LONGEST_TEXT
from rstage.privacy import is_notation
from rstage.reading.interpret import interpret
from rstage.reading.options import PLAIN_OPTIONS, READ_KEYWORDS, Options, checked_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from rstage.notation.edits import Rewritten
    from rstage.reading.options import ReadOptions

    Interpreted = tuple[list[Stage], list[Diagnostic]]

# A dialect's code is exact, and is no change of spelling.
_EXACT = {rules.DIALECT_CODE.code}
# What `strict` refuses although `standard` only warns: not "exactly as the standards print it".
_NOT_STRICT = {rules.RANGE.code, rules.PATHOLOGICAL_M0.code}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reading(Value):
    """What `read` found in a text.

    Attributes:
        text: the text as given; the parts joined by blanks where a stage was given in parts.
        stages: every staging of the text in order; empty where anything in it is an error.
        diagnostics: every diagnostic in order of position.
    """

    text: str
    stages: tuple[Stage, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    made_by: ClassVar[str] = "rstage.read(text)"
    readers: ClassVar[dict[str, Any]] = {
        "stages": tuple_of(Stage.from_dict),
        "diagnostics": tuple_of(Diagnostic.from_dict),
    }

    def __post_init__(self) -> None:
        check_type("text", self.text, str)
        check_each("stages", self.stages, Stage)

    @property
    def stage(self) -> Stage | None:
        """The only staging of the text; None where there is no staging, or several."""
        return self.stages[0] if len(self.stages) == 1 else None

    @property
    def ok(self) -> bool:
        """Whether the text was read without an error."""
        return bool(self.stages)

    def __str__(self) -> str:
        return "; ".join(map(str, self.stages))


def _new_reading(text: str, stages: tuple[Stage, ...], diagnostics: tuple[Diagnostic, ...]) -> Reading:
    """Return a reading; one is made for each text, and its class would take twice as long."""
    made = object.__new__(_UnfrozenReading)
    made.text = text
    made.stages = stages
    made.diagnostics = diagnostics
    made.__class__ = Reading
    return made  # type: ignore[no-any-return]  # it has become one


_UnfrozenReading = unfrozen(Reading)


def read(text: str, **options: Unpack[ReadOptions]) -> Reading:
    """Return what stands in `text`, with every diagnostic; bad data never raises.

    Args:
        text: the text of a cell or field, at most 1,000 characters.
        options: each has a default.

            - mode: `standard`, the default, reads every spelling that cannot change the meaning; `strict`
              only what the standards print; `repair` also guesses (capitals, the letter O, comments) and
              warns of each guess.
            - field: the field the text comes from (`T`, `group`, `L`, ...), where it is not a whole stage.
            - dialect: the registry dialect of the column, one of `naaccr`, `obds`, `ncras`, `gdc`, `argo`,
              `omop`; it needs `field`, but for `omop`, whose codes name their letter.
            - system: the system of a group that does not name its own; TNM where none is given.
            - edition: the edition where the text names no edition, such as `8`, `AJCC 8` or `7th`.
            - carry_method: whether a leading c is carried to N and M, a leading p to N only.
            - assume_clinical: whether a category without method is read as clinical.
            - site_table: the values that each site has, from `load_site_table`; it needs `site`.
            - site: an ICD-O topography code, or the name of a schema of the site table.

    Raises:
        TypeError: `text` is no string, or a keyword is unknown.
        ValueError: an option has an unknown value.
    """
    # A call is spared for what is short: each one counts here.
    if (type(text) is not str or len(text) > LONGEST_TEXT) and not is_short(text):
        return too_long(text)
    if not options:
        if text in _met:
            return _read_plain(text)
        if len(_met) >= _met.most:  # as `keep` does; this is the way of every text
            _met.clear()
        _met[text] = None
        return read_whole(text, PLAIN_OPTIONS)
    check_keywords("read", options, READ_KEYWORDS)
    return read_cached(text, checked_options(**options))


@cached()
def _read_plain(text: str) -> Reading:
    """Return the reading of a text without any option."""
    return read_whole(text, PLAIN_OPTIONS)


_met: BoundedDict[str, None] = registered(BoundedDict(CACHE_SIZE))
"""The texts that came before, without their readings.

What comes once mostly never comes again: its reading is not kept, because everything that is kept is looked
at whenever Python collects garbage, which costs more than to read it a second time.
"""


def parse(text: str, **options: Unpack[ReadOptions]) -> Stage:
    """Return the one stage that `text` holds; the keywords are those of `read`.

    Raises:
        NotationError: the text has an error, holds several stagings, or could be read only by a choice
            that a human should look at (an RS2xx warning, in another mode than `repair`); `.diagnostics`
            holds every diagnostic.
        TypeError: `text` is no string, or a keyword is unknown.
        ValueError: an option has an unknown value.
    """
    if options:
        check_keywords("parse", options, READ_KEYWORDS)
        outcome = stage_or_diagnostics(read(text, **options), options.get("mode", "standard"))
    else:
        outcome = _parse_cached(text) if text in _met else _parse_first(text)
    if type(outcome) is Stage:
        return outcome
    raise NotationError(outcome)  # type: ignore[arg-type]  # what is no stage are the diagnostics


def _parse_first(text: str) -> Stage | tuple[Diagnostic, ...]:
    """Return the stage of a text that was not met before, or what refuses it."""
    return stage_or_diagnostics(read(text), PLAIN_OPTIONS.mode)


@cached()
def _parse_cached(text: str) -> Stage | tuple[Diagnostic, ...]:
    """Return the stage of a text read with the default options, or what refuses it; failures are kept too."""
    return stage_or_diagnostics(read_whole(text, PLAIN_OPTIONS), PLAIN_OPTIONS.mode)


def stage_or_diagnostics(reading: Reading, mode: str) -> Stage | tuple[Diagnostic, ...]:
    """Return the stage that `parse` returns, or the diagnostics that it raises; only `repair` may guess."""
    stage = reading.stage
    if stage is None or (mode != "repair" and any(_is_choice(found) for found in reading.diagnostics)):
        return reading.diagnostics
    return stage


def _is_choice(found: Diagnostic) -> bool:
    return found.code.startswith("RS2") and found.severity is Severity.WARNING


def is_short(text: str) -> bool:
    """Return whether a text is short enough to be read.

    Raises:
        TypeError: it is no string.
    """
    if not isinstance(text, str):
        raise TypeError(f"a stage is read from a str, not from {type(text).__name__}")
    return len(text) <= LONGEST_TEXT


def too_long(text: str) -> Reading:
    """Return the reading that refuses a long text."""
    diagnostic = rules.TEXT_TOO_LONG.at((0, len(text)), length=f"{len(text):,}")
    return Reading(text=text, diagnostics=(diagnostic,))


@cached()
def read_cached(text: str, options: Options) -> Reading:
    """Return the reading of a text; equal texts and options cost one look-up."""
    return read_whole(text, options)


def read_whole(text: str, options: Options) -> Reading:
    """Return the reading of a text by the grammar, whatever was read before."""
    layers: list[Rewritten] = []
    folded = text
    if not is_plain(text):
        layers.append(fold(text))
        folded = layers[-1].text
    if options.dialect is not None:
        code = decode(folded, options.dialect, options.field, has_edition=options.edition is not None)
        layers.append(code)
        folded = code.text
        if not folded and code.diagnostics:
            return made_reading(text, (), _led_back([], layers), options.mode)
    if options.affixes is not None:
        from rstage.dialects.affixes import affixed

        layers.append(affixed(folded, options.field, options.affixes))
        folded = layers[-1].text
    interpreted = stages, found = interpret(folded, options)
    if layers:
        found = _led_back(found, layers)
    elif not found and len(stages) == 1:
        return _new_reading(text, (stages[0],), ())
    reading = made_reading(text, stages, found, options.mode)
    if reading.stages or not folded.strip():
        return reading
    better = _repaired(text, folded, layers, options, interpreted)
    if better.stages and options.mode == "repair":
        return better
    from rstage.reading.suggestions import (
        with_form,
        with_joined_letters,
        with_reader,
        with_recurrence,
        with_suggestion,
        without_guesses,
    )

    named = without_guesses(text, reading.diagnostics)
    if better.stages and str(better) != text:
        named = with_suggestion(named, str(better))
    named = with_recurrence(text, named, options, _stage_of_code)
    named = with_form(text, named)
    named = with_joined_letters(text, named, options, _stage_of_code)
    named = with_reader(text, named, options, _stage_of_code)
    return _new_reading(text, (), tuple(named))


def _stage_of_code(text: str, options: Options) -> Stage | None:
    return read_cached(text, options).stage


def _repaired(
    text: str, folded: str, layers: Sequence[Rewritten], options: Options, interpreted: Interpreted
) -> Reading:
    """Return the reading of a refused text after its repairs.

    Args:
        text: the text as given.
        folded: the text that was interpreted.
        layers: what was changed before that.
        options: the options of reading; their mode does not count.
        interpreted: what it was interpreted as.
    """
    from rstage.notation.repair import repaired

    repairs = repaired(folded, options.field)
    stages, found = interpret(repairs[-1].text, options) if repairs else interpreted
    before = [one._replace(diagnostics=tuple(map(_look_alike_repaired, one.diagnostics))) for one in layers]
    return made_reading(text, stages, _led_back(found, [*before, *repairs]), "repair")


def _look_alike_repaired(found: Diagnostic) -> Diagnostic:
    if found.code != rules.LOOK_ALIKE.code:
        return found
    return rules.LOOK_ALIKE_REPAIRED.at(found.span, after=found.suggestions[0])


def _led_back(found: list[Diagnostic], layers: Sequence[Rewritten]) -> list[Diagnostic]:
    """Return the diagnostics of a text and of the layers before it, with spans in the text as given."""
    for layer in reversed(layers):
        if layer.offsets is not None:
            found = [replace(one, span=layer.span(*one.span)) for one in found]
        found = [*layer.diagnostics, *found]
    return found


def made_reading(text: str, stages: Sequence[Stage], found: list[Diagnostic], mode: str) -> Reading:
    """Return the reading of a text in which `stages` and `found` were found, as the mode sees it."""
    if len(stages) > 1:
        found = [*found, rules.SEVERAL_STAGINGS.at((0, len(text)), count=len(stages))]
    if not found:
        return _new_reading(text, tuple(stages), ())
    if mode == "strict":
        found = [_strict(one, stages) for one in found]
    elif mode == "repair":
        found = [_settled(one, stages) for one in found]
    if has_error(found):
        stages = ()
    found = [_shown(one) if one.suggestions else one for one in found]
    return _new_reading(text, tuple(stages), _in_order(found) if len(found) > 1 else tuple(found))


_SPAN = attrgetter("span")


def _in_order(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics in the order of their places, what was found first at a place first, each once."""
    ordered: list[Diagnostic] = []
    last, begin = None, 0
    for one in sorted(found, key=_SPAN):
        if one.span != last:
            last, begin = one.span, len(ordered)
        elif one in ordered[begin:]:
            continue
        ordered.append(one)
    return tuple(ordered)


def _shown(found: Diagnostic) -> Diagnostic:
    """Return a diagnostic with those suggestions that may be shown: they are made of the text."""
    shown = tuple(filter(is_notation, found.suggestions))
    return found if shown == found.suggestions else replace(found, suggestions=shown)


def _strict(found: Diagnostic, stages: Sequence[Stage]) -> Diagnostic:
    """Return the diagnostic as mode `strict` sees it: every change of spelling is an error."""
    if found.code in _EXACT or not (found.code.startswith("RS2") or found.code in _NOT_STRICT):
        return found
    if found.code == rules.AMBIGUOUS_GLUED_PREFIX.code and len(stages) == 1:
        readings = dict.fromkeys((str(stages[0]), *found.suggestions))
        return choice_found(found.span, tuple(readings), is_taken=False)
    canonical = ("; ".join(map(str, stages)),) if stages and found.code not in _NOT_STRICT else ()
    return replace(found, severity=Severity.ERROR, suggestions=found.suggestions or canonical)


def _settled(found: Diagnostic, stages: Sequence[Stage]) -> Diagnostic:
    """Return the diagnostic as mode `repair` sees it: a glued letter is settled however thin the evidence."""
    if found.code != rules.AMBIGUOUS_GLUED_PREFIX.code or found.severity is not Severity.ERROR or not stages:
        return found
    return choice_found(found.span, found.suggestions, is_taken=True)

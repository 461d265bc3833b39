"""What must hold of whatever was drawn: the promises of the README, by name."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import rstage
from rstage import Severity, Timing
from tests.support.fuzz import asking
from tests.support.fuzz.drawing import SURNAME

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_R = "no r is lost and none is invented"
ACCOUNTED = "every character of an accepted text is in the value or in a finding"
FIXED_POINT = "the canonical text is read back as the same value, without a finding of spelling"
POSITION = "what cannot be read is an error with its position"
NOT_SILENT = "nothing is guessed silently"
SAME_VALUE = "a value comes back from its dictionary, and what is none is a ValueError"
UNCHANGED = "the diagnosis is never changed"
LINKED = "a restaging is linked to its diagnosis, and what was altered is named"
WHOLE = "a part of a staging is never passed on as if it were the whole"
NO_LOSS = "what a dialect cannot hold is named"
ROWS = "rows in are rows out plus rows rejected, and every original byte stays"
PRIVATE = "messages show a value only where it is plain stage notation"
NO_CRASH = "bad data never ends in a traceback"

ALL = (
    *(NO_R, ACCOUNTED, FIXED_POINT, POSITION, NOT_SILENT, SAME_VALUE, UNCHANGED, LINKED, WHOLE, NO_LOSS),
    *(ROWS, PRIVATE, NO_CRASH),
)


class BrokenError(AssertionError):
    """A promise does not hold."""

    def __init__(self, promise: str, *shown: object) -> None:
        super().__init__(f"{promise}: {', '.join(map(repr, shown))}")
        self.promise = promise


def hold(condition: object, promise: str, *shown: object) -> None:
    """Raise where a promise does not hold."""
    if not condition:
        raise BrokenError(promise, *shown)


def has_letter_r(text: str) -> bool:
    """Return whether an r could be read from a text at all."""
    return "r" in unicodedata.normalize("NFKC", text).lower() or "\u0433" in text.lower()


def is_within(text: str, canonical: str) -> bool:
    """Return whether every character of a text stands in another one, in its order; blanks do not count."""
    rest = iter("".join(canonical.split()))
    return all(character in rest for character in "".join(text.split()))


def private(found: Iterable[rstage.Diagnostic], *shown: object) -> None:
    """No message and no suggestion shows a secret."""
    for one in found:
        hold(SURNAME not in str(one).lower(), PRIVATE, one.code, one.message, one.suggestions)
        hold(str(one).isprintable(), PRIVATE, one.code, one.message)
    for text in shown:
        hold(SURNAME not in str(text).lower(), PRIVATE, text)


def positions(text: str, found: Iterable[rstage.Diagnostic]) -> None:
    """Every place lies inside the text."""
    for one in found:
        hold(0 <= one.span[0] <= one.span[1] <= len(text), POSITION, text, one)


def of_reading(reading: rstage.Reading, options: dict[str, Any]) -> None:
    """What holds of the reading of any text with any options."""
    text, found = reading.text, reading.diagnostics
    errors = [one for one in found if one.severity is Severity.ERROR]
    hold(reading.ok is not bool(errors), POSITION, text, options)
    if not any(one.part for one in found):
        positions(text, found)
    private(found, repr(reading))
    hold(rstage.Reading.from_dict(reading.to_dict()) == reading, SAME_VALUE, text, options)
    for stage in reading.stages:
        hold(reads_back(stage, options), FIXED_POINT, text, options, str(stage))
        hold(rstage.Stage.from_dict(stage.to_dict()) == stage, SAME_VALUE, text, options)
        hold(not stage.is_recurrence or has_letter_r(text), NO_R, text, options, str(stage))
    # What names a system takes the place of the word Stage.
    names_one = {"system", "field", "dialect"} & options.keys() or "FIGO" in options.get("edition", text)
    has_word = not names_one and "FIGO" not in str(reading)
    if reading.ok and not found and has_word:
        hold(is_within(text, str(reading)), ACCOUNTED, text, options, str(reading))


def reads_back(stage: rstage.Stage, options: dict[str, Any]) -> bool:
    """Return whether a canonical text is read as its stage, without a finding of spelling.

    A lone L or S needs its field, a value that one registry alone has needs the dialect, and a group of R-ISS
    or R2-ISS its system: without it an r before ISS is refused.
    """
    field, dialect = options.get("field"), options.get("dialect")
    columns: tuple[dict[str, Any], ...] = ({}, {"field": field}, {"field": field, "dialect": dialect})
    if options.get("system") in ("R-ISS", "R2-ISS"):
        columns = (*columns, *[{**column, "system": options["system"]} for column in columns])
    for column in columns:
        again = asking.read(str(stage), **column)
        if again.stage == stage:
            return dialect is not None or all(one.code > "RS300" for one in again.diagnostics)
    return False


def of_modes(reading: rstage.Reading, options: dict[str, Any]) -> None:
    """A stricter mode reads the same or nothing, and what `standard` reads without a word is no guess."""
    text, of_reading = reading.text, options.get("mode", "standard")
    kinds = {
        mode: reading if mode == of_reading else asking.read(text, **{**options, "mode": mode})
        for mode in ("strict", "standard", "repair")
    }
    for less, more in pairwise(kinds):
        hold(
            not kinds[less].ok or kinds[less].stages == kinds[more].stages,
            NOT_SILENT,
            *(text, options, less, str(kinds[less]), more, str(kinds[more])),
        )
    if kinds["repair"].ok and not kinds["standard"].ok:
        told = any(one.severity is not Severity.INFO for one in kinds["repair"].diagnostics)
        hold(told, NOT_SILENT, text, options, str(kinds["repair"]))


def of_mentions(text: str, mentions: list[rstage.Mention]) -> None:
    """What holds of the stagings found in running text."""
    last = 0
    for one in mentions:
        start, end = one.span
        hold(last <= start < end <= len(text), POSITION, text, one.span)
        last = end
        positions(text[start:end], one.reading.diagnostics)
        private(one.reading.diagnostics, repr(one))
        hold(rstage.Mention.from_dict(one.to_dict()) == one, SAME_VALUE, text, one.span)
        stage = one.stage
        hold((stage is None) is not one.reading.ok, WHOLE, text, one.span)
        if stage is not None:
            hold(not stage.is_recurrence or has_letter_r(text[start:end]), NO_R, text, one.span, str(stage))
            hold(asking.read(str(stage)).stage == stage, FIXED_POINT, text, one.span, str(stage))


def of_restaging(restaging: rstage.Restaging, diagnosis: rstage.Staging, before: dict[str, Any]) -> None:
    """What holds of a restaging."""
    hold(restaging.diagnosis is diagnosis and diagnosis.to_dict() == before, UNCHANGED, before)
    assessment, restaged = restaging.assessment.stage, restaging.restaged
    hold(not rstage.verify(restaging), LINKED, diagnosis.text, restaging.assessment.text)
    categories = zip(assessment.categories, restaged.categories, strict=True)
    for given, made in categories:
        hold(made.timing == given.timing | {Timing.RECURRENCE}, NO_R, str(assessment), str(restaged))
        hold(made.with_timing(given.timing) == given, NO_R, str(assessment), str(restaged))
    hold(assessment.descriptors == restaged.descriptors, NO_R, str(assessment), str(restaged))
    hold(assessment.edition == restaged.edition, NO_R, str(assessment), str(restaged))
    again = rstage.Restaging.from_dict(restaging.to_dict())
    hold(again == restaging, SAME_VALUE, diagnosis.text, restaging.assessment.text)
    private((), repr(restaging), repr(diagnosis))

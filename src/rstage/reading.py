"""Reading a stage: `read` returns what it found, `parse` raises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from . import rules
from .checks import check_stage
from .descriptor import DESCRIPTOR_ORDER
from .diagnostics import Diagnostic, NotationError, Severity
from .folding import fold
from .interpreting import adjusted, interpret
from .options import LONGEST_TEXT, Options, checked_options, parse_edition
from .privacy import is_notation, shown
from .stage import Stage
from .stage_group import Edition
from .values import Value

CACHE_SIZE = 65_536
"""Texts that each cache keeps, with their options."""

_DEFAULT = Options()
# What `strict` refuses although `standard` only warns: not "exactly as the standards print it".
_NOT_STRICT = {rules.RANGE.code, rules.PATHOLOGICAL_M0.code}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reading(Value):
    """What `read` found in a text.

    Attributes:
        text: the text as given; the parts joined by blanks where a stage was given in parts.
        stages: every staging of the text in order; none where anything in it is an error.
        diagnostics: every finding in order of position.
    """

    text: str
    stages: tuple[Stage, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    readers: ClassVar[dict[str, Any]] = {
        "stages": lambda items: tuple(map(Stage.from_dict, items)),
        "diagnostics": lambda items: tuple(map(Diagnostic.from_dict, items)),
    }

    @property
    def stage(self) -> Stage | None:
        """The only staging of the text; nothing where there is none, or several."""
        return self.stages[0] if len(self.stages) == 1 else None

    @property
    def ok(self) -> bool:
        """Whether the text was read: nothing in it is an error."""
        return bool(self.stages)

    def __str__(self) -> str:
        return "; ".join(map(str, self.stages))


def read(
    text: str,
    *,
    mode: str = "standard",
    field: str | None = None,
    dialect: str | None = None,
    system: str = "TNM",
    edition: str | Edition | None = None,
    carry_method: bool = False,
    assume_clinical: bool = False,
) -> Reading:
    """Return what stands in `text`, with every finding; bad data never raises.

    Args:
        text: the text of a cell or field, at most 1,000 characters.
        mode: `standard` reads every spelling that cannot change the meaning; `strict` only what the
            standards print.
        field: the field the text comes from (`T`, `group`, `L`, ...), where it is not a whole stage.
        dialect: the registry dialect of the column; none is known to this version.
        system: the system of a group that does not name its own.
        edition: the edition where the text names none, such as `8`, `AJCC 8` or `7th`.
        carry_method: carry a leading c to N and M, a leading p to N only.
        assume_clinical: read a category without method as clinical.

    Raises:
        TypeError: `text` is no string.
        ValueError: an option has an unknown value.
    """
    options = checked_options(
        mode=mode,
        field=field,
        dialect=dialect,
        system=system,
        edition=edition,
        carry_method=carry_method,
        assume_clinical=assume_clinical,
    )
    return _read_cached(text, options) if _is_short(text) else _too_long(text)


def parse(
    text: str,
    *,
    mode: str = "standard",
    field: str | None = None,
    dialect: str | None = None,
    system: str = "TNM",
    edition: str | Edition | None = None,
    carry_method: bool = False,
    assume_clinical: bool = False,
) -> Stage:
    """Return the one stage that `text` holds; the keywords are those of `read`.

    Raises:
        NotationError: the text has an error, holds several stagings, or could be read only by a choice
            that a human should look at (an RS2xx warning); `.diagnostics` holds every finding.
        TypeError: `text` is no string.
        ValueError: an option has an unknown value.
    """
    if (
        mode == "standard"
        and not (field or dialect or edition or carry_method or assume_clinical)
        and system == "TNM"
    ):
        outcome = _parse_cached(text)
    else:
        outcome = _stage_or_findings(
            read(
                text,
                mode=mode,
                field=field,
                dialect=dialect,
                system=system,
                edition=edition,
                carry_method=carry_method,
                assume_clinical=assume_clinical,
            )
        )
    if type(outcome) is Stage:
        return outcome
    raise NotationError(outcome)  # type: ignore[arg-type]  # what is no stage are the findings


@lru_cache(CACHE_SIZE)
def _parse_cached(text: str) -> Stage | tuple[Diagnostic, ...]:
    """Return the stage of a text read with the default options, or what refuses it; failures are kept too."""
    if not _is_short(text):
        raise NotationError(_too_long(text).diagnostics)  # raised, so that no long text is kept
    return _stage_or_findings(_read_cached(text, _DEFAULT))


def _stage_or_findings(reading: Reading) -> Stage | tuple[Diagnostic, ...]:
    stage = reading.stage
    if stage is None or any(_is_choice(found) for found in reading.diagnostics):
        return reading.diagnostics
    return stage


def _is_choice(found: Diagnostic) -> bool:
    return found.code.startswith("RS2") and found.severity is Severity.WARNING


def _is_short(text: str) -> bool:
    if not isinstance(text, str):
        raise TypeError(f"a stage is read from a str, not from {type(text).__name__}")
    return len(text) <= LONGEST_TEXT


def _too_long(text: str) -> Reading:
    finding = rules.TEXT_TOO_LONG.at((0, len(text)), length=f"{len(text):,}")
    return Reading(text=text, diagnostics=(finding,))


def clear_caches() -> None:
    """Forget every text read so far."""
    for cached in (_parse_cached, _read_cached, parse_edition):
        cached.cache_clear()


@lru_cache(CACHE_SIZE)
def _read_cached(text: str, options: Options) -> Reading:
    """Return the reading of a text; equal texts and options cost one look-up."""
    folded = fold(text)
    stages, found = interpret(folded.text, options)
    found = [replace(one, span=folded.span(*one.span)) for one in found] if folded.offsets else found
    return _reading(text, stages, [*folded.diagnostics, *found], options.mode)


def _reading(text: str, stages: list[Stage], found: list[Diagnostic], mode: str) -> Reading:
    if len(stages) > 1:
        found.append(rules.SEVERAL_STAGINGS.at((0, len(text)), count=len(stages)))
    if mode == "strict":
        found = [_strict(one, stages) for one in found]
    if any(one.severity is Severity.ERROR for one in found):
        stages = []
    # A suggestion is made of the text, so it is shown on the same terms.
    found = [
        replace(one, suggestions=tuple(filter(is_notation, one.suggestions))) if one.suggestions else one
        for one in found
    ]
    # Sorting keeps what was found first at one place first; equal findings are one.
    ordered = dict.fromkeys(sorted(found, key=lambda one: one.span))
    return Reading(text=text, stages=tuple(stages), diagnostics=tuple(ordered))


def _strict(found: Diagnostic, stages: list[Stage]) -> Diagnostic:
    """Return the finding as mode `strict` sees it: every change of spelling is an error."""
    if not found.code.startswith("RS2") and found.code not in _NOT_STRICT:
        return found
    canonical = ("; ".join(map(str, stages)),) if stages and found.code not in _NOT_STRICT else ()
    return replace(found, severity=Severity.ERROR, suggestions=found.suggestions or canonical)


def read_parts(
    *,
    T: str | None = None,  # noqa: N803  the letters are the names of the parts
    N: str | None = None,  # noqa: N803  the same
    M: str | None = None,  # noqa: N803  the same
    group: str | None = None,
    edition: str | Edition | None = None,
    mode: str = "standard",
    dialect: str | None = None,
    system: str = "TNM",
    carry_method: bool = False,
    assume_clinical: bool = False,
    **descriptors: str | None,
) -> Reading:
    """Return what a stage held in parts says; each finding names its part and counts in that part's text.

    Args:
        T: the text of the T field; None or blank is a missing part.
        N: the same for N.
        M: the same for M.
        group: the same for the stage group.
        edition: the text of the edition field.
        mode: as for `read`.
        dialect: as for `read`.
        system: as for `read`.
        carry_method: as for `read`.
        assume_clinical: as for `read`.
        descriptors: `L`, `V`, `Pn`, `R`, `G`, `S`, `PL`, `H`, `B`.

    Raises:
        TypeError: a part is no string, or is unknown.
        ValueError: an option has an unknown value.
    """
    if unknown := set(descriptors).difference(DESCRIPTOR_ORDER):
        raise TypeError(f"a stage has no part {', '.join(sorted(unknown))}")
    given = {"T": T, "N": N, "M": M, **descriptors, "group": group}
    texts = {name: text for name, text in given.items() if text is not None and _is_not_blank(text)}
    options = checked_options(
        mode=mode,
        dialect=dialect,
        system=system,
        carry_method=carry_method,
        assume_clinical=assume_clinical,
    )
    if isinstance(edition, Edition):
        edition = str(edition)
    if edition is not None and not _is_not_blank(edition):
        edition = None
    return _read_parts_cached(tuple(texts.items()), edition, options)


def parse_parts(**parts: Any) -> Stage:
    """Return the stage that parts make; the keywords are those of `read_parts`.

    Raises:
        NotationError: as for `parse`.
    """
    outcome = _stage_or_findings(read_parts(**parts))
    if isinstance(outcome, Stage):
        return outcome
    raise NotationError(outcome)


def _is_not_blank(text: str) -> bool:
    _is_short(text)
    return bool(text.strip())


@lru_cache(CACHE_SIZE)
def _read_parts_cached(texts: tuple[tuple[str, str], ...], edition: str | None, options: Options) -> Reading:
    """Return the reading of a stage in parts, put together as if its parts were one run."""
    joined = " ".join([text for _, text in texts] + ([edition] if edition else []))
    found: list[Diagnostic] = []
    pieces: dict[str, Stage] = {}
    given = None
    if edition is not None:
        try:
            given = parse_edition(edition)
        except ValueError:
            found.append(rules.NOT_NOTATION.at((0, len(edition)), part="edition", text=shown(edition)))
    for name, text in texts:
        reading = (
            _read_cached(text, options._replace(field=name, edition=given, has_checks=False))
            if _is_short(text)
            else _too_long(text)
        )
        found += [replace(one, part=name) for one in reading.diagnostics]
        if reading.stage is not None:
            pieces[name] = reading.stage
    if not texts:
        found.append(rules.EMPTY_TEXT.at())
    if _has_error(found) or len(pieces) < len(texts):
        return _reading(joined, [], found, options.mode)
    stage = adjusted(_merged(pieces, given), options)
    found += _checked_parts(stage, dict(texts))
    return _reading(joined, [stage], found, options.mode)


def _merged(pieces: dict[str, Stage], edition: Edition | None) -> Stage:
    """Return one stage of stages that hold one part each."""
    written = [piece.edition for piece in pieces.values() if piece.edition is not None]
    return Stage(
        t=pieces["T"].t if "T" in pieces else None,
        n=pieces["N"].n if "N" in pieces else None,
        m=pieces["M"].m if "M" in pieces else None,
        descriptors=tuple(one for piece in pieces.values() for one in piece.descriptors),
        group=pieces["group"].group if "group" in pieces else None,
        edition=written[0] if written else edition,
    )


def _checked_parts(stage: Stage, texts: dict[str, str]) -> list[Diagnostic]:
    """Return what the checks find in a stage held in parts: each finding with the part it concerns."""
    spans = {name: (place, place) for place, name in enumerate(texts, start=1)}
    names = dict(enumerate(texts, start=1))
    found = []
    for one in check_stage(stage, spans, (0, 0)):
        part = names.get(one.span[0])
        found.append(replace(one, part=part, span=(0, len(texts[part])) if part else (0, 0)))
    return found


def _has_error(found: list[Diagnostic]) -> bool:
    return any(one.severity is Severity.ERROR for one in found)

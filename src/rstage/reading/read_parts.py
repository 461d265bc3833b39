"""A stage held in parts, one text a part: `read_parts` returns what it found, `parse_parts` raises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.arguments import check_keywords, check_type
from rstage.caches import cached
from rstage.diagnostics import Diagnostic, NotationError, Severity, has_error
from rstage.dialects import decode, further_parts
from rstage.dialects.composing import in_dialect
from rstage.model.checks import check_stage
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.model.edition import Edition
from rstage.model.stage import Stage, spells_system
from rstage.notation.build import parse_edition
from rstage.notation.folding import fold
from rstage.privacy import shown
from rstage.reading.interpret import adjusted
from rstage.reading.options import Options, checked_options
from rstage.reading.read import (
    Reading,
    is_short,
    made_reading,
    read_cached,
    stage_or_diagnostics,
    too_long,
)
from rstage.reference.choices import DIALECTS

if TYPE_CHECKING:
    from rstage.dialects.affixes import Affixes
    from rstage.model.descriptor import Descriptor
    from rstage.model.site_schema import SiteSchema, SiteTable
    from rstage.reference.choices import DialectName, Mode

_VALUES = {"T", "N", "M", "group", *DESCRIPTOR_ORDER}


def read_parts(  # noqa: PLR0913  a part or an option each, and every one by its name
    *,
    T: str | None = None,  # noqa: N803  the letters are the names of the parts
    N: str | None = None,  # noqa: N803  the same
    M: str | None = None,  # noqa: N803  the same
    group: str | None = None,
    edition: str | Edition | None = None,
    mode: Mode = "standard",
    dialect: DialectName | None = None,
    system: str | None = None,
    carry_method: bool = False,
    assume_clinical: bool = False,
    site_table: SiteTable | None = None,
    site: str | None = None,
    **others: str | None,
) -> Reading:
    """Return what a stage held in parts says; each diagnostic names its part and counts in that part's text.

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
        site_table: as for `read`.
        site: as for `read`.
        others: `L`, `V`, `Pn`, `R`, `G`, `S`, `PL`, `H`, `B`, and the further parts of the dialect, such as
            `r` of oBDS or `T_suffix` of NAACCR; without a dialect `T_method`, `N_method`, `M_method` and
            `group_method`, in words such as `clinical`. What such a part says is put around the text of the
            values it is for, and the grammar judges the whole.

    Raises:
        TypeError: a part is no string, or is unknown.
        ValueError: an option has an unknown value.
    """
    options = checked_options(
        mode=mode,
        dialect=dialect,
        system=system,
        carry_method=carry_method,
        assume_clinical=assume_clinical,
        site_table=site_table,
        site=site,
    )
    further = further_parts(dialect)
    check_keywords("read_parts", others, _keywords(dialect))
    fields = {name: text for name, text in others.items() if name not in further}
    given = {"T": T, "N": N, "M": M, **fields, "group": group, **{name: others.get(name) for name in further}}
    texts = {name: text for name, text in given.items() if text is not None and _is_not_blank(name, text)}
    if edition is not None:
        check_type("edition", edition, str, Edition)
        edition = str(edition) if str(edition).strip() else None
    return _read_parts_cached(tuple(texts.items()), edition, options)


def parse_parts(**parts: Any) -> Stage:
    """Return the stage that parts make; the keywords are those of `read_parts`.

    Raises:
        NotationError: as for `parse`.
    """
    check_keywords("parse_parts", parts, _keywords(parts.get("dialect")))
    outcome = stage_or_diagnostics(read_parts(**parts), parts.get("mode", "standard"))
    if isinstance(outcome, Stage):
        return outcome
    raise NotationError(outcome)


def _keywords(dialect: str | None) -> set[str]:
    """Return the keywords of `read_parts`: every part that can be given, and the options."""
    further = further_parts(dialect if dialect in DIALECTS else None)
    return {*(read_parts.__kwdefaults__ or ()), *DESCRIPTOR_ORDER, *further}


def _is_not_blank(name: str, text: str) -> bool:
    check_type(name, text, str)
    return bool(text.strip())


@cached()
def _read_parts_cached(given: tuple[tuple[str, str], ...], edition: str | None, options: Options) -> Reading:
    """Return the reading of a stage in parts, put together as if its parts were one run."""
    joined = " ".join([text for _, text in given] + ([edition] if edition else []))
    named, found = _edition(edition, options.dialect)
    texts = dict(given)
    affixes: dict[str, Affixes] = {}
    if options.dialect is not None or not texts.keys() <= _VALUES:
        texts, affixes, more = in_dialect(texts, options.dialect)
        found += more
    pieces: dict[str, Stage] = {}
    # A group beside T, N or M is one of TNM.
    options = options._replace(is_system_given=options.is_system_given or not {*"TNM"}.isdisjoint(texts))
    for name, text in texts.items():
        of_part = options._replace(field=name, edition=named, has_checks=False, affixes=affixes.get(name))
        reading = read_cached(text, of_part) if is_short(text) else too_long(text)
        found += [replace(one, part=name) for one in reading.diagnostics]
        if reading.stage is not None:
            pieces[name] = reading.stage
    if not texts:
        found.append(rules.EMPTY_TEXT.at())
    found += _other_editions(pieces, texts)
    found += _other_systems(pieces, texts)
    if has_error(found) or len(pieces) < len(texts):
        return made_reading(joined, [], found, options.mode)
    stage = adjusted(_merged(pieces, named), options)
    found += [*_dropped_y(pieces, stage, texts), *_checked_parts(stage, texts, options.schema)]
    return made_reading(joined, [stage], found, options.mode)


def _edition(text: str | None, dialect: str | None) -> tuple[Edition | None, list[Diagnostic]]:
    """Return the edition that a column names, and what was found in it."""
    if text is None:
        return None, []
    found: list[Diagnostic] = []
    notation = text
    if dialect is not None and is_short(text):
        decoded = decode(fold(text).text, dialect, "edition")
        notation = decoded.text
        found = [replace(one, span=(0, len(text)), part="edition") for one in decoded.diagnostics]
        if not notation:
            return None, [replace(one, severity=Severity.INFO) for one in found]
    try:
        return parse_edition(notation), found
    except ValueError:
        return None, [rules.NOT_NOTATION.at((0, len(text)), part="edition", text=shown(text))]


def _other_editions(pieces: dict[str, Stage], texts: dict[str, str]) -> list[Diagnostic]:
    """Return an error for each part that names another edition than the first that names one."""
    named = [(name, piece.edition) for name, piece in pieces.items() if piece.edition is not None]
    return [
        rules.REPEATED_PART.at((0, len(texts[name])), part=name, text=str(edition))
        for name, edition in named
        if edition != named[0][1]
    ]


def _other_systems(pieces: dict[str, Stage], texts: dict[str, str]) -> list[Diagnostic]:
    """Return an error where R and the group spell a group of another system than the one that is named."""
    group = pieces["group"].group if "group" in pieces else None
    if not spells_system(_descriptors(pieces), group):
        return []
    span = (0, len(texts["group"]))
    return [rules.OTHER_SYSTEM.at(span, part="group", text=f"R2 {group}", system="R2-ISS")]


def _descriptors(pieces: dict[str, Stage]) -> tuple[Descriptor, ...]:
    return tuple(one for piece in pieces.values() for one in piece.descriptors)


def _dropped_y(pieces: dict[str, Stage], stage: Stage, texts: dict[str, str]) -> list[Diagnostic]:
    """Return an info where the y of M is not kept beside the y of T or N."""
    before = pieces["M"].m if "M" in pieces else None
    if before is None or stage.m is None or before.timing <= stage.m.timing:
        return []
    return [rules.REDUNDANT_Y.at((0, len(texts["M"])), part="M", before=str(before), after=str(stage.m))]


def _merged(pieces: dict[str, Stage], edition: Edition | None) -> Stage:
    """Return one stage of stages that hold one part each."""
    written = [piece.edition for piece in pieces.values() if piece.edition is not None]
    return Stage(
        t=pieces["T"].t if "T" in pieces else None,
        n=pieces["N"].n if "N" in pieces else None,
        m=pieces["M"].m if "M" in pieces else None,
        descriptors=_descriptors(pieces),
        group=pieces["group"].group if "group" in pieces else None,
        edition=written[0] if written else edition,
    )


def _checked_parts(stage: Stage, texts: dict[str, str], schema: SiteSchema | None) -> list[Diagnostic]:
    """Return what the checks find in a stage held in parts: each diagnostic with the part it concerns."""
    spans = {name: (place, place) for place, name in enumerate(texts, start=1)}
    names = dict(enumerate(texts, start=1))
    found = []
    for one in check_stage(stage, spans, (0, 0), schema):
        part = names.get(one.span[0])
        found.append(replace(one, part=part, span=(0, len(texts[part])) if part else (0, 0)))
    return found

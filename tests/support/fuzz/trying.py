"""One try of each kind of use: something is drawn and given to the library, and the promises are held."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

import rstage
from rstage import Severity
from rstage.reference.choices import EVENTS, MODES, DialectName
from tests.support.fuzz import asking, drawing, promises
from tests.support.fuzz.promises import hold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from rstage.model.stage import Style

    Try = Callable[[Random, Path], int]

_STYLES: tuple[Style, ...] = ("leading", "compact")
WRITTEN = tuple(name for name in get_args(DialectName) if name != "ncras")
"""The dialects that can be written."""


def try_read(chance: Random, _folder: Path) -> int:
    """Read a text of any kind, in every mode."""
    drawn, options = drawing.text_of(chance), drawing.options_of(chance)
    reading = asking.read(drawn.text, **options)
    promises.of_reading(reading, options)
    promises.of_modes(reading, options)
    if drawn.has_r is not None and reading.ok:
        said = any(stage.is_recurrence for stage in reading.stages)
        hold(said is drawn.has_r, promises.NO_R, drawn.text, options, str(reading))
    try:
        stage = asking.parse(drawn.text, **options)
    except rstage.NotationError as error:
        hold(error.diagnostics == reading.diagnostics, promises.NOT_SILENT, drawn.text, options)
        return 1
    hold((stage,) == reading.stages, promises.NOT_SILENT, drawn.text, options)
    return 1


def try_column(chance: Random, _folder: Path) -> int:
    """Read the text of one column, with a field and a dialect."""
    drawn, column = drawing.column_of(chance)
    options = drawing.options_of(chance) | column
    try:
        reading = asking.read(drawn.text, **options)
    except ValueError:
        # The options do not go together, which no text changes.
        with suppress(ValueError):
            asking.read("", **options)
            raise
        return 0
    promises.of_reading(reading, options)
    promises.of_modes(reading, options)
    return 1


def try_parts(chance: Random, _folder: Path) -> int:
    """Read a stage that is held in parts, the parts whole or damaged."""
    drawn = drawing.run_of(chance)
    stage = asking.read(drawn.text).stage
    parts: dict[str, Any] = {}
    for letter in "TNM":
        found = None if stage is None else getattr(stage, letter.lower())
        parts[letter] = (
            str(found) if found else chance.choice(("", letter + chance.choice("012X"), drawn.text))
        )
    if chance.random() < 0.4:
        parts["group"] = drawing.group_of(chance).text
    whole = dict(parts)
    if chance.random() < 0.5:
        name = chance.choice(list(parts))
        parts[name] = drawing.damaged(chance, parts[name])
    mode: Any = chance.choice(MODES)
    reading = asking.read_parts(**parts, mode=mode)
    errors = any(one.severity is Severity.ERROR for one in reading.diagnostics)
    hold(reading.ok is not errors or not any(map(str.strip, parts.values())), promises.POSITION, parts, mode)
    promises.private(reading.diagnostics)
    for one in reading.diagnostics:
        promises.positions(reading.text if one.part is None else parts.get(one.part, reading.text), [one])
    for made in reading.stages:
        hold(asking.read(str(made)).stage == made, promises.FIXED_POINT, parts, mode)
        given = "".join(parts.values())
        hold(not made.is_recurrence or promises.has_letter_r(given), promises.NO_R, parts, mode)
    if stage is not None and parts == whole and "group" not in parts and reading.stage is not None:
        for category in stage.categories:
            hold(getattr(reading.stage, category.letter.lower()) is not None, promises.WHOLE, parts, mode)
    return 1


def try_encode(chance: Random, _folder: Path) -> int:
    """Write a stage in a dialect; what comes back is the stage, or what it lost was named."""
    drawn = drawing.text_of(chance)
    for stage in asking.read(drawn.text).stages:
        dialect: Any = chance.choice(WRITTEN)
        encoded = stage.encode(dialect, lossy=True)
        promises.private(encoded.left_out)
        values: dict[str, Any] = encoded.values
        back = asking.read_parts(**values, dialect=dialect).stage if values else None
        if not encoded.left_out:
            hold(back is not None and _says_the_same(stage, back), promises.NO_LOSS, str(stage), dialect)
        elif back is not None:
            hold(stage.is_recurrence or not back.is_recurrence, promises.NO_R, str(stage), dialect)
        try:
            hold(stage.encode(dialect) == encoded.values, promises.NO_LOSS, str(stage), dialect)
        except rstage.DialectError:
            hold(encoded.left_out, promises.NO_LOSS, str(stage), dialect)
        for style in _STYLES:
            with suppress(ValueError):
                text = stage.format(style)
                hold(asking.read(text).stage == stage, promises.FIXED_POINT, str(stage), style, text)
    return 1


def _says_the_same(stage: rstage.Stage, back: rstage.Stage) -> bool:
    """Return whether nothing but the owner of the edition, which a column may not name, is different."""
    plain, other = stage.to_dict(), back.to_dict()
    for one in (plain, other):
        if one.get("edition"):
            one["edition"] = {"version": one["edition"]["version"]}
    return plain == other


def try_find(chance: Random, _folder: Path) -> int:
    """Find the stagings of a report, and one that stands alone between sentences."""
    text = drawing.prose_of(chance)
    mode: Any = chance.choice(MODES)
    promises.of_mentions(text, list(asking.find(text, mode=mode)))
    run = drawing.run_of(chance)
    stage = asking.read(run.text).stage
    # A category with another r than the one before begins a staging of its own in running text.
    if stage is None or len(stage.categories) < 2 or len({one.timing for one in stage.categories}) > 1:
        return 1
    report = f"The patient was seen again. {stage}. A new visit is planned."
    found = [one.stage for one in asking.find(report)]
    # "TX NX" are places in addresses as well (notation, ruling J.22).
    letters = [one.letter for one in stage.categories if one.value == "X"]
    is_place = letters in (["T", "N"], ["T", "M"]) and len(stage.categories) == 2
    hold(
        found in ([stage], [None]) or (is_place and not found),
        promises.WHOLE,
        *(report, [str(one) for one in found]),
    )
    return 2


def _staging(chance: Random, mode: Any) -> rstage.Staging:
    date = chance.choice((None, "2019", "2020-02", "2021-03-04"))
    identifier = chance.choice((None, "A1", "A2", drawing.SECRETS[0]))
    return asking.parse_staging(drawing.text_of(chance).text, mode=mode, date=date, tumor_id=identifier)


def try_restage(chance: Random, _folder: Path) -> int:
    """Restage a pair of texts, and alter what came of it."""
    mode = chance.choice(("standard", "repair"))
    try:
        diagnosis, assessment = _staging(chance, mode), _staging(chance, mode)
    except rstage.NotationError as error:
        promises.private(error.diagnostics)
        return 2
    before, event = diagnosis.to_dict(), chance.choice(EVENTS)
    told = rstage.check_restaging(diagnosis, assessment, event=event)
    promises.private(told)
    refused = any(one.severity is Severity.ERROR for one in told)
    try:
        restaging = rstage.restage(diagnosis, assessment, event=event)
    except rstage.RestagingError as error:
        hold(refused, promises.NOT_SILENT, diagnosis.text, assessment.text)
        promises.private(error.diagnostics)
        return 2
    hold(not refused, promises.NOT_SILENT, diagnosis.text, assessment.text)
    promises.of_restaging(restaging, diagnosis, before)
    data = drawing.changed(chance, restaging.to_dict())
    with suppress(ValueError):
        altered = rstage.Restaging.from_dict(data)
        hold(altered == restaging or rstage.verify(altered), promises.LINKED, data)
    return 2


def _is_of_fields(stage: rstage.Stage) -> bool:
    """Return whether a stage is read only in its own fields (ruling 15): descriptors without a category."""
    if stage.categories or not stage.descriptors:
        return False
    is_of_tnm = stage.group is not None and stage.group.system in ("TNM", "FIGO")
    return not is_of_tnm and (stage.group is not None or len(stage.descriptors) > 1)


def try_dictionary(chance: Random, _folder: Path) -> int:
    """Build values from dictionaries in which something was changed."""
    reading = asking.read(drawing.text_of(chance).text, mode="repair")
    value: Any = reading
    if reading.stage is not None and chance.random() < 0.7:
        staging = rstage.Staging.of(reading, tumor_id="A1", date="2020")
        values = (reading.stage, *reading.stage.parts, staging, *reading.diagnostics)
        value = chance.choice(values)
    data = drawing.changed(chance, value.to_dict())
    try:
        made = type(value).from_dict(data)
    except ValueError as error:
        promises.private((), error)
        return 1
    hold(type(value).from_dict(made.to_dict()) == made, promises.SAME_VALUE, data)
    if isinstance(made, rstage.Stage) and not _is_of_fields(made):
        field = made.descriptors[0].name if made.descriptors else None
        hold(promises.reads_back(made, {"field": field}), promises.FIXED_POINT, data, str(made))
    return 1

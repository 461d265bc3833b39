"""What the items of a block say of a stage; equal items cost one look-up, in whatever tumor they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage import rules
from rstage.caches import cached
from rstage.messages.blocks import parts_reading
from rstage.messages.naaccr.blocks import AFTER_TREATMENT, BEFORE_TREATMENT, METHODS, kind_of, texts_of
from rstage.model.category import Method, Timing
from rstage.model.stage import every_timing
from rstage.reference.vocabulary import NOT_ASSIGNED
from rstage.restaging.staging import why_not_one_stage

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic
    from rstage.model.category import Category
    from rstage.model.stage import Stage
    from rstage.reading.read import Reading

# The descriptor of the older items that says y; it is put on what an item after treatment holds without y.
_Y = "4"
# Neither a group by its code nor an edition 88 is worth a finding here.
_AS_THE_FORMAT_WRITES = {("group", rules.SPELLING_FOLDED.code), ("edition", rules.NO_VALUE_CODE.code)}

Found = tuple["Diagnostic", str]
"""A diagnostic, and the part of the block whose item it is about."""


class BlockReading(NamedTuple):
    """What the items of a block say.

    Attributes:
        reading: of their texts.
        stage: the stage with what the block says of it; None where the items make none.
        timing: of the stage and of its group.
        found: what was found in the texts. added: what was found beside them.
        edition: the text of the edition that was read.
        kind: of staging, whatever letter one of its values carries, as for `FoundStaging`.
    """

    reading: Reading
    stage: Stage | None
    timing: frozenset[Timing]
    found: tuple[Found, ...]
    added: tuple[Found, ...]
    edition: str
    kind: str | None

    @property
    def is_r(self) -> bool:
        """Whether it is a staging with r."""
        return self.stage is not None and Timing.RECURRENCE in self.timing

    def is_news(self, found: Diagnostic) -> bool:
        """Return whether a finding says more than that a code stands there as the format writes it.

        An edition that is none of AJCC (`U`) is told: the standard's own codes for none are numbers.
        """
        is_told = found.code == rules.NO_VALUE_CODE.code and not self.edition.isdigit()
        return is_told or (found.part, found.code) not in _AS_THE_FORMAT_WRITES


@cached()
def block_reading(
    block: str,
    names: tuple[str, ...],
    given: tuple[str, ...],
    edition: str,
    options: tuple[tuple[str, Any], ...],
) -> BlockReading | None:
    """Return what the items of a block say; None where they only say that they have no value.

    Args:
        block: the block.
        names: the parts that its items are.
        given: the texts of the items.
        edition: the text of item 1060, or nothing.
        options: keywords of `read_parts`, as pairs.
    """
    parts = texts_of(block, dict(zip(names, given, strict=True)), edition)
    if parts is None:
        return None
    texts, is_by_code = parts.texts, bool(parts.wrong)
    gets_y = block in AFTER_TREATMENT and not any("y" in texts.get(part, "") for part in "TNM")
    if gets_y:
        texts["descriptor"] = _Y
    reading, news = parts_reading("naaccr", tuple(texts.items()), _options_of(block, options))
    wrong = [(rules.DERIVED_CODE_UNKNOWN.at(), part) for part in parts.wrong]
    made = BlockReading(reading, None, frozenset(), (), (), texts.get("edition", ""), kind_of(block))
    found = [(one, one.part or "") for one in news if made.is_news(one)]
    if reading.stage is None:
        found += [(one, one.part or "") for one in why_not_one_stage(reading)[len(reading.diagnostics) :]]
        return made._replace(found=tuple(found), added=tuple(wrong))
    stage, more = _as_the_block_says(reading.stage, block, gets_y=gets_y)
    if stage is not reading.stage:  # the items say what a y without method left open
        found = [one for one in found if one[0].code != rules.Y_WITHOUT_METHOD.code]
    usable = None if is_by_code else stage
    return made._replace(stage=usable, timing=every_timing(stage), found=tuple(found), added=(*wrong, *more))


def _options_of(block: str, options: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    """Return how a block is read: what has no method is not assumed clinical among pathological items."""
    if METHODS.get(block, "").endswith("p"):
        return tuple([one for one in options if one[0] != "assume_clinical"])
    return options


def _as_the_block_says(stage: Stage, block: str, *, gets_y: bool) -> tuple[Stage, list[Found]]:
    """Return a stage whose T and N have the method of their items, and where item and value differ.

    An M says itself how it was found: pathological items hold a cM0, and clinical ones a pM1.
    """
    found: list[Found] = []
    changes: dict[str, Any] = {}
    for category in (stage.t, stage.n):
        if category is None or category.value == NOT_ASSIGNED:
            continue
        letter, prefix = category.letter, "y" * gets_y
        if category.method is None and block in METHODS:
            prefix += METHODS[block][-1]
            changes[letter.lower()] = replace(category, method=Method(prefix[-1]))
        if prefix:
            found.append((rules.PREFIX_OF_ITEM.at(part=letter, prefix=prefix, block=block), letter))
        if _is_of_other_items(category, block):
            found.append((rules.METHOD_OF_ANOTHER_ITEM.at(part=letter, block=block), letter))
    return replace(stage, **changes) if changes else stage, found


def _is_of_other_items(category: Category, block: str) -> bool:
    """Return whether a value has a prefix that the items of its block do not have.

    Source: AJCC, 8th edition: a cN0 goes with the pT of an early tumor, so pathological items hold it too.
    """
    if block in BEFORE_TREATMENT and Timing.POST_THERAPY in category.timing:
        return True
    is_other = block in METHODS and category.method not in (None, METHODS[block][-1])
    return is_other and not (category.letter == "N" and category.method is Method.CLINICAL)

"""Which FHIR Observations make one staging, and what that staging says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.diagnostics import Diagnostic, Severity
from rstage.messages.blocks import read_block
from rstage.messages.fhir import codes
from rstage.messages.fhir.blocks import Block, ResourceFinding, Said
from rstage.messages.fhir.concepts import is_same
from rstage.messages.fhir.notation import NO
from rstage.messages.fhir.words import HAS_R
from rstage.messages.json_values import as_dict, as_text
from rstage.restaging.staging import Circumstances, Staging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_COUNTS = re.compile(r"\(\d+ ?/ ?\d+\)")
_PLAIN_GROUP = re.compile(r"[0-4IV]")


@dataclass(slots=True, eq=False)
class BlockSet:
    """The Observations of one staging.

    Attributes:
        blocks: in order.
        is_grouped: whether a group names them as its members.
        is_wrong: whether something was found that makes it unusable.
        found: what was found, each with the Observation it is about.
    """

    blocks: list[Block]
    is_grouped: bool = False
    is_wrong: bool = False
    found: list[tuple[Block, ResourceFinding]] = field(default_factory=list)

    @property
    def date(self) -> str | None:
        """The date of the group, else that of all its members where they agree."""
        if self.is_grouped and self.blocks[0].date is not None:
            return self.blocks[0].date
        dates = {one.date for one in self.blocks}
        return dates.pop() if len(dates) == 1 else None

    @property
    def has_r(self) -> bool:
        """Whether a symbol or a value has an r."""
        said = [one for block in self.blocks for one in block.said]
        return any((one.part == "r" and one.text != NO) or HAS_R.search(one.text) for one in said)

    def check_dates(self) -> None:
        """Note an error where a member is of another date than its group, or members disagree."""
        dates = sorted({one.date for one in self.blocks if one.date is not None})
        if any(not later.startswith(first) for first, later in pairwise(dates)):
            self.say(self.blocks[0], rules.TWO_VALUES.at(what="the date"), ("hasMember",))

    @property
    def parts(self) -> set[str]:
        """The parts that the Observations say something of."""
        return {one.part for block in self.blocks for one in block.said}

    @property
    def kind(self) -> str:
        """`c` or `p` where all Observations that say it agree."""
        kinds = {kind for block in self.blocks if (kind := kind_of(block))}
        return kinds.pop() if len(kinds) == 1 else ""

    def say(self, block: Block, diagnostic: Diagnostic, path: Any = (), value: str = "") -> None:
        """Note a finding; an error makes the staging unusable."""
        self.found.append((block, ResourceFinding(diagnostic, path, value)))
        self.is_wrong = self.is_wrong or diagnostic.severity is Severity.ERROR


def kind_of(block: Block) -> str:
    """Return whether an Observation is of a clinical or a pathological staging; blank where either can be.

    A clinical M, or N0, is usual in a pathological staging and decides neither.
    """
    for one in block.said:
        if one.part in ("T", "N", "group"):
            method = one.kind or one.method
            if method == "c" and one.part == "N" and not one.kind and "0" in one.text:
                continue
            return "c" if method == "u" else method
    return ""


def is_stage_block(block: Block) -> bool:
    """Return whether an Observation holds T, N, M or a group, and not only what is said about them."""
    return any(one.part in codes.CATEGORIES or one.part == "group" for one in block.said)


def ungrouped_sets(blocks: Sequence[Block]) -> Iterator[BlockSet]:
    """Yield the stagings that Observations of one tumor make which are no members of a group.

    What has the same date and edition is one staging, or one of each kind where both kinds are there.
    """
    editions: dict[str | None, set[str]] = {}
    for block in blocks:
        editions.setdefault(block.date, set()).update({block.edition} - {""})
    by_act: dict[tuple[str | None, str, str], list[Block]] = {}
    for block in blocks:
        if block.is_whole:
            yield BlockSet([block])
        else:
            # An Observation that names no edition goes with the only one of its date.
            named = editions[block.date]
            edition = block.edition or (next(iter(named)) if len(named) == 1 else "")
            by_act.setdefault((block.date, edition, block.system), []).append(block)
    for same in by_act.values():
        kinds = {kind for one in same if (kind := kind_of(one))}
        if len(kinds) < 2:
            yield BlockSet(same)
            continue
        split: dict[str, list[Block]] = {}
        for one in same:
            split.setdefault(kind_of(one) or _own_kind(one), []).append(one)
        for members in split.values():
            yield BlockSet(members)


def _own_kind(block: Block) -> str:
    """Return the kind of a category that goes with either, once both are there."""
    method = next((one.kind or one.method for one in block.said if one.part in codes.CATEGORIES), "")
    return "c" if method == "u" else method


# ---------------------------------------------------------------- reading


def read_set(
    one: BlockSet, reading: tuple[tuple[str, Any], ...], tumor_id: str, site: str | None
) -> Staging | None:
    """Return the staging of some Observations, or None; what was found is noted in the set.

    Args:
        one: the Observations.
        reading: options of `read_parts`, as pairs.
        tumor_id: the id that the staging gets.
        site: the primary site.
    """
    _check_narratives(one)
    # What a symbol in no certain place makes unusable is read all the same, for the findings in it.
    is_usable, one.is_wrong = not one.is_wrong, any(block.is_wrong for block in one.blocks)
    said = _distinct(one)
    edition = _edition(one)
    _add_counts(one, said)
    if one.is_wrong or not said:
        return None
    system = next((value.system for _, value in said.values() if value.system), "")
    texts: list[tuple[str, str]] = []
    for part, (_, value) in said.items():
        if value.text == NO:
            continue
        texts.append((part, _with_method(value)))
        if value.method and not value.own_method and part in codes.CATEGORIES:
            texts.append((f"{part}_method", value.method))
    named = [*texts, ("edition", edition)] if edition else texts
    given = Circumstances(one.date, None, site, tumor_id or None)
    options = {**dict(reading), "system": system} if system else dict(reading)
    staging, diagnostics = read_block("obds", dict(named), options, given)
    for diagnostic in diagnostics:
        block, path, text = _origin(one, said, dict(texts), diagnostic.part)
        one.found.append((block, ResourceFinding(diagnostic, path, text)))
    return staging if is_usable else None


def _check_narratives(one: BlockSet) -> None:
    """Note an error where an Observation says r to a reader and nowhere else."""
    for block in one.blocks:
        told = as_text(as_dict(block.resource.data.get("text")).get("div"))
        if told and HAS_R.search(told) and not one.has_r:
            one.say(block, rules.UNREAD_STAGING.at(element="a text for readers"), ("text",))
            one.say(block, rules.NOT_UNDERSTOOD.at(element="an r in the text for readers alone"), ("text",))


def _distinct(one: BlockSet) -> dict[str, tuple[Block, Said]]:
    """Return what is said of each part; two values of one part are an error."""
    said: dict[str, tuple[Block, Said]] = {}
    for block in one.blocks:
        for value in block.said:
            if value.is_wrong:
                one.is_wrong = True
            elif value.part not in codes.IN_STAGING and value.part not in codes.COUNTS:
                continue
            elif value.part not in said:
                said[value.part] = block, value
            elif not _is_same(said[value.part][1], value):
                one.say(block, rules.TWO_VALUES.at(what=value.part), value.path, value.text)
    denied = said.get("r")
    if denied is not None and denied[1].text == NO and one.has_r:
        one.say(denied[0], rules.TWO_VALUES.at(what="r"), denied[1].path)
    return said


def _add_counts(one: BlockSet, said: dict[str, tuple[Block, Said]]) -> None:
    """Put the counts of lymph nodes behind N; without each other, or without N, they say nothing of it."""
    found = {part: said.pop(part) for part in codes.COUNTS if part in said}
    if not found:
        return
    counts = "/".join(found[part][1].text if part in found else "" for part in codes.COUNTS)
    node = said.get("N")
    if len(found) < len(codes.COUNTS) or node is None or found["examined"][1].text == "0":
        for block, value in found.values():
            one.say(block, rules.LEFT_AS_IT_IS.at(what="a count of lymph nodes"), value.path)
    elif _COUNTS.search(node[1].text) is None:
        said["N"] = node[0], node[1]._replace(text=f"{node[1].text}({counts})")
    elif f"({counts})" not in node[1].text.replace(" ", ""):
        one.say(found["positive"][0], rules.TWO_VALUES.at(what="N"), found["positive"][1].path)


def _is_same(first: Said, second: Said) -> bool:
    return first.method == second.method and is_same(first.part, first.text, second.text)


def _edition(one: BlockSet) -> str:
    named = {block.edition: block for block in one.blocks if block.edition}
    if len(named) > 1:
        one.say(list(named.values())[1], rules.TWO_VALUES.at(what="the edition"), ("method",))
    return next(iter(named), "")


def _with_method(value: Said) -> str:
    """Return the text of a value; a group gets the c or p that its code says."""
    if value.part != "group" or value.own_method or value.method not in ("c", "p"):
        return value.text
    return f"{value.method}Stage {value.text}" if _PLAIN_GROUP.match(value.text) else value.text


def _origin(
    one: BlockSet, said: dict[str, tuple[Block, Said]], texts: dict[str, str], part: str | None
) -> tuple[Block, Any, str]:
    """Return the element that a finding of the reading is about, and the text that its span counts in."""
    if part == "edition":
        block = next((block for block in one.blocks if block.edition), one.blocks[0])
        return block, ("method",), block.edition
    found = said.get((part or "").partition("_")[0])
    if found is None:
        return one.blocks[0], (), " ".join(texts.values())
    return found[0], found[1].path, texts.get(part or "", "")


def by_date(sets: Iterable[BlockSet]) -> dict[str | None, list[BlockSet]]:
    """Return stagings by their date."""
    found: dict[str | None, list[BlockSet]] = {}
    for one in sets:
        found.setdefault(one.date, []).append(one)
    return found


def refuse_halves(sets: Sequence[BlockSet]) -> None:
    """Make a staging unusable that may be the other half of one with r: of its date, and of other parts."""
    with_r = [one for one in sets if one.has_r]
    for one in sets:
        if not one.has_r and any(
            one.date == other.date and one.parts.isdisjoint(other.parts) for other in with_r
        ):
            one.say(one.blocks[0], rules.SYMBOL_UNPLACED.at(part="r"))


def completes(one: BlockSet, group: BlockSet) -> bool:
    """Return whether Observations that no group names belong to this one: the same act, and no part twice."""
    first, other = one.blocks[0], group.blocks[0]
    is_same_act = first.edition == other.edition and not first.is_whole
    kinds = {one.kind, group.kind} - {""}
    return is_same_act and len(kinds) < 2 and one.parts.isdisjoint(group.parts)

"""What the report of a run says in sentences: what came of it, and what to do first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rstage.report.tally import Tally
    from rstage.reporting.counts import FindingCounts, ValueKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run was, and what it counted as a whole.

    Attributes:
        command: its name. file: what it read, without its folder.
        rows: the rows read; None where they are not counted, as in a message. rejected: those rejected.
        is_table: whether the input is a table.
        more: further counts: `records`, `tumors`, `restaged` and the like.
    """

    command: str
    file: str
    rows: int | None = None
    rejected: int = 0
    is_table: bool = False
    more: Mapping[str, int] = field(default_factory=dict)


def lead(facts: RunFacts, tally: Tally) -> str:
    """Return one sentence that says what came of a run."""
    read = sum(one.read for one in tally.stages.values())
    refused = sum(one.refused for one in tally.stages.values())
    missing = sum(one.missing for one in tally.stages.values())
    more = facts.more
    stages = f"{_count(read, 'stage')} {_were(read)} read, {refused:,} {_were(refused)} refused"
    if facts.command == "restage" and facts.rows is not None:
        others = facts.rows - facts.rejected - more["restaged"] - more["blank"]
        return (
            f"Of {_count(facts.rows, 'row')}, {more['restaged']:,} {_were(more['restaged'])} restaged, "
            f"{others:,} could not be restaged, {more['blank']:,} {_have(more['blank'])} no new assessment "
            f"(missing) and {facts.rejected:,} {_were(facts.rejected)} rejected; {stages}."
        )
    came_to = [
        _count(more[name], name.removesuffix("s"))
        for name in ("records", "tumors", "restagings")
        if name in more
    ]
    if facts.rows is None:
        return f"{_joined(came_to) or 'The text'} {'were found' if came_to else 'was searched'}: {stages}."
    rejected = f"{facts.rejected:,} {_were(facts.rejected)} rejected"
    tail = f"; they come to {_joined(came_to)}" if came_to else ""
    return (
        f"{_count(facts.rows, 'row')} {_were(facts.rows)} read, of which {rejected}: {stages} "
        f"and {missing:,} {_were(missing)} missing{tail}."
    )


def first_step(facts: RunFacts, counts: FindingCounts, values: Mapping[ValueKey, int]) -> str:
    """Return what to do first.

    Args:
        facts: what the run was.
        counts: what was found.
        values: the values that need a person, the most frequent first.
    """
    if counts.codes[rules.INTERNAL_ERROR.code, Severity.ERROR]:
        return f"report the internal errors ({rules.INTERNAL_ERROR.code}): their rows were not worked on."
    if facts.rejected:
        return (
            f"look at the {_some(facts.rejected, 'rejected row')}: too many or too few fields mean that a "
            "delimiter or a quote is wrong, and nothing of such a row was read."
        )
    if values:
        (_, _, codes), count = next(iter(values.items()))
        return (
            f"decide the values below that are not read: the most frequent one stands {_times(count)} in the "
            f"input ({codes.replace(' ', ', ')})."
        )
    for severity, what in ((Severity.ERROR, "error"), (Severity.WARNING, "warning")):
        found = [(-count, code) for (code, level), count in counts.codes.items() if level is severity]
        if found:
            count, code = min(found)
            name = rules.BY_CODE[code].name
            return f"look at the most frequent {what}, {code} ({name}), found {_times(-count)}."
    return "nothing needs to be done."


def needing_a_person(counts: FindingCounts, tally: Tally) -> dict[ValueKey, int]:
    """Return the values of the places of stages that an error refuses, the most frequent first.

    What speaks against a row as a whole, such as its date, leaves no value to decide.
    """
    found = {
        key: count
        for key, count in counts.values.items()
        if key in counts.refused and key[0] in tally.parts and any(map(_is_of_value, key[2].split()))
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _is_of_value(code: str) -> bool:
    """Return whether a code says what is wrong with a value, and not with its row, tumor or record."""
    return code < "RS4" or code == rules.ONE_STAGE_NEEDED.code


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _some(count: int, noun: str) -> str:
    return noun if count == 1 else _count(count, noun)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _joined(texts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))

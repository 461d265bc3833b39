"""What an answer is worth: each aspect of a case is right, wrong, refused or silent."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from rstage.conformance.answers import values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rstage.conformance.cases import Case

    Json = dict[str, Any]


class Verdict(StrEnum):
    """What one aspect of an answer is.

    `REFUSED`: nothing was read where something is expected, which is better than wrong. `SILENT`: the program
    did not answer, or says nothing of this.
    """

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"
    SILENT = "silent"


ASPECTS = {
    "read": ("canonical", "values", "recurrence", "structure", "codes"),
    "restage": ("restaged", "recurrence", "codes"),
    "link": ("json", "digests", "cell"),
    "find": ("spans", "canonical", "context"),
}
"""What is compared in each task."""

_DIGESTS = ("diagnosis", "assessment", "restaging")
_Judged = dict[str, Verdict]


class Line(NamedTuple):
    """The score of one aspect of one task."""

    task: str
    aspect: str
    counts: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        """How many cases there are."""
        return sum(self.counts.values())

    @property
    def score(self) -> float:
        """The part of them that is right."""
        return self.counts.get(Verdict.RIGHT, 0) / self.total if self.total else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON-ready values."""
        counts = {str(one): self.counts.get(one, 0) for one in Verdict}
        return {"task": self.task, "aspect": self.aspect, "cases": self.total, **counts, "score": self.score}


class Score:
    """Counts the verdicts of the cases of a suite.

    Attributes:
        lost, invented: the cases in which the answer has fewer stages with r than were written, and more.
        failed: the cases that are not right in every aspect of which the program says something.
    """

    def __init__(self) -> None:
        self.lost = self.invented = 0
        self.failed: list[tuple[Case, Json | None]] = []
        self._counts: dict[tuple[str, str], Counter[Verdict]] = {}

    def add(self, case: Case, answer: Json | None) -> None:
        """Count one case with its answer; None is none."""
        judged = judge(case, answer)
        for aspect in ASPECTS[case.task]:
            self._counts.setdefault((case.task, aspect), Counter())[judged[aspect]] += 1
        if set(judged.values()) - {Verdict.RIGHT, Verdict.SILENT} or set(judged.values()) == {Verdict.SILENT}:
            self.failed.append((case, answer))
        if case.task == "read" and judged["recurrence"] is Verdict.WRONG and answer is not None:
            wanted, given = _r_count(case.expect), _r_count(answer)
            self.lost += wanted > given
            self.invented += wanted < given

    def lines(self) -> Iterator[Line]:
        """Yield the score of each aspect of each task."""
        for (task, aspect), counts in self._counts.items():
            yield Line(task, aspect, counts)

    @property
    def is_perfect(self) -> bool:
        """Whether every aspect of every case is right."""
        return all(line.score == 1 for line in self.lines())


def judge(case: Case, answer: Json | None) -> _Judged:
    """Return the verdict on each aspect of an answer; one of another shape than asked for is wrong."""
    if answer is None or answer.get("unsupported"):
        return dict.fromkeys(ASPECTS[case.task], Verdict.SILENT)
    try:
        return _JUDGES[case.task](case.expect, answer)
    except (TypeError, AttributeError, KeyError, ValueError):
        return dict.fromkeys(ASPECTS[case.task], Verdict.WRONG)


def _read(expect: Json, answer: Json) -> _Judged:
    takers: dict[str, Callable[[Json], object]] = {
        "canonical": lambda stage: stage.get("canonical"),
        "values": _values,
        "recurrence": _recurrence,
        "structure": lambda stage: stage.get("structure"),
    }
    found = {
        name: _compared(*([take(one) for one in data["stages"]] for data in (expect, answer)))
        for name, take in takers.items()
    }
    return found | {"codes": _codes(expect, answer)}


def _compared(wanted: list[Any], given: list[Any]) -> Verdict:
    """Return the verdict on a list with something for each stage; None is what the program does not say."""
    if None in given:
        return Verdict.SILENT
    if wanted == given:
        return Verdict.RIGHT
    return Verdict.WRONG if given else Verdict.REFUSED


def _values(stage: Json) -> list[str] | None:
    if "values" in stage or "structure" not in stage:
        found: list[str] | None = stage.get("values")
        return found
    return values_of(stage["structure"])


def _recurrence(stage: Json) -> bool | None:
    if "recurrence" in stage or "structure" not in stage:
        found: bool | None = stage.get("recurrence")
        return found
    parts = (stage["structure"].get(name) or {} for name in ("t", "n", "m", "group"))
    return any("r" in one.get("timing", ()) for one in parts)


def _r_count(data: Json) -> int:
    """Return how many stages have an r; none where the answer has another shape."""
    stages = data.get("stages")
    if not isinstance(stages, list):
        return 0
    return sum(_recurrence(one) is True for one in stages if isinstance(one, dict))


def _codes(expect: Json, answer: Json) -> Verdict:
    if "codes" not in answer:
        return Verdict.SILENT
    return Verdict.RIGHT if set(answer["codes"]) == set(expect["codes"]) else Verdict.WRONG


def _restage(expect: Json, answer: Json) -> _Judged:
    def of(name: str, given: object, *, is_refused: bool) -> Verdict:
        if name not in answer:
            return Verdict.SILENT
        if given == expect[name]:
            return Verdict.RIGHT
        return Verdict.REFUSED if is_refused else Verdict.WRONG

    is_refused = answer.get("restaged", "") is None
    return {
        "restaged": of("restaged", answer.get("restaged"), is_refused=is_refused),
        "recurrence": of("recurrence", answer.get("recurrence"), is_refused=is_refused),
        "codes": _codes(expect, answer),
    }


def _link(expect: Json, answer: Json) -> _Judged:
    names = {"json": [f"{one}_json" for one in _DIGESTS], "digests": _DIGESTS, "cell": ("cell",)}
    return {aspect: _same(expect, answer, parts) for aspect, parts in names.items()}


def _same(expect: Json, answer: Json, names: Iterable[str]) -> Verdict:
    wanted = {name: expect[name] for name in names}
    if not wanted.keys() <= answer.keys():
        return Verdict.SILENT
    return Verdict.RIGHT if wanted == {name: answer[name] for name in wanted} else Verdict.WRONG


def _find(expect: Json, answer: Json) -> _Judged:
    names = {"spans": ("span",), "canonical": ("span", "canonical"), "context": ("span", "context")}
    return {
        aspect: _mentions(expect["mentions"], answer["mentions"], parts) for aspect, parts in names.items()
    }


def _mentions(wanted: list[Json], given: list[Json], names: tuple[str, ...]) -> Verdict:
    if any(name not in one for one in given for name in names):
        return Verdict.SILENT
    first, second = ([[one[name] for name in names] for one in data] for data in (wanted, given))
    if first == second:
        return Verdict.RIGHT
    return Verdict.WRONG if given else Verdict.REFUSED


_JUDGES = {"read": _read, "restage": _restage, "link": _link, "find": _find}

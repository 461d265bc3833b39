"""Answers the cases with rstage: a line of JSON on standard input, a line of JSON on standard output.

python -m rstage.conformance.answers < questions.jsonl
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import rstage
from rstage.diagnostics import NotationError, RestagingError
from rstage.reading.options import READ_KEYWORDS
from rstage.restaging.recurrence import type_names
from rstage.restaging.restage import StagePair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rstage.diagnostics import Diagnostic
    from rstage.model.stage import Stage

    Json = dict[str, Any]

_CIRCUMSTANCES = ("date", "id", "site", "tumor_id")


def answer(ask: Json) -> Json:
    """Return the answer to one question, with its id."""
    solve = _TASKS.get(ask["task"])
    return {"id": ask["id"], **(solve(ask) if solve is not None else {"unsupported": True})}


def stage_json(stage: Stage) -> Json:
    """Return a stage as the suite writes it: its text, whether it has an r, its values, its structure."""
    structure = stage.to_dict()
    return {
        "canonical": str(stage),
        "recurrence": stage.is_recurrence,
        "values": values_of(structure),
        "structure": structure,
    }


def values_of(structure: Json) -> list[str]:
    """Return the values of T, N and M without prefix and suffixes: `T2a`, `N1-2`, `M0`."""
    found = []
    for name in ("t", "n", "m"):
        one = structure.get(name)
        if one is not None:
            upper = f"-{one['upper']}" if "upper" in one else ""
            found.append(f"{one['letter']}{one['value']}{one.get('subcategory', '')}{upper}")
    return found


def codes_of(found: Iterable[Diagnostic]) -> list[str]:
    """Return the codes of what was found, each once, in order."""
    return sorted({one.code for one in found})


def _read(ask: Json) -> Json:
    options = {name: value for name, value in ask.items() if name in READ_KEYWORDS}
    reading = rstage.read(ask["text"], **options)
    return {"stages": [stage_json(one) for one in reading.stages], "codes": codes_of(reading.diagnostics)}


def _staging(given: Json) -> rstage.Staging:
    return rstage.Staging.parse(given["text"], **{name: given[name] for name in _CIRCUMSTANCES})


def _restage(ask: Json) -> Json:
    given = {"event": ask["event"], "recurrence": ask["recurrence"]}
    try:
        diagnosis, assessment = _staging(ask["diagnosis"]), _staging(ask["assessment"])
        made = rstage.restage(diagnosis, assessment, **given)
    except (NotationError, RestagingError) as error:
        return {"restaged": None, "recurrence": [], "codes": codes_of(error.diagnostics)}
    return {
        "restaged": str(made),
        "recurrence": list(type_names(made.recurrence)),
        "codes": codes_of(made.diagnostics),
    }


def _link(ask: Json) -> Json:
    key = rstage.LinkKey(bytes.fromhex(ask["key"])) if ask["key"] is not None else None
    diagnosis, assessment = _staging(ask["diagnosis"]), _staging(ask["assessment"])
    stated = ask["recurrence"] if ask["recurrence_basis"] == "stated" else None
    pair = StagePair(
        diagnosis, assessment, event=ask["event"], recurrence=stated, previous=ask["previous"], key=key
    )
    if pair.template is None:
        return {"unsupported": True}
    both = diagnosis.circumstances, assessment.circumstances
    link = pair.template.link(*both)
    return {
        "diagnosis_json": pair.template.diagnosis_json(both[0]),
        "assessment_json": pair.template.assessment_json(both[1]),
        "restaging_json": pair.template.restaging_json(*both),
        "diagnosis": link.diagnosis,
        "assessment": link.assessment,
        "restaging": link.restaging,
        "cell": str(link),
    }


def _find(ask: Json) -> Json:
    return {
        "mentions": [
            {
                "span": list(one.span),
                "canonical": None if one.stage is None else str(one.stage),
                "context": one.context,
            }
            for one in rstage.find(ask["text"])
        ]
    }


_TASKS: dict[str, Callable[[Json], Json]] = {
    "read": _read,
    "restage": _restage,
    "link": _link,
    "find": _find,
}


def main() -> None:
    """Answer every line of standard input."""
    # The suite is UTF-8 whatever the terminal is, and what is written has to go out before the next question.
    for line in sys.stdin.buffer:
        data = json.dumps(answer(json.loads(line)), ensure_ascii=False)
        sys.stdout.buffer.write(data.encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

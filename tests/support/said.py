"""Everything that is said of the texts of the tables: `python -m tests.support.said` writes it anew.

The tables of the tests say what a text means, and name some of what is found in it. Here stands what a user
sees of each: every finding with its place, its sentence and its suggestions; a stage in each style, in words
and in the columns of a dialect; a restaging in a sentence. So a change of any of that shows as a change of a
line, to be held against the notation before it is kept.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, get_args

import rstage
from rstage.model.stage import Style
from rstage.reference.choices import DIALECTS
from rstage.restaging.staging import check_against_site
from tests.support.case_tables import options, rows
from tests.support.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.diagnostics import Diagnostic

    Json = dict[str, Any]

_WRITTEN = tuple(name for name in DIALECTS if name != "ncras")
_STYLES = tuple(style for style in get_args(Style) if style != "canonical")
# Tables of texts, with the other modes that their texts are read in too.
_TABLES = {
    "accepted": ("strict",),
    "rejected": ("repair",),
    "repaired": ("standard",),
    "section_h": ("strict", "repair"),
    "section_i": ("strict", "repair"),
    "section_j": ("repair",),
    "systems": (),
    "findings": (),
    "suggestions": (),
}


def _said(found: Iterable[Diagnostic]) -> list[str]:
    """Return findings as lines."""
    lines = []
    for one in found:
        place = f"{one.part or ''}{list(one.span)}"
        suggested = "".join(f" | {text}" for text in one.suggestions)
        lines.append(f"{one.code} {one.severity} {place} {one.message}{suggested}")
    return lines


def _of_text(ask: Json) -> Json:
    reading = rstage.read(ask["text"], **ask["options"])
    return {"stages": list(map(str, reading.stages)), "found": _said(reading.diagnostics)}


def _of_stage(ask: Json) -> Json:
    stage = rstage.parse(ask["stage"])
    encoded = stage.encode(ask["dialect"], lossy=True)
    return {
        "styles": [_formatted(stage, style) for style in _STYLES],
        "words": [": ".join(part) for part in stage.words()],
        "columns": encoded.values,
        "left_out": _said(encoded.left_out),
        "fields": stage.to_dict(),
    }


def _formatted(stage: rstage.Stage, style: Any) -> str | None:
    try:
        return stage.format(style)
    except ValueError:
        return None


def _staging(text: str, given: Json) -> rstage.Staging:
    return rstage.Staging.parse(text, **given)


def _of_restaging(ask: Json) -> Json:
    diagnosis, assessment = (_staging(**ask[side]) for side in ("diagnosis", "assessment"))
    found = rstage.check_restaging(diagnosis, assessment, **ask["act"])
    said: Json = {"found": _said(found)}
    try:
        made = rstage.restage(diagnosis, assessment, **ask["act"])
    except rstage.RestagingError as error:
        return said | {"refused": [one.code for one in error.diagnostics]}
    return said | {
        "restaged": str(made),
        "recurrence": sorted(made.recurrence),
        "basis": made.recurrence_basis,
        "sentence": made.describe(),
        "item_1880": rstage.recurrence_to_naaccr(made),
        "of_restaged": _said(one for one in made.diagnostics if one not in found),
        "of_site": _said(check_against_site(assessment.stage, assessment.site, assessment.date)),
    }


def _texts() -> Iterator[Json]:
    for name, modes in _TABLES.items():
        for row in rows(f"{name}.tsv"):
            given = options(row.get("options", ""))
            if name == "repaired":
                given["mode"] = "repair"
            for mode in (None, *modes):
                yield {"text": row["text"], "options": given | ({"mode": mode} if mode else {})}
    for row in rows("dialects.tsv"):
        field = {"field": row["field"]} if row["field"] else {}
        yield {"text": row["text"], "options": {"dialect": row["dialect"], **field}}


def _stages() -> Iterator[Json]:
    texts = [row["canonical"] for row in rows("accepted.tsv")] + [
        row["canonical"] for name in ("section_h", "section_i", "systems") for row in rows(f"{name}.tsv")
    ]
    found = dict.fromkeys(text for text in chain.from_iterable(one.split(" | ") for one in texts) if text)
    readable = [text for text in found if str(rstage.read(text).stage) == text and _is_one(text)]
    for number, text in enumerate(readable):
        yield {"stage": text, "dialect": _WRITTEN[number % len(_WRITTEN)]}


def _is_one(text: str) -> bool:
    try:
        rstage.parse(text)
    except rstage.NotationError:
        return False
    return True


def _restagings() -> Iterator[Json]:
    for row in rows("restaged.tsv"):
        given = options(row["options"])
        names = ("tumor_id", "date", "site")
        act: Json = {"event": given["event"]} if "event" in given else {}
        if "recurrence" in given:
            act["recurrence"] = given["recurrence"]
        of_diagnosis = {name: given[name] for name in names if name in given}
        of_assessment = {name: given[f"assessment_{name}"] for name in names if f"assessment_{name}" in given}
        for more in ({}, {"event": "recurrence"}):
            yield {
                "diagnosis": {"text": row["diagnosis"], "given": of_diagnosis},
                "assessment": {"text": row["assessment"], "given": of_assessment},
                "act": act | more,
            }


KINDS: dict[str, tuple[Callable[[], Iterator[Json]], Callable[[Json], Json]]] = {
    "said_of_texts.jsonl": (_texts, _of_text),
    "said_of_stages.jsonl": (_stages, _of_stage),
    "said_of_restagings.jsonl": (_restagings, _of_restaging),
}


def asked(kind: str) -> list[Json]:
    """Return what is asked of a kind, each once."""
    made = {json.dumps(ask, sort_keys=True): ask for ask in KINDS[kind][0]()}
    return list(made.values())


def kept(kind: str) -> list[Json]:
    """Return the lines of a file: what is asked, and what was said."""
    text = (DATA / kind).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def main() -> None:
    """Write the files."""
    for kind, (_, answer) in KINDS.items():
        lines = [json.dumps({"ask": ask, "said": answer(ask)}) for ask in asked(kind)]
        (DATA / kind).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

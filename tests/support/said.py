"""Everything that is said of the texts of the tables: `python -m tests.support.said` writes it anew.

The tables of the tests say what a text means, and name some of what is found in it. Here stands what a user
sees of each: every finding with its place, its sentence and its suggestions; a stage in each style, in words
and in the columns of a dialect; a restaging in a sentence. So a change of any of that shows as a change of a
line, to be held against the notation before it is kept.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import rstage
from rstage.model.stage import Style
from rstage.restaging.course import StatedEvent
from rstage.restaging.linking import Member, Role, linked
from rstage.restaging.recurrence import types_text
from rstage.restaging.staging import check_against_site
from tests.support.paths import DATA, EXAMPLES
from tests.support.said_asks import histories, parts, restagings, sites, stages, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.diagnostics import Diagnostic

    Json = dict[str, Any]

_STYLES = get_args(Style)


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
    said: Json = {"stages": list(map(str, reading.stages)), "found": _said(reading.diagnostics)}
    proposed = rstage.proposals_of(ask["text"], **ask["options"])
    return said | {"proposals": proposed} if proposed else said


def _of_site(ask: Json) -> Json:
    tables = _site_tables()
    reading = rstage.read(ask["text"], site_table=tables[0], site=ask["site"])
    said: Json = {"stages": list(map(str, reading.stages)), "found": _said(reading.diagnostics)}
    if reading.stage is not None:
        group = tables[1].group_of(reading.stage, ask["site"])
        said["group"] = None if group is None else str(group)
        said["of_groups"] = _said(tables[1].check(reading.stage, ask["site"]))
    return said


@cache
def _site_tables() -> tuple[rstage.SiteTable, rstage.GroupTable]:
    return (
        rstage.load_site_table(EXAMPLES / "site_table_invented.tsv"),
        rstage.load_group_table(EXAMPLES / "group_table_invented.tsv"),
    )


def _of_parts(ask: Json) -> Json:
    reading = rstage.read_parts(**ask["parts"], **ask["options"])
    return {
        "text": reading.text,
        "stages": list(map(str, reading.stages)),
        "found": _said(reading.diagnostics),
    }


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


def _of_history(ask: Json) -> Json:
    members = [
        Member(_staging(one[0], {"date": one[1]}), event=one[2], kind=one[3], role=Role(one[4]))
        for one in ask["members"]
    ]
    events = [StatedEvent(*one) for one in ask["events"]]
    made = linked(members, events=events, **ask["options"])
    said: Json = {"found": list(map(_said, made.found)), "left": sorted(made.left)}
    if made.history is not None:
        said |= {
            "initial": [f"{one} {one.date}" for one in made.history.initial],
            "diagnosis": f"{made.history.diagnosis} {made.history.diagnosis.date}",
            "basis": made.history.diagnosis_basis,
            "restagings": [
                f"{one} {one.assessment.date} {one.event} {types_text(one.recurrence)} {one.recurrence_basis}"
                for one in made.history.restagings
            ],
        }
    return said


KINDS: dict[str, tuple[Callable[[], Iterator[Json]], Callable[[Json], Json]]] = {
    "said_of_texts.jsonl": (texts, _of_text),
    "said_of_parts.jsonl": (parts, _of_parts),
    "said_of_sites.jsonl": (sites, _of_site),
    "said_of_stages.jsonl": (stages, _of_stage),
    "said_of_histories.jsonl": (histories, _of_history),
    "said_of_restagings.jsonl": (restagings, _of_restaging),
}


def asked(kind: str) -> list[Json]:
    """Return what is asked of a kind, each once."""
    made = {json.dumps(ask, sort_keys=True): ask for ask in KINDS[kind][0]()}
    return list(made.values())


def kept(kind: str) -> list[Json]:
    """Return the lines of a file: what is asked, and what was said."""
    text = (DATA / kind).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def _line(case: Json) -> str:
    return json.dumps(case, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Write the files."""
    for kind, (_, answer) in KINDS.items():
        lines = [
            json.dumps({"ask": ask, "said": answer(ask)}, ensure_ascii=False, separators=(",", ":"))
            for ask in asked(kind)
        ]
        (DATA / kind).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

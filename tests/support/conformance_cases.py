"""Makes the conformance suite from the tables of the tests: `python -m tests.support.conformance_cases`.

What a table says of a text (its canonical text, its spans) is held against rstage, so that a case is never
only what rstage happens to say; structure, codes and digests are rstage's.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import rstage
from rstage.conformance.answers import answer
from rstage.conformance.cases import TASKS
from tests.support.case_tables import options, rows
from tests.support.find_cases import sentences, sentences_without
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Json = dict[str, Any]

FOLDER = ROOT / "conformance"
KEYS = (None, b"a key of the suite, and no secret".hex(), bytes(range(64)).hex(), bytes(range(200)).hex())
"""The keys of links: none, one of the usual length, one as long as a block of SHA-256, a longer one."""

_READ = ("accepted", "rejected", "repaired", "section_h", "section_i", "section_j", "systems")
_AFTER_DIGEST = "0123456789abcdef" * 4
_MOST_OF_TABLE = 40
# What JSON escapes, what it need not, what is beyond 16 bits, and what only looks like an escape.
_IDS = ('Nr. 2 «β» "x" \\ / \t\n\r\b\f\x00\x1f\x7f', "\u2028 \ufeff é e\u0301 \U0001d517 \\u0041", "T1")
_UNUSUAL = "\u00a0\uff43T0\tcN0  M1(HEP)"


def cases() -> dict[str, list[Json]]:
    """Return the cases of every task, each one once."""
    made = {"read": _reading(), "restage": _restaging(), "link": _links(), "find": _text()}
    return {task: _named(task, list(asked)) for task, asked in made.items()}


def _named(task: str, asked: list[Json]) -> list[Json]:
    """Return cases with their id, which follows from what is asked, and what is expected."""
    found: dict[str, Json] = {}
    for ask in asked:
        of_table = ask.pop("of_table", None)
        digest = hashlib.sha256(json.dumps(ask, sort_keys=True).encode()).hexdigest()
        question = {"id": f"{task}-{digest[:10]}", "task": task, **ask}
        expect = answer(question)
        del expect["id"]
        if of_table is not None and not _agrees(task, expect, of_table):
            raise ValueError(f"a table says something else of {ask}: {of_table}")
        found.setdefault(question["id"], question | {"expect": expect})
    return list(found.values())


def _agrees(task: str, expect: Json, of_table: Any) -> bool:
    """Return whether rstage says what a table says; where that begins with ? a text may be refused."""
    if task == "find":
        return bool(expect["mentions"] == of_table)
    if task == "restage":
        return bool((expect["restaged"] or "") == of_table)
    said = " | ".join(one["canonical"] for one in expect["stages"])
    return bool(said == of_table.removeprefix("?") or (of_table.startswith("?") and not said))


def _is_text(text: str) -> bool:
    """Return whether a text can stand in a file of UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_case(text: str, given: Json) -> Json:
    usual: Json = {"text": text, "mode": "standard", "field": None, "dialect": None, "system": None}
    return usual | given


def _reading() -> Iterator[Json]:
    for name in _READ:
        for row in rows(f"{name}.tsv"):
            given = options(row.get("options", ""))
            if name == "repaired":
                given["mode"] = "repair"
            if _is_text(row["text"]):
                yield _read_case(row["text"], given) | {"of_table": row.get("canonical", "")}
    for row in rows("dialects.tsv"):
        given = {"field": row["field"] or None, "dialect": row["dialect"]}
        yield _read_case(row["text"], given) | {"of_table": row["canonical"]}


def _staging(text: str, given: Json, prefix: str = "") -> Json:
    fields = {name: given.get(prefix + name) for name in ("date", "site", "tumor_id")}
    return {"text": text, **fields, "id": None}


def _restaging() -> Iterator[Json]:
    for row in rows("restaged.tsv"):
        given = options(row["options"])
        stated = given.get("recurrence")
        yield {
            "diagnosis": _staging(row["diagnosis"], given),
            "assessment": _staging(row["assessment"], given, "assessment_"),
            "event": given.get("event", "unknown"),
            "recurrence": stated.split("+") if stated is not None else None,
            "of_table": row["restaged"],
        }


def _links() -> Iterator[Json]:
    linked = [row for row in rows("restaged.tsv") if row["restaged"]]
    step = max(len(linked) // _MOST_OF_TABLE, 1)
    for number, row in enumerate(linked[::step]):
        given = options(row["options"])
        for key in (None, KEYS[1 + number % (len(KEYS) - 1)]):
            yield _link(row, given, key=key)
    for number, name in enumerate(_IDS):
        for key in KEYS:
            more = {"id": name, "tumor_id": name, "site": "C18.7", "date": ("2019", "2019-03", None)[number]}
            row = {"diagnosis": "cT2N0M0", "assessment": _UNUSUAL, "recurrence": "distant"}
            made = _link(row, {}, key=key, previous=_AFTER_DIGEST if number else None)
            made["diagnosis"] |= more
            made["assessment"] |= more | {"date": "2023-05-04"}
            yield made


def _link(row: dict[str, str], given: Json, *, key: str | None, previous: str | None = None) -> Json:
    recurrence = row["recurrence"].split("+") if row["recurrence"] else []
    stages = [rstage.Staging.parse(row[side]).stage for side in ("diagnosis", "assessment")]
    return {
        "key": key,
        "diagnosis": _staging(row["diagnosis"], given) | {"stage": str(stages[0])},
        "assessment": _staging(row["assessment"], given, "assessment_") | {"stage": str(stages[1])},
        "restaged": str(stages[1].restaged()),
        "event": given.get("event", "unknown"),
        "recurrence": recurrence,
        "recurrence_basis": "stated" if "recurrence" in given else "derived",
        "previous": previous,
    }


def _text() -> Iterator[Json]:
    for one in sentences():
        found = [
            {"span": list(span), "canonical": canonical or None, "context": context}
            for span, canonical, context in one.stagings
        ]
        yield {"text": one.text, "of_table": found}
    for text in sentences_without():
        yield {"text": text, "of_table": []}


def lines(made: Iterable[Json]) -> str:
    """Return cases as the text of a file."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in made)


if __name__ == "__main__":
    for task, made in cases().items():
        (FOLDER / TASKS[task]).write_text(lines(made), encoding="utf-8", newline="\n")

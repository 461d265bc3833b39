"""Everything that is said of the texts of the tables: `python -m tests.support.said` writes it anew.

The tables of the tests say what a text means, and name some of what is found in it. Here stands what a user
sees of each: every finding with its place, its sentence and its suggestions; a stage in each style, in words
and in the columns of a dialect; a restaging in a sentence. So a change of any of that shows as a change of a
line, to be held against the notation before it is kept.
"""

from __future__ import annotations

import json
from itertools import chain, product
from typing import TYPE_CHECKING, Any, get_args

import rstage
from rstage import Category
from rstage.dialects import NO_DIALECT, dialect_of, further_parts
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.model.group import GROUP_VALUES
from rstage.model.stage import Style
from rstage.reference.choices import DIALECTS
from rstage.restaging.staging import check_against_site
from tests.support.case_tables import options, rows
from tests.support.paths import DATA
from tests.support.stages import suffixes, values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rstage.diagnostics import Diagnostic

    Json = dict[str, Any]

_WRITTEN = tuple(name for name in DIALECTS if name != "ncras")
_STYLES = get_args(Style)
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
# Records of parts, and what may stand in the further parts and the edition of one.
_RECORDS: tuple[dict[str, str], ...] = (
    {"T": "pT2", "N": "pN1", "M": "cM0", "group": "Stage IIA"},
    {"T": "2", "N": "1", "M": "0"},
    {"T": "ypT1(m)", "M": "yM1"},
    {"N": " pN0(sn) "},
    {"group": "II"},
    {},
)
_FULL: tuple[dict[str, str], ...] = (
    {"T": "rT2", "N": "N1", "group": "rIIA", "L": "L1", "R": "R1(liver)", "G": "G2"},
    {"T": "T2", "N": "NO", "M": "M0", "L": "5", "Pn": "1"},
    {"T": "T2 (AJCC 7)", "N": "N1 (AJCC 8)", "M": "M0 (AJCC 7)"},
    {"T": "T2", "N": "cN1", "M": "cM0", "S": "S1", "V": "x"},
    {"T": "T1N0", "N": "N0", "M": ""},
    {"T": "yT2", "N": "rN1", "M": "yM0", "group": "FIGO II", "edition": "FIGO 2018"},
)
_MARKS = (
    *("r", "y", "a", "m", "R", "Y", "A", "J", "N", "1", "2", "3", "4", "5", "6", "9", "0", "2,is", "12"),
    *(
        "c",
        "p",
        "u",
        "yc",
        "yp",
        "C",
        "P",
        "U",
        "YC",
        "YP",
        "clinical",
        "Pathologic",
        "ultrasound",
        "autopsy",
    ),
    *(
        "(m)",
        "(s)",
        "(sn)",
        "(f)",
        "sn",
        "f",
        "E",
        "S",
        "ES",
        "unknown",
        "clinical recurrence",
        "post-therapy",
    ),
)
_EDITIONS = ("8", "07", "8th", "AJCC 7", "FIGO 2018", "88", "010", " ", "no edition")
_OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"mode": "strict"},
    {"mode": "repair"},
    {"carry_method": True},
    {"assume_clinical": True},
    {"carry_method": True, "assume_clinical": True},
    {"system": "FIGO"},
    {"system": "TNM"},
)


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


def _texts() -> Iterator[Json]:
    for name, modes in _TABLES.items():
        for row in rows(f"{name}.tsv"):
            given = options(row.get("options", ""))
            if name == "repaired":
                given["mode"] = "repair"
            for mode in (None, *modes):
                yield {"text": row["text"], "options": given | ({"mode": mode} if mode else {})}
    for text in _put_together():
        yield {"text": text, "options": {}}
    for row in rows("dialects.tsv"):
        field = {"field": row["field"]} if row["field"] else {}
        yield {"text": row["text"], "options": {"dialect": row["dialect"], **field}}


def _alphabet_of(kind: str) -> list[str]:
    return [row["text"] for row in rows("alphabet.tsv") if row["kind"] == kind]


def _put_together() -> Iterator[str]:
    """Yield every prefix, suffix, descriptor and word of a group on what it can stand on, and on what not."""
    letters = ("", *"ryacpum")
    prefixes = dict.fromkeys("".join(pair) for pair in product(letters, letters, ("", "c", "p", "m")))
    yield from (prefix + body for prefix in prefixes for body in ("T2", "N1", "M0"))
    of = _alphabet_of
    bodies = ("T", "T0", "T1", "Tis", "T2a", "T1-2", "N0", "N1", "N1-2", "M0", "M1", "M1b", "MX")
    yield from (body + suffix for body in bodies for suffix in of("suffix"))
    yield from map("".join, product(("T1", "N1", "M1"), of("first"), of("second")))
    yield from map("{}({},{})".format, *zip(*product(("T1", "N1"), of("left"), of("right")), strict=True))
    for name in DESCRIPTOR_ORDER:
        for value in ("", "X", "x", "O", "0", "1", "2", "3", "4", "5", "B", "1-2", "2-1", "0a", "2b", "(is)"):
            yield from (f"T2 {name}{value}", f"p{name}{value}")
    yield from (f"T2 R1{bracket}" for bracket in of("place"))
    yield from map("".join, product(of("word"), of("group"), of("mark")))
    for between in of("between"):
        yield f"T2{between}cN0{between}M0"
        yield f"T2{between}G2{between}Stage II{between}(AJCC 8)"


def _stages() -> Iterator[Json]:
    texts = [row["canonical"] for row in rows("accepted.tsv")] + [
        row["canonical"] for name in ("section_h", "section_i", "systems") for row in rows(f"{name}.tsv")
    ]
    found = dict.fromkeys(text for text in chain.from_iterable(one.split(" | ") for one in texts) if text)
    readable = [text for text in found if str(rstage.read(text).stage) == text and _is_one(text)]
    for number, text in enumerate(readable):
        yield {"stage": text, "dialect": _WRITTEN[number % len(_WRITTEN)]}
    # One category or group alone, in every dialect: each value, each suffix, each prefix.
    for text in dict.fromkeys(_alone()):
        if str(rstage.read(text).stage) == text and _is_one(text):
            for dialect in _WRITTEN:
                yield {"stage": text, "dialect": dialect}


def _alone() -> Iterator[str]:
    for letter in "TNM":
        yield from (str(Category(letter=letter, **body)) for body in values(letter))
    for letter, value in (("T", "1"), ("T", "is"), ("N", "0"), ("N", "1"), ("M", "0"), ("M", "1")):
        body: Json = {"value": value, "subcategory": "b" if letter == "M" and value == "1" else ""}
        yield from (str(Category(letter=letter, **body, suffixes=one)) for one in suffixes(letter, body, 1))
    for timing, method in product(("", "r", "y", "a", "ry"), ("", "c", "p", "u")):
        yield from (f"{timing}{method}{body}" for body in ("T2", "N1", "M1", "T1 N0", "T1 M0", "Stage IIA"))
        yield f"{timing}{method}T2 N1 M0 {timing}{method.replace('u', '')}Stage IIA"
        yield f"{timing}T2 {timing}N0 {timing.replace('y', '')}{method}M1 Stage IV (AJCC 7)"
    for value in chain.from_iterable(GROUP_VALUES.values()):
        yield from (f"Stage {value}", f"T1 FIGO {value}")
    for value, mark in product(("I", "IA", "IIIC", "IIIC1"), ("r", "p", "mPOLEmut", "mp53abn")):
        yield from (f"FIGO {value}{mark}", f"T1 FIGO {value}{mark} (FIGO 2018)")
    yield from (f"T1 {one}" for one in _alphabet_of("other_group"))
    yield from (f"T1 ({owner} {number})" for owner in ("AJCC", "edition") for number in (*range(5, 12), 2018))


def _parts() -> Iterator[Json]:
    """Ask every further part of a dialect, with what it may stand on and without; and what every part has."""
    for dialect in (None, *DIALECTS):
        given = {"dialect": dialect} if dialect else {}
        for part in further_parts(dialect):
            known = [mark for mark in _MARKS if dialect_of(dialect or NO_DIALECT).rule_of(mark, part)]
            for mark in (*known, "no mark"):
                for record in _RECORDS:
                    yield {"parts": record | {part: mark}, "options": given}
        for record in _RECORDS:
            for edition in _EDITIONS:
                yield {"parts": record | {"edition": edition}, "options": given}
    for record in (*_RECORDS, *_FULL):
        for more in _OPTIONS:
            yield {"parts": record, "options": more}


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
    "said_of_parts.jsonl": (_parts, _of_parts),
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

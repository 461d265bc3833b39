"""What is asked so that everything that is said of it can be kept: see `said`."""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING, Any

import rstage
from rstage import Category
from rstage.dialects import NO_DIALECT, dialect_of, further_parts
from rstage.model.descriptor import DESCRIPTOR_ORDER
from rstage.model.group import GROUP_VALUES
from rstage.reference.choices import DIALECTS
from tests.support.case_tables import options, rows
from tests.support.stages import suffixes, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]

_WRITTEN = tuple(name for name in DIALECTS if name != "ncras")
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


def texts() -> Iterator[Json]:
    for name, modes in _TABLES.items():
        for row in rows(f"{name}.tsv"):
            given = options(row.get("options", ""))
            if name == "repaired":
                given["mode"] = "repair"
            for mode in (None, *modes):
                yield {"text": row["text"], "options": given | ({"mode": mode} if mode else {})}
    for text in _put_together():
        yield {"text": text, "options": {}}
    for text in _to_repair():
        yield {"text": text, "options": {"mode": "repair"}}
    for row in rows("dialects.tsv"):
        field = {"field": row["field"]} if row["field"] else {}
        # A code of a registry, and the same where nobody says that it is one.
        for given in ({"dialect": row["dialect"], **field}, field, {}):
            yield {"text": row["text"], "options": given}


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
    yield from map("".join, product(("", "T1 "), of("word"), of("group"), of("mark")))
    yield from (f"{before}{named}" for before in ("", "T1 ", "Stage ", "T1 R2, ") for named in of("named"))
    for owned in of("owned"):
        yield from (f"T1 {owned}", f"Stage IIA {owned}", f"IIIC {owned}", f"{owned} T1 N0", owned)
    for between in of("between"):
        yield f"T2{between}cN0{between}M0"
        yield f"T2{between}xyz{between}N0{between}abc"
        yield f"T2{between}G2{between}Stage II{between}(AJCC 8)"


def _to_repair() -> Iterator[str]:
    """Yield brackets behind everything, and texts in capitals, in small letters, and with the letter O."""
    bodies = ("T2", "N0", "pN1", "M1b", "R1", "T2 R0 ", "Stage II ", "G2")
    yield from map(
        "{}({}){}".format, *zip(*product(bodies, *map(_alphabet_of, ("remark", "follow"))), strict=True)
    )
    for row in rows("accepted.tsv")[::4]:
        yield from (row["text"].upper(), row["text"].lower(), row["text"].replace("0", "O"))


def stages() -> Iterator[Json]:
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


def parts() -> Iterator[Json]:
    """Ask every further part of a dialect, with what it may stand on and without; and what every part has."""
    for dialect in (None, *DIALECTS):
        given = {"dialect": dialect} if dialect else {}
        for part in further_parts(dialect):
            known = [
                mark for mark in _alphabet_of("part") if dialect_of(dialect or NO_DIALECT).rule_of(mark, part)
            ]
            for mark in (*known, "no mark"):
                for record in _RECORDS:
                    yield {"parts": record | {part: mark}, "options": given}
        for record in _RECORDS:
            for edition in _alphabet_of("edition"):
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


def restagings() -> Iterator[Json]:
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
    yield from _courses()


def _courses() -> Iterator[Json]:
    """Yield what T, N and M can show beside each other, and each kind of diagnosis before each assessment."""
    for parts in product(*map(_alphabet_of, "TNM")):
        if text := " ".join(filter(None, parts)):
            yield _pair("cT2 cN0 cM0", text, event="recurrence")
    for diagnosis, assessment in product(_alphabet_of("diagnosis"), _alphabet_of("assessment")):
        yield _pair(diagnosis, assessment, event="recurrence")
        yield _pair(diagnosis, assessment, event="progression")
    for stated, parts in product(
        ("", "local", "regional", "distant", "distant+local"),
        product(_alphabet_of("T"), _alphabet_of("N")[:4]),
    ):
        if text := " ".join(filter(None, parts)):
            yield _pair("Tis", text, recurrence=stated.split("+") if stated else [])
    for sides in product(({}, *_OF_TUMORS), repeat=2):
        yield _pair("T2 N0 M0 Stage II", "T2 N0 M1 Stage II (AJCC 9)", *sides, event="unknown")


def _pair(diagnosis: str, assessment: str, *given: Json, **act: Any) -> Json:
    first, second = given or ({}, {})
    return {
        "diagnosis": {"text": diagnosis, "given": first},
        "assessment": {"text": assessment, "given": second},
        "act": act,
    }


_OF_TUMORS: tuple[Json, ...] = (
    {"tumor_id": "A 1", "date": "2019", "site": "C18.7"},
    {"tumor_id": " A 1 ", "date": "2019-03", "site": "c187"},
    {"tumor_id": "a 1", "date": "2018-12-31", "site": "colon"},
    {"date": "2020-01", "site": " Colon "},
    {"tumor_id": "B", "site": "C62.9"},
    {"site": "C34.1", "date": "2026-01-01"},
)


_SITES = (
    *(
        None,
        "C99.1",
        "c993",
        "C99.4",
        "C98",
        "C50.9",
        "invented_with_T2c",
        " Invented_without_T2c ",
        "unknown",
    ),
    *("C76.0", "C76.1", "hat", "Coat", "C76", ""),
)
_AT_SITES = (
    *(
        "T0",
        "T1",
        "T1a",
        "T2",
        "T2c",
        "T2-4",
        "TX",
        "N1",
        "N2 (AJCC 8)",
        "cM0",
        "pM1",
        "M1a",
        "uM0",
        "T2cN0",
        "T2cN0cM0",
    ),
    *(
        "T2 (AJCC 7)",
        "T2a (AJCC 8)",
        "T2 (edition 9)",
        "Stage IIA",
        "Stage IIB",
        "Stage II-IV",
        "rStage IVB",
        "FIGO IIA",
    ),
    *(
        "T1 N0 M0 Stage I",
        "T2 N0 M0 Stage IIA",
        "T2 N0 M0 Stage IIB",
        "T3 N0 M0 (AJCC 7)",
        "T3 N0 M0 Stage IIIB",
    ),
    *(
        "T3 N0 M0 Stage IIIA (AJCC 8)",
        "T1a N0 M0 Stage I",
        "T1 N0 M0 Stage II",
        "T4 N0 M1 Stage X",
        "T5",
        "T3 N3 M0",
    ),
    *(
        "rT1 N0 M0 Stage II",
        "ypT1 ypN0 cM0 Stage I",
        "T1-2 N0 M0 Stage I",
        "M1 Stage II",
        "T1 N0 M0 rStage II",
    ),
    *(
        "T1 N0 M0 Stage II (prognostic)",
        "T1 N0 Stage I",
        "T(n/a) N0 M0",
        "G2 Stage II",
        "T1 N0 M0 Ann Arbor II",
    ),
)


def sites() -> Iterator[Json]:
    """Yield stages at the sites of the invented tables, by code and by name, and at others."""
    for site, text in product(_SITES, _AT_SITES):
        yield {"text": text, "site": site}


_DATES = (
    *(None, "2018", "2019", "2019-03", "2019-03-01", "2019-03-02", "2019-12-31", "2020", "2020-02"),
    *("2020-02-29", "2020-03", "2020-03-02", "2020-03-03", "2021-02", "9999-12-31"),
)
_EVENTS: tuple[list[list[str | None]], ...] = (
    [],
    [["recurrence"]],
    [["recurrence", "2019-03-02", "local"]],
    [["recurrence", "2019-11", "distant"]],
    [["recurrence", "2020-03-03", "local+distant"], ["recurrence", "2018-01"]],
    [["progression", "2019-11"]],
)


def histories() -> Iterator[Json]:
    """Yield a second staging at each date beside what the record states, and the choices of a diagnosis."""
    for first, date, events in product(("2019-03-02", "2019", None), _DATES, _EVENTS):
        yield _history([["cT2 cN0", first], ["pT3 pN1 M0", date]], events)
    for date, event, role in product(
        _DATES, ("recurrence", "progression"), ("initial", "later", "assessment")
    ):
        yield _history([["cT2 cN0", "2019-03-02"], ["T3", date, event, None, role]], [["recurrence"]])
    for date, text in product(_DATES, ("rT3", "ypT3", "aT3", "T3 yStage II", "R1", "Stage III")):
        yield _history([["pT2", "2019-03"], [text, date], ["rT1 N1", "2021"]], [])
    for window, date in product(
        (0, 1, 11, 12, 13, 1200), ("2019-04-02", "2019-04-03", "2020-03-31", "2020-04-30")
    ):
        yield _history([["pT2", "2019-03-02"], ["T3", date]], [], diagnosis_window=window)
    yield _history([["pT2", "9999-06"], ["T3", "9999-12-31"], ["T4", "9998-11"]], [])
    for diagnosed in ("2018", "2019-03-02", "2020"):
        yield _history(
            [["T2", "2019-03-02"], ["rT3", "2019-02"], ["T4", "2019-08"]],
            [["recurrence", "2019-01"]],
            diagnosed=diagnosed,
        )
    kinds = (None, "clinical", "pathological", "beside")
    for policy, one, other in product(("pathological", "clinical", "earliest"), kinds, kinds):
        for texts_of in (
            ["cT2 cN0", "pT3 pN1 M0"],
            ["pT2", "pT2 N0"],
            ["cT2", "cT3"],
            ["Stage II", "pStage III"],
            ["ypT1", "yT2 N0"],
        ):
            members = [
                [text, "2019", "unknown", kind] for text, kind in zip(texts_of, (one, other), strict=True)
            ]
            yield _history(members, [], policy=policy)


def _history(members: list[list[str | None]], events: list[list[str | None]], **given: Any) -> Json:
    rest = ["unknown", None, "initial"]
    return {
        "members": [[*one, *rest[len(one) - 2 :]] for one in members],
        "events": events,
        "options": given,
    }

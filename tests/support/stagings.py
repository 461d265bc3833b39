"""Stagings to draw from, and every single change that can be made to what was written of them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

import rstage
from rstage.reference.choices import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator


def one_of(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


T = one_of(
    "X", "0", "a", "is", "is(DCIS)", "1mi", "1c2", "2", "2a", "3(m)", "4b", "1-2", "0-1", "3-4", "2(5,is)"
)
N = one_of("X", "0", "0(i+)", "0(mol-)", "1", "1mi", "2a(4/15)", "+", "1(sn)(1/3)", "0-1", "1-2", "3")
M = one_of("X", "0", "0(i+)", "1", "1(HEP)", "1(OSS,PUL)", "1c(1)", "1a", "0-1")
TAIL = one_of("", "", "", "L1 V0", "R1(liver)", "G2", "Pn1 R0 S1")
EDITION = one_of("", "", "(AJCC 8)", "(AJCC 7)", "(UICC 8)", "(edition 7)", "(FIGO 2018)")

DIAGNOSIS_PREFIX = one_of("", "", "c", "p", "u", "y", "yp")
DIAGNOSIS_GROUP = one_of("Stage II", "FIGO IIIC1r", "Stage X", "Stage 0", "Stage IIA-IIB", "ypStage III")
NEW_PREFIX = one_of("", "", "c", "p", "u", "y", "yp", "r", "rp", "rc", "ryp", "a", "ra")
NEW_GROUP = one_of(
    "Stage II", "rStage IV", "FIGO IIIC1r", "rFIGO IIIC1p", "occult", "cStage IIA-IIB", "ypStage III"
)


@st.composite
def texts(
    draw: st.DrawFn,
    prefix: st.SearchStrategy[str],
    group: st.SearchStrategy[str],
    m: st.SearchStrategy[str] = M,
) -> str:
    """Draw a stage with a category or a group, and everything else that it may have."""
    parts = [
        draw(prefix) + letter + draw(value)
        for letter, value in (("T", T), ("N", N), ("M", m))
        if draw(st.integers(0, 3))
    ]
    # L and V are read only beside a category.
    tail = draw(TAIL) if parts else ""
    last = draw(group) if not parts or not draw(st.integers(0, 3)) else ""
    return " ".join([part for part in (*parts, tail, last, draw(EDITION)) if part])


identifiers = st.none() | one_of("T1", "T2", " T1 ", "né", '"\\\n', "\U0001f9ec")
sites = st.none() | one_of("C18.7", "c187", "C50.9", "C73", "colon")
dates = st.none() | one_of("2018", "2019", "2019-03", "2019-03-02", "2020-02-29", "2023-05")


@st.composite
def stagings(draw: st.DrawFn, text: st.SearchStrategy[str], *, tumor: str | None = None) -> rstage.Staging:
    """Draw a staging; with `tumor` one that no date and no tumor id speaks against."""
    tumor_id, date = (
        (draw(identifiers), draw(dates)) if tumor is None else (tumor, draw(dates.filter(_is_late)))
    )
    return rstage.Staging.parse(
        draw(text), tumor_id=tumor_id, site=draw(sites), date=date, id=draw(identifiers)
    )


def _is_late(date: str | None) -> bool:
    return date is None or date in ("2019", "2019-03", "2019-03-02")


diagnosis_texts = texts(DIAGNOSIS_PREFIX, DIAGNOSIS_GROUP)
new_texts = texts(NEW_PREFIX, NEW_GROUP)
any_texts = texts(NEW_PREFIX, NEW_GROUP | one_of("Stage X"), M | one_of("(n/a)")) | one_of(
    "R1", "Pn1 R0(liver)"
)
diagnoses = stagings(diagnosis_texts, tumor="T1")
assessments = stagings(new_texts, tumor="T1 ")
events = one_of("unknown", "recurrence", "progression")
stated = st.none() | st.sets(one_of("local", "regional", "distant"))


Place = tuple[str | int, ...]


def leaves(value: Any, path: Place = ()) -> Iterator[Place]:
    """Yield the path of every value in a dictionary that is none itself, the diagnostics left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "diagnostics":
                yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path


# What a value may be replaced by, if the type is the same: what stands in such dictionaries, and more.
REPLACEMENTS: list[str | int | bool] = [
    *(
        "X",
        "0",
        "1",
        "2",
        "3",
        "4",
        "a",
        "is",
        "b",
        "c",
        "p",
        "u",
        "r",
        "y",
        "m",
        "i+",
        "+",
        "n/a",
        "T1",
        "T2",
    ),
    *(
        "IIA",
        "IV",
        "II",
        "FIGO",
        "TNM",
        "7",
        "8",
        "AJCC",
        "UICC",
        "2019",
        "2019-03-02",
        "C18.7",
        "C50",
        "HEP",
    ),
    *("local", "regional", "distant", "unknown", "recurrence", "progression", "derived", "stated", "liver"),
    *("0" * 64, "f" * 64, 0, 1, 2, 15, True, False),
]
DIGESTS = ("0" * 64, "f" * 64)
# Where only few texts can stand at all, and fields that are not in every dictionary.
LIKELY: dict[str, tuple[str, ...]] = {
    "event": EVENTS,
    "recurrence_basis": ("derived", "stated"),
    "previous": DIGESTS,
    "diagnosis": DIGESTS,
    "assessment": DIGESTS,
    "restaging": DIGESTS,
    "date": ("2019", "2019-03", "2019-03-02", "2024"),
}
NEW_FIELDS: dict[str, tuple[str, ...]] = {
    "diagnosis": ("date", "site", "id"),
    "assessment": ("date", "site", "id"),
    "link": ("previous", "diagnosis_id", "assessment_id"),
}


def replacements(name: str | int, old: Any) -> list[Any]:
    known = LIKELY.get(str(name)) or [value for value in REPLACEMENTS if type(value) is type(old)]
    return [value for value in known if value != old]


def value_at(data: dict[str, Any], path: Place) -> Any:
    value: Any = data
    for name in path:
        value = value[name]
    return value


def changed_at(data: Any, path: Place, value: Any) -> Any:
    """Return a copy with the value at `path` replaced, or left out where it is None; the rest is shared."""
    first, *rest = path
    changed = copy.copy(data)
    if rest:
        changed[first] = changed_at(data[first], tuple(rest), value)
    elif value is None:
        del changed[first]
    else:
        changed[first] = value
    return changed

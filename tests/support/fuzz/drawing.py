"""What the program draws: texts of stages, good and damaged, options, running text, and changed JSON."""

from __future__ import annotations

import copy
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import rstage
from rstage.model.descriptor import DESCRIPTOR_VALUES
from rstage.model.group import GROUP_VALUES
from rstage.reference import vocabulary
from rstage.reference.choices import DIALECTS, FIELDS, MODES
from rstage.reference.systems import group_values, names
from tests.support.case_tables import rows
from tests.support.stagings import leaves

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from rstage.reference.choices import DialectName

SECRETS = ("Margarethe Quandt", "M. Quandt-Behrens", "quandt@example.org", "Quandt 19770503")
SURNAME = "quandt"
"""What all of them hold, and nothing else does."""

PREFIXES = ("", "", "", "c", "p", "y", "yp", "yc", "r", "rp", "rc", "ryp", "a", "ra", "u", "ru")
SUFFIXES = {
    "T": ("", "", "", "", "(m)", "(2)", "(is)", "(5,is)", "(s)", "(DCIS)", "(2,5 cm)"),
    "N": ("", "", "", "(sn)", "(i-)", "(mol+)", "(0/12)", "(3/17)", "(f)", "(ENE+)", " (1/9)"),
    "M": ("", "", "", "", "(HEP)", "(OSS,PUL)", "(i+)", " PUL", "(cy+)"),
}
SEPARATORS = (" ", " ", " ", "", "", ", ", "; ", "/", "-", "  ", "\u00a0", "\n", ". ")
GROUP_WORDS = (
    *("Stage ", "stage ", "Stadium ", "STAGE "),
    *("rStage ", "pStage ", "cStage ", "FIGO ", "Estadio "),
)
EDITIONS = ("", "", "", "(AJCC 8)", "(UICC 8)", "(AJCC 7)", "(edition 9)", "(FIGO 2018)", "UICC 8")
ALPHABET = (
    "TNMtnmrypcuaRPX0123456789is()+-/,.;: \u00a0\n\t\u0422\u041c\uff34\u00b2LVGISDabdefho"
    "\u2163\x1b\x00\u00df\u0130[]{}"
)
FILLER = (
    *(
        "The patient was seen again.",
        "Befund:",
        "no evidence of disease",
        "At diagnosis",
        "Recurrence in 2021",
    ),
    *("Kontrolle in 3 Monaten.", "R0.", "(see above)", "1.", "\n", "M. Crohn", "T2-weighted", "stage", "vs."),
)
JUNK: tuple[Any, ...] = (
    *(None, True, -1, 0, 3, 10**20, 0.5, "", "r", "T2", "x" * 300, "\x00", [], [[]], [None], {}, {"a": 1}),
    *("2019-02-30", "RS103", "error", "IIA", "TNM"),
)


class Drawn(NamedTuple):
    """A text, and whether an r was put into it; None where that is not known."""

    text: str
    has_r: bool | None = None


@cache
def known_texts() -> tuple[str, ...]:
    """Return the texts of the tables of cases."""
    found = [
        row["text"] for name in ("accepted", "rejected", "repaired", "systems") for row in rows(f"{name}.tsv")
    ]
    found += [
        row["text"] for name in ("section_h", "section_i", "suggestions") for row in rows(f"{name}.tsv")
    ]
    return tuple(dict.fromkeys(found))


@cache
def known_codes() -> tuple[tuple[str, str, str], ...]:
    """Return dialect, field and text of the tables of codes."""
    return tuple((row["dialect"], row["field"], row["text"]) for row in rows("dialects.tsv"))


@cache
def category_values(letter: str) -> tuple[str, ...]:
    """Return every value of a letter with its subcategories, and some that no list has."""
    made = [
        value + sub
        for value, entry in vocabulary.values(letter).items()
        for sub in ("", *sorted(entry.subcategories))
    ]
    pairs = [f"{low}-{high}" for low, high in product("0123", "1234") if low < high]
    return (*made, *made, *pairs, "9", "0c", "x", "l", "O")


def run_of(chance: Random) -> Drawn:
    """Draw a run of categories, mostly as people write it."""
    first = chance.choice(PREFIXES)
    letters = chance.choice(("TNM", "TNM", "TN", "T", "N", "M", "TM", "NM"))
    separator = chance.choice(SEPARATORS)
    parts: list[str] = []
    style = chance.random()
    for letter in letters:
        prefix = first if not parts or style < 0.4 else chance.choice(PREFIXES) if style > 0.9 else ""
        if style < 0.4 and letter == "M":
            prefix = prefix.replace("y", "").replace("p", "c")
        parts.append(
            prefix + letter + chance.choice(category_values(letter)) + chance.choice(SUFFIXES[letter])
        )
    has_r = any(part.partition(part.lstrip("ryapcu"))[0].count("r") for part in parts)
    return Drawn(separator.join(parts), has_r)


def tail_of(chance: Random) -> Drawn:
    """Draw what may stand behind a run: descriptors, a group, an edition."""
    parts, has_r = [""], False
    while chance.random() < 0.3:
        name = chance.choice(tuple(DESCRIPTOR_VALUES))
        parts.append(chance.choice(("", "", "p", "c")) + name + chance.choice(DESCRIPTOR_VALUES[name]))
    if chance.random() < 0.3:
        group, timing = group_of(chance)
        parts.append(group)
        has_r = bool(timing)
    parts.append(chance.choice(EDITIONS))
    return Drawn(" ".join(filter(None, parts)), has_r)


def group_of(chance: Random) -> Drawn:
    """Draw a group of any system."""
    system = chance.choice(("TNM", "TNM", "TNM", "FIGO", *rstage.SYSTEMS))
    if system in ("TNM", "FIGO"):
        word = chance.choice(GROUP_WORDS)
        return Drawn(
            word + chance.choice(GROUP_VALUES[chance.choice(("0", "I", "II", "III", "IV", ""))]),
            word.startswith("r"),
        )
    value = chance.choice(group_values(system))
    return Drawn(f"{chance.choice(names(system) or (system,))} {value}", has_r=False)


def damaged(chance: Random, text: str) -> str:
    """Return a text with a few characters changed, as fingers, scanners and exports do it."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        place = chance.randrange(len(text) + 1)
        end = min(len(text), place + chance.choice((0, 0, 1, 1, 2)))
        text = text[:place] + chance.choice(("", chance.choice(ALPHABET))) + text[end:]
    return text


def _run_and_tail(chance: Random) -> Drawn:
    run, tail = run_of(chance), tail_of(chance)
    return Drawn(f"{run.text} {tail.text}".rstrip(), run.has_r or tail.has_r)


def _run_with_a_name(chance: Random) -> Drawn:
    return Drawn(f"{run_of(chance).text} {chance.choice(('', '(', '['))}{chance.choice(SECRETS)}")


_TEXTS: dict[Callable[[Random], Drawn], int] = {
    _run_and_tail: 40,
    group_of: 8,
    lambda chance: Drawn(chance.choice(known_texts())): 12,
    lambda chance: Drawn(damaged(chance, chance.choice(known_texts()))): 10,
    lambda chance: Drawn(damaged(chance, _run_and_tail(chance).text)): 18,
    lambda chance: Drawn("; ".join(run_of(chance).text for _ in range(chance.randint(2, 3)))): 4,
    _run_with_a_name: 4,
    lambda chance: Drawn("".join(chance.choices(ALPHABET, k=chance.randint(0, 24)))): 4,
}


def text_of(chance: Random) -> Drawn:
    """Draw a text of any kind."""
    return chance.choices(list(_TEXTS), list(_TEXTS.values()))[0](chance)


def options_of(chance: Random) -> dict[str, Any]:
    """Draw keywords of `read`."""
    found: dict[str, Any] = {}
    if chance.random() < 0.6:
        found["mode"] = chance.choice(MODES)
    if chance.random() < 0.12:
        found["system"] = chance.choice(tuple(rstage.SYSTEMS))
    if chance.random() < 0.1:
        found["edition"] = chance.choice(("8", "AJCC 7", "UICC 8", "FIGO 2018"))
    for name in ("carry_method", "assume_clinical"):
        if chance.random() < 0.08:
            found[name] = True
    return found


def column_of(chance: Random) -> tuple[Drawn, dict[str, Any]]:
    """Draw the text of one column, and its field and dialect."""
    if chance.random() < 0.5:
        dialect, field, text = chance.choice(known_codes())
        text = damaged(chance, text) if chance.random() < 0.5 else text
        return Drawn(text), {"dialect": dialect, "field": field or None}
    field = chance.choice(FIELDS)
    choices: tuple[DialectName | None, ...] = (None, None, *DIALECTS)
    chosen = chance.choice(choices)
    letter = field if field in "TNM" else "T"
    body = chance.choice(category_values(letter))
    text = chance.choice(
        (body, body.upper(), letter + body, f"{chance.choice('cprCP')}{body}", f"p{letter}{body}")
    )
    if field == "group":
        text = group_of(chance).text
    return Drawn(damaged(chance, text) if chance.random() < 0.3 else text), {
        "dialect": chosen,
        "field": field,
    }


def prose_of(chance: Random) -> str:
    """Draw a short report: sentences, names, and stagings."""
    parts = []
    for _ in range(chance.randint(2, 8)):
        kind = chance.random()
        if kind < 0.5:
            parts.append(chance.choice(FILLER))
        elif kind < 0.9:
            parts.append(text_of(chance).text)
        else:
            parts.append(chance.choice(SECRETS))
    return chance.choice((" ", ". ", "\n")).join(parts)


def changed(chance: Random, data: dict[str, Any]) -> dict[str, Any]:
    """Return JSON-ready values with one of them replaced, left out, or moved to a wrong name."""
    made = copy.deepcopy(data)
    path = list(chance.choice(list(leaves(made)) or [()]))
    if not path:
        return made
    path = path[: chance.randint(1, len(path))]
    inner: Any = made
    for step in path[:-1]:
        inner = inner[step]
    kind = chance.random()
    if kind < 0.8 or not isinstance(inner, dict):
        inner[path[-1]] = copy.deepcopy(chance.choice(JUNK))
    elif kind < 0.9:
        del inner[path[-1]]
    else:
        inner[chance.choice(("x", "stage", "code"))] = inner.pop(path[-1])
    return made

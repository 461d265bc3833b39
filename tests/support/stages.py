"""Every stage that can be written, part by part: what tests enumerate, and what they draw from."""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

import rstage
from rstage import Category, Descriptor, Edition, Method, Stage, StageGroup, Suffixes, Timing
from rstage.model.descriptor import DESCRIPTOR_VALUES
from rstage.model.group import GROUP_VALUES, is_group_range, numeral
from rstage.model.suffixes import IN_SITU_TYPES, SITES
from rstage.reference import editions, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMINGS = [frozenset(chosen) for size in range(4) for chosen in combinations(Timing, size)]
METHODS = [None, *Method]
GROUP_METHODS = [None, Method.CLINICAL, Method.PATHOLOGICAL]

# Every suffix with every value it can have; sites and counts, which have no end, by a few.
CHOICES: dict[str, tuple[Any, ...]] = {
    "in_situ": IN_SITU_TYPES,
    "minimal": (True,),
    "multiplicity": ("m", "is", "m,is", "2", "5,is", "999"),
    "solitary": (True,),
    "superficial": (True,),
    "tumor_cells": ("i-", "i+", "mol-", "mol+"),
    "sentinel": (True,),
    "needle": (True,),
    "level": ("U", "L"),
    "extension": ("ENE+", "ENE-"),
    "counts": ((0, 0), (0, 12), (2, 15)),
    "ldh": ("0", "1"),
    "cytology": ("cy+",),
    "sites": (*((site,) for site in SITES), ("HEP", "PUL"), ("BRA", "LYM", "OSS")),
    "certainty": (1, 2, 3, 4, 5),
    "at_primary": (True,),
}


def values(letter: str) -> Iterator[dict[str, Any]]:
    """Yield every value of a category with every subcategory that a list has."""
    for value, entry in vocabulary.values(letter).items():
        if (letter, value) not in editions.outdated_values():
            for subcategory in ("", *sorted(entry.subcategories)):
                yield {"value": value, "subcategory": subcategory}
    yield {"value": vocabulary.NOT_ASSIGNED}


def ranges(letter: str) -> Iterator[dict[str, Any]]:
    """Yield every range of two values."""
    plain = [one for one in values(letter) if one["value"] not in ("+", vocabulary.NOT_ASSIGNED)]
    for low, high in product(plain, repeat=2):
        ends = [(one["value"], one["subcategory"]) for one in (low, high)]
        if vocabulary.is_ascending(letter, *ends):
            yield {**low, "upper": high["value"] + high["subcategory"]}


def suffixes(letter: str, body: dict[str, Any], most: int) -> Iterator[Suffixes]:
    """Yield every set of at most `most` suffixes that can stand on a category."""
    for size in range(most + 1):
        for names in combinations(CHOICES, size):
            for chosen in product(*(CHOICES[name] for name in names)):
                fields = dict(zip(names, chosen, strict=True))
                if "counts" in fields:
                    fields["involved"], fields["examined"] = fields.pop("counts")
                made = Suffixes(**fields)
                try:
                    Category(letter=letter, **body, suffixes=made)
                except ValueError:
                    break  # the names do not fit this category, whatever their values
                yield made


def assert_reads_back(stage: Stage) -> None:
    text = str(stage)
    reading = rstage.read(text)
    assert reading.stage == stage, text
    assert str(reading.stage) == text
    assert not [found for found in reading.diagnostics if found.code < "RS300"], text


def alone(category: Category) -> Stage:
    named: dict[str, Any] = {category.letter.lower(): category}
    return Stage(**named)


def all_groups() -> Iterator[StageGroup]:
    known = list(chain.from_iterable(GROUP_VALUES.values()))
    for timing, method, value in product(TIMINGS, GROUP_METHODS, known):
        yield StageGroup(value=value, timing=timing, method=method)
    numerals = [value for value in known if numeral(value)]
    for low, high in product(numerals, repeat=2):
        if is_group_range(low, high):
            yield StageGroup(value=low, upper=high)


def categories(letter: str) -> st.SearchStrategy[Category]:
    bodies = [*values(letter), *ranges(letter)]

    def with_suffixes(body: dict[str, Any]) -> st.SearchStrategy[Category]:
        return st.builds(
            Category,
            letter=st.just(letter),
            timing=st.sampled_from(TIMINGS),
            method=st.sampled_from(METHODS),
            suffixes=st.sampled_from(list(suffixes(letter, body, most=1))),
            **{name: st.just(value) for name, value in body.items()},
        )

    return st.sampled_from(bodies).flatmap(with_suffixes)


descriptors = st.lists(
    st.sampled_from([(name, value) for name, known in DESCRIPTOR_VALUES.items() for value in known]),
    unique_by=lambda pair: pair[0],
    max_size=5,
).map(lambda pairs: tuple(Descriptor(name=name, value=value) for name, value in pairs))

stages = st.builds(
    Stage,
    t=categories("T"),
    n=st.none() | categories("N"),
    m=st.none() | categories("M"),
    descriptors=descriptors,
    group=st.none() | st.sampled_from(list(all_groups())),
    edition=st.none() | st.sampled_from([Edition(version="7"), Edition(version="8", owner="UICC")]),
)

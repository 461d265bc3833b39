"""One meaning, one text: reading undoes writing, for the whole finite alphabet and for whole lines."""

from __future__ import annotations

import pickle
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
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


@pytest.mark.parametrize("letter", ["T", "N", "M"])
def test_every_prefix_on_every_value_and_range(letter: str) -> None:
    count = 0
    for timing, method, body in product(TIMINGS, METHODS, [*values(letter), *ranges(letter)]):
        assert_reads_back(alone(Category(letter=letter, timing=timing, method=method, **body)))
        count += 1
    assert count >= 32 * len(list(values(letter)))


@pytest.mark.parametrize("letter", ["T", "N", "M"])
def test_every_pair_of_suffixes_on_every_value(letter: str) -> None:
    for body in values(letter):
        for found in suffixes(letter, body, most=2):
            assert_reads_back(
                alone(Category(letter=letter, method=Method.PATHOLOGICAL, **body, suffixes=found))
            )


@pytest.mark.parametrize("letter", ["T", "N", "M"])
def test_every_prefix_with_every_suffix(letter: str) -> None:
    for timing, method, body in product(TIMINGS, METHODS, values(letter)):
        for found in suffixes(letter, body, most=1):
            assert_reads_back(
                alone(Category(letter=letter, timing=timing, method=method, **body, suffixes=found))
            )


def test_every_value_beside_every_other() -> None:
    for t, n, m in product(values("T"), values("N"), values("M")):
        assert_reads_back(
            Stage(t=Category(letter="T", **t), n=Category(letter="N", **n), m=Category(letter="M", **m))
        )


def all_groups() -> Iterator[StageGroup]:
    known = list(chain.from_iterable(GROUP_VALUES.values()))
    for timing, method, value in product(TIMINGS, GROUP_METHODS, known):
        yield StageGroup(value=value, timing=timing, method=method)
    numerals = [value for value in known if numeral(value)]
    for low, high in product(numerals, repeat=2):
        if is_group_range(low, high):
            yield StageGroup(value=low, upper=high)


def test_every_group_alone_and_behind_a_run() -> None:
    t = Category(letter="T", value="2", subcategory="a")
    for group in all_groups():
        assert_reads_back(Stage(group=group))
        assert_reads_back(Stage(t=t, group=group, edition=Edition(version="8", owner="AJCC")))


def test_every_descriptor_behind_a_run() -> None:
    t = Category(letter="T", value="1", subcategory="c")
    for name, known in DESCRIPTOR_VALUES.items():
        for method, value in product(METHODS, known):
            assert_reads_back(Stage(t=t, descriptors=(Descriptor(name=name, value=value, method=method),)))
    for detail in ("is", "cy+", "liver", "lokal", "bone marrow"):
        assert_reads_back(Stage(t=t, descriptors=(Descriptor(name="R", value="1", detail=detail),)))
    for low, high in (("1", "2"), ("3", "4"), ("1", "4")):
        assert_reads_back(Stage(t=t, descriptors=(Descriptor(name="G", value=low, upper=high),)))


def test_every_edition() -> None:
    t = Category(letter="T", value="4")
    for owner in (None, "AJCC", "UICC", "FIGO"):
        for version in (*map(str, range(1, 100)), "1987", "2009", "2018", "2023"):
            assert_reads_back(Stage(t=t, edition=Edition(version=version, owner=owner)))


# ---------------------------------------------------------------- whole lines


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


@given(stages)
def test_reading_undoes_writing(stage: Stage) -> None:
    assert_reads_back(stage)


@given(stages)
def test_a_dictionary_and_a_pickle_give_the_same_value(stage: Stage) -> None:
    assert Stage.from_dict(stage.to_dict()) == stage
    assert pickle.loads(pickle.dumps(stage)) == stage  # noqa: S301  what this test pickled itself
    assert hash(Stage.from_dict(stage.to_dict())) == hash(stage)


@given(stages, st.sampled_from(["leading", "bare", "compact"]))
def test_every_style_reads_back_or_refuses(stage: Stage, style: Any) -> None:
    try:
        text = stage.format(style)
    except ValueError:
        assert style == "compact"
        return
    if style == "bare" and stage.group is not None and not stage.categories:
        return
    assert rstage.read(text).stage == stage, text


def test_compact_reads_back_or_refuses_for_every_run() -> None:
    for method, t, n, m in product(METHODS, values("T"), values("N"), values("M")):
        stage = Stage(
            t=Category(letter="T", **t),
            n=Category(letter="N", method=method, **n),
            m=Category(letter="M", method=method, **m),
        )
        try:
            text = stage.format("compact")
        except ValueError:
            continue
        assert rstage.parse(text) == stage, text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["", "T", "2", "r", "X", "is", "8", "II", "m"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["t", "n", "letter", "value", "timing", "method", "upper", "suffixes", "group", "version"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(stages, st.data())
def test_a_dictionary_of_anything_gives_a_value_that_can_be_written_or_an_error(
    stage: Stage, data: Any
) -> None:
    given_fields = stage.to_dict()
    part = data.draw(st.sampled_from(sorted(given_fields)))
    inner = given_fields[part]
    if isinstance(inner, dict) and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON)
    else:
        given_fields[part] = data.draw(JSON)
    try:
        made = Stage.from_dict(given_fields)
    except (ValueError, TypeError):
        return
    if made.categories or made.group:  # descriptors alone are read only in their own fields
        assert_reads_back(made)

"""The caches are bounded, are all emptied, and give every thread what one thread alone gets."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import caches
from rstage.caches import BoundedDict, cached, registered
from rstage.columns import answers as column_answers
from rstage.columns.answers import NORMALIZED, PARTS, Answers
from rstage.columns.restaging import STAGES, ColumnRestager
from rstage.tables import cells, facts, pairs
from rstage.tables import restage as table_restage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

THREADS = 16
SMALL = 16
TEXTS = [
    f"{prefix}T{t} N{n} {m}{behind}"
    for prefix in ("p", "rp", "yc")
    for t in ("1", "2a", "is", "5")
    for n in ("0", "1(1/3)", "2(4/17)", "1(4/3)")
    for m in ("M0", "M1(HEP)")
    for behind in ("", " L0 V1", ", Stage IIB (AJCC 8)")
]
DIAGNOSIS = rstage.Staging.parse("cT2 cN0 cM0", date="2019")
# What one object remembers, by the constant that bounds it.
OF_OBJECTS = (
    (column_answers, "MOST_ANSWERS"),
    (pairs, "MOST_DIAGNOSES"),
    (pairs, "MOST_KINDS"),
    (table_restage, "MOST_STAGES"),
    (table_restage, "MOST_PAIRS"),
    (cells, "MOST_CELLS"),
    (facts, "MOST_DATES"),
)


def test_a_full_dictionary_forgets_everything_else() -> None:
    known: BoundedDict[int, int] = BoundedDict(3)
    assert [known.keep(number, number) for number in range(4)] == [0, 1, 2, 3]
    assert known == {3: 3}


def test_all_caches_are_emptied() -> None:
    calls = []

    @cached(10)
    def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    known = registered(BoundedDict[int, int](10))
    known.keep(1, 1)
    assert double(1) == double(1) == 2
    rstage.clear_caches()
    assert double(1) == 2
    assert calls == [1, 1]
    assert not known


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make every cache so small that texts push each other out, and threads take turns as often as can be."""
    made: dict[int, Any] = {}
    clearing = []
    for clear in caches._clearing:
        cache: Any = clear.__self__  # type: ignore[attr-defined]  # each is the method of a cache
        if isinstance(cache, BoundedDict):
            monkeypatch.setattr(cache, "most", SMALL)
            clearing.append(cache.clear)
        else:
            made[id(cache)] = lru_cache(SMALL)(cache.__wrapped__)
            clearing.append(made[id(cache)].cache_clear)
    assert len(made) > 8
    monkeypatch.setattr(caches, "_clearing", clearing)
    for module in [one for name, one in sys.modules.items() if name.startswith("rstage")]:
        for name, value in list(vars(module).items()):
            if id(value) in made:
                monkeypatch.setattr(module, name, made[id(value)])
    for module, name in OF_OBJECTS:
        monkeypatch.setattr(module, name, SMALL)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    rstage.clear_caches()


def in_threads(work: Callable[[Sequence[str]], object], size: int) -> list[object]:
    """Return what threads get otherwise than one alone does; some of them empty the caches meanwhile.

    Args:
        work: gives what is compared, of some texts.
        size: of how many at a time.
    """
    batches = [TEXTS[place : place + size] for place in range(0, len(TEXTS), size)]
    expected = list(map(work, batches))

    def wrong(seed: int) -> list[object]:
        order = random.Random(seed).sample(range(len(batches)), len(batches) // 6)  # noqa: S311  no secret
        found: list[object] = []
        for number, place in enumerate(order):
            found += [] if work(batches[place]) == expected[place] else [batches[place]]
            if number % 5 == seed % 5:
                rstage.clear_caches()
        return found

    rstage.clear_caches()
    with ThreadPoolExecutor(THREADS) as pool:
        return [one for found in pool.map(wrong, range(THREADS)) for one in found]


def answers(texts: Sequence[str]) -> list[object]:
    """Return what every way of reading a text says, or what it raises."""
    found: list[object] = []
    for text in texts:
        t, n, *_ = text.split()
        found += [rstage.read(text), rstage.read_parts(T=t, N=n), rstage.read(text, mode="repair")]
        try:
            found.append(rstage.parse(text))
            found.append(rstage.restage(DIAGNOSIS, rstage.Staging.parse(text, date="2021")).to_dict())
        except (rstage.NotationError, rstage.RestagingError) as error:
            found.append(error.diagnostics)
        found += rstage.find(f"At diagnosis {text}. Recurrence: rT1 N0.")
    return found


@pytest.mark.usefixtures("small")
def test_threads_that_read_parse_restage_find_and_clear_get_what_one_gets() -> None:
    assert in_threads(answers, 1) == []


@pytest.mark.usefixtures("small")
def test_threads_that_ask_for_columns_get_what_one_gets() -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")
    # Shared by all threads, as an engine shares them.
    of_texts = [Answers(NORMALIZED), Answers(PARTS)]
    restager = ColumnRestager((*STAGES, "diagnosis_date"), {"event": "recurrence"})

    def work(texts: Sequence[str]) -> object:
        dates = [f"20{place % 90 + 10}" for place in range(len(texts))]
        columns = {"diagnosis": texts[::-1], "assessment": texts, "diagnosis_date": dates}
        restaged = restager.restaged({name: pa.array(values) for name, values in columns.items()})
        return [one.of(texts) for one in of_texts], restaged.to_pylist()

    assert in_threads(work, 24) == []

"""The caches are bounded, are all emptied, and give every thread what one thread alone gets."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.caches import BoundedDict, cached, registered
from rstage.notation import component
from rstage.reading import read as reading
from rstage.reading import read_parts as parts

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS = 16
TEXTS = [
    f"{prefix}T{t} N{n} {m}{behind}"
    for prefix in ("p", "rp", "yc")
    for t in ("1", "2a", "is", "5")
    for n in ("0", "1(1/3)", "2(4/17)", "1(4/3)")
    for m in ("M0", "M1(HEP)")
    for behind in ("", " L0 V1", ", Stage IIB (AJCC 8)")
]


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
    """Make the caches so small that texts push each other out, and threads take turns as often as can be."""
    for module, name in (
        (reading, "_read_plain"),
        (reading, "read_cached"),
        (reading, "_parse_cached"),
        (parts, "_read_parts_cached"),
    ):
        function = getattr(module, name)
        monkeypatch.setattr(module, name, lru_cache(4)(function.__wrapped__))
    monkeypatch.setattr(parts, "read_cached", reading.read_cached)
    for known in (component._known, component._templates):
        monkeypatch.setattr(known, "most", 4)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    rstage.clear_caches()


def answers(text: str) -> tuple[object, ...]:
    """Return what every way of reading a text says, or what it raises."""
    try:
        parsed: object = rstage.parse(text)
    except rstage.NotationError as error:
        parsed = error.diagnostics
    t, n, *_ = text.split()
    return rstage.read(text), parsed, rstage.read_parts(T=t, N=n), rstage.read(text, mode="repair")


@pytest.mark.usefixtures("small")
def test_threads_that_read_parse_and_clear_get_what_one_gets() -> None:
    expected = {text: answers(text) for text in TEXTS}

    def work(seed: int) -> list[str]:
        order = random.Random(seed).sample(TEXTS, len(TEXTS) // 4)  # noqa: S311  no secret
        wrong = []
        for number, text in enumerate(order):
            wrong += [text] if answers(text) != expected[text] else []
            if number % 5 == seed % 5:
                rstage.clear_caches()
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        assert [one for wrong in pool.map(work, range(THREADS)) for one in wrong] == []

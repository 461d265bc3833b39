"""Runs tries until so many texts were read, and collects what breaks a promise."""

from __future__ import annotations

import tempfile
import time
from collections import Counter, deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.support.fuzz import asking, files, trying
from tests.support.fuzz.promises import NO_CRASH, BrokenError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from tests.support.fuzz.trying import Try

# How often each is drawn; a table reads many texts at once.
KINDS: dict[Try, int] = {
    trying.try_read: 500,
    trying.try_column: 160,
    trying.try_parts: 80,
    trying.try_encode: 60,
    trying.try_find: 80,
    trying.try_restage: 80,
    trying.try_dictionary: 80,
    files.try_table: 2,
    files.try_message: 6,
}
MOST_FAILURES = 200
BLOCK = 100
"""So many cases one process runs at a time; a run ends with a whole block."""


@dataclass
class Ran:
    """What a run did.

    Attributes:
        readings: how many texts were read, each counted once, in however many modes.
        seconds: of the processor, in all processes.
        calls: how often each function that reads was called; what tables and messages read is not in it.
        tries: how often each kind was tried.
        failures: the number of each case that broke a promise, with the promise and what was shown.
    """

    readings: int = 0
    seconds: float = field(default=0, compare=False)
    calls: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, other: Ran) -> None:
        """Add what another run did."""
        self.readings += other.readings
        self.seconds += other.seconds
        self.calls += other.calls
        self.tries += other.tries
        self.failures += other.failures


def fuzz(readings: int, seed: int, *, processes: int = 1, seconds: float | None = None) -> Ran:
    """Try until `readings` texts were read or the seconds are over.

    The blocks are counted in the order of their numbers, so that the processes change nothing but the time.
    """
    latest = None if seconds is None else time.monotonic() + seconds
    ran = Ran()
    with closing(_blocks(seed, processes)) as blocks:
        for one in blocks:
            ran.add(one)
            is_late = latest is not None and time.monotonic() > latest
            if ran.readings >= readings or len(ran.failures) >= MOST_FAILURES or is_late:
                break
    return ran


def cases(seed: int, numbers: Iterable[int]) -> Ran:
    """Try the cases of some numbers."""
    ran, kinds, weights = Ran(), list(KINDS), list(KINDS.values())
    begun = time.process_time()
    asking.calls.clear()
    with tempfile.TemporaryDirectory() as name:
        for case in numbers:
            chance = Random(f"{seed} {case}")  # noqa: S311  no secret
            attempt = chance.choices(kinds, weights)[0]
            ran.tries[attempt.__name__.removeprefix("try_")] += 1
            try:
                ran.readings += attempt(chance, Path(name))
            except BrokenError as broken:
                ran.failures.append((case, broken.promise, str(broken)))
            except Exception as error:  # noqa: BLE001  whatever was not foreseen breaks a promise
                ran.failures.append((case, NO_CRASH, f"{attempt.__name__}: {type(error).__name__}: {error}"))
    ran.calls += asking.calls
    ran.seconds = time.process_time() - begun
    return ran


def _block(seed: int, number: int) -> Ran:
    return cases(seed, range(number * BLOCK, (number + 1) * BLOCK))


def _blocks(seed: int, processes: int) -> Generator[Ran]:
    """Yield what each block did, in order, without end."""
    if processes == 1:
        yield from (_block(seed, number) for number in count())
    # A fork could wait for ever for the threads of polars.
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    try:
        waiting = deque(pool.submit(_block, seed, number) for number in range(2 * processes))
        for number in count(len(waiting)):
            yield waiting.popleft().result()
            waiting.append(pool.submit(_block, seed, number))
    finally:
        pool.shutdown(cancel_futures=True)

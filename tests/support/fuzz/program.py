"""Runs tries until so many texts were read, and collects what breaks a promise."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.support.fuzz import files, trying
from tests.support.fuzz.promises import NO_CRASH, BrokenError

if TYPE_CHECKING:
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


@dataclass
class Ran:
    """What a run did.

    Attributes:
        readings: how many texts were read, each counted once, in however many modes.
        tries: how often each kind was tried.
        failures: the number of each case that broke a promise, with the promise and what was shown.
    """

    readings: int = 0
    tries: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)


def fuzz(readings: int, seed: int, *, only: int | None = None, seconds: float | None = None) -> Ran:
    """Try until `readings` texts were read or the seconds are over, or only the case of one number."""
    latest = None if seconds is None else time.monotonic() + seconds
    ran, kinds, weights = Ran(), list(KINDS), list(KINDS.values())
    with tempfile.TemporaryDirectory() as name:
        case = 0 if only is None else only
        while ran.readings < readings and len(ran.failures) < MOST_FAILURES:
            chance = Random(f"{seed} {case}")  # noqa: S311  no secret
            attempt = chance.choices(kinds, weights)[0]
            ran.tries[attempt.__name__.removeprefix("try_")] += 1
            try:
                ran.readings += attempt(chance, Path(name))
            except BrokenError as broken:
                ran.failures.append((case, broken.promise, str(broken)))
            except Exception as error:  # noqa: BLE001  whatever was not foreseen breaks a promise
                ran.failures.append((case, NO_CRASH, f"{attempt.__name__}: {type(error).__name__}: {error}"))
            if only is not None:
                break
            case += 1
            if latest is not None and time.monotonic() > latest:
                break
    return ran

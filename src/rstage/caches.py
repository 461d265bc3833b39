"""The caches of what was read: each is bounded and safe for threads, and `clear_caches` empties all of them.

Tables that come with the package are no caches in this sense: they are read once and never change.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import _lru_cache_wrapper

CACHE_SIZE = 65_536
"""How many texts a cache keeps, with their options."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Clearable(Protocol):
    def clear(self) -> None: ...


_Cache = TypeVar("_Cache", bound=_Clearable)
_clearing: list[Callable[[], None]] = []


class BoundedDict(dict[_Key, _Value]):
    """A dictionary that forgets everything before it would hold more than `most` keys.

    Another thread may empty it at any time: look a key up with one `get`, and go on with what that gave.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def keep(self, key: _Key, value: _Value) -> _Value:
        """Remember a value, and return it."""
        if len(self) >= self.most:
            self.clear()
        self[key] = value
        return value


def cached(size: int = CACHE_SIZE) -> Callable[[Callable[..., _Value]], _lru_cache_wrapper[_Value]]:
    """Make a function remember its latest results, as `functools.lru_cache` does."""

    def decorate(function: Callable[..., _Value]) -> _lru_cache_wrapper[_Value]:
        wrapper = lru_cache(size)(function)
        _clearing.append(wrapper.cache_clear)
        return wrapper

    return decorate


def registered(cache: _Cache) -> _Cache:
    """Return a cache of a module, which `clear_caches` empties from now on."""
    _clearing.append(cache.clear)
    return cache


def clear_caches() -> None:
    """Forget every text read so far."""
    for clear in _clearing:
        clear()

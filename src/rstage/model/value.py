"""What every value of rstage shares: dictionaries in and out, and a `repr` that hides patient data."""

from __future__ import annotations

from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from rstage.diagnostics import Diagnostic
from rstage.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Item = TypeVar("_Item")


def plain(value: object) -> object:
    """Return `value` as JSON-ready values: nested values become dictionaries, sets become sorted lists."""
    if isinstance(value, (Value, Diagnostic)):
        return value.to_dict()
    if isinstance(value, frozenset):
        kind: type[StrEnum] | None = type(next(iter(value))) if value else None
        return [str(member) for member in kind or () if member in value]
    if isinstance(value, tuple):
        return [plain(member) for member in value]
    return str(value) if isinstance(value, StrEnum) else value


def tuple_of(read: Callable[[Any], _Item]) -> Callable[[Iterable[Any]], tuple[_Item, ...]]:
    """Return the reader of a field that holds several values, each read by `read`."""
    return lambda items: tuple(map(read, items))


@cache
def _defaults(kind: type[Value]) -> tuple[tuple[str, object], ...]:
    """Return the fields of a value with their defaults."""
    return tuple((field.name, field.default) for field in fields(kind))  # type: ignore[arg-type]  # a dataclass


class Value:
    """A frozen value: equal by meaning, hashable, and the same after `from_dict(to_dict())`."""

    __slots__ = ()
    # How a field of the dictionary becomes a field of the value, where it is no plain text or number.
    readers: ClassVar[dict[str, Any]] = {}

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, as JSON-ready values."""
        return {
            name: plain(value)
            for name, default in _defaults(type(self))  # type: ignore[arg-type]  # a class is hashable
            if (value := getattr(self, name)) != default
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the value that `to_dict` wrote.

        Raises:
            ValueError: the fields do not make a value that can be written and read back.
            TypeError: a field is unknown, missing or of another type.
        """
        try:
            made = cls(
                **{
                    name: cls.readers[name](value) if name in cls.readers and value is not None else value
                    for name, value in data.items()
                }
            )
            made._check_types()
        except (AttributeError, IndexError, KeyError):
            raise ValueError(f"these fields do not make a {cls.__name__}") from None
        return made

    def _check_types(self) -> None:
        """Raise a ValueError where a field holds another type than its default does."""
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value, default = getattr(self, field.name), field.default
            if default is MISSING or default is None:
                kinds: tuple[type, ...] = (str, int, Value, frozenset, tuple, type(None))
            else:
                kinds = (type(default),)
            if not isinstance(value, kinds):
                what = f"{field.name} of {type(self).__name__} has another type"
                raise ValueError(what)  # noqa: TRY004  one error for whatever makes no value

    def __repr__(self) -> str:
        """Return what may end in a log: the notation where it is plain, and the codes of what was found."""
        codes = dict.fromkeys(found.code for found in getattr(self, "diagnostics", ()))
        return f"{type(self).__name__}({', '.join([repr(shown(str(self))), *codes])})"


class Notation(Value):
    """A value that holds notation and nothing of a patient, so that its `repr` shows it whole.

    The place in the bracket of an R is a text of its own, `R1(liver)`. What holds notation beside ids, dates
    or the text as given is no `Notation`: its `repr` goes through `privacy`.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

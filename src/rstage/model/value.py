"""What every value of rstage shares: dictionaries in and out, and a `repr` that hides patient data."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from rstage.diagnostics import Diagnostic
from rstage.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Callable

_Item = TypeVar("_Item")
_Word = TypeVar("_Word", bound=StrEnum)

# The types of fields that hold no value of their own, as they are written; `bool` is no number here.
_PLAIN: dict[str, type] = {"str": str, "int": int, "bool": bool}
_OR_NONE = " | None"


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


def tuple_of(read: Callable[[Any], _Item]) -> Callable[[object], tuple[_Item, ...]]:
    """Return the reader of a field that holds a list of values, each read by `read`."""
    return lambda items: tuple(map(read, listed(items)))


def word_of(kind: type[_Word]) -> Callable[[object], _Word]:
    """Return the reader of a field that holds one of a few words; its error does not show another one."""

    def read(word: object) -> _Word:
        if isinstance(word, str) and word in kind.__members__.values():
            return kind(word)
        raise ValueError(f"a {kind.__name__} is one of {', '.join(kind)}")

    return read


def as_text(value: object) -> str:
    """Return a member of a list that holds texts.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, str):
        raise TypeError("a text is a str")
    return value


def listed(items: object) -> list[Any]:
    """Return the members of a list.

    Raises:
        TypeError: it is something else; a text and a dictionary have members too.
    """
    if not isinstance(items, (list, tuple)):
        raise TypeError("several values are a list")
    return list(items)


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
            ValueError: these are no fields, or they do not make a value that can be written and read back; a
                field is unknown, missing or of another type. The message shows none of them.
        """
        try:
            made = cls(
                **{
                    name: cls.readers[name](value) if name in cls.readers and value is not None else value
                    for name, value in data.items()
                }
            )
            made._check_types()
        except (AttributeError, IndexError, KeyError, TypeError, RecursionError):
            raise ValueError(f"these fields do not make a {cls.__name__}") from None
        return made

    def _check_types(self) -> None:
        """Raise a ValueError where a field of plain text or a number holds something else, or is null.

        Every other field is made by its reader, and looked at by the constructor.
        """
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            written, value = str(field.type), getattr(self, field.name)
            if value is None and written.endswith(_OR_NONE):
                continue
            kind = _PLAIN.get(written.removesuffix(_OR_NONE), object)
            if value is None or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                what = f"{field.name} of {type(self).__name__} has another type"
                raise ValueError(what)

    def __repr__(self) -> str:
        """Return what may end in a log: the notation where it is plain, and the codes of what was found."""
        codes = dict.fromkeys(found.code for found in getattr(self, "diagnostics", ()))
        return f"{type(self).__name__}({', '.join([repr(shown(str(self))), *codes])})"


def unfrozen(kind: type[_Item]) -> type[Any]:
    """Return a class whose new objects are filled attribute by attribute and then become ones of `kind`.

    The constructor of a frozen class sets each attribute by a call, which is most of what a value costs. Who
    fills one instead has made sure of all that the constructor checks, sets every attribute, and ends with
    `made.__class__ = kind`; from then on it is frozen.
    """
    # Both: Python sets attributes of a class its fast way only where neither is its own.
    open_to_all = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(f"Unfrozen{kind.__name__}", (kind,), open_to_all)


class Notation(Value):
    """A value that holds notation and nothing of a patient, so that its `repr` shows it whole.

    The place in the bracket of an R is a text of its own, `R1(liver)`. What holds notation beside ids, dates
    or the text as given is no `Notation`: its `repr` goes through `privacy`.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

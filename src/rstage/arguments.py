"""What is said of a call that cannot be: an argument of another type, a keyword that is not known.

Messages name types and keywords and never a value: they end in logs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection

_Item = TypeVar("_Item")


def check_type(name: str, value: object, *kinds: type) -> None:
    """Raise a TypeError where an argument is of none of these types.

    Args:
        name: what the argument is called.
        value: the argument.
        kinds: the types; one of rstage says in `made_by` how a user makes it.
    """
    if isinstance(value, kinds):
        return
    wanted = " or ".join([_with_article(kind.__name__) for kind in kinds])
    made_by = [str(kind.made_by) for kind in kinds if hasattr(kind, "made_by")]
    hint = f"; it is made by {' or '.join(made_by)}" if made_by else ""
    raise TypeError(f"{name} is {wanted}, not {type(value).__name__}{hint}")


def check_each(name: str, values: object, kind: type[_Item]) -> list[_Item]:
    """Return the members of an argument, each of one type.

    Raises:
        TypeError: it has no members, is a single text, or one of them is of another type.
    """
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise TypeError(f"{name} is a list of type {kind.__name__}, not {type(values).__name__}")
    members = list(values)
    for place, one in enumerate(members):
        if not isinstance(one, kind):
            check_type(f"{name}[{place}]", one, kind)
    return members


def check_keywords(function: str, given: Collection[str], known: Collection[str]) -> None:
    """Raise the TypeError that Python raises for a keyword that a function does not have.

    Args:
        function: the function that the user called; others below it are nothing to him.
        given: the keywords of the call.
        known: those that the function has.
    """
    for keyword in given:
        if keyword not in known:
            from difflib import get_close_matches

            near = get_close_matches(keyword, known, n=1)
            hint = f". Did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{function}() got an unexpected keyword argument {keyword!r}{hint}")


def path_text(name: str, path: str | os.PathLike[str]) -> str:
    """Return a path as text.

    Raises:
        TypeError: it is no path, or one in bytes.
    """
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str):
        raise TypeError(f"{name} is a str or a path, not {type(path).__name__}")
    return text


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "AEIOaeio" else f"a {name}"

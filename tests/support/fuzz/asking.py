"""The functions of the library that read, each call counted by its name."""

from __future__ import annotations

from collections import Counter
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import rstage

if TYPE_CHECKING:
    from collections.abc import Callable

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

calls: Counter[str] = Counter()


def _counted(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    @wraps(function)
    def counting(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        calls[function.__qualname__] += 1
        return function(*args, **kwargs)

    return counting


read = _counted(rstage.read)
parse = _counted(rstage.parse)
read_parts = _counted(rstage.read_parts)
find = _counted(rstage.find)
parse_staging = _counted(rstage.Staging.parse)

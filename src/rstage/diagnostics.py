"""What was found in a text: diagnostics, the rules they come from, and the errors that hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[int, int]
"""Half-open character offsets into the text as it was given."""


_CODE = r"(?a)RS\d{3}"


def span_of(written: object) -> Span:
    """Return the span that a dictionary holds, a list of two numbers.

    Raises:
        ValueError: it holds something else.
    """
    if isinstance(written, (list, tuple)) and [type(place) for place in written] == [int, int]:
        start, end = written
        if 0 <= start <= end:
            return start, end
    raise ValueError("a span is two numbers, where it begins and where it ends")


def printable(text: str) -> str:
    """Return a text for a line of a terminal: a control character and a line end as their escapes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


class Severity(StrEnum):
    """How much a diagnostic matters: an error refuses the text, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.ERROR)
"""From the least to the gravest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing that was found in a text.

    Attributes:
        code: `RS` and three digits; a code never changes its meaning.
        name: the same in words, such as `UNKNOWN_VALUE`.
        severity: error, warning or info.
        message: one sentence; it shows a value only where that is plain stage notation.
        span: half-open character offsets into the text as given.
        part: the part the span counts in (`"T"`, `"group"`), where a stage was given in parts.
        suggestions: texts that may have been meant, the likeliest first.
    """

    code: str
    name: str
    severity: Severity
    message: str
    span: Span = (0, 0)
    part: str | None = None
    suggestions: tuple[str, ...] = ()

    def moved(self, offset: int) -> Diagnostic:
        """Return the finding in a text in which its own stands `offset` characters later."""
        if not offset:
            return self
        return Diagnostic(
            code=self.code,
            name=self.name,
            severity=self.severity,
            message=self.message,
            span=(self.span[0] + offset, self.span[1] + offset),
            part=self.part,
            suggestions=self.suggestions,
        )

    def __str__(self) -> str:
        hint = f" (did you mean {' or '.join(map(printable, self.suggestions))}?)" if self.suggestions else ""
        return f"{self.code} {self.severity}: {self.message}{hint}"

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnostic as JSON-ready values."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": str(self.severity),
            "message": self.message,
            "span": list(self.span),
            "part": self.part,
            "suggestions": list(self.suggestions),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the diagnostic that `to_dict` wrote; what else stands there, such as its place, is left out.

        Raises:
            ValueError: it is no such dictionary. The message shows nothing of it.
        """
        try:
            code, name, message, part = data["code"], data["name"], data["message"], data.get("part")
            severity, suggestions = data["severity"], data.get("suggestions", [])
            is_one = (
                all(isinstance(one, str) for one in (code, name, message, severity, *suggestions))
                # Whatever stands there as a code ends in logs.
                and re.fullmatch(_CODE, code) is not None
                and severity in Severity.__members__.values()
                and isinstance(suggestions, (list, tuple))
                and isinstance(part, (str, NoneType))
            )
            span = span_of(data["span"])
        except (AttributeError, KeyError, TypeError, RecursionError):
            is_one = False
        if not is_one:
            raise ValueError("these fields do not make a Diagnostic")
        return cls(
            code=code,
            name=name,
            severity=Severity(severity),
            message=message,
            span=span,
            part=part,
            suggestions=tuple(suggestions),
        )


def has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any of the diagnostics is an error."""
    for one in diagnostics:  # noqa: SIM110  a loop costs half of what `any` does
        if one.severity is Severity.ERROR:
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One code: what it is called, what it says, why, and what it looks like.

    Attributes:
        wrong, right: examples in one of three forms: a stage as text, `name=value; name=value` for the
            keywords of a call (`text=...; encode=...` for a stage that is written), or `$ rstage ...` for a
            command line.
        otherwise: another severity that it can have, and when.
        option: what reads the wrong example, as the command line writes it; empty where nothing does.
    """

    code: str
    name: str
    severity: Severity
    message: str
    reason: str
    source: str
    wrong: str
    right: str
    otherwise: str = ""
    option: str = ""

    def at(
        self,
        span: Span = (0, 0),
        *,
        part: str | None = None,
        suggestions: tuple[str, ...] = (),
        severity: Severity | None = None,
        **values: object,
    ) -> Diagnostic:
        """Return the diagnostic of this rule at `span`; `part` and `values` fill its message."""
        texts = {name: printable(one) if isinstance(one, str) else one for name, one in values.items()}
        return Diagnostic(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            message=self.message.format(part=part, **texts),
            span=span,
            part=part,
            suggestions=suggestions,
        )


class _DiagnosticsError(ValueError):
    """A ValueError that holds every diagnostic; its text shows only what messages may show."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "; ".join(str(found) for found in self.diagnostics)


class NotationError(_DiagnosticsError):
    """A text could not be read as one stage; `diagnostics` holds every diagnostic."""


class RestagingError(_DiagnosticsError):
    """A diagnosis and an assessment could not become a restaging; `diagnostics` holds every diagnostic."""


class DialectError(_DiagnosticsError):
    """A dialect cannot hold a stage; `diagnostics` names each thing that would be left out."""

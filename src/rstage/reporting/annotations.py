"""Findings as code hosts take them from a build: workflow commands of GitHub, a report for GitLab."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from rstage.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reporting.placed import PlacedFinding

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def github(findings: Iterable[PlacedFinding], *, shows_values: bool) -> Iterator[str]:
    """Yield one workflow command a finding, which GitHub shows beside the line."""
    in_message, in_property = str.maketrans(_IN_MESSAGE), str.maketrans(_IN_PROPERTY)
    for found in findings:
        diagnostic = found.diagnostic
        file, title = (one.translate(in_property) for one in (found.file, _title(found)))
        said = found.with_value(str(diagnostic), shows_values=shows_values).translate(in_message)
        where = f"file={file},line={max(found.place.line, 1)},title={title}"
        yield f"::{_COMMANDS[diagnostic.severity]} {where}::{said}\n"


def _title(found: PlacedFinding) -> str:
    return f"{found.diagnostic.name} in {found.column}"


def gitlab(findings: Iterable[PlacedFinding], *, shows_values: bool) -> Iterator[dict[str, Any]]:
    """Yield the items of a code quality report."""
    for found in findings:
        yield {
            "description": found.with_value(str(found.diagnostic), shows_values=shows_values),
            "check_name": found.diagnostic.name,
            "fingerprint": fingerprint(found),
            "severity": _SEVERITIES[found.diagnostic.severity],
            "location": {"path": found.file, "lines": {"begin": max(found.place.line, 1)}},
        }


def fingerprint(found: PlacedFinding) -> str:
    """Return what is the same for the same finding in each run; the value of the cell is no part of it."""
    diagnostic = found.diagnostic
    known = [found.file, str(found.place), diagnostic.code, diagnostic.span, diagnostic.message]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()

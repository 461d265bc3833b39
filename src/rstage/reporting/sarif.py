"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines of a file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

from rstage import __version__, rules
from rstage.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.diagnostics import Rule
    from rstage.reporting.placed import PlacedFinding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# RFC 3986, section 2.3, and what stands between folders.
_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~/".encode())
# What SARIF has names of its own for; the rest of a finding goes into its property bag.
_NAMED = ("file", "line", "code", "name", "severity", "message")


def sarif(findings: Iterable[PlacedFinding], *, shows_values: bool) -> Iterator[str]:
    """Yield a log with one run piece by piece, one result a line."""
    driver = {"name": "rstage", "version": __version__, "rules": [_descriptor(rule) for rule in rules.ALL]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"}
    before = json.dumps({"$schema": SCHEMA, "version": "2.1.0"})[:-1]
    yield f'{before}, "runs": [{json.dumps(run)[:-1]}, "results": ['
    indexes = {rule.code: index for index, rule in enumerate(rules.ALL)}
    separator = "\n"
    for found in findings:
        yield separator + json.dumps(_result(found, indexes, shows_values=shows_values))
        separator = ",\n"
    yield "\n]}]}\n"


def _descriptor(rule: Rule) -> dict[str, Any]:
    """Return what a log says once of a code."""
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("_", " ").capitalize()},
        "fullDescription": {"text": rule.reason},
        "help": {"text": f"{rule.reason} Wrong: {rule.wrong} Right: {rule.right}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        **({"helpUri": found} if (found := rules.address(rule.code)) else {}),
    }


def _result(found: PlacedFinding, indexes: dict[str, int], *, shows_values: bool) -> dict[str, Any]:
    diagnostic = found.diagnostic
    physical = {
        "artifactLocation": {"uri": uri(found.file)},
        "region": {"startLine": max(found.place.line, 1)},
    }
    known = found.to_dict(shows_values=shows_values)
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": indexes[diagnostic.code],
        "level": LEVELS[diagnostic.severity],
        "message": {"text": str(diagnostic).partition(": ")[2]},
        "locations": [
            {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": found.column}]}
        ],
        "properties": {name: value for name, value in known.items() if name not in _NAMED},
    }


def uri(file: str) -> str:
    """Return the name of a file as a URI: relative where the name is."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else _quoted(os.fsencode(path.as_posix()))


def _quoted(name: bytes) -> str:
    """Return a name with what a URI does not hold as its codes; urllib knows networks."""
    return "".join([chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in name])

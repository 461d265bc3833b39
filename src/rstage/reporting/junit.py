"""Findings as JUnit XML, in the shape of the Apache Ant schema, which is the strictest of those in use."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from rstage.diagnostics import SEVERITIES, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.reporting.placed import PlacedFinding

_IN_MEMORY = 1 << 24
# Characters that XML 1.0 does not have.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(findings: Iterable[PlacedFinding], *, fails_from: Severity, shows_values: bool) -> Iterator[str]:
    """Yield one suite with a test case for each finding, and one that passes where there is none.

    Args:
        findings: what was found.
        fails_from: the least severity that fails; what is less is a skipped case.
        shows_values: whether values that are not plain notation are shown.
    """
    began, at = monotonic(), datetime.now(tz=UTC).replace(microsecond=0, tzinfo=None).isoformat()
    count = failed = 0
    # The counts stand before the cases.
    with SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8", newline="") as cases:
        for found in findings:
            fails = SEVERITIES.index(found.diagnostic.severity) >= SEVERITIES.index(fails_from)
            count, failed = count + 1, failed + fails
            cases.write(_case(found, fails=fails, shows_values=shows_values))
        if not count:
            cases.write('<testcase name="no findings" classname="rstage" time="0"/>\n')
        counts = f'tests="{max(count, 1)}" failures="{failed}" errors="0" skipped="{count - failed}"'
        about = f'package="rstage" hostname="localhost" timestamp="{at}" time="{monotonic() - began:.3f}"'
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        yield f'<testsuite name="rstage" id="0" {about} {counts}>\n<properties/>\n'
        cases.seek(0)
        yield from cases
    yield "<system-out/>\n<system-err/>\n</testsuite>\n</testsuites>\n"


def _case(found: PlacedFinding, *, fails: bool, shows_values: bool) -> str:
    diagnostic = found.diagnostic
    name = _attribute(f"{found.file}:{found.place}: {diagnostic.code} {diagnostic.name}")
    opened = f'<testcase name={name} classname={_attribute(found.file)} time="0">'
    if not fails:
        return f"{opened}<skipped message={_attribute(str(diagnostic))}/></testcase>\n"
    said = f"message={_attribute(str(diagnostic))} type={_attribute(diagnostic.severity)}"
    text = escape(_xml_text(found.with_value(str(found), shows_values=shows_values)))
    return f"{opened}<failure {said}>{text}</failure></testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_xml_text(text))


def _xml_text(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)

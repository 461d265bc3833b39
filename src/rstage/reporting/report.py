"""Findings in each format of a report, and what was counted as tables.

The modules of the formats are imported where they are used: most commands print text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from rstage import rules
from rstage.diagnostics import Severity, printable
from rstage.privacy import hidden, is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reporting.counts import FindingCounts
    from rstage.reporting.placed import PlacedFinding

_Key = TypeVar("_Key")

DATA_FORMATS = ("text", "json", "jsonl", "csv")
"""The formats that what was counted has too."""

FORMATS = (*DATA_FORMATS, "sarif", "junit", "github", "gitlab")
"""The formats of a report of findings; the last four are for the builds of code hosts."""

MOST_SHOWN = 20
"""Distinct values that the statistics list."""

_INDENT = "    "
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_COLORS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.INFO: "\x1b[1;36m"}
_PLAIN = "\x1b[0m"
_OF_DIAGNOSTIC = ("code", "name", "severity", "message", "span", "part", "suggestions")
TABLE_FIELDS = ("file", "line", "row", "column", "value", *_OF_DIAGNOSTIC)
MESSAGE_FIELDS = ("file", "line", "column", "record", "path", "value", *_OF_DIAGNOSTIC)
_COUNT_FIELDS = ("by", "column", "value", "code", "severity", "name", "count")


def draw(
    diagnostic: Diagnostic,
    text: str,
    *,
    is_colored: bool = False,
    shows_values: bool = False,
    made: Sequence[str] = (),
) -> str:
    """Return a finding for a person; the text is drawn below, with a caret, only where it may be shown.

    Args:
        diagnostic: the finding.
        text: the text that it was found in.
        is_colored: whether code and severity are colored for a terminal.
        shows_values: whether the text, and what the message hides of it, is shown whatever it holds.
        made: what was read from the text, part by part; a message may name it too.
    """
    is_shown = shows_values and text.isprintable()
    if is_shown:
        diagnostic = _with_own_text(diagnostic, text, made)
    line = _colored(str(diagnostic), diagnostic) if is_colored else str(diagnostic)
    if not text.strip() or not (is_plain(text) or is_shown):
        return line
    start, end = diagnostic.span
    if start > len(text):
        return line
    carets = " " * _width(text[:start]) + "^" * max(_width(text[start:end]), 1)
    return f"{line}\n{_INDENT}{text}\n{_INDENT}{carets}"


def _with_own_text(diagnostic: Diagnostic, text: str, made: Sequence[str]) -> Diagnostic:
    """Return a finding whose message shows what it hides: of the text, then of what was read from it.

    A message says only how long a hidden text is; where two can be meant, it stays as it is.
    """
    message = diagnostic.message
    for own in dict.fromkeys((text[slice(*diagnostic.span)].strip(), text.strip(), text)):
        message = message.replace(hidden(own), own, 1)
    for own in made:
        if not is_plain(own) and [len(one) for one in made].count(len(own)) == 1:
            message = message.replace(hidden(own), own, 1)
    return replace(diagnostic, message=message)


def _width(text: str) -> int:
    """Return how many columns a text takes on a terminal: full-width characters two, combining ones none."""
    if text.isascii():
        return len(text)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(one) in ("W", "F") for one in text)
    return len(text) + wide - sum(unicodedata.combining(one) > 0 for one in text)


def line_of(found: PlacedFinding, *, is_colored: bool = False, shows_values: bool = False) -> str:
    """Return a finding with its place as one line.

    Args:
        found: the finding.
        is_colored: whether code and severity are colored for a terminal.
        shows_values: whether its text stands at the end, in quotes, with what is not printable escaped.
    """
    line = _colored(str(found), found.diagnostic) if is_colored else str(found)
    return found.with_value(line, shows_values=shows_values)


def _colored(line: str, diagnostic: Diagnostic) -> str:
    """Return a line of a finding, with its code and severity in color."""
    words = f"{diagnostic.code} {diagnostic.severity}"
    before, _, after = line.partition(f"{words}: ")
    return f"{before}{_COLORS[diagnostic.severity]}{words}{_PLAIN}: {after}"


def report(
    findings: Iterable[PlacedFinding],
    form: str,
    fields: Sequence[str] = TABLE_FIELDS,
    *,
    is_colored: bool = False,
    shows_values: bool = False,
    fails_from: Severity = Severity.ERROR,
) -> Iterator[str]:
    """Yield a report of the findings piece by piece, so that a long one needs no memory.

    Args:
        findings: what was found.
        form: one of `FORMATS`.
        fields: the columns of CSV, which are the keys of each finding.
        is_colored: whether text is colored for a terminal.
        shows_values: whether values that are not plain notation are shown.
        fails_from: the least severity that fails a test of JUnit.
    """
    if form == "text" and not (is_colored or shows_values):
        return (f"{found}\n" for found in findings)
    if form == "text":
        return (line_of(found, is_colored=is_colored, shows_values=shows_values) + "\n" for found in findings)
    if form in DATA_FORMATS:
        return _written((found.to_dict(shows_values=shows_values) for found in findings), form, fields)
    return _for_builds(findings, form, shows_values=shows_values, fails_from=fails_from)


def _for_builds(
    findings: Iterable[PlacedFinding], form: str, *, shows_values: bool, fails_from: Severity
) -> Iterator[str]:
    """Yield a report for a code host, or what runs its builds."""
    if form == "sarif":
        from rstage.reporting.sarif import sarif

        return sarif(findings, shows_values=shows_values)
    if form == "junit":
        from rstage.reporting.junit import junit

        return junit(findings, fails_from=fails_from, shows_values=shows_values)
    from rstage.reporting.annotations import github, gitlab

    if form == "github":
        return github(findings, shows_values=shows_values)
    return json_array(gitlab(findings, shows_values=shows_values))


def _json(item: object) -> str:
    import json

    return json.dumps(item)


def json_lines(items: Iterable[object]) -> Iterator[str]:
    """Yield each item as one line of JSON."""
    return (_json(item) + "\n" for item in items)


def json_array(items: Iterable[object]) -> Iterator[str]:
    """Yield a JSON array piece by piece, one item a line."""
    separator = "[\n"
    for item in items:
        yield separator + _json(item)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _written(items: Iterable[dict[str, Any]], form: str, fields: Sequence[str]) -> Iterator[str]:
    if form == "csv":
        return csv_lines(items, fields)
    return json_array(items) if form == "json" else json_lines(items)


def csv_lines(items: Iterable[dict[str, Any]], fields: Sequence[str]) -> Iterator[str]:
    """Yield a header and each item as a line of CSV: its values of the `fields`."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(fields)
    for item in items:
        writer.writerow([_csv_cell(item[field]) for field in fields])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _csv_cell(value: object) -> object:
    """Return a value for CSV: a span as `2-4`, suggestions side by side.

    A spreadsheet takes what begins with one of these signs for a formula, so that a quote stands before it; a
    control character would act on a terminal.
    """
    if isinstance(value, list):
        value = (" | " if value and isinstance(value[0], str) else "-").join(map(str, value))
    if not isinstance(value, str):
        return value
    is_formula = value.lstrip().startswith(_FORMULA) and value != "-"  # the name of standard input
    return "'" * is_formula + printable(value)


def statistics(counts: FindingCounts, form: str = "text") -> Iterator[str]:
    """Yield how often each finding came: by code, by column, and by distinct value (the most frequent)."""
    names = {rule.code: rule.name for rule in rules.ALL}
    if form != "text":
        return _written(_counted(counts, names), form, _COUNT_FIELDS)
    return _statistics_text(counts, names)


def _counted(counts: FindingCounts, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    for (code, severity), count in _ordered(counts.codes.items()):
        yield _count("code", code=code, severity=str(severity), name=names.get(code), count=count)
    for (column, code), count in _by_column(counts):
        yield _count("column", column=column, code=code, name=names.get(code), count=count)
    for (column, value, codes), count in _ordered(counts.values.items())[:MOST_SHOWN]:
        yield _count("value", column=column, value=value, code=codes, count=count)


def _count(by: str, **known: object) -> dict[str, Any]:
    return dict.fromkeys(_COUNT_FIELDS) | {"by": by, **known}


def _ordered(items: Iterable[tuple[_Key, int]]) -> list[tuple[_Key, int]]:
    """Return counts, the largest first; equal ones in the order of their keys, so that a run repeats."""
    return sorted(items, key=lambda item: (-item[1], str(item[0])))


def _by_column(counts: FindingCounts) -> list[tuple[tuple[str, str], int]]:
    """Return the counts of columns, those of one column together and the largest first."""
    return sorted(_ordered(counts.columns.items()), key=lambda item: item[0][0])


def _statistics_text(counts: FindingCounts, names: dict[str, str]) -> Iterator[str]:
    if not counts.codes:
        yield "no findings\n"
        return
    yield "findings by code\n"
    yield from _aligned(
        (count, code, str(severity), names.get(code, ""))
        for (code, severity), count in _ordered(counts.codes.items())
    )
    yield "findings by column\n"
    yield from _aligned((count, *key) for key, count in _by_column(counts))
    if counts.values:
        kept = _ordered(counts.values.items())
        more = f", the {MOST_SHOWN} most frequent" if len(kept) > MOST_SHOWN else ""
        pruned = ", rare ones not counted" if counts.is_pruned else ""
        yield f"findings by value{more}{pruned}\n"
        yield from _aligned(
            (count, column, value, codes) for (column, value, codes), count in kept[:MOST_SHOWN]
        )


def _aligned(lines: Iterable[tuple[int, *tuple[str, ...]]]) -> Iterator[str]:
    """Yield lines in columns: counts to the right, texts to the left, as wide as the widest."""
    rows = [(f"{count:,}", *map(printable, texts)) for count, *texts in lines]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for count, *texts in rows:
        padded = [text.ljust(width) for text, width in zip(texts, widths[1:], strict=True)]
        yield f"  {count:>{widths[0]}}  {'  '.join(padded)}".rstrip() + "\n"

"""Pictures of a report: rows of tables whose last cell is drawn, so that each picture is a table too.

A screen reader reads the numbers, a printer keeps rows whole, and a narrow screen wraps texts.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from rstage.report.elements import element, number, row
from rstage.report.years import years_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from xml.etree import ElementTree as ET

    from rstage.report.elements import Content
    from rstage.report.tally import StageTally

_HEIGHT = 14

# The bars differ in pattern as well as in color.
_KINDS = (
    ("read", "read"),
    ("refused", "refused"),
    ("missing", "missing"),
    ("passed", "not looked at"),
)

# A shape for each set of types; the first is of one type, and several together are a star.
_SHAPES = {
    "local": "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0 -6 0Z",
    "regional": "M0 -7L7 6L-7 6Z",
    "distant": "M-6 -6H6V6H-6Z",
}
_TOGETHER = "M0 -8L2 -2L8 -2L3 2L5 8L0 4L-5 8L-3 2L-8 -2L-2 -2Z"
_NONE = "M0 -6L6 0L0 6L-6 0Z"
_DIAGNOSIS = "M-1.5 -8H1.5V8H-1.5Z"

_EDGE = 4
"""Percent of a line that stay free on either side, for a mark at its end."""


class Bar(NamedTuple):
    """A row with a bar: what it is called, and how many there are."""

    label: Content
    many: int


def definitions() -> ET.Element:
    """Return the patterns that fill bars."""
    hatched = element(
        "pattern",
        element("rect", width="6", height="6", class_="hatched-ground"),
        element("path", d="M0 0V6", class_="hatched-line"),
        id="hatched",
        width="6",
        height="6",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    dotted = element(
        "pattern",
        element("rect", width="5", height="5", class_="dotted-ground"),
        element("circle", cx="2", cy="2", r="1", class_="dotted-dot"),
        id="dotted",
        width="5",
        height="5",
        patternUnits="userSpaceOnUse",
    )
    drawn = element("defs", hatched, dotted)
    return element("svg", drawn, width="0", height="0", aria_hidden="true", class_="defs")


def bars(caption: str, head: tuple[str, str], rows: Sequence[Bar], total: int | None = None) -> ET.Element:
    """Return a table with a bar in each row.

    Args:
        caption: what it shows.
        head: what the labels and the counts are called.
        rows: the bars.
        total: what the shares are of; None where they are of nothing.
    """
    longest = max((one.many for one in rows), default=0)
    names = [head[0], head[1], *(("share",) if total else ()), "picture"]
    body = []
    for one in rows:
        cells = [element("th", one.label, scope="row"), number(one.many)]
        if total:
            cells.append(element("td", _share(one.many, total), class_="number"))
        body.append(row([*cells, _picture([("count", one.many)], longest)]))
    return table(caption, names, body, numbers=(head[1], "share"))


def columns(caption: str, tallies: Sequence[StageTally], names: Sequence[str]) -> ET.Element:
    """Return a table with a row for each place of stages, its bar as long as the row of every other one.

    Args:
        caption: what it shows.
        tallies: what became of the stages.
        names: what their places are called.
    """
    kinds = [kind for kind in _KINDS if kind[0] != "passed" or any(one.passed_over for one in tallies)]
    body = []
    for one, name in zip(tallies, names, strict=True):
        counts = (one.read, one.refused, one.missing, one.passed_over)[: len(kinds)]
        cells = [element("th", name, scope="row"), *map(number, counts)]
        drawn = [(kind, count) for (kind, _), count in zip(kinds, counts, strict=True)]
        body.append(row([*cells, _picture(drawn, one.total)]))
    words = [word for _, word in kinds]
    return table(caption, ["column", *words, "picture"], body, numbers=words)


def legend_of_columns(*, has_passed: bool) -> ET.Element:
    """Return what the patterns of `columns` mean."""
    kinds = [kind for kind in _KINDS if kind[0] != "passed" or has_passed]
    return _legend(
        (element("rect", y="1", width="14", height="12", class_=kind), word) for kind, word in kinds
    )


def _legend(items: Iterable[tuple[ET.Element, str]]) -> ET.Element:
    return element(
        "ul",
        *(
            element("li", element("svg", mark, width="14", height="14", aria_hidden="true"), word)
            for mark, word in items
        ),
        class_="legend",
    )


def table(
    caption: str, names: Sequence[str], body: Iterable[ET.Element], numbers: Iterable[str] = ()
) -> ET.Element:
    """Return a table in a frame that scrolls, by keyboard too.

    Args:
        caption: what it shows.
        names: the heads of its columns.
        body: its rows.
        numbers: those of the heads that are over numbers.
    """
    right = set(numbers)
    heads = [
        element("th", name, scope="col", **({"class_": "number"} if name in right else {})) for name in names
    ]
    made = element(
        "table",
        element("caption", caption),
        element("thead", row(heads)),
        element("tbody", *body),
    )
    return element("div", made, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _picture(parts: Iterable[tuple[str, int]], longest: int) -> ET.Element:
    """Return a cell with bars one behind the other."""
    start, drawn = 0.0, []
    for kind, count in parts:
        width = 100 * count / longest if longest and count > 0 else 0
        if width:
            height = str(_HEIGHT)
            drawn.append(
                element("rect", x=_percent(start), width=_percent(width), height=height, class_=kind)
            )
        start += width
    svg = element("svg", *drawn, height=str(_HEIGHT), aria_hidden="true", focusable="false")
    return element("td", svg, class_="picture")


def _percent(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %"


def longest_line(dated: Iterable[tuple[str | None, str | None]]) -> int:
    """Return how many years the lines of tumors are long, given the dates of diagnosis and restaging."""
    found = [years_after(first, second) for first, second in dated if first and second]
    return max(ceil(max(found, default=0)), 1)


def line(length: int, marks: Iterable[tuple[float, str]]) -> ET.Element:
    """Return a cell with the line of a tumor: its diagnosis, and a mark for each restaging.

    Args:
        length: the years of the longest line.
        marks: for each restaging the years after the diagnosis, and its types of recurrence.
    """
    found = list(marks)
    last = max((years for years, _ in found), default=0.0)
    drawn = [
        element("line", x1=_at(0, length), x2=_at(last, length), y1="10", y2="10", class_="axis"),
        _mark(0, length, _DIAGNOSIS, "diagnosis"),
        *(_mark(years, length, *_shape(types)) for years, types in found),
    ]
    return element(
        "td",
        element("svg", *drawn, height="20", aria_hidden="true", focusable="false"),
        class_="picture",
    )


def _shape(types: str) -> tuple[str, str]:
    if not types:
        return _NONE, "mark-none"
    return _SHAPES.get(types, _TOGETHER), "mark"


def _mark(years: float, length: int, path: str, kind: str) -> ET.Element:
    return element(
        "svg", element("path", d=path, class_=kind), x=_at(years, length), y="10", overflow="visible"
    )


def _at(years: float, length: int) -> str:
    return _percent(_EDGE + (100 - 2 * _EDGE) * years / length)


def legend_of_lines() -> ET.Element:
    """Return what the marks of `line` mean."""
    marks = [
        (_DIAGNOSIS, "diagnosis", "diagnosis"),
        *((path, "mark", types) for types, path in _SHAPES.items()),
        (_TOGETHER, "mark", "several together"),
        (_NONE, "mark-none", "no recurrence shown"),
    ]
    return _legend(
        (element("svg", element("path", d=path, class_=kind), x="7", y="7", overflow="visible"), word)
        for path, kind, word in marks
    )


def scale(length: int) -> ET.Element:
    """Return a cell with the years under the lines of tumors."""
    step = max(ceil(length / 5), 1)
    ticks = [
        element("text", str(years), x=_at(years, length), y="12", class_="tick")
        for years in range(0, length + 1, step)
    ]
    drawn = element("svg", *ticks, height="16", aria_hidden="true", focusable="false")
    return element("td", drawn, class_="picture")

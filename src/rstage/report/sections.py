"""The sections of a report: what became of the columns, the findings, the values, and the recurrences."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Severity
from rstage.reference.vocabulary import values as values_of
from rstage.report import charts
from rstage.report.charts import Bar
from rstage.report.course import MOST_TIMELINES
from rstage.report.elements import clipped, element, number, row
from rstage.report.tally import GROUP
from rstage.report.years import years_after, years_between

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping
    from xml.etree import ElementTree as ET

    from rstage.report.content import Content
    from rstage.report.course import Course, Step, Timeline
    from rstage.reporting.counts import ValueKey

    Section = tuple[str, str, list[ET.Element]]

MOST_COLUMNS = 40
MOST_DISTRIBUTIONS = 20
MOST_VALUES = 50
MOST_BARS = 24
"""What a report lists at most, so that it stays small whatever the input holds."""

_TITLES = {"T": "T", "N": "N", "M": "M", GROUP: "Stage group"}
_NONE_SHOWN = "no recurrence shown"


def sections(content: Content, values: Mapping[ValueKey, int]) -> list[Section]:
    """Return the sections that have something to show: an id, a title, and what is inside.

    Args:
        content: what the report is made of.
        values: those that need a person, the most frequent first.
    """
    course = content.tally.course
    found = [
        ("columns", "What was read", list(_columns(content))),
        ("values", "Values that need a person", list(_values(content, values))),
        ("findings", "Findings", list(_codes(content))),
        ("distribution", "T, N, M and groups", list(_distributions(content))),
        ("recurrence", "Recurrence", list(_recurrence(course))),
        ("tumors", "Tumor by tumor", list(_timelines(content, course.timelines))),
    ]
    return [one for one in found if one[2]]


def _columns(content: Content) -> Iterator[ET.Element]:
    tallies = list(content.tally.stages.values())
    if not tallies:
        return
    shown = tallies[:MOST_COLUMNS]
    yield charts.legend_of_columns(has_passed=any(one.passed_over for one in shown))
    names = [clipped(one.label) for one in shown]
    yield charts.columns("Stages read, refused and missing", shown, names)
    yield from _left_out(len(tallies) - len(shown), "column")


def _values(content: Content, values: Mapping[ValueKey, int]) -> Iterator[ET.Element]:
    if not values:
        return
    shown = list(values.items())[:MOST_VALUES]
    body = [_value(content, key, count) for key, count in shown]
    names = ["value", "column", "count", "what is wrong", "proposal"]
    yield charts.table("Values that are not read, the most frequent first", names, body, numbers=["count"])
    yield from _left_out(len(values) - len(shown), "value")
    if content.counts.is_pruned:
        yield element("p", "There are so many different values that rare ones were not counted.")
    if content.facts.is_table:
        file = quote(clipped(content.facts.file))
        yield element(
            "p",
            "To decide them in a list: ",
            element("code", f"rstage look {file} --worklist worklist.csv"),
            " writes it with these proposals, and ",
            element("code", "--corrections worklist.csv"),
            " reads the values as you decided. A proposal decides nothing.",
        )


def _value(content: Content, key: ValueKey, count: int) -> ET.Element:
    column, value, codes = key
    proposed = content.proposals(column, value, content.counts.refused[key])
    wrong = [
        code for code in codes.split() if rules.BY_CODE[code].severity is Severity.ERROR
    ] or codes.split()
    return row(
        [
            element("th", element("code", clipped(value)), scope="row"),
            element("td", clipped(column)),
            number(count),
            element("td", "; ".join(f"{code} {_name(code)}" for code in wrong), class_="words"),
            element("td", element("code", content.stage(" or ".join(proposed))) if proposed else "none"),
        ]
    )


def _name(code: str) -> str:
    return rules.BY_CODE[code].name.lower().replace("_", " ")


def _codes(content: Content) -> Iterator[ET.Element]:
    codes = sorted(content.counts.codes.items(), key=lambda item: (-item[1], item[0]))
    if not codes:
        yield element("p", "Nothing was found.")
        return
    bars = [Bar(_code(code, severity), count) for (code, severity), count in codes]
    yield charts.bars("How often each finding came", ("finding", "count"), bars)
    if content.counts.overridden:
        reviewed = (
            f"{content.counts.overridden:,} more were reviewed by a person and do not count (--overrides)."
        )
        yield element("p", reviewed)


def _code(code: str, severity: Severity) -> ET.Element:
    """Return a code with its words, which open: why it is told, and an example."""
    rule = rules.BY_CODE[code]
    kind = {"class_": "error"} if severity is Severity.ERROR else {}
    head = element("summary", f"{code} {_name(code)} (", element("span", str(severity), **kind), ")")
    return element("details", head, *_words(rule.reason, rule.wrong, rule.right))


def _words(reason: str, wrong: str, right: str) -> Iterator[ET.Element]:
    yield element("p", reason)
    if wrong and right:
        yield element("p", "Wrong: ", element("code", wrong), " Right: ", element("code", right))


def _distributions(content: Content) -> Iterator[ET.Element]:
    tallies = list(content.tally.stages.values())
    for tally in tallies[:MOST_DISTRIBUTIONS]:
        pictures = [
            _distribution(letter, counter, tally.read)
            for letter, counter in tally.values.items()
            if any(count > 0 for count in counter.values())
        ]
        if pictures:
            yield element("h3", clipped(tally.label))
            yield element("div", *pictures, class_="parts")
    yield from _left_out(len(tallies) - MOST_DISTRIBUTIONS, "column")


def _distribution(letter: str, counter: Counter[str], total: int) -> ET.Element:
    order = {value: place for place, value in enumerate(values_of(letter))} if letter != GROUP else {}
    items = sorted(
        ((value, count) for value, count in counter.items() if count > 0),
        key=lambda item: (order.get(item[0].partition("-")[0], len(order)), item[0]),
    )
    if len(items) > MOST_BARS:
        kept = sorted(items, key=lambda item: -item[1])[: MOST_BARS - 1]
        others = sum(count for _, count in items) - sum(count for _, count in kept)
        items = [*(one for one in items if one in kept), ("other", others)]
    prefix = "" if letter == GROUP else letter
    bars = [Bar(value if value == "other" else f"{prefix}{value}", count) for value, count in items]
    return charts.bars(_TITLES[letter], ("value", "count"), bars, total)


def _recurrence(course: Course) -> Iterator[ET.Element]:
    if not course.restagings:
        return
    types = sorted(
        ((kind, count) for kind, count in course.types.items() if count > 0),
        key=lambda item: (item[0].count("+"), -item[1], item[0]),
    )
    bars = [Bar(kind.replace("+", " + ") or _NONE_SHOWN, count) for kind, count in types]
    yield charts.bars("Types of recurrence", ("type", "restagings"), bars, course.restagings)
    years = [Bar(_years(count), number_of) for count, number_of in sorted(course.years.items())]
    if len(years) > MOST_BARS:
        late = sum(one.many for one in years[MOST_BARS - 1 :])
        years = [*years[: MOST_BARS - 1], Bar("later", late)]
    for words, count in (
        ("the dates leave two numbers of years open", course.unclear),
        ("a date is missing", course.undated),
    ):
        if count:
            years.append(Bar(words, count))
    if years:
        yield charts.bars(
            "Whole years from diagnosis to recurrence",
            ("time", "restagings"),
            years,
            sum(one.many for one in years),
        )


def _years(count: int) -> str:
    return {0: "less than 1 year", 1: "1 year"}.get(count, f"{count:,} years")


def _timelines(content: Content, timelines: list[Timeline]) -> Iterator[ET.Element]:
    if not timelines:
        return
    length = charts.longest_line((one.date, step.date) for one in timelines for step in one.steps)
    yield element(
        "p",
        "Each line begins at the diagnosis, whose stage stays as it is; each mark is a restaging that is "
        f"linked to it. The longest line is of {length} year{'' if length == 1 else 's'}.",
    )
    yield charts.legend_of_lines()
    body = [_timeline(content, place, one, length) for place, one in enumerate(timelines, start=1)]
    body.append(row([element("td"), element("td"), charts.scale(length), element("td", "years")]))
    names = ["tumor", "stage at diagnosis", "years after the diagnosis", "restagings"]
    yield charts.table("Each tumor from its diagnosis on", names, body)
    if len(timelines) == MOST_TIMELINES:
        yield element("p", f"These are the first {MOST_TIMELINES} tumors with a restaging.")


def _timeline(content: Content, place: int, one: Timeline, length: int) -> ET.Element:
    name = str(place)
    diagnosis = content.stage(one.diagnosis)
    if content.shows_values:
        name = clipped(one.tumor_id or name)
        diagnosis += f" ({one.date})" if one.date else ""
    marks = [(years_after(one.date, step.date), step.types) for step in one.steps if one.date and step.date]
    steps = [element("li", *_step(content, one, step)) for step in one.steps]
    if one.more:
        steps.append(element("li", f"and {one.more:,} more"))
    return row(
        [
            element("th", name, scope="row"),
            element("td", element("span", diagnosis, class_="stage")),
            charts.line(length, marks),
            element("td", element("ul", *steps, class_="steps"), class_="words"),
        ]
    )


def _step(content: Content, one: Timeline, step: Step) -> tuple[ET.Element, str]:
    types = step.types.replace("+", " + ") or _NONE_SHOWN
    bounds = years_between(one.date, step.date)
    if bounds is None:
        when = "no date"
    else:
        least, most = bounds
        span = str(most) if least == most else f"{least} or {most}"
        when = "in the first year" if most == 0 else f"after {span} {'year' if span == '1' else 'years'}"
    date = f" ({step.date})" if content.shows_values and step.date else ""
    return element("span", content.stage(step.stage), class_="stage"), f": {types}, {when}{date}"


def _left_out(count: int, noun: str) -> Iterator[ET.Element]:
    if count > 0:
        yield element("p", f"{count:,} more {noun}{'' if count == 1 else 's'} are not listed.")

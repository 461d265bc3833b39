"""The largest report that there can be: everything that a page lists, as often and as long as it can come."""

from __future__ import annotations

from rstage import rules
from rstage.report.content import Content
from rstage.report.course import MOST_STEPS, MOST_TIMELINES, Step, Timeline
from rstage.report.page import LARGEST, page
from rstage.report.tally import LETTERS, Tally
from rstage.report.words import RunFacts
from rstage.reporting.counts import FindingCounts
from rstage.reporting.placed import CellFinding

LONG = '<"&' * 2_000
MANY = 10**12


def full() -> Content:
    tally = Tally()
    counts = FindingCounts(with_values=True, shows_values=True)
    for place in range(300):
        stages = tally.of(f"{place}{LONG}")
        stages.read = stages.refused = stages.missing = stages.passed_over = MANY + place
        for letter in LETTERS:
            stages.values[letter].update({f"{value}-{letter}-1234567890": MANY for value in range(200)})
    for number in range(2_000):
        found = rules.UNKNOWN_VALUE.at((0, 1), part="T", suggestions=(LONG,) * 20, text="T")
        counts.add([CellFinding(found, f"{number % 300}{LONG}", f"{number}{LONG}")], MANY)
    for rule in rules.ALL:
        for severity in ("error", "warning", "info"):
            counts.codes[rule.code, type(rule.severity)(severity)] = MANY
    course = tally.course
    course.types.update({f"local+regional+{place}": MANY for place in range(8)})
    course.years.update(dict.fromkeys(range(300), MANY))
    course.restagings = course.unclear = course.undated = MANY
    steps = (Step(LONG, "local+regional+distant", "2019-03-02"),) * MOST_STEPS
    course.timelines = [Timeline(LONG, LONG, "1919-01-02", steps, MANY)] * MOST_TIMELINES
    facts = RunFacts(command="normalize", file=LONG, rows=MANY, rejected=MANY, is_table=True)
    return Content(facts=facts, counts=counts, tally=tally, reading={}, shows_values=True)


def test_the_largest_report_is_below_the_bound() -> None:
    made = page(full())
    assert LARGEST / 4 < len(made) < LARGEST

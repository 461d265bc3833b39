"""The report of a message: what is counted of its tumors, and the page as a function."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rstage.arguments import check_keywords, path_text
from rstage.files.outputs import Output
from rstage.messages.given import given
from rstage.messages.histories import Making, record_findings, record_histories
from rstage.messages.recognize import needed_format
from rstage.messages.source import Source
from rstage.reading.options import SPELLING_KEYWORDS, checked_options
from rstage.reporting.counts import FindingCounts
from rstage.restaging.course import DEFAULT_WINDOW, check_window
from rstage.restaging.link_key import check_key

if TYPE_CHECKING:
    from os import PathLike
    from typing import Unpack

    from rstage.messages.given import Message
    from rstage.messages.message import TumorHistory
    from rstage.reading.options import SpellingOptions
    from rstage.reference.choices import MessageFormat, Policy
    from rstage.report.tally import Tally
    from rstage.restaging.link_key import LinkKey


def tally_tumor(tally: Tally, found: TumorHistory) -> None:
    """Count the stagings of a tumor, by the element in which each stands, and its restagings."""
    for one in found.tumor.stagings:
        stages = tally.of(one.place.element)
        if one.staging is None:
            stages.refused += 1
        else:
            stages.add_read([one.staging.stage])
    tally.course.add_history(found.history, found.new_count)


def report(
    file: Message,
    out: str | PathLike[str],
    *,
    input_format: MessageFormat | None = None,
    policy: Policy = "pathological",
    diagnosis_window: int = DEFAULT_WINDOW,
    key: LinkKey | None = None,
    show_values: bool = False,
    force: bool = False,
    **reading: Unpack[SpellingOptions],
) -> None:
    """Write one HTML page with pictures of the stagings of a message and of how they follow each other.

    The page asks for nothing from elsewhere, and the same message gives the same bytes.

    Args:
        file: the message, as for `read`.
        out: the page.
        input_format: as for `read`.
        policy: as for `histories`.
        diagnosis_window: likewise.
        key: likewise.
        show_values: whether the page shows values that are not plain stage notation, names of tumors and
            dates; it then says so.
        force: whether a page that exists may be replaced.
        reading: as for `read`.

    Raises:
        TableError: as for `write`.
        ValueError, TypeError: as for `read`.
    """
    check_keywords("report", reading, SPELLING_KEYWORDS)
    checked_options(**reading)
    check_key(key)
    message, target = given("file", file), path_text("out", out)
    window = check_window(diagnosis_window)
    from rstage.report.content import Content
    from rstage.report.page import page
    from rstage.report.tally import Tally
    from rstage.report.words import RunFacts

    counts, tally = FindingCounts(with_values=True, shows_values=show_values), Tally()
    records, making = 0, Making(policy, window, key=key)
    with Source(*message) as source, Output(source, target, force=force) as output:
        for record in needed_format(source, input_format, key).records(source, reading):
            records += 1
            histories = record_histories(record, making)
            for one in histories:
                tally_tumor(tally, one)
            for found in record_findings(record, histories):
                counts.add([found])
        course = tally.course
        facts = RunFacts(
            command="check",
            file=Path(source.file).name,
            more={"records": records, "tumors": course.tumors, "restagings": course.restagings},
        )
        content = Content(facts=facts, counts=counts, tally=tally, reading=reading, shows_values=show_values)
        output.write(page(content))
        output.commit()

"""Stages in columns: series of polars, pandas or pyarrow in, a frame of the same library out.

    frame = rstage.columns.normalize(table["stage"])

Each distinct text is read once, and the library takes the answers to its rows. What is missing stays
missing: null, a blank, or a word such as `unknown` gives null in every column of the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.arguments import check_keywords
from rstage.columns.answers import NORMALIZED, PARTS, Answers
from rstage.columns.arrow import answered, stage_column
from rstage.columns.frames import SeriesEngine
from rstage.columns.restaging import RESTAGE_KEYWORDS, STATED, GivenColumns
from rstage.reading.options import READ_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from rstage.columns.answers import Aspect
    from rstage.columns.restaging import RestageOptions
    from rstage.reading.options import ReadOptions

__all__ = ["normalize", "parts", "restage"]

_FOR_ALL = ("site", "assessment_site", *STATED)


def normalize(series: Any, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Any:
    """Return the canonical text, the recurrence flag and the findings of each stage.

    Args:
        series: a series of text; a categorical one stays so, and only its categories are read.
        missing: further words for a missing stage.
        options: the keywords of `read`.

    Returns:
        A frame of the same library, in the same order and with the same index:

        - `normalized`: the canonical text, `; ` between several; null where the text could not be read.
        - `is_recurrence`: whether a staging has an r; null where the text could not be read.
        - `findings`: the codes of what was found, each once, with a blank between; empty where all is well.

    Raises:
        ImportError: an extra is missing; the message names it.
        TypeError: it is no series of text, or an option is unknown.
        ValueError: an option has an unknown value.
    """
    return _frame("normalize", series, NORMALIZED, missing, options)


def parts(series: Any, *, missing: Iterable[str] = (), **options: Unpack[ReadOptions]) -> Any:
    """Return the parts of each stage; the arguments are those of `normalize`.

    Returns:
        A frame of text as `normalize` gives it. For each of T, N and M: `T_timing` (`r`, `y`, `a`, or several
        of them), `T_method`, `T_value`, `T_subcategory`, `T_upper` (the other end of a range), `T_suffixes`;
        then `group`, `edition` and `descriptors`. A part that is not there is null; so are all of them where
        the text could not be read, or holds several stagings.

    Raises:
        ImportError, TypeError, ValueError: as for `normalize`.
    """
    return _frame("parts", series, PARTS, missing, options)


def restage(diagnosis: Any, assessment: Any, **given: Unpack[RestageOptions]) -> Any:
    """Return the restaging of each row; the diagnosis stays as it is.

    Args:
        diagnosis: the stages at diagnosis, a series.
        assessment: the new assessments, a series; a row without one has no result.
        given: any of these, and the keywords of `read` for both stages. A fact is a series; the sites, the
            event and the recurrence may be one text for all rows.

            - `tumor_id`: the tumor of the row, as text or a whole number.
            - `assessment_tumor_id`: that of the assessment; where it is not given, the tumor of the row.
            - `diagnosis_date`: text (a date that may stop after year or month), dates, or timestamps, whose
              time is left out.
            - `assessment_date`: the same.
            - `site`: the primary site.
            - `assessment_site`: the site in the record of the assessment.
            - `event`: `recurrence`, `progression` or `unknown`.
            - `recurrence`: the types of recurrence, where they are stated.
            - `link`: whether the link is made (it is, by default); it is most of the work.
            - `key`: the `rstage.LinkKey` that the link is made with.
            - `missing`: further words for a missing cell.
            - `date_format`: the format of full dates in text.

    Returns:
        A frame as `normalize` gives it, with the columns that `rstage restage` appends: `restaged`,
        `restage_recurrence` (`local+distant`), `restage_link`, `restage_findings`. A row that cannot be
        restaged has its findings and nothing else.

    Raises:
        ImportError: an extra is missing; the message names it.
        TypeError: a column has another type, the series are of several libraries, or a keyword is unknown.
        ValueError: an option has an unknown value; the series differ in length or index.
    """
    check_keywords("restage", given, RESTAGE_KEYWORDS)
    columns = GivenColumns.of(diagnosis, assessment, given, for_all=_FOR_ALL)
    restager = columns.restager()
    engine = SeriesEngine(columns.columns)
    return engine.frame(restager.restaged(engine.columns))


def _frame(function: str, series: Any, aspect: Aspect, missing: Iterable[str], options: ReadOptions) -> Any:
    check_keywords(function, options, READ_KEYWORDS)
    answers = Answers(aspect, missing, **options)
    engine = SeriesEngine({"series": series})
    return engine.frame(answered(stage_column(engine.columns["series"], "series"), answers))

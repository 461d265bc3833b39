"""RS590 to RS599: tables as people have them.

The examples are command lines, run in a folder with small files: as_given.csv has what spreadsheets make of
numbers and dates, stages.csv the columns id, dx, new, dx_date, new_date, event.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")
_warning = partial(Rule, severity=Severity.WARNING, source="rstage design decision")
_info = partial(Rule, severity=Severity.INFO, source="rstage design decision")

WHOLE_NUMBER = _info(
    code="RS590",
    name="WHOLE_NUMBER",
    message="{before} was read as {after}",
    reason="A column of numbers in which some are missing is often kept as decimals, and a 2 becomes 2.0.",
    wrong="$ rstage check as_given.csv --column group=number",
    right="$ rstage check as_given.csv --column dx",
)
ROW_SYSTEM_UNKNOWN = _error(
    code="RS591",
    name="ROW_SYSTEM_UNKNOWN",
    message="the column of the system names none that is known",
    reason="A group is a value of its system: II is another one in TNM than in ISS or Ann Arbor.",
    wrong="$ rstage check as_given.csv --column group=dx --column system=number",
    right="$ rstage check as_given.csv --column group=dx --column system=system",
)
TIME_LEFT_OUT = _info(
    code="RS592",
    name="TIME_LEFT_OUT",
    message="{column} holds a time of day too, which is left out",
    reason="The day counts as it is written, whatever the time zone.",
    wrong="$ rstage restage as_given.csv --diagnosis dx --assessment dx --diagnosis-date time",
    right="$ rstage restage stages.csv --diagnosis dx --assessment new --diagnosis-date dx_date",
)
DATES_OF_EXCEL = _info(
    code="RS593",
    name="DATES_OF_EXCEL",
    message="{column} holds dates of the workbook itself, which are read as 2019-03-02",
    reason="What a workbook shows of such a cell depends on its format; the day it stands for does not.",
    wrong="$ rstage check dates.xlsx --column dx",
    right="$ rstage check stages.csv --column dx",
)
DATE_OF_SPREADSHEET = _error(
    code="RS594",
    name="DATE_OF_SPREADSHEET",
    message="a date is no stage: a spreadsheet makes one of 1-2 or 2/3 unless the column is text",
    reason="What was typed cannot be known any more: 2-Jan can be the 1-2 of T or something else.",
    wrong="$ rstage check as_given.csv --column T=date",
    right="$ rstage check as_given.csv --column dx",
)
CORRECTED = _info(
    code="RS595",
    name="CORRECTED",
    message="{before} was read as {after}, as line {line} of the corrections decides",
    reason="A person looked at the value. The cell stays as it is, and what was decided is what is appended.",
    wrong="$ rstage check corrected.csv --column dx --corrections corrections.csv",
    right="$ rstage check corrected.csv --column dx",
)
CORRECTION_STALE = _warning(
    code="RS596",
    name="CORRECTION_STALE",
    message="no cell has the value of this correction",
    reason="The value was put right in the data, or the column is another one now. The line can go.",
    wrong="$ rstage check stages.csv --column dx --corrections corrections.csv",
    right="$ rstage check corrected.csv --column dx --corrections corrections.csv",
)
CORRECTION_LINE = _error(
    code="RS597",
    name="CORRECTION_LINE",
    message="{file}, line {line}: {why}",
    reason="A decision has a column, a value, what it is read as, who decided it, why and when.",
    wrong="$ rstage check corrected.csv --column dx --corrections bad_corrections.csv",
    right="$ rstage check corrected.csv --column dx --corrections corrections.csv",
)
FACT_MISSING = _error(
    code="RS598",
    name="FACT_MISSING",
    message="{fact} is missing, which --require asks for",
    reason="Without tumor numbers a second primary cannot be told from a recurrence, and without dates it is "
    "not known what came first. Who relies on that asks for it.",
    wrong="$ rstage restage as_given.csv --diagnosis dx --assessment dx --diagnosis-date blank "
    "--assessment-date time --require dates",
    right="$ rstage restage stages.csv --diagnosis dx --assessment new --diagnosis-date dx_date "
    "--assessment-date new_date --require dates",
)

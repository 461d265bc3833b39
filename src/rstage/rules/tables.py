"""RS501 to RS514 and RS550: rows and cells of tables, and the columns of dialects.

The examples are command lines, run in a folder with small files: stages.csv has the columns id, dx, new,
dx_date, new_date, event; restaged.csv is what restaging it wrote, altered.csv the same with a changed cell,
cut.csv without its last row, longer.csv with one more. What concerns the columns of a dialect is a text that
is encoded, or a stage in parts.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")

RAGGED_ROW = _error(
    code="RS501",
    name="RAGGED_ROW",
    message="the row has {fields} fields where the header has {expected}",
    reason="Its cells cannot be told apart, so it goes to the reject file as it is.",
    wrong="$ rstage check ragged.csv --column dx",
    right="$ rstage check stages.csv --column dx",
)
LINE_NOT_OBJECT = _error(
    code="RS550",
    name="LINE_NOT_OBJECT",
    message="the line is no JSON object with each key once, or it has a key that is to be appended",
    reason="What stands twice cannot be told apart, so the line goes to the reject file as it is.",
    wrong="$ rstage check twice.ndjson --column dx",
    right="$ rstage check stages.ndjson --column dx",
)
DATE_UNREADABLE = _error(
    code="RS502",
    name="DATE_UNREADABLE",
    message="the date in {column} cannot be read: name its form with --date-format",
    reason="2019-03-02, 2019-03, 2019 and 20190302 are read; 02/03/2019 can be March or February.",
    wrong="$ rstage restage bad_dates.csv --diagnosis dx --assessment new --diagnosis-date dx_date",
    right="$ rstage restage stages.csv --diagnosis dx --assessment new --diagnosis-date dx_date",
)
EVENT_UNKNOWN = _error(
    code="RS503",
    name="EVENT_UNKNOWN",
    message="the event in {column} is none of unknown, recurrence, progression",
    reason="Another word could mean either.",
    wrong="$ rstage restage bad_dates.csv --diagnosis dx --assessment new --event event",
    right="$ rstage restage stages.csv --diagnosis dx --assessment new --event event",
)
DIAGNOSIS_MISSING = _error(
    code="RS504",
    name="DIAGNOSIS_MISSING",
    message="there is an assessment and no diagnosis",
    reason="An r-form is linked to the stage it follows; without that it is not written.",
    wrong="$ rstage restage no_diagnosis.csv --diagnosis dx --assessment new",
    right="$ rstage restage stages.csv --diagnosis dx --assessment new",
)
NOT_HELD = _error(
    code="RS505",
    name="NOT_HELD",
    message="{dialect} cannot hold {what}",
    reason="What a target has no place for is never left out silently. With lossy=True the rest is written.",
    wrong="text=rT2 N0 M0; encode=gdc",
    right="text=cT2 N0 M0; encode=gdc",
    otherwise="warning with lossy=True",
)
PART_WITHOUT_VALUE = _error(
    code="RS506",
    name="PART_WITHOUT_VALUE",
    message="{text} in the part {part} belongs to a value that is not there",
    reason="A method, a suffix or an r is no stage; what it should stand on is missing. A method alone is an "
    "info, a suffix a warning.",
    wrong="T=2; N_method=c; dialect=obds",
    right="T=2; T_method=c; dialect=obds",
    otherwise="warning for a suffix, info for a method alone",
)
NO_VALUE_CODE = _error(
    code="RS507",
    name="NO_VALUE_CODE",
    message="the code {before} says that there is no value",
    reason="Not applicable, or no information. Beside other parts it is a missing part and only an info.",
    wrong="text=88; field=group; dialect=naaccr",
    right="text=2A; field=group; dialect=naaccr",
    otherwise="info beside other parts",
)
SUFFIX_CONTRADICTS = _error(
    code="RS508",
    name="SUFFIX_CONTRADICTS",
    message="the value has {written}, its own column says {added}",
    reason="A suffix can stand in the value and in a column of its own; then both have to say the same.",
    wrong="T=cT2(m); T_suffix=(s); dialect=naaccr",
    right="T=cT2(m); T_suffix=(m); dialect=naaccr",
)
TUMOR_ID_MISSING = _error(
    code="RS509",
    name="TUMOR_ID_MISSING",
    message="the row has a stage and no tumor id in {column}",
    reason="A history is that of one tumor. Whose stage this is cannot be guessed from the rows around it.",
    wrong="$ rstage history no_tumor.csv --tumor-id tumor --stage stage",
    right="$ rstage history long.csv --tumor-id tumor --stage stage",
)
RECURRENCE_UNKNOWN = _error(
    code="RS510",
    name="RECURRENCE_UNKNOWN",
    message="the recurrence in {column} is none of local, regional, distant, or several joined by +",
    reason="What is stated wins over what T, N and M show, so it is not guessed from another word.",
    wrong="$ rstage history no_tumor.csv --tumor-id tumor --stage stage --recurrence kind",
    right="$ rstage history long.csv --tumor-id tumor --stage stage --recurrence kind",
)
ORIGINAL_ALTERED = _error(
    code="RS511",
    name="ORIGINAL_ALTERED",
    message="row {row} does not begin with the bytes of the original row",
    reason="The columns that were there come out byte for byte; something changed them later.",
    wrong="$ rstage verify altered_original.csv --against stages.csv",
    right="$ rstage verify restaged.csv --against stages.csv",
)
CELL_ALTERED = _error(
    code="RS512",
    name="CELL_ALTERED",
    message="row {row}, column {column} is not what is computed for it",
    reason="Every appended cell can be computed anew from the original row.",
    wrong="$ rstage verify altered.csv --against stages.csv --diagnosis dx --assessment new",
    right="$ rstage verify restaged.csv --against stages.csv --diagnosis dx --assessment new",
)
ROW_MISSING = _error(
    code="RS513",
    name="ROW_MISSING",
    message="row {row} of the original is missing",
    reason="Rows in are rows out plus rows rejected.",
    wrong="$ rstage verify cut.csv --against stages.csv",
    right="$ rstage verify restaged.csv --against stages.csv",
)
ROW_ADDED = _error(
    code="RS514",
    name="ROW_ADDED",
    message="row {row} is not in the original",
    reason="Rows in are rows out plus rows rejected.",
    wrong="$ rstage verify longer.csv --against stages.csv",
    right="$ rstage verify restaged.csv --against stages.csv",
)

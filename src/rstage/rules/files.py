"""RS0xx files and options, RS5xx rows and records, RS9xx refused for safety, and internal errors.

The examples are command lines, run in a folder with small files: stages.csv has the columns id, dx, new,
dx_date, new_date, event; restaged.csv is what restaging it wrote, altered.csv the same with a changed cell,
cut.csv without its last row, longer.csv with one more. What concerns the columns of a dialect is a text that
is encoded, or a stage in parts.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")

FILE_UNREADABLE = _error(
    code="RS001",
    name="FILE_UNREADABLE",
    message="{file} cannot be read: {why}",
    reason="The file is missing, is a directory, or may not be read.",
    wrong="$ rstage check missing.csv --column dx",
    right="$ rstage check stages.csv --column dx",
)
FILE_EMPTY = _error(
    code="RS002",
    name="FILE_EMPTY",
    message="{file} is empty: a table has a header line",
    reason="An empty file is more often a failed export than a table without rows.",
    wrong="$ rstage check empty.csv --column dx",
    right="$ rstage check stages.csv --column dx",
)
FILE_BINARY = _error(
    code="RS003",
    name="FILE_BINARY",
    message="{file} is not text",
    reason="It holds NUL bytes, is compressed, or is a spreadsheet. Export it as CSV.",
    wrong="$ rstage check binary.csv --column dx",
    right="$ rstage check stages.csv --column dx",
)
FILE_ENCODING = _error(
    code="RS004",
    name="FILE_ENCODING",
    message="{file} is not {encoding} near row {row}: name its encoding with --encoding",
    reason="Bytes read in the wrong encoding become other letters without a sign.",
    wrong="$ rstage check latin1.csv --column dx",
    right="$ rstage check latin1.csv --column dx --encoding latin-1",
)
COLUMN_UNKNOWN = _error(
    code="RS005",
    name="COLUMN_UNKNOWN",
    message="there is no column {column}",
    reason="The names are those of the header line, in the same case.",
    wrong="$ rstage check stages.csv --column diagnosis",
    right="$ rstage check stages.csv --column dx",
)
COLUMN_EXISTS = _error(
    code="RS006",
    name="COLUMN_EXISTS",
    message="there is a column {column} already: choose other names with --prefix",
    reason="A column that was there is never written over.",
    wrong="$ rstage normalize normalized.csv --column dx",
    right="$ rstage normalize normalized.csv --column dx --prefix again",
)
OUTPUT_EXISTS = _error(
    code="RS007",
    name="OUTPUT_EXISTS",
    message="{file} exists already: --force replaces it",
    reason="A result of an earlier run may be the only one.",
    wrong="$ rstage normalize stages.csv -o out.csv --column dx",
    right="$ rstage normalize stages.csv -o out.csv --column dx --force",
)
OUTPUT_IS_INPUT = _error(
    code="RS008",
    name="OUTPUT_IS_INPUT",
    message="{file} is the input: write to another file",
    reason="The records at diagnosis stay as they are.",
    wrong="$ rstage normalize stages.csv -o stages.csv --column dx --force",
    right="$ rstage normalize stages.csv -o other.csv --column dx",
)
OUTPUT_UNWRITABLE = _error(
    code="RS009",
    name="OUTPUT_UNWRITABLE",
    message="{file} cannot be written: {why}",
    reason="The folder is missing, the disk is full, or writing is not permitted. Nothing half is left.",
    wrong="$ rstage normalize stages.csv -o nowhere/out.csv --column dx",
    right="$ rstage normalize stages.csv -o other.csv --column dx",
)
COLUMN_TWICE = _error(
    code="RS010",
    name="COLUMN_TWICE",
    message="the header has the column {column} twice",
    reason="Which of the two is meant cannot be known.",
    wrong="$ rstage check twice.csv --column dx",
    right="$ rstage check twice.csv --column id",
)
FILE_MALFORMED = _error(
    code="RS011",
    name="FILE_MALFORMED",
    message="{file} is no table from row {row} on: {why}",
    reason="A quote that is never closed swallows the rest of a file.",
    wrong="$ rstage check quote.csv --column dx",
    right="$ rstage check stages.csv --column dx",
)
OPTION_UNUSABLE = _error(
    code="RS012",
    name="OPTION_UNUSABLE",
    message="{option} cannot be used: {why}",
    reason="An option that is not understood is refused before anything is read.",
    wrong="$ rstage check stages.csv --column dx --encoding no-such-encoding",
    right="$ rstage check stages.csv --column dx --encoding utf-8",
)
SITE_TABLE_UNREADABLE = _error(
    code="RS013",
    name="SITE_TABLE_UNREADABLE",
    message="the site table {file} cannot be read: {why}",
    reason="It is missing, may not be read, is no UTF-8, is a damaged archive, or is too large.",
    wrong="$ rstage parse T2 --site-table missing.tsv --site C34.1",
    right="$ rstage parse T2 --site-table sites.tsv --site C34.1",
)
SITE_TABLE_UNUSABLE = _error(
    code="RS014",
    name="SITE_TABLE_UNUSABLE",
    message="{file} is no site table: {why}",
    reason="It is a table with the columns schema, topography, edition, item and value, or a folder or zip "
    "with schemas and tables in the layout of the SEER staging algorithms.",
    wrong="$ rstage parse T2 --site-table stages.csv --site C34.1",
    right="$ rstage parse T2 --site-table sites.tsv --site C34.1",
)
SITE_TABLE_LINE = _error(
    code="RS015",
    name="SITE_TABLE_LINE",
    message="{file}, line {line}: {why}",
    reason="A site table with a line that is not understood would say less than its author meant.",
    wrong="$ rstage parse T2 --site-table bad_sites.tsv --site C34.1",
    right="$ rstage parse T2 --site-table sites.tsv --site C34.1",
)
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
)
PART_WITHOUT_VALUE = _error(
    code="RS506",
    name="PART_WITHOUT_VALUE",
    message="{text} in the part {part} belongs to a value that is not there",
    reason="A method, a suffix or an r is no stage; what it should stand on is missing. A method alone is an "
    "info, a suffix a warning.",
    wrong="T=2; N_method=c; dialect=obds",
    right="T=2; T_method=c; dialect=obds",
)
NO_VALUE_CODE = _error(
    code="RS507",
    name="NO_VALUE_CODE",
    message="the code {before} says that there is no value",
    reason="Not applicable, or no information. Beside other parts it is a missing part and only an info.",
    wrong="text=88; field=group; dialect=naaccr",
    right="text=2A; field=group; dialect=naaccr",
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
TEXT_TOO_LONG = _error(
    code="RS901",
    name="TEXT_TOO_LONG",
    message="a text of {length} characters is no stage; the longest is 1,000",
    reason="A long text is refused without being parsed, so that no cell can hold up a run.",
    wrong="text=" + "T2 " * 350,
    right="text=T2",
)
TOO_MANY_READINGS = _error(
    code="RS902",
    name="TOO_MANY_READINGS",
    message="the letters between the categories can be read in more than 8 ways",
    reason="So many readings are no notation. Blanks decide.",
    wrong="T2cT2cT2cT2cT2",
    right="T2 cN0 cM0",
)
INTERNAL_ERROR = _error(
    code="RS908",
    name="INTERNAL_ERROR",
    message="an internal error ({origin}): please report it, without patient data",
    reason="Something in rstage failed on this row in a way that nobody foresaw. The row is rejected as it "
    "is, and the run goes on.",
    wrong="$ rstage check unforeseen.csv --column dx",
    right="$ rstage check stages.csv --column dx",
)

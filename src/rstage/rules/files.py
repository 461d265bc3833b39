"""RS001 to RS015 files and options; RS901, RS902 and RS908 refused for safety, and internal errors.

The examples are command lines, run in a folder with small files: stages.csv has the columns id, dx, new,
dx_date, new_date, event, and what the others are for is in their names.
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
    message="{file} is not text{hint}",
    reason="Its first line holds NUL bytes, or it is compressed or a spreadsheet. Export it as CSV.",
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

"""RS016 to RS019, RS435, RS436, RS515 to RS519, RS530 and RS903 to RS907: messages of any format.

The examples are command lines, run in a folder that holds the files of `tests/data/messages`.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")
_info = partial(Rule, severity=Severity.INFO, source="rstage design decision")
_warning = partial(Rule, severity=Severity.WARNING, source="rstage design decision")

MESSAGE_BROKEN = _error(
    code="RS016",
    name="MESSAGE_BROKEN",
    message="{file}, line {line}, column {column}: {why}",
    reason="From there on the message cannot be read. The records before are reported; nothing is written.",
    wrong="$ rstage check broken.xml",
    right="$ rstage check obds.xml",
)
FORMAT_UNKNOWN = _error(
    code="RS017",
    name="FORMAT_UNKNOWN",
    message="{file} is no message of a format that is known here{why}",
    reason="A format is recognized by how its first element or resource begins; --input-format names it. A "
    "table needs the options that name its columns.",
    wrong="$ rstage check stages.csv --input-format obds",
    right="$ rstage check obds.xml",
)
SCHEMA_VIOLATED = _error(
    code="RS018",
    name="SCHEMA_VIOLATED",
    message="{element} does not follow the schema: {kind}",
    reason="Asked for with --schema. The kind of violation is told and no value.",
    wrong="$ rstage check obds.xml --schema other.xsd",
    right="$ rstage check obds.xml --schema obds.xsd",
)
EXTRA_MISSING = _error(
    code="RS019",
    name="EXTRA_MISSING",
    message="{what} needs the extra {extra}: pip install 'rstage[{extra}]'",
    reason="The core needs lark and click only; what needs more says so.",
    wrong="$ rstage check obds.xml --schema obds.xsd",
    right="$ rstage check obds.xml",
)
RECORD_ALTERED = _error(
    code="RS515",
    name="RECORD_ALTERED",
    message="record {record} is not the original with its additions",
    reason="The bytes of a message come out as they were, with additions between them.",
    wrong="$ rstage verify altered_sidecar.jsonl --against obds.xml",
    right="$ rstage verify sidecar.jsonl --against obds.xml",
)
DATE_NOT_READ = _error(
    code="RS518",
    name="DATE_NOT_READ",
    message="the date in {element} cannot be read",
    reason="A staging whose date is not known cannot be put in order.",
    wrong="$ rstage check obds_elements.xml",
    right="$ rstage check obds.xml",
)
PATIENT_AGAIN = _warning(
    code="RS519",
    name="PATIENT_AGAIN",
    message="this patient stood in the file before: the two are not put together",
    reason="A file is read as a stream, a patient at a time. The stagings of a tumor that stand in two "
    "elements make two histories; put them into one.",
    wrong="$ rstage check obds_patient_again.xml",
    right="$ rstage check obds.xml",
)
UNREAD_STAGING = _warning(
    code="RS530",
    name="UNREAD_STAGING",
    message="{element} stands where no staging is expected: it is not used",
    reason="What a staging means depends on where it stands. In an unknown place that cannot be told.",
    wrong="$ rstage check obds_elsewhere.xml",
    right="$ rstage check obds.xml",
    otherwise="error in a component of a staging",
)
NO_EARLIER_STAGING = _error(
    code="RS435",
    name="NO_EARLIER_STAGING",
    message="a staging with r in the diagnosis, and none without r is certainly earlier: not linked",
    reason="In the report of a diagnosis an r is either a mistake or belongs to a later report. Only a "
    "staging without r that is certainly earlier makes it a restaging.",
    wrong="$ rstage check obds_r_at_diagnosis.xml",
    right="$ rstage check obds.xml",
)
STAGING_AGAIN = _info(
    code="RS436",
    name="STAGING_AGAIN",
    message="the same staging stood there before: it counts once",
    reason="Reports of one tumor repeat what earlier reports said, with the same date and text.",
    wrong="$ rstage check obds_again.xml",
    right="$ rstage check obds.xml",
)
RESTAGING_MISSING = _error(
    code="RS516",
    name="RESTAGING_MISSING",
    message="a restaging of record {record} is missing",
    reason="Every restaging that the original gives was written; this one was removed later.",
    wrong="$ rstage verify cut_sidecar.jsonl --against obds.xml",
    right="$ rstage verify sidecar.jsonl --against obds.xml",
)
ADDITION_UNCONFIRMED = _error(
    code="RS517",
    name="ADDITION_UNCONFIRMED",
    message="an addition to record {record} does not follow from the original",
    reason="Everything that is added can be computed anew from the original, with the same options. What "
    "cannot was changed or added later.",
    wrong="$ rstage verify other_sidecar.jsonl --against obds.xml",
    right="$ rstage verify sidecar.jsonl --against obds.xml",
)
DOCTYPE_REFUSED = _error(
    code="RS903",
    name="DOCTYPE_REFUSED",
    message="{file}, line {line}: a document type or an entity is refused",
    reason="Messages of registries have none. With one, a small file can become huge or read others.",
    wrong="$ rstage check doctype.xml",
    right="$ rstage check obds.xml",
)
NESTED_TOO_DEEP = _error(
    code="RS904",
    name="NESTED_TOO_DEEP",
    message="{file}, line {line}: more than 64 elements stand inside each other",
    reason="No message is nested so deep; what is, was made to bring a reader down.",
    wrong="$ rstage check deep.xml",
    right="$ rstage check obds.xml",
)
VALUE_TOO_LONG = _error(
    code="RS905",
    name="VALUE_TOO_LONG",
    message="{file}, line {line}: a text or an attribute is longer than 1,000,000 bytes",
    reason="No element of a message is so long; it is refused before it fills the memory.",
    wrong="$ rstage check long.xml",
    right="$ rstage check obds.xml",
)
COMPRESSION_BOMB = _error(
    code="RS906",
    name="COMPRESSION_BOMB",
    message="{file} grows to more than 250 times its size when it is decompressed",
    reason="A compressed message or table, or an Excel workbook, grows ten- or fiftyfold; a small file that "
    "fills a disk was made to.",
    wrong="$ rstage check bomb.xml.gz",
    right="$ rstage check obds.xml.gz",
)
RECORD_TOO_LONG = _error(
    code="RS907",
    name="RECORD_TOO_LONG",
    message="{file}, line {line}: a record is longer than 64 megabytes",
    reason="A record is held in memory. A patient, a line or a bundle of that size is none; send NDJSON.",
    wrong="$ rstage check large.xml",
    right="$ rstage check obds.xml",
)

"""RS531 to RS539: what is found in messages of oBDS and ADT/GEKID.

The examples are command lines, run in a folder that holds the files of `tests/data/messages`.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_SOURCE = "oBDS 3.0 data set: r is for the assessment of a recurrence"
_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")
_warning = partial(Rule, severity=Severity.WARNING)
_info = partial(Rule, severity=Severity.INFO)

R_AT_DIAGNOSIS = _warning(
    code="RS531",
    name="R_AT_DIAGNOSIS",
    message="the report of the diagnosis holds a staging with r",
    reason="A stage at diagnosis has no r. The staging is taken for a restaging where one without r is "
    "certainly earlier; else it is left unlinked (RS435).",
    source=_SOURCE,
    wrong="$ rstage check obds_r_at_diagnosis.xml",
    right="$ rstage check obds.xml",
)
RECURRENCE_WITHOUT_R = _warning(
    code="RS532",
    name="RECURRENCE_WITHOUT_R",
    message="the course reports a recurrence, and its staging carries no r",
    reason="The stage given at a recurrence is written with r. The staging is restaged, because the report "
    "says that it is one of a recurrence.",
    source=_SOURCE,
    wrong="$ rstage check obds_recurrence_without_r.xml",
    right="$ rstage check obds.xml",
)
ELEMENT_NOT_READ = _error(
    code="RS533",
    name="ELEMENT_NOT_READ",
    message="{element} is no part of a staging that is known: the staging is not used",
    reason="What is not understood can be an r, a y, a method, a doubt or a negation. A part of a staging is "
    "never passed on as if it were the whole.",
    source="oBDS 3.0 data set",
    wrong="$ rstage check obds_elements.xml",
    right="$ rstage check obds.xml",
)
ELEMENT_TWICE = _error(
    code="RS534",
    name="ELEMENT_TWICE",
    message="{element} stands twice with different texts: neither is chosen",
    reason="Which of the two is meant cannot be known.",
    wrong="$ rstage check obds_elements.xml",
    right="$ rstage check obds.xml",
)
COURSE_NOT_UNDERSTOOD = _warning(
    code="RS535",
    name="COURSE_NOT_UNDERSTOOD",
    message="the letter in {element} is none of its list: it says nothing here",
    reason="The assessment of the course tells whether a cancer came back, and where.",
    source="oBDS 3.0 data set",
    wrong="$ rstage check obds_elements.xml",
    right="$ rstage check obds.xml",
)
REPORT_WITHOUT_TUMOR = _warning(
    code="RS536",
    name="REPORT_WITHOUT_TUMOR",
    message="the report names no tumor: its stagings stand alone",
    reason="Without the number of a tumor, a staging cannot be told to belong to one and not to another.",
    source="oBDS 3.0 data set",
    wrong="$ rstage check obds_elements.xml",
    right="$ rstage check obds.xml",
)
OTHER_CLASSIFICATION = _info(
    code="RS537",
    name="OTHER_CLASSIFICATION",
    message="a classification beside TNM (Weitere_Klassifikation): it is not read",
    reason="The element names any classification in free words. What it says is no part of the TNM of the "
    "report.",
    source="oBDS 3.0 data set",
    wrong="$ rstage check obds_rki.xml",
    right="$ rstage check obds.xml",
)

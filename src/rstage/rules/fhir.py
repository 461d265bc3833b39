"""RS54x: what is found in FHIR messages.

The examples are command lines, run in a folder that holds the files of `tests/data/messages`.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")
_info = partial(Rule, severity=Severity.INFO, source="rstage design decision")
_warning = partial(Rule, severity=Severity.WARNING, source="rstage design decision")

TUMOR_UNKNOWN = _error(
    code="RS541",
    name="TUMOR_UNKNOWN",
    message="it cannot be told which tumor this is about: it is not used",
    reason="The focus of an Observation names the condition. Without it the patient has to have exactly one; "
    "with several, the restaging of one tumor could be linked to the diagnosis of another.",
    wrong="$ rstage check components_no_focus.json",
    right="$ rstage check components.json",
)
METHOD_CONTRADICTS = _error(
    code="RS542",
    name="METHOD_CONTRADICTS",
    message="{part} is said to be {first} and {second} at once: it is not used",
    reason="The code of the Observation, the extension for the prefix and the value itself can each say how "
    "a category was found. Where two of them differ, one is wrong and nothing tells which. An M, or N0, that "
    "says c is usual in a pathological classification.",
    wrong="$ rstage check mii_method.json",
    right="$ rstage check mii.json",
)
TWO_VALUES = _error(
    code="RS543",
    name="TWO_VALUES",
    message="there are two values for {what}: neither is chosen",
    reason="Two Observations, two codes, or a code and a text that differ, and a key that stands twice: a "
    "reader that takes the last one loses the other without a word.",
    wrong="$ rstage check mcode_two_values.json",
    right="$ rstage check mcode.json",
)
SYMBOL_UNPLACED = _error(
    code="RS544",
    name="SYMBOL_UNPLACED",
    message="it cannot be told which staging this {part} belongs to: it is on none",
    reason="A symbol is a member of its classification. One that is not belongs to the only staging of its "
    "tumor and date. With several or none, putting an r somewhere would invent one and leaving it out would "
    "lose it: a staging that it could belong to is not used.",
    wrong="$ rstage check mii_r_unplaced.json",
    right="$ rstage check mii.json",
    otherwise="warning where it is none of r, y and a",
)
VALUE_UNREADABLE = _error(
    code="RS545",
    name="VALUE_UNREADABLE",
    message="the value of {part} is no notation that can be read: the staging is not used",
    reason="A value is notation, as a code or as a text. Codes of SNOMED CT and NCIt stand for values too, "
    "but their meaning may not be shipped; an unknown modifier extension may change what a value means.",
    wrong="$ rstage check mcode_concept.json",
    right="$ rstage check mcode.json",
)
EDITION_UNKNOWN = _warning(
    code="RS546",
    name="EDITION_UNKNOWN",
    message="the method names no edition that is known here",
    reason="The method of an Observation says by which edition was staged. Without it the stage has none.",
    wrong="$ rstage check mcode_edition.json",
    right="$ rstage check mcode.json",
)
LEFT_AS_IT_IS = _info(
    code="RS547",
    name="LEFT_AS_IT_IS",
    message="{what} is left as it is",
    reason="What is no part of a staging, was entered in error, or belongs to the condition is neither read "
    "as a stage nor changed.",
    wrong="$ rstage check mcode_status.json",
    right="$ rstage check mcode.json",
)
LINK_CONTRADICTS = _error(
    code="RS548",
    name="LINK_CONTRADICTS",
    message="this Observation was written for a restaging that says something else",
    reason="Its link names the restaging it was written for. Where the record gives another one, the "
    "Observation or the staging was changed later. Where the record gives none at all, that is a warning: "
    "the restaging was made outside of the message, and is read from what was written.",
    wrong="$ rstage check mcode_link.json",
    right="$ rstage check mcode.json",
    otherwise="warning where the record gives no restaging at all",
)
RECORD_DIVIDED = _error(
    code="RS549",
    name="RECORD_DIVIDED",
    message="resources of this patient stand apart, with those of others between: they are not linked",
    reason="A file is read as a stream, so that only lines that follow each other make one record. Sort the "
    "file by patient.",
    wrong="$ rstage check mcode_divided.ndjson",
    right="$ rstage check mcode.ndjson",
)

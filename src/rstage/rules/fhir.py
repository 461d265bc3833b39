"""RS54x, RS551 to RS569 and RS585 on: what is found in FHIR messages.

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
    reason="A value is notation, as a code or as a text, or a concept of SNOMED CT whose notation is known "
    "here. An unknown modifier extension may change what a value means.",
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
    message="resources of this patient stand far apart in the file: they are not linked",
    reason="A file is read as a stream: of lines that come in any order, those of one patient are gathered "
    "as far as 16 MB of others stand between them. Sort the file by patient.",
    wrong="$ rstage check mcode_divided.ndjson",
    right="$ rstage check mcode.ndjson",
)
NOT_UNDERSTOOD = _error(
    code="RS551",
    name="NOT_UNDERSTOOD",
    message="{element} is not understood and may change what the staging means: it is not used",
    reason="A component, an extension, a member or a code beside the value can say r, c, negation or doubt. "
    "A staging that holds one which is not understood is never passed on as if it were whole.",
    wrong="$ rstage check components_unknown.json",
    right="$ rstage check components.json",
)
CONDITION_MISSING = _warning(
    code="RS552",
    name="CONDITION_MISSING",
    message="no condition stands here: the stagings of the patient are taken for those of one tumor",
    reason="Without a condition nothing tells the tumors of a patient apart. With a focus on each "
    "Observation, or the condition in the message, they are.",
    wrong="$ rstage check mcode_no_condition.json",
    right="$ rstage check mcode.json",
)
CONDITION_CHOSEN = _info(
    code="RS553",
    name="CONDITION_CHOSEN",
    message="the only condition that can be a tumor is taken for what was staged",
    reason="An Observation without a focus belongs to the patient. Where one condition of the patient is a "
    "tumor and the others certainly are none, it is that one.",
    wrong="$ rstage check mcode_comorbidity.json",
    right="$ rstage check mcode.json",
)
READ_FROM_WORDS = _info(
    code="RS554",
    name="READ_FROM_WORDS",
    message="{part} was read from the words of its code",
    reason="A code whose meaning is not known here can carry the notation in its words, as codes of SNOMED "
    "CT, NCIt and of checklists do. Words that hold more than the notation are not read.",
    wrong="$ rstage check mcode_words.json",
    right="$ rstage check mcode.json",
)
STATUS_OPEN = _error(
    code="RS555",
    name="STATUS_OPEN",
    message="the status of this Observation says that it is not final: it is not used",
    reason="What is registered or preliminary may change. Where a group names an Observation that was "
    "cancelled or entered in error, its staging is no longer whole.",
    wrong="$ rstage check mcode_preliminary.json",
    right="$ rstage check mcode.json",
)
SYSTEM_UNKNOWN = _error(
    code="RS556",
    name="SYSTEM_UNKNOWN",
    message="the method of this group names no system that is known here: it is not used",
    reason="A group is one of a system. One of Ann Arbor or FIGO is never a group of TNM, and what is of an "
    "unknown system could be of any.",
    wrong="$ rstage check mcode_system.json",
    right="$ rstage check mcode.json",
)
MEMBER_LEFT = _warning(
    code="RS557",
    name="MEMBER_LEFT",
    message="a member that says nothing of TNM is left as it is",
    reason="A group can name what contributed to it: a receptor, a size, a specimen. That is no part of the "
    "staging.",
    wrong="$ rstage check mcode_member.json",
    right="$ rstage check mcode.json",
)
RECURRENCE_NAMED = _warning(
    code="RS585",
    name="RECURRENCE_NAMED",
    message="words here name a recurrence, under a code that is not known: it is not read",
    reason="A recurrence that is recorded decides which staging is the diagnosis. What only words say of one "
    "can be a doubt, a denial or the name of a test, so it is told and not used.",
    wrong="$ rstage check fhir_recurrence_named.json",
    right="$ rstage check mcode.json",
)

"""RS52x and RS582 to RS584: what is found in messages of NAACCR XML.

The examples are command lines, run in a folder that holds the files of `tests/data/messages`.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_SOURCE = "NAACCR Data Dictionary, items 1860 and 1880"
_error = partial(Rule, severity=Severity.ERROR, source=_SOURCE)
_warning = partial(Rule, severity=Severity.WARNING, source=_SOURCE)

RECURRENCE_WITHOUT_DATE = _warning(
    code="RS521",
    name="RECURRENCE_WITHOUT_DATE",
    message="item 1880 names a recurrence, and item 1860 has no date of it",
    reason="A recurrence without a date cannot be put in order with the stagings of the tumor.",
    wrong="$ rstage check naaccr_recurrence.xml",
    right="$ rstage check naaccr.xml",
)
RECURRENCE_BEFORE_DIAGNOSIS = _error(
    code="RS522",
    name="RECURRENCE_BEFORE_DIAGNOSIS",
    message="the date of the first recurrence (1860) is before the date of diagnosis (390)",
    reason="A cancer cannot come back before it was found.",
    wrong="$ rstage check naaccr_recurrence.xml",
    right="$ rstage check naaccr.xml",
)
DISEASE_FREE_AND_R = _error(
    code="RS523",
    name="DISEASE_FREE_AND_R",
    message="item 1880 says that there was no recurrence, and a staging carries an r",
    reason="One of the two is wrong: an r is given when a cancer has come back.",
    wrong="$ rstage check naaccr_recurrence.xml",
    right="$ rstage check naaccr.xml",
)
NEVER_DISEASE_FREE_AND_RECURRED = _warning(
    code="RS524",
    name="NEVER_DISEASE_FREE_AND_RECURRED",
    message="item 1880 says never disease-free (70), and item 1860 has the date of a recurrence",
    reason="A recurrence follows an interval without disease; 70 says that there was none.",
    wrong="$ rstage check naaccr_recurrence.xml",
    right="$ rstage check naaccr.xml",
)
RECURRENCE_CODE_UNKNOWN = _error(
    code="RS525",
    name="RECURRENCE_CODE_UNKNOWN",
    message="item 1880 has no such code",
    reason="The type of the first recurrence has two digits of a list.",
    wrong="$ rstage check naaccr_recurrence.xml",
    right="$ rstage check naaccr.xml",
)
METHOD_OF_ANOTHER_ITEM = _warning(
    code="RS526",
    name="METHOD_OF_ANOTHER_ITEM",
    message="the {part} of the {block} items carries the prefix of other items",
    reason="Clinical items hold a cT and pathological ones a pT; a y belongs to the items after treatment. "
    "Another prefix is a slip of entry. The value is read as it is written.",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
)
ITEM_TWICE = _error(
    code="RS527",
    name="ITEM_TWICE",
    message="the item stands twice with different texts: neither is chosen",
    reason="Which of the two is meant cannot be known.",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
)
NAME_AND_NUMBER_DIFFER = _error(
    code="RS528",
    name="NAME_AND_NUMBER_DIFFER",
    message="naaccrId and naaccrNum are those of two items: neither is chosen",
    reason="Which of the two items holds the value cannot be known.",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
)
PREFIX_OF_ITEM = Rule(
    code="RS529",
    name="PREFIX_OF_ITEM",
    severity=Severity.INFO,
    message="the {part} has no {prefix} of its own: that of the {block} items is taken",
    reason="An item says how its values were found. Codes of cases before 2014 have no prefix, so that only "
    "the item tells a clinical T from a pathological one.",
    source="NAACCR Data Dictionary, items 880 to 1067",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
)
OTHER_STAGING_ITEM = Rule(
    code="RS582",
    name="OTHER_STAGING_ITEM",
    severity=Severity.INFO,
    message="an item of another classification, or of words about the stage: it is not read",
    reason="Summary stages, the Toronto and pediatric items and the text about staging are no TNM.",
    source="NAACCR Data Dictionary, items 759 to 764, 1120 to 1192, 2600, 3010, 3020 and 3955",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
    otherwise="warning where a score contradicts a group",
)
ITEM_UNKNOWN = Rule(
    code="RS583",
    name="ITEM_UNKNOWN",
    severity=Severity.WARNING,
    message="an item is not known, or has more than a name and a number, and may belong to a staging",
    reason="Users and later versions define items of their own. One whose name begins like those of a block "
    "can hold an r, a method or a doubt, so the staging of that block is not used.",
    source="rstage design decision",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
    otherwise="error where it belongs to a block of staging",
)
DERIVED_CODE_UNKNOWN = _error(
    code="RS584",
    name="DERIVED_CODE_UNKNOWN",
    message="the code is none of those of a derived category",
    reason="Derived AJCC items hold numbers of a list; what another number means cannot be known.",
    wrong="$ rstage check naaccr_items.xml",
    right="$ rstage check naaccr.xml",
)

"""RS580 and RS581: stagings in running text."""

from functools import partial

from rstage.diagnostics import Rule, Severity

_warning = partial(Rule, severity=Severity.WARNING, source="rstage design decision")

PAIR_FOUND_IN_TEXT = _warning(
    code="RS580",
    name="PAIR_FOUND_IN_TEXT",
    message="both stagings stand in one text; whether they are of one tumor is not decided",
    reason="A text can tell of several tumors, and a new cancer in the same person never gets an r. The pair "
    "is made because it was asked for; a person has to see that it is one.",
    wrong="$ rstage find letter.txt --restage",
    right="$ rstage find letter.txt",
)
SEVERAL_DIAGNOSES_IN_TEXT = _warning(
    code="RS581",
    name="SEVERAL_DIAGNOSES_IN_TEXT",
    message="{count} stagings before it could be the diagnosis; the one taken is {basis}",
    reason="Words of diagnosis come first, then the policy of a history: the pathological staging before the "
    "clinical one, one after treatment last. The stagings passed over are mentions of their own.",
    wrong="$ rstage find letters.txt --restage",
    right="$ rstage find letter.txt --restage",
)

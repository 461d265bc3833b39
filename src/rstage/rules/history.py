"""RS431 to RS434 and RS437 to RS439: the history of a tumor.

An example is the stagings of a tumor, each with its date, joined by `|`; `alter` changes the history that
they make before it is verified. Or it is a command line, as in `files`.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_info = partial(Rule, severity=Severity.INFO, source="rstage design decision")
_error = partial(Rule, severity=Severity.ERROR, source="rstage design decision")

NO_DIAGNOSIS = _error(
    code="RS431",
    name="NO_DIAGNOSIS",
    message="none of the stagings can be the stage at diagnosis",
    reason="A history needs a staging without r and not from an autopsy. Where every staging carries an r, "
    "the stage at diagnosis was lost on the way.",
    wrong="stagings=rT2 N0 M0 @2021",
    right="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021",
)
OUT_OF_ORDER = _error(
    code="RS432",
    name="OUT_OF_ORDER",
    message="the restaging is dated before the one that it follows",
    reason="Each restaging is linked to the one before it, so their dates cannot run backwards.",
    wrong="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021 | rT3 N0 M0 @2023; alter=swap",
    right="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021 | rT3 N0 M0 @2023",
)
PARENT_MISSING = _error(
    code="RS433",
    name="PARENT_MISSING",
    message="the restaging does not follow the one before it",
    reason="The digest of the restaging before stands in each link. Where it is another one, a restaging was "
    "removed, added or changed.",
    wrong="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021 | rT3 N0 M0 @2023; alter=drop",
    right="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021 | rT3 N0 M0 @2023",
)
INITIAL_CARRIES_R = _error(
    code="RS434",
    name="INITIAL_CARRIES_R",
    message="a staging with r stands among those at diagnosis",
    reason="The stagings at diagnosis never carry an r; one with r is a restaging and is linked.",
    wrong="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021; alter=initial",
    right="stagings=cT1 N0 M0 @2019 | rT2 N0 M0 @2021",
)
RESTAGED_WITHOUT_R = _info(
    code="RS437",
    name="RESTAGED_WITHOUT_R",
    message="the row states a recurrence and its stage carries no r: it is restaged",
    reason="A stage given at a recurrence is no stage at diagnosis, whether or not the r was written.",
    wrong="$ rstage history long.csv --tumor-id tumor --stage stage --event event",
    right="$ rstage history long.csv --tumor-id tumor --stage stage",
)

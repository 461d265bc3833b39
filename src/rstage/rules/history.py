"""RS431 to RS434 and RS437 to RS444: the history of a tumor.

An example is the stagings of a tumor, each with its date, joined by `|`; `alter` changes the history that
they make before it is verified. Or it is a command line, as in `files`.
"""

from functools import partial

from rstage.diagnostics import Rule, Severity

_info = partial(Rule, severity=Severity.INFO, source="rstage design decision")
_warning = partial(Rule, severity=Severity.WARNING, source="rstage design decision")
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
LATER_NOT_LINKED = _warning(
    code="RS438",
    name="LATER_NOT_LINKED",
    message="dated {why}: a later assessment, for which no event is stated; it is not linked",
    reason="The stage at diagnosis is the one of the first months. A staging far behind it, or behind a "
    "recurrence, is one of the course, whatever it lacks; and without a recurrence or a progression that is "
    "stated for it, nothing says what it is. --diagnosis-window sets the months.",
    wrong="stagings=cT2 N0 M0 @2019-03 | pT3 pN1 M0 @2022-06",
    right="stagings=cT2 N0 M0 @2019-03 | pT3 pN1 M0 @2019-06",
)
LATER_RESTAGED = _info(
    code="RS439",
    name="LATER_RESTAGED",
    message="dated {why}: a later assessment, restaged because a {event} is stated for it",
    reason="A stage that was given after a cancer came back is no stage at diagnosis, whether or not the r "
    "was written.",
    wrong="$ rstage check obds_later.xml",
    right="$ rstage check obds.xml",
)
LATER_UNDECIDED = _warning(
    code="RS440",
    name="LATER_UNDECIDED",
    message="its date does not tell whether it is of the diagnosis or a later assessment: taken as of the "
    "diagnosis",
    reason="A date without a day, a date without a month, or no date at all can lie inside the months of the "
    "diagnosis or behind them, before a recurrence or after it.",
    wrong="stagings=cT2 N0 M0 @2019-03 | pT3 pN1 M0 @2020",
    right="stagings=cT2 N0 M0 @2019-03 | pT3 pN1 M0 @2019",
)
UNDATED_RECURRENCE_INSIDE = _info(
    code="RS441",
    name="UNDATED_RECURRENCE_INSIDE",
    message="the record says that the cancer came back and not when: within {months} months of the first "
    "staging, this one is taken as of the diagnosis",
    reason="A recurrence without a date is the event of later assessments only.",
    wrong="$ rstage check obds_undated.xml",
    right="$ rstage check obds.xml",
)
SAME_DATE_AND_KIND = _warning(
    code="RS442",
    name="SAME_DATE_AND_KIND",
    message="{count} stagings of one date and kind can be the diagnosis: this one is taken, because {why}",
    reason="Which of them is meant cannot be known. The fullest is taken, else the first.",
    wrong="stagings=pT2 pN0 M0 @2019-03-02 | pT3 pN0 M0 @2019-03-02",
    right="stagings=cT2 N0 M0 @2019-03-02 | pT3 pN0 M0 @2019-03-02",
)
PRIOR_UNPROVEN = _error(
    code="RS443",
    name="PRIOR_UNPROVEN",
    message="the prior history of this tumor is not used: {why}",
    reason="What a message is linked to has to be what was written. Nothing of the tumor is restaged.",
    wrong="$ rstage check obds_course.xml --prior altered_histories.jsonl",
    right="$ rstage check obds_course.xml --prior histories.jsonl",
)
DIAGNOSIS_STAYS = _info(
    code="RS444",
    name="DIAGNOSIS_STAYS",
    message="the tumor has a diagnosis from earlier messages: this staging does not take its place",
    reason="The stage at diagnosis never changes. A staging of the first months that comes later is kept "
    "with the initial ones.",
    wrong="$ rstage check obds_more.xml --prior histories.jsonl",
    right="$ rstage check obds_course.xml --prior histories.jsonl",
)

"""RS401 to RS425 restaging and recurrence; RS445 to RS449 the key of a link; RS45x link and verification."""

from functools import partial

from rstage.diagnostics import Rule, Severity

_info = partial(Rule, severity=Severity.INFO)
_warning = partial(Rule, severity=Severity.WARNING)
_error = partial(Rule, severity=Severity.ERROR)

DIAGNOSIS_CARRIES_R = _error(
    code="RS401",
    name="DIAGNOSIS_CARRIES_R",
    message="the diagnosis carries an r, so it is no stage at diagnosis",
    reason="The stage at diagnosis has no r. A stage with r needs the diagnosis it follows.",
    source="NCI, Recurrent Cancer",
    wrong="diagnosis=rT2 N0 M0; assessment=T3 N0 M0",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0",
)
SECOND_PRIMARY = _error(
    code="RS402",
    name="SECOND_PRIMARY",
    message="the assessment belongs to another tumor, and a second primary never gets an r",
    reason="A new cancer in the same person is a new diagnosis with its own record.",
    source="NCI, Recurrent Cancer; NAACCR data dictionary; oBDS 3.0.4",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; tumor_id=1; assessment_tumor_id=2",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0; tumor_id=1; assessment_tumor_id=1",
)
BEFORE_DIAGNOSIS = _error(
    code="RS403",
    name="BEFORE_DIAGNOSIS",
    message="the assessment is dated before the diagnosis",
    reason="A cancer cannot come back before it was found. Partial dates count where they leave no doubt.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; date=2019-03; assessment_date=2018",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0; date=2019-03; assessment_date=2019",
)
UNKNOWN_NEVER_RESTAGED = _error(
    code="RS404",
    name="UNKNOWN_NEVER_RESTAGED",
    message="{text} is unknown or not assigned, and that never gets an r",
    reason="An r on something unknown would look like a finding. Leave the part out.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=pT3 pM n/a",
    right="diagnosis=T2 N0 M0; assessment=pT3",
)
NOTHING_TO_RESTAGE = _error(
    code="RS405",
    name="NOTHING_TO_RESTAGE",
    message="the assessment has neither a T, N or M category nor a stage group",
    reason="r belongs to categories and groups; a descriptor such as R0 has none.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=R0",
    right="diagnosis=T2 N0 M0; assessment=T0 N0 M0",
)
DIAGNOSIS_AT_AUTOPSY = _error(
    code="RS406",
    name="DIAGNOSIS_AT_AUTOPSY",
    message="the diagnosis was made at autopsy, so the cancer cannot have come back",
    reason="a is for a cancer that was not known before death.",
    source="mCODE on AJCC 8",
    wrong="diagnosis=aT2 N0 M0; assessment=T3 N0 M0",
    right="diagnosis=cT2 N0 M0; assessment=T3 N0 M0",
)
ONE_STAGE_NEEDED = _error(
    code="RS407",
    name="ONE_STAGE_NEEDED",
    message="{column} holds several stagings, and restaging needs one",
    reason="Which of several stagings is meant is never chosen.",
    source="rstage design decision",
    wrong="diagnosis=cT3 N1 M0, ypT1 N0 M0; assessment=T3 N0 M0",
    right="diagnosis=cT3 N1 M0; assessment=T3 N0 M0",
)
SYSTEM_WITHOUT_R = _error(
    code="RS408",
    name="SYSTEM_WITHOUT_R",
    message="{text} can have neither r nor a: {system} defines none",
    reason="r and a are symbols of TNM. R-ISS, for example, is defined for newly diagnosed disease only.",
    source="rstage design decision; R-ISS definition",
    wrong="rAnn Arbor IIA",
    right="Ann Arbor IIA",
)
RESTAGING_UNREADABLE = _error(
    code="RS409",
    name="RESTAGING_UNREADABLE",
    message="this is no restaging and no history as they are written",
    reason="A field is missing, null, unknown or of another type, so nothing can be proved of the record. "
    "The records around it are verified all the same.",
    source="rstage design decision",
    wrong="$ rstage verify null_restaging.ndjson",
    right="$ rstage verify one_restaging.ndjson",
)
OTHER_SITE = _warning(
    code="RS411",
    name="OTHER_SITE",
    message="the assessment names another site; the site of the diagnosis stays",
    reason="Either a metastasis was recorded under its own site, or this is a second primary.",
    source="NCI, Recurrent Cancer",
    wrong="diagnosis=T2 N0 M0; assessment=T0 N0 M1; site=C18.7; assessment_site=C22.0",
    right="diagnosis=T2 N0 M0; assessment=T0 N0 M1; site=C18.7; assessment_site=C18.7",
)
TUMOR_UNCONFIRMED = _warning(
    code="RS412",
    name="TUMOR_UNCONFIRMED",
    message="only one side has a tumor id, so it is not confirmed that both are one cancer",
    reason="A missing id can hide a second primary.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; tumor_id=1",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0; tumor_id=1; assessment_tumor_id=1",
)
PROGRESSION_WITHOUT_INTERVAL = _warning(
    code="RS413",
    name="PROGRESSION_WITHOUT_INTERVAL",
    message="{edition} ties r to a disease-free interval, and this is progression",
    reason="AJCC 8 gives r at recurrence and at progression; AJCC 7 and UICC after a time without disease.",
    source="CDISC on AJCC 7; mCODE on AJCC 8; the part on UICC is general knowledge",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0 (AJCC 7); event=progression",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0 (AJCC 8); event=progression",
)
DIAGNOSIS_WAS_M1 = _warning(
    code="RS414",
    name="DIAGNOSIS_WAS_M1",
    message="the cancer was M1 at diagnosis, so it was probably never free of disease",
    reason="Such a course is progression rather than recurrence.",
    source="NAACCR data dictionary, item 1880",
    wrong="diagnosis=T2 N0 M1; assessment=T3 N0 M1",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M1",
)
DIAGNOSIS_AFTER_TREATMENT = _warning(
    code="RS415",
    name="DIAGNOSIS_AFTER_TREATMENT",
    message="the diagnosis carries a y: it was staged after treatment had begun",
    reason="The stage at diagnosis is the one before treatment, where there is one.",
    source="CDISC on AJCC 7, oBDS 3.0.4",
    wrong="diagnosis=ypT2 ypN0 M0; assessment=T3 N0 M0",
    right="diagnosis=cT2 cN0 M0; assessment=T3 N0 M0",
)
STATED_AGAINST_DERIVED = _warning(
    code="RS416",
    name="STATED_AGAINST_DERIVED",
    message="the recurrence was stated as {stated}, and the assessment shows {derived}",
    reason="The stated class wins; one of the two may be wrong.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T0 N0 M1; recurrence=local",
    right="diagnosis=T2 N0 M0; assessment=T0 N0 M1; recurrence=distant",
)
RECURRENCE_NOT_DECIDABLE = _info(
    code="RS417",
    name="RECURRENCE_NOT_DECIDABLE",
    message="{part} does not tell whether there is recurrence there",
    reason="X, a missing category or a range that begins at 0 decides nothing.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=TX N0 M1",
    right="diagnosis=T2 N0 M0; assessment=T0 N0 M1",
)
NO_TUMOR_FOUND = _info(
    code="RS418",
    name="NO_TUMOR_FOUND",
    message="the assessment shows no tumor anywhere",
    reason="T0 N0 M0 is kept and linked; no kind of recurrence follows from it.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T0 N0 M0",
    right="diagnosis=T2 N0 M0; assessment=T1 N0 M0",
)
REGIONAL_NOT_EXCLUDED = _info(
    code="RS419",
    name="REGIONAL_NOT_EXCLUDED",
    message="T4 may have grown into neighboring tissue: regional recurrence is not excluded",
    reason="Regional recurrence is in nearby tissue or lymph nodes.",
    source="NCI, Recurrent Cancer",
    wrong="diagnosis=T2 N0 M0; assessment=T4 N0 M0",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0",
)
EDITION_CHANGED = _info(
    code="RS420",
    name="EDITION_CHANGED",
    message="the edition changed from {before} to {after}",
    reason="The same extent can have another T, N or M in another edition; compare with care.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0 (AJCC 7); assessment=T3 N0 M0 (AJCC 8)",
    right="diagnosis=T2 N0 M0 (AJCC 8); assessment=T3 N0 M0 (AJCC 8)",
)
R_ON_UNKNOWN = _warning(
    code="RS425",
    name="R_ON_UNKNOWN",
    message="the r of {text} has no meaning: the group is unknown",
    reason="An r says when something was found, and here nothing was.",
    source="rstage design decision",
    wrong="rStage X",
    right="Stage X",
)
LINK_KEY_NEEDED = _error(
    code="RS445",
    name="LINK_KEY_NEEDED",
    message="the link was made with a key: without it nothing shows that this is the record that was linked",
    reason="The digests of an r2 link can be computed with its key alone. What does not need them was "
    "compared: the r-form, a derived recurrence, dates and ids. What cannot be proven is not passed over.",
    source="rstage design decision",
    wrong="$ rstage verify keyed_restaging.ndjson",
    right="$ rstage verify keyed_restaging.ndjson --link-key link.key",
)
LINK_WITHOUT_KEY = _error(
    code="RS446",
    name="LINK_WITHOUT_KEY",
    message="the link was made without a key: it does not show who wrote it",
    reason="Whoever can rewrite a record can compute an r1 link anew, so one that stands where an r2 link is "
    "looked for may have taken its place.",
    source="rstage design decision",
    wrong="$ rstage verify one_restaging.ndjson --link-key link.key",
    right="$ rstage verify keyed_restaging.ndjson --link-key link.key",
    otherwise="info where a later link of its history, made with the key, covers it; warning where a message "
    "or a prior history is read",
)
LINK_KEY_DIFFERS = _error(
    code="RS447",
    name="LINK_KEY_DIFFERS",
    message="the link does not fit the key: it was made with another one, or by nobody who has it",
    reason="Where no digest of a link fits, either the key is another one or all that was linked is.",
    source="rstage design decision",
    wrong="$ rstage verify keyed_restaging.ndjson --link-key other.key",
    right="$ rstage verify keyed_restaging.ndjson --link-key link.key",
)
LINK_KEY_UNREADABLE = _error(
    code="RS448",
    name="LINK_KEY_UNREADABLE",
    message="the link key {file} cannot be read: {why}",
    reason="A link that should have been made with a key is not made without one.",
    source="rstage design decision",
    wrong="$ rstage verify keyed_restaging.ndjson --link-key nokey.key",
    right="$ rstage verify keyed_restaging.ndjson --link-key link.key",
)
LINK_KEY_UNUSABLE = _error(
    code="RS449",
    name="LINK_KEY_UNUSABLE",
    message="{file} is no link key: a key has 32 to 1024 bytes, and it has {found}",
    reason="A key that is shorter than the digest makes it weaker (RFC 2104, section 3), and a long file is "
    "something else.",
    source="rstage design decision",
    wrong="$ rstage verify keyed_restaging.ndjson --link-key short.key",
    right="$ rstage verify keyed_restaging.ndjson --link-key link.key",
)
DIAGNOSIS_ALTERED = _error(
    code="RS451",
    name="DIAGNOSIS_ALTERED",
    message="the diagnosis is not the one that was linked{field}",
    reason="Its digest differs from the one in the link: text, stage, date, site or an id was changed.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; date=2019; alter=diagnosis.date",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0; date=2019",
)
ASSESSMENT_ALTERED = _error(
    code="RS452",
    name="ASSESSMENT_ALTERED",
    message="the assessment is not the one that was linked{field}",
    reason="Its digest differs from the one in the link: text, stage, date, site or an id was changed.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; assessment_date=2021; alter=assessment.date",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0; assessment_date=2021",
)
RESTAGED_ALTERED = _error(
    code="RS453",
    name="RESTAGED_ALTERED",
    message="the restaged form is not the assessment with r",
    reason="Restaging adds r and nothing else, so the form can be computed anew and compared.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; alter=restaged",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0",
)
RECURRENCE_ALTERED = _error(
    code="RS454",
    name="RECURRENCE_ALTERED",
    message="the derived recurrence does not follow from the assessment",
    reason="A derived class can be derived anew and compared.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; alter=recurrence",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0",
)
LINK_ALTERED = _error(
    code="RS455",
    name="LINK_ALTERED",
    message="the link does not fit what it links{field}",
    reason="Version, ids and digests of a link are computed from the record; one of them differs.",
    source="rstage design decision",
    wrong="diagnosis=T2 N0 M0; assessment=T3 N0 M0; alter=link.restaging",
    right="diagnosis=T2 N0 M0; assessment=T3 N0 M0",
)

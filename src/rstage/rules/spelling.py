"""RS2xx: what was read although it is spelled otherwise than the standards print it."""

from functools import partial

from rstage.diagnostics import Rule, Severity

_info = partial(Rule, severity=Severity.INFO)
_warning = partial(Rule, severity=Severity.WARNING)

SPELLING_FOLDED = _info(
    code="RS201",
    name="SPELLING_FOLDED",
    message="{before} was read as {after}",
    reason="Blanks, brackets, case or order inside one part that cannot change its meaning.",
    source="rstage design decision",
    wrong="pT2 N0 (i +)",
    right="pT2 N0(i+)",
)
SEPARATOR_FOLDED = _info(
    code="RS202",
    name="SEPARATOR_FOLDED",
    message="{before} between two parts was read as one blank",
    reason="The standards print one blank, or none between categories.",
    source="rstage design decision",
    wrong="pT2, pN0",
    right="pT2 pN0",
)
CHARACTER_FOLDED = _info(
    code="RS203",
    name="CHARACTER_FOLDED",
    message="the character {before} was read as {after}",
    reason="Full-width letters, Roman numeral signs, long dashes and odd blanks mean the plain character.",
    source="Unicode compatibility forms",
    wrong="pT1\u20132 N0",
    right="pT1-2 N0",
)
ORDER_FOLDED = _info(
    code="RS204",
    name="ORDER_FOLDED",
    message="the parts stand in the order {before}; usual is {after}",
    reason="T, N, M, then descriptors, the group and the edition.",
    source="rstage design decision",
    wrong="N0 T2",
    right="T2 N0",
)
PREFIX_REORDERED = _warning(
    code="RS205",
    name="PREFIX_REORDERED",
    message="the prefix of {before} was reordered: {after}",
    reason="r, y and a say when and stand before c, p and u, which say how.",
    source="TNM-O (UICC), New Zealand value sets",
    wrong="prT2 N0",
    right="rpT2 N0",
)
PREFIX_DETACHED = _warning(
    code="RS206",
    name="PREFIX_DETACHED",
    message="the detached prefix of {before} was given to the category behind it: {after}",
    reason="Without the blank before it the letter would be the subcategory of the category before.",
    source="rstage design decision",
    wrong="T2 c N0",
    right="T2 cN0",
)
AMBIGUOUS_GLUED_PREFIX = _warning(
    code="RS207",
    name="AMBIGUOUS_GLUED_PREFIX",
    message="the letter between two categories can belong to either: {taken}, or {others}",
    reason="T2cN0 can be T2c N0 or T2 cN0. The reading with uniform prefixes is taken where there is one; "
    "where the evidence is thin the text is refused. A blank decides.",
    source="rstage design decision, tried on 1,034 pathology reports of TCGA",
    wrong="T2cN0",
    right="T2c N0",
)
MULTIPLICITY_PREFIX = _warning(
    code="RS208",
    name="MULTIPLICITY_PREFIX",
    message="the m before the category of {before} was read as (m): {after}",
    reason="Several tumors are marked in brackets behind T.",
    source="seen in pathology reports of TCGA; not standard",
    wrong="mpT1a N0",
    right="pT1a(m) N0",
)
MULTIPLICITY_WITHOUT_BRACKET = _warning(
    code="RS209",
    name="MULTIPLICITY_WITHOUT_BRACKET",
    message="the m behind {before} was read as several tumors, not as microinvasion: {after}",
    reason="T1m is T1(m) to some writers and T1mi to others.",
    source="CDISC on AJCC 7; EDS-NLP writes pT1m",
    wrong="T1m N0",
    right="T1(m) N0",
)
MIC_BEFORE_CATEGORY = _warning(
    code="RS210",
    name="MIC_BEFORE_CATEGORY",
    message="the c in {before} was read as the prefix of the next category: {after}",
    reason="mic is an old spelling of mi; directly before T, N or M its c is the prefix.",
    source="rstage design decision",
    wrong="pT1micN0",
    right="pT1mi cN0",
)
LABEL_SKIPPED = _info(
    code="RS211",
    name="LABEL_SKIPPED",
    message="{before} is a label and no part of the stage",
    reason="The letters of a label such as pTNM are not carried to the categories.",
    source="rstage design decision",
    wrong="pTNM: pT2 pN0",
    right="pT2 pN0",
)
LABEL_TIMING = _warning(
    code="RS212",
    name="LABEL_TIMING",
    message="the label {before} gave its timing to the categories behind it",
    reason="An r in a label must not be lost. Whether it belongs to every category a human should see.",
    source="rstage design decision",
    wrong="rTNM: T2 N0 M0",
    right="rT2 rN0 rM0",
)
SEVERAL_STAGINGS = _warning(
    code="RS213",
    name="SEVERAL_STAGINGS",
    message="the text holds {count} stagings",
    reason="A repeated category with another prefix, or after a comma, begins a new staging.",
    source="rstage design decision; onconlp and openmed do the same",
    wrong="cT3N1M0, ypT1N0M0",
    right="cT3N1M0",
)
MEASUREMENT = _info(
    code="RS215",
    name="MEASUREMENT",
    message="the measurement {before} is no part of the stage",
    reason="A number with a unit in brackets is the size of the tumor, not a number of tumors.",
    source="seen in onconlp and NCP",
    wrong="pT3 (5 cm) N0",
    right="pT3 N0",
)
REDUNDANT_Y = _info(
    code="RS216",
    name="REDUNDANT_Y",
    message="the y of {before} is dropped, because T or N carries it: {after}",
    reason="No list has a yM: the M of a stage after therapy is a plain cM0, cM1 or pM1.",
    source="ICGC-ARGO, SEER EOD tables",
    wrong="ypT2 ypN1 ycM0",
    right="ypT2 ypN1 cM0",
)

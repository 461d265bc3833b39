"""RS2xx: what was read although it is spelled otherwise than the standards print it."""

from functools import partial

from rstage.diagnostics import Rule, Severity

_info = partial(Rule, severity=Severity.INFO, otherwise="error in mode strict")
_warning = partial(Rule, severity=Severity.WARNING, otherwise="error in mode strict")
# What only mode repair reads is refused in every other mode.
_guess = partial(Rule, severity=Severity.WARNING)

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
    message="the letter between two categories can belong to either: {said}",
    reason="T2cN0 can be T2c N0 or T2 cN0. The reading with uniform prefixes is taken where there is one; "
    "where the evidence is thin the text is refused. A blank decides.",
    source="rstage design decision, tried on 1,034 pathology reports of TCGA",
    wrong="T2cN0",
    right="T2c N0",
    otherwise="error where the evidence is thin, and in mode strict",
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
DIALECT_CODE = _info(
    code="RS217",
    name="DIALECT_CODE",
    message="the code {before} was read as {after}",
    reason="A column of a registry holds codes of its own; the dialect says what each stands for.",
    source="the table of the dialect, which names the source of each line",
    wrong="text=c1A; field=T; dialect=naaccr",
    right="text=cT1a; field=T; dialect=naaccr",
    otherwise="",
)
SETTLED_BY_SITE = _info(
    code="RS218",
    name="SETTLED_BY_SITE",
    message="the site table settles the glued letter: {taken}",
    reason="A letter between two categories can belong to either. Of the readings the site has one, or it "
    "has the subcategory of T that the letter makes.",
    source="notation rule of rstage; the site table of the user",
    wrong="$ rstage check --text cT2cN0M0 --site-table sites.tsv --site =C34.1",
    right="$ rstage check --text 'cT2 cN0 M0' --site-table sites.tsv --site =C34.1",
)
CAPITALS_REPAIRED = _guess(
    code="RS220",
    name="CAPITALS_REPAIRED",
    message="{before} is written in capitals and was read as {after}",
    reason="Mainframe exports write everything in capitals. In mode repair a capital stands for the small "
    "letter where the text holds another category, so that CT2 alone stays an error.",
    source="rstage design decision",
    wrong="text=PT2 PN1 CM0; mode=repair",
    right="text=pT2 pN1 cM0; mode=repair",
)
LOWER_CASE_REPAIRED = _guess(
    code="RS221",
    name="LOWER_CASE_REPAIRED",
    message="{before} is written in lower case and was read as {after}",
    reason="In mode repair a text all in lower case is read where it holds at least two categories.",
    source="rstage design decision",
    wrong="text=rt2 n0 m0; mode=repair",
    right="text=rT2 N0 M0; mode=repair",
)
LETTER_O_REPAIRED = _guess(
    code="RS222",
    name="LETTER_O_REPAIRED",
    message="the letter O in {before} was read as zero: {after}",
    reason="In mode repair NO and MO are read beside another category; No and Mo, which are words, only with "
    "a prefix or between two categories.",
    source="counted in pathology reports of TCGA: 154 of 178",
    wrong="text=pT2 NO MO; mode=repair",
    right="text=pT2 N0 M0; mode=repair",
)
LOOK_ALIKE_REPAIRED = _guess(
    code="RS223",
    name="LOOK_ALIKE_REPAIRED",
    message="a letter of another alphabet was read as the Latin letter that it looks like: {after}",
    reason="Another keyboard or a faulty recognition put it there. Mode repair reads it as the Latin letter.",
    source="rstage design decision",
    wrong="text=p\u04222 N0; mode=repair",
    right="text=pT2 N0; mode=repair",
)
COMMENT_SKIPPED = _guess(
    code="RS224",
    name="COMMENT_SKIPPED",
    message="of {before} the stage holds {after}; the rest is a comment",
    reason="In mode repair a bracket that is no suffix is a comment: a free text site, a remark about nodes. "
    "In running text it is left out in every mode, as labels and words that join categories are.",
    source="rstage design decision; seen in pathology reports",
    wrong="text=pM1b(cerebellum); mode=repair",
    right="text=pM1b(BRA); mode=repair",
)
LETTER_ADDED = _guess(
    code="RS225",
    name="LETTER_ADDED",
    message="{before} lacks the letter of its column and was read as {after}",
    reason="Registries that store one value a column leave out its letter. A dialect knows that; mode repair "
    "guesses it.",
    source="oBDS 3.0.4 schema, CH-CRL",
    wrong="text=1a; field=T; mode=repair",
    right="text=T1a; field=T; mode=repair",
)
MARK_REPAIRED = _guess(
    code="RS226",
    name="MARK_REPAIRED",
    message="{before} was read as {after}",
    reason="(1-) for (i-), (m6) for (6), an underscore for a blank: seldom meant otherwise, but a guess.",
    source="counted in pathology reports of TCGA; CH-CRL value sets",
    wrong="text=pN0(1-); mode=repair",
    right="text=pN0(i-); mode=repair",
)
FIGO_MARK_APART = _warning(
    code="RS230",
    name="FIGO_MARK_APART",
    message="a letter set apart was read as FIGO's mark of how nodes were found: {before} is {after}",
    reason="Behind IIIC1 and IIIC2 FIGO prints r for imaging and p for pathology; it is no r of recurrence.",
    source="FIGO cervix 2018; rstage design decision",
    wrong="IIIC1(r)",
    right="FIGO IIIC1r",
)
GLOSS_TIMING = _info(
    code="RS231",
    name="GLOSS_TIMING",
    message="{before} was read as a label; its {after} holds for the categories behind it",
    reason="Checklists of pathology print the letter with its meaning before the categories.",
    source="rstage design decision, after the cancer protocols of pathology",
    wrong="r (recurrent) pT2 pN1",
    right="rpT2 rpN1",
)

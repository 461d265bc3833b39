"""RS1xx: what is no stage notation, or cannot be decided without a guess."""

from functools import partial

from rstage.diagnostics import Rule, Severity

_error = partial(Rule, severity=Severity.ERROR)

READ_WITH = "{message}: it is read with {options}"
"""The message of a text that another option reads exactly; the options as the command line writes them."""
BLANK_FORM = "{message}: as in a form that is not filled in, the letter may or may not hold"
"""The message of a letter with its meaning that is no single answer."""

NOT_NOTATION = _error(
    code="RS101",
    name="NOT_NOTATION",
    message="{text} is not stage notation",
    reason="A text is read whole or refused: a word that is skipped could be the one that matters.",
    source="rstage design decision",
    wrong="pT2 approx N0",
    right="pT2 N0",
)
EMPTY_TEXT = _error(
    code="RS102",
    name="EMPTY_TEXT",
    message="there is no stage in this text",
    reason="Nothing but blanks or separators was given. Tables treat blank cells as missing values.",
    source="rstage design decision",
    wrong="text= ; field=T",
    right="text=T2; field=T",
)
UNKNOWN_VALUE = _error(
    code="RS103",
    name="UNKNOWN_VALUE",
    message="no list of TNM has the value {text}",
    reason="The values are those that public staging lists hold. A value that none of them has is a slip of "
    "the pen, a registry code or another system, and the nearest one would be a guess.",
    source="SEER TNM tables, MII Onkologie, ICGC-ARGO, GDC",
    wrong="T2 N3d M0",
    right="T2 N3c M0",
)
MISSING_VALUE = _error(
    code="RS104",
    name="MISSING_VALUE",
    message="{text} has no value after its letter",
    reason="A letter alone says nothing; X would say that the category could not be assessed.",
    source="rstage design decision",
    wrong="pT N0 M0",
    right="pTX N0 M0",
)
ILLEGAL_PREFIX = _error(
    code="RS105",
    name="ILLEGAL_PREFIX",
    message="the prefix {text} holds a letter twice, or letters that exclude each other",
    reason="r, y and a stand once, and a category has one of c, p and u.",
    source="oBDS 3.0.4 schema; the German parser onconlp refuses them too",
    wrong="rrT2 N0 M0",
    right="rT2 N0 M0",
)
MRI_PREFIX = _error(
    code="RS106",
    name="MRI_PREFIX",
    message="{text} marks magnetic resonance imaging, never recurrence",
    reason="mr, rm and ymr are written for an MRI finding. Read as r they would invent a recurrence.",
    source="rstage design decision",
    wrong="mrT3 N1",
    right="cT3 N1",
)
LONELY_PREFIX = _error(
    code="RS107",
    name="LONELY_PREFIX",
    message="the letters {text} belong to no category",
    reason="A prefix stands directly before its category. A detached a is a word more often than an autopsy.",
    source="rstage design decision",
    wrong="T2 a N0",
    right="T2a N0",
)
UNKNOWN_BRACKET = _error(
    code="RS108",
    name="UNKNOWN_BRACKET",
    message="the bracket {text} is no known suffix",
    reason="A bracket holds a suffix such as (m), (sn) or (2/15), a group or an edition. Anything else is a "
    "comment, and a comment can change the meaning.",
    source="rstage design decision",
    wrong="pT2(abc) N0",
    right="pT2(m) N0",
    option="--mode repair",
)
MISPLACED_SUFFIX = _error(
    code="RS109",
    name="MISPLACED_SUFFIX",
    message="{text} cannot stand on this {category} category",
    reason="Each suffix belongs to one kind of category: (sn) to N, (m) to T, sites to M1.",
    source="NAACCR data dictionary, UICC TNM Supplement (secondary source)",
    wrong="pT2(sn) N0",
    right="pT2 N0(sn)",
)
MISPLACED_CERTAINTY = _error(
    code="RS110",
    name="MISPLACED_CERTAINTY",
    message="the certainty factor {text} does not stand directly after a value, or is not C1 to C5",
    reason="The C-factor of editions 4 to 7 follows its value directly; elsewhere C4 can be a vertebra.",
    source="UICC TNM Supplement (secondary source)",
    wrong="T2 C4 N0",
    right="T2C4 N0",
)
MISPLACED_COUNTS = _error(
    code="RS111",
    name="MISPLACED_COUNTS",
    message="the counts {text} cannot stand on {category}: lymph nodes belong to N",
    reason="Counts such as (2/15) are involved and examined lymph nodes.",
    source="UICC TNM Supplement (secondary source)",
    wrong="pT2(2/15) N1",
    right="pT2 N1(2/15)",
)
MALFORMED_MULTIPLICITY = _error(
    code="RS112",
    name="MALFORMED_MULTIPLICITY",
    message="{text} is no number of tumors: write (m), or a number from 2 on",
    reason="Several tumors are (m) or their number. One tumor needs no mark.",
    source="oBDS 3.0.4 schema, CDISC on AJCC 7",
    wrong="pT1(m6) N0",
    right="pT1(6) N0",
    option="--mode repair",
)
LOWER_CASE = _error(
    code="RS113",
    name="LOWER_CASE",
    message="{text} is written in lower case: the letters T, N and M are capitals",
    reason="In lower case rt2 can be radiotherapy, and pn1 can be pN1 or Pn1.",
    source="rstage design decision; onconlp refuses it too",
    wrong="rt2 N0",
    right="rT2 N0",
)
ALL_CAPITALS = _error(
    code="RS114",
    name="ALL_CAPITALS",
    message="{text} is written in capitals where the notation has a small letter",
    reason="CT2 can be computed tomography, RT2 radiotherapy, PN1 perineural invasion. Capitals are not "
    "turned into small letters without being asked.",
    source="rstage design decision",
    wrong="PT2 PN1 CM0",
    right="pT2 pN1 cM0",
    option="--mode repair",
)
LETTER_O = _error(
    code="RS115",
    name="LETTER_O",
    message="{text} holds the letter O where zero may be meant",
    reason="NO can be N0 or the word no, which says the opposite.",
    source="counted in pathology reports of TCGA: 154 of 178",
    wrong="pT2 NO M0",
    right="pT2 N0 M0",
    option="--mode repair",
)
LOOK_ALIKE = _error(
    code="RS116",
    name="LOOK_ALIKE",
    message="the letter {text} belongs to another alphabet and only looks Latin",
    reason="The text came through another keyboard or a faulty recognition; what else changed is unknown.",
    source="rstage design decision",
    wrong="p\u04222 N0",
    right="pT2 N0",
    option="--mode repair",
)
SUPERSCRIPT = _error(
    code="RS117",
    name="SUPERSCRIPT",
    message="the raised, lowered or circled character {text} is not read as a plain one",
    reason="A raised 2 can be a footnote: T1a\u00b2 is not T1a2.",
    source="rstage design decision",
    wrong="T1a\u00b2 N0",
    right="T1a2 N0",
)
REPEATED_CATEGORY = _error(
    code="RS118",
    name="REPEATED_CATEGORY",
    message="{text} gives a category a second time",
    reason="Two values without a separator or another prefix are a contradiction, not two stagings.",
    source="rstage design decision",
    wrong="T2 T3 N0",
    right="T2-3 N0",
)
REPEATED_PART = _error(
    code="RS119",
    name="REPEATED_PART",
    message="{text} is given a second time",
    reason="A suffix, descriptor, group or edition stands once; only R may stand again, with another place.",
    source="rstage design decision",
    wrong="T2 N0 L0 L1",
    right="T2 N0 L1",
)
BARE_DESCRIPTOR = _error(
    code="RS120",
    name="BARE_DESCRIPTOR",
    message="{text} alone can be something else than a descriptor",
    reason="L1 can be a vertebra or an INRG stage, V1 a lead. In its own field it is read.",
    source="rstage design decision",
    wrong="L1",
    right="text=L1; field=L",
    option="--field L",
)
LETTER_MISSING = _error(
    code="RS121",
    name="LETTER_MISSING",
    message="{text} lacks the letter {field}",
    reason="Some registries store the value without its letter. That is a dialect and is not guessed.",
    source="oBDS 3.0.4 schema",
    wrong="text=2; field=T",
    right="text=T2; field=T",
    option="--dialect obds",
)
WRONG_FIELD = _error(
    code="RS122",
    name="WRONG_FIELD",
    message="{text} is something else than one {field} value",
    reason="A column of T values that holds an N was exported or joined wrongly.",
    source="rstage design decision",
    wrong="text=N1; field=T",
    right="text=T1; field=T",
)
OTHER_SYSTEM = _error(
    code="RS123",
    name="OTHER_SYSTEM",
    message="{text} belongs to {system}, not to TNM",
    reason="Rai, Ann Arbor, INSS and others are no TNM groups, and the R of R-ISS is no recurrence. Their "
    "groups are read with the name of the system, or with the option that names it.",
    source="ICGC-ARGO, GDC; R-ISS is defined for newly diagnosed myeloma",
    wrong="IIE",
    right="Ann Arbor IIE",
    option="--system 'Ann Arbor'",
)
CAPITAL_R = _error(
    code="RS124",
    name="CAPITAL_R",
    message="{text} has a capital R: the r of recurrence is small",
    reason="R with a digit is residual tumor, and RIV could be either.",
    source="rstage design decision",
    wrong="RIV",
    right="rIV",
)
REVERSED_RANGE = _error(
    code="RS125",
    name="REVERSED_RANGE",
    message="the range {text} does not rise from its first to its last value",
    reason="A falling or equal range is a slip, and which end is right cannot be known.",
    source="rstage design decision",
    wrong="cT3-2 N0",
    right="cT2-3 N0",
)
REGISTRY_CODE = _error(
    code="RS126",
    name="REGISTRY_CODE",
    message="{text} is a storage code of a registry, not notation",
    reason="c1A stores cT1a, TP2 pT2. Such codes mean something only in their own column and dialect.",
    source="SEER TNM tables, NCRAS, GDC, Collaborative Stage",
    wrong="c1A",
    right="cT1a",
    option="--dialect naaccr --field T",
)
MISREAD_CHARACTER = _error(
    code="RS127",
    name="MISREAD_CHARACTER",
    message="{text} may hold a misread character: I, l, i and 1 look alike",
    reason="pTib can be pT1b or pTis, and Stage Il can be I or II. What the guesses mean differs, so that "
    "none is taken in any mode.",
    source="seen in recognised pathology reports of TCGA",
    wrong="pTib N0",
    right="pT1b N0",
)
UNKNOWN_IN_SYSTEM = _error(
    code="RS128",
    name="UNKNOWN_IN_SYSTEM",
    message="{system} has no group {text}",
    reason="Each system has its own groups. A value of one that is taken for a value of another changes its "
    "meaning: IIE is extranodal lymphoma, and IIB of Ann Arbor has symptoms.",
    source="ICGC-ARGO, GDC, NCRAS, Collaborative Stage",
    wrong="Rai IIE",
    right="Ann Arbor IIE",
)
TWO_FIGO_MARKS = _error(
    code="RS130",
    name="TWO_FIGO_MARKS",
    message="{text} holds both marks of FIGO: r says imaging, p says pathology",
    reason="One mark stands behind a group, and taking one of two would drop the other.",
    source="FIGO cervix 2018",
    wrong="IIIC1(r+p)",
    right="FIGO IIIC1r",
)
MARK_OR_RECURRENCE = _error(
    code="RS131",
    name="MARK_OR_RECURRENCE",
    message="the letter behind {text} can be FIGO's mark of method, or stand for the whole group",
    reason="FIGO marks how nodes were found with r or p; other sites have a IIIC too, and an r there.",
    source="FIGO cervix 2018; rstage design decision",
    wrong="IIIC (r)",
    right="T4 N2 M0 rStage IIIC",
    option="--system FIGO",
)
FIGO_MARK_OR_PREFIX = _error(
    code="RS132",
    name="FIGO_MARK_OR_PREFIX",
    message="the letter behind {text} can be FIGO's mark of method, or belong to the category behind it",
    reason="An r must neither be lost nor made up.",
    source="rstage design decision",
    wrong="Stage IIIC1 (r) pT2 pN1",
    right="pT2 pN1 FIGO IIIC1r",
)
OWNER_NUMBER = _error(
    code="RS133",
    name="OWNER_NUMBER",
    message="{text} can be the stage group or the edition",
    reason="An owner with a bare 1 to 4 and no word for edition is written for both.",
    source="rstage design decision, after German letters",
    wrong="pT3 pN1 M0, UICC 4",
    right="pT3 pN1 M0 Stage IV",
)

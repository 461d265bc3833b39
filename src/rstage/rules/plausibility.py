"""RS30x RS31x RS32x RS33x RS34x: values, suffixes and what does not go together."""

from functools import partial

from rstage.diagnostics import Rule, Severity

_info = partial(Rule, severity=Severity.INFO)
_warning = partial(Rule, severity=Severity.WARNING)
_error = partial(Rule, severity=Severity.ERROR)

MIXED_TIMING = _warning(
    code="RS301",
    name="MIXED_TIMING",
    message="only some of the categories carry r, y or a",
    reason="Timing belongs to the whole classification. An r on a later category is kept where it stands.",
    source="CDISC on AJCC 7, oBDS 3.0.4, MII Onkologie",
    wrong="T2 rN1 M0",
    right="rT2 N1 M0",
)
MIXED_METHOD = _warning(
    code="RS302",
    name="MIXED_METHOD",
    message="T and N have different methods",
    reason="One clinical, one pathological category often come from two stagings that were joined.",
    source="rstage design decision",
    wrong="cT2 pN1 M0",
    right="pT2 pN1 cM0",
)
RANGE = _warning(
    code="RS303",
    name="RANGE",
    message="{text} is a range, not one value",
    reason="A range is kept as it is; which end holds is never chosen.",
    source="clinical papers write rT1-2",
    wrong="cT2-3 N0",
    right="cT2 N0",
    otherwise="error in mode strict",
)
PATHOLOGICAL_M0 = _warning(
    code="RS304",
    name="PATHOLOGICAL_M0",
    message="pM0 can only come from an autopsy",
    reason="No specimen proves that there is no metastasis anywhere; cM0 is meant nearly always.",
    source="UICC TNM Supplement (secondary source); the SEER TNM tables have no pM0",
    wrong="pT2 pN0 pM0",
    right="pT2 pN0 cM0",
    otherwise="error in mode strict",
)
MX_FROM_EDITION_7 = _warning(
    code="RS305",
    name="MX_FROM_EDITION_7",
    message="MX ended with the 7th edition",
    reason="From edition 7 on M is cM0 unless there is a sign of metastasis. Older stages may have MX.",
    source="UICC, changes between the 6th and 7th editions",
    wrong="pT2 N0 MX",
    right="pT2 N0 MX (UICC 6)",
)
MORE_INVOLVED_THAN_EXAMINED = _error(
    code="RS306",
    name="MORE_INVOLVED_THAN_EXAMINED",
    message="{involved} involved nodes of {examined} examined cannot be",
    reason="The first number is the involved, the second the examined nodes.",
    source="UICC TNM Supplement (secondary source)",
    wrong="pT2 pN2(14/12)",
    right="pT2 pN2(12/14)",
)
POSITIVE_NODES_WITH_N0 = _error(
    code="RS307",
    name="POSITIVE_NODES_WITH_N0",
    message="N0 contradicts {involved} involved nodes",
    reason="A node with isolated tumor cells only is N0(i+); any other involved node is N1 or more.",
    source="UICC TNM Supplement (secondary source)",
    wrong="pT2 pN0(3/15)",
    right="pT2 pN0(0/15)",
)
AUTOPSY_WITH_RECURRENCE = _warning(
    code="RS308",
    name="AUTOPSY_WITH_RECURRENCE",
    message="a and r exclude each other",
    reason="a is for a cancer that was first found at autopsy; it cannot have come back.",
    source="mCODE on AJCC 8",
    wrong="raT2 N0 M0",
    right="rT2 N0 M0",
)
UNKNOWN_SITE = _error(
    code="RS309",
    name="UNKNOWN_SITE",
    message="{text} holds no known code of a metastatic site",
    reason="The codes are PUL OSS HEP BRA LYM MAR PLE PER ADR SKI OTH and GEN.",
    source="UICC list; GEN from oBDS and MII Onkologie",
    wrong="T2 N0 M1(XYZ)",
    right="T2 N0 M1(HEP)",
    option="--mode repair",
)
SITES_ON_M0 = _error(
    code="RS310",
    name="SITES_ON_M0",
    message="{text} names a metastasis that M0 denies",
    reason="A site of metastasis makes it M1.",
    source="rstage design decision",
    wrong="T2 N0 M0(HEP)",
    right="T2 N0 M1(HEP)",
)
GROUP_TIMING_DIFFERS = _warning(
    code="RS311",
    name="GROUP_TIMING_DIFFERS",
    message="the stage group and the categories differ in r",
    reason="The group may be that of the diagnosis beside a restaged TNM, so r never spreads to it.",
    source="rstage design decision",
    wrong="rpT2 rN0 rM0 Stage IIB",
    right="rpT2 rN0 rM0 rStage IIB",
)
STAGE_GROUP_AT_RECURRENCE = _info(
    code="RS312",
    name="STAGE_GROUP_AT_RECURRENCE",
    message="a stage group was given at recurrence",
    reason="AJCC 8 gives a group at diagnosis and after surgery only; better words are, for example, "
    "distant recurrence of stage IIA disease.",
    source="C. Watson, Oncology Times; other sources allow it",
    wrong="rStage IV",
    right="rT2 rN1 rM1",
)
FIGO_METHOD_MARK = _info(
    code="RS313",
    name="FIGO_METHOD_MARK",
    message="the letter behind {text} tells how nodes were found, not when",
    reason="In FIGO 2018 for the cervix r is imaging and p is pathology.",
    source="FIGO staging of the cervix uteri, 2018",
    wrong="IIIC1r",
    right="IIIC1",
)
FIGO_METHOD_MARK_NEAR_RECURRENCE = _warning(
    code="RS314",
    name="FIGO_METHOD_MARK_NEAR_RECURRENCE",
    message="{text} has the imaging mark r in a stage of recurrence",
    reason="One of the two letters r may be meant as the other.",
    source="FIGO staging of the cervix uteri, 2018",
    wrong="rIIIC1r",
    right="rIIIC1p",
)
M1_WITH_STAGE_0_OR_I = _warning(
    code="RS315",
    name="M1_WITH_STAGE_0_OR_I",
    message="M1 does not go with {group}",
    reason="No site has distant metastasis in stage 0 or I. The group may be that of another staging.",
    source="SEER TNM tables (UICC 7)",
    wrong="T1 N0 M1 Stage IA",
    right="T1 N0 M1 Stage IV",
)
M1_WITH_STAGE_II_OR_III = _warning(
    code="RS316",
    name="M1_WITH_STAGE_II_OR_III",
    message="M1 goes with {group} only at thyroid, testis and trophoblast",
    reason="At other sites distant metastasis is stage IV.",
    source="SEER TNM tables (UICC 7): C73, C62 and C58 are the exceptions",
    wrong="diagnosis=T2 N0 M1 Stage II; site=C18.7; assessment=T0 N0 M1",
    right="diagnosis=T2 N0 M1 Stage II; site=C73.9; assessment=T0 N0 M1",
)
NEEDLE_ON_T = _warning(
    code="RS317",
    name="NEEDLE_ON_T",
    message="(f) belongs to N, not to T",
    reason="(f) says that only a needle or core biopsy of a node was done.",
    source="NAACCR data dictionary",
    wrong="T2(f) N0",
    right="T2 N0(f)",
)
RECURRENCE_AT_PRIMARY = _info(
    code="RS318",
    name="RECURRENCE_AT_PRIMARY",
    message="+ marks a recurrence in the area of the primary tumor",
    reason="The mark is rare, and one source alone tells its meaning.",
    source="UICC TNM Supplement (secondary source)",
    wrong="rT2+ N0",
    right="rT2 N0",
)
Y_WITHOUT_METHOD = _info(
    code="RS319",
    name="Y_WITHOUT_METHOD",
    message="a y without c or p leaves open how the stage was found",
    reason="The standards know yc and yp; a bare y is found in papers.",
    source="TNM-O, mCODE; openmed calls it ambiguous",
    wrong="yT2 N0",
    right="ypT2 N0",
)
CERTAINTY_AFTER_EDITION_7 = _warning(
    code="RS320",
    name="CERTAINTY_AFTER_EDITION_7",
    message="the certainty factor ended with the 7th edition",
    reason="C1 to C5 are not part of edition 8.",
    source="UICC TNM Supplement (secondary source)",
    wrong="T2C4 N0 (UICC 8)",
    right="T2C4 N0 (UICC 7)",
)
EDITION_CONFLICT = _warning(
    code="RS321",
    name="EDITION_CONFLICT",
    message="the text says {written}, and {given} was given for it; the text wins",
    reason="The edition of a column must not replace one that was written.",
    source="rstage design decision",
    wrong="text=T2 N0 (AJCC 7); edition=8",
    right="text=T2 N0 (AJCC 8); edition=8",
)
IS_IS_NOT_RISS = _warning(
    code="RS322",
    name="IS_IS_NOT_RISS",
    message="rIS is testis stage IS at recurrence, not the myeloma system R-ISS",
    reason="The two look alike; R-ISS belongs to newly diagnosed disease.",
    source="R-ISS definition",
    wrong="rIS",
    right="rStage IIA",
)
N4_WITHOUT_OLD_EDITION = _error(
    code="RS323",
    name="N4_WITHOUT_OLD_EDITION",
    message="N4 stands only in old editions",
    reason="Write the edition where it is one of those, up to the 6th; later ones end at N3.",
    source="ICGC-ARGO, GDC, Collaborative Stage",
    wrong="T2 N4",
    right="T2 N4 (AJCC 6)",
    option="--edition 5",
)
STAGE_TIS = _warning(
    code="RS324",
    name="STAGE_TIS",
    message="{before} is a T category used as a stage group",
    reason="Some lists have it; most sites call it stage 0.",
    source="GDC data dictionary",
    wrong="Stage Tis",
    right="Stage 0",
)
R_ON_FIGO = _warning(
    code="RS325",
    name="R_ON_FIGO",
    message="{text} has an r, and FIGO defines none",
    reason="FIGO stages once, at diagnosis. The r is kept as written.",
    source="FIGO staging of the cervix uteri, 2018; that FIGO has no r is general knowledge",
    wrong="rFIGO IB2",
    right="FIGO IB2",
)
NOT_AT_SITE = _warning(
    code="RS326",
    name="NOT_AT_SITE",
    message="{text} is not on the list of this site",
    reason="The site table that was given does not have the value for this site, method and edition.",
    source="the site table of the user",
    wrong="$ rstage check --text T2c --site-table sites.tsv --site =C34.1",
    right="$ rstage check --text T2a --site-table sites.tsv --site =C34.1",
)
GROUP_NOT_AT_SITE = _warning(
    code="RS327",
    name="GROUP_NOT_AT_SITE",
    message="{text} is not on the list of this site",
    reason="The site table that was given does not have the stage group for this site, method and edition.",
    source="the site table of the user",
    wrong="$ rstage check --text 'Stage IIC' --site-table sites.tsv --site =C34.1",
    right="$ rstage check --text 'Stage IIA' --site-table sites.tsv --site =C34.1",
)
NOT_IN_EDITION = _warning(
    code="RS328",
    name="NOT_IN_EDITION",
    message="edition {number} has no {name}: that is for editions {editions}",
    reason="Either the edition or the value is not what was meant. Without an edition nothing is said.",
    source="grammar/editions.tsv names one for each line",
    wrong="Tis(LCIS) N0 (AJCC 8)",
    right="Tis(LCIS) N0 (AJCC 7)",
)
CHAPTER_NOT_PUBLISHED = _warning(
    code="RS329",
    name="CHAPTER_NOT_PUBLISHED",
    message="the 9th edition {why}",
    reason="AJCC published Version 9 chapter by chapter from 2021 on, UICC its 9th edition in 2025. A 9 "
    "without an owner counts where either has it. Only a topography code tells the chapter.",
    source="SEER EOD schema ids; contents list of the UICC publisher",
    wrong="diagnosis=T2 N0 (AJCC 9); site=C50.1; assessment=T3 N0 M0",
    right="diagnosis=T2 N0 (AJCC 9); site=C34.1; assessment=T3 N0 M0",
)
SITE_NOT_IN_TABLE = _info(
    code="RS330",
    name="SITE_NOT_IN_TABLE",
    message="the site table has nothing for {what}",
    reason="So nothing was compared with it: neither values nor the group.",
    source="the site table of the user",
    wrong="$ rstage check --text T2 --site-table sites.tsv --site =C71.1",
    right="$ rstage check --text T2 --site-table sites.tsv --site =C34.1",
)
NODE_LEVEL = _info(
    code="RS331",
    name="NODE_LEVEL",
    message="{text} behind N was read as the level of the lymph nodes, above or below the cricoid",
    reason="U is the upper, L the lower level of nodes of head and neck; some reports write L for left.",
    source="public guides to the notation of head and neck tumors",
    wrong="pT2 pN1(L)",
    right="pT2 pN1",
)
MOLECULAR_WITH_MI = _warning(
    code="RS332",
    name="MOLECULAR_WITH_MI",
    message="a molecular test stands beside a micrometastasis",
    reason="The lists have mol+ and mol- on N0 only. Both are kept as they were written.",
    source="MII Onkologie, ICGC-ARGO; seen in reports",
    wrong="pT2 pN1mi(mol+)",
    right="pT2 pN1mi",
)
OWNER_NUMBER_IN_BRACKETS = _warning(
    code="RS340",
    name="OWNER_NUMBER_IN_BRACKETS",
    message="{text} was read as an edition; stage group and edition can be written like this",
    reason="An owner with a bare 1 to 4 can name an old edition or the stage group.",
    source="rstage design decision, after German letters",
    wrong="pT3 pN1 M0 (UICC 3)",
    right="pT3 pN1 M0 (UICC 8)",
)
NO_SUCH_EDITION = _warning(
    code="RS341",
    name="NO_SUCH_EDITION",
    message="there is no edition {text}",
    reason="The ninth edition is the last; a year in two digits is never guessed.",
    source="UICC, AJCC Version 9",
    wrong="pT2 pN1 M0 (UICC 20)",
    right="pT2 pN1 M0 (UICC 8)",
)
TOO_MANY_PLACES = _error(
    code="RS342",
    name="TOO_MANY_PLACES",
    message="a stage has at most {most} residual tumors",
    reason="R stands again with another place. A text with more of them is a list, and what is written of it "
    "could not be read back.",
    source="rstage design decision",
    wrong="T2 R1(liver) R1(lung) R1(bone) R1(skin) R1(brain) R1(pleura) R1(margin) R1(is) R1(cy+)",
    right="T2 R1(liver) R1(lung) R1(bone)",
)
PLACE_UNKNOWN = _info(
    code="RS343",
    name="PLACE_UNKNOWN",
    message="the place of the residual tumor is no word that is known here: it can be a name",
    reason="What stands in the bracket of R goes into whatever is written of the stage. A word of a place is "
    "expected there; anything else, such as the name of a person, is looked at before it is passed on.",
    source="rstage design decision",
    wrong="T2 N0 M0 R1(Kowalski)",
    right="T2 N0 M0 R1(liver)",
)

"""NAACCR XML: every item of every block, what items say of a recurrence, and files of any version."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rstage import messages
from rstage.diagnostics import Rule, Severity
from rstage.files.errors import TableError
from rstage.reference.tsv import data_rows
from tests.support.case_tables import rows
from tests.support.paths import EXAMPLES, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.messages.message import FoundStaging, TumorHistory

ITEMS = data_rows("naaccr_items.tsv")
ALWAYS = {"60": "01", "390": "20190302", "400": "C187"}


def message(items: dict[str, str], prefix: str = "") -> str:
    """Return a message of one patient with one tumor; an item is named by its number or its name."""
    written = "".join(
        f"<{prefix}Item {'naaccrNum' if name.isdigit() else 'naaccrId'}={quoteattr(name)}>"
        f"{text.replace('&', '&amp;').replace('<', '&lt;')}</{prefix}Item>"
        for name, text in items.items()
    )
    around = f' xmlns:{prefix.rstrip(":")}="http://naaccr.org/naaccrxml"' if prefix else ""
    patient = f'<{prefix}Patient><{prefix}Item naaccrNum="20">1</{prefix}Item><{prefix}Tumor>{written}'
    return f"<{prefix}NaaccrData{around}>{patient}</{prefix}Tumor></{prefix}Patient></{prefix}NaaccrData>"


def read(path: Path, text: str) -> list[TumorHistory]:
    path.write_text(text, encoding="utf-8")
    return list(messages.histories(str(path)))


def told(one: FoundStaging) -> str:
    return "?" if one.staging is None else f"{one.staging} @{one.staging.date or ''}"


@pytest.mark.parametrize("case", rows("naaccr_items.tsv"), ids=lambda case: case["items"])
def test_what_items_come_to(tmp_path: Path, case: dict[str, str]) -> None:
    items = dict(one.split("=") for one in case["items"].split(";"))
    found = read(tmp_path / "m.xml", message({**ALWAYS, **items}))
    stagings = [told(one) for history in found for one in history.tumor.stagings]
    findings = [one for history in found for one in history.findings]
    assert " | ".join(stagings) == case["stagings"]
    assert sorted(
        {one.diagnostic.code for one in findings if one.diagnostic.severity is not Severity.INFO}
    ) == [code for code in case["codes"].split() if code != "RS417"]


@pytest.mark.parametrize("row", [row for row in ITEMS if row["block"]], ids=lambda row: row["item"])
def test_every_name_of_an_item_is_the_item(tmp_path: Path, row: dict[str, str]) -> None:
    method = {"c": "c", "p": "p", "y": row["block"]}[row["block"][0]]
    base = {one["part"]: one["item"] for one in ITEMS if one["block"] == row["block"]}
    texts = {
        "T": f"{method}T2",
        "N": f"{method}N1",
        "M": "cM0",
        "group": "2",
        "T_suffix": "(m)",
        "N_suffix": "(f)",
    }
    texts["descriptor"] = "3"
    items = {base["T"]: texts["T"], base["N"]: texts["N"]}
    shown = []
    for name in (row["item"], row["name"]):
        given_items = {number: text for number, text in items.items() if number != row["item"]}
        (found,) = read(tmp_path / "m.xml", message({**ALWAYS, **given_items, name: texts[row["part"]]}))
        (staging,) = found.tumor.stagings
        assert staging.staging is not None
        shown.append(str(staging.staging))
    assert len(set(shown)) == 1
    without = read(tmp_path / "m.xml", message({**ALWAYS, **items}))[0].tumor.stagings[0]
    assert row["part"] in ("T", "N") or str(without.staging) != shown[0]


def test_a_prefix_and_an_id_without_patient(tmp_path: Path) -> None:
    text = message({**ALWAYS, "1001": "cT2"}, "n:")
    (found,) = read(tmp_path / "m.xml", text)
    assert found.tumor.keys == {"patient_id": "1", "tumor_id": "01"}
    assert found.history is not None
    assert found.history.tumor_id == "1/01"
    assert found.history.diagnosis.site == "C187"
    (found,) = read(tmp_path / "m.xml", text.replace('"20">1', '"20"> '))
    assert found.history is not None
    assert found.history.tumor_id == "01"


def test_the_generator_makes_the_sample(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "make_naaccr_synthetic.py"), run_name="__main__")
    assert capsys.readouterr().out == (EXAMPLES / "naaccr_synthetic.xml").read_text(encoding="utf-8")


def test_the_sample_shows_every_finding_and_every_block() -> None:
    from rstage.rules import naaccr

    text = (EXAMPLES / "naaccr_synthetic.xml").read_text(encoding="utf-8")
    found = list(messages.histories(str(EXAMPLES / "naaccr_synthetic.xml")))
    codes = {one.diagnostic.code for history in found for one in history.findings}
    rules = {rule.code for rule in vars(naaccr).values() if isinstance(rule, Rule)}
    codes |= {
        one.diagnostic.code
        for record in messages.read(str(EXAMPLES / "naaccr_synthetic.xml"))
        for one in record.findings
    }
    assert rules <= codes
    assert {"RS416", "RS508", "RS518", "RS530"} <= codes
    shown = {row["block"] for row in ITEMS if f'"{row["name"]}"' in text}
    assert shown == {row["block"] for row in ITEMS}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not here")
def test_the_public_sample_holds_derived_stagings_and_no_other() -> None:
    records = list(messages.read(str(SAMPLES / "naaccr_xml_v18_incidence_synthetic.xml")))
    assert len(records) == 17
    found = [one for record in records for tumor in record.tumors for one in tumor.stagings]
    assert found
    assert {one.kind for one in found} == {"beside"}


# What trial messages come to: every staging in the order of its blocks, and the diagnosis.
TRIALS = {
    "derived AJCC 7": (
        {"3400": "310", "3402": "p", "3410": "220", "3412": "p", "3420": "100", "3422": "c", "3430": "700"},
        "pT3a pN2b cM1 Stage IV (AJCC 7)",
        "pT3a pN2b cM1 Stage IV (AJCC 7)",
    ),
    "derived AJCC 6": (
        {"2940": "12", "2950": "y", "2960": "02", "2970": "y", "2980": "00", "2990": "N", "3000": "12"},
        "ypT1a ypN0(i+) M0 Stage IA (AJCC 6)",
        "ypT1a ypN0(i+) M0 Stage IA (AJCC 6)",
    ),
    "derived lymphoma": ({"3430": "350"}, "Ann Arbor IIAE (AJCC 7)", "Ann Arbor IIAE (AJCC 7)"),
    "not applicable": ({"3400": "888", "3402": "N", "3430": "888"}, "", ""),
    "derived since 2018": (
        {"785": "T2", "815": "N1a", "795": "M0", "818": "3A", "1060": "08"},
        "T2 N1a M0 Stage IIIA",
        "T2 N1a M0 Stage IIIA",
    ),
    "derived beside given": (
        {"1001": "cT1", "3400": "310", "3402": "p", "3410": "220", "3412": "p"},
        "cT1 | pT3a pN2b (AJCC 7)",
        "cT1",
    ),
    "FIGO": ({"3836": "3C1"}, "FIGO IIIC1", "FIGO IIIC1"),
    "FIGO beside TNM": ({"3836": "2", "1001": "cT1"}, "cT1 | FIGO II", "cT1"),
    "FIGO not applicable": ({"3836": "98"}, "", ""),
    "GTN": ({"1004": "3:8", "3837": "08"}, "GTN III:8", "GTN III:8"),
    "lymphoma": ({"1001": "88", "1004": "2BULKY"}, "T(n/a) Ann Arbor IIX", "T(n/a) Ann Arbor IIX"),
    "edition of the UICC": ({"1001": "cT1", "1060": "U7"}, "cT1 (UICC 7)", "cT1 (UICC 7)"),
    "edition not known": ({"1001": "cT1", "1060": "UA"}, "cT1", "cT1"),
    "the block says the kind": (
        {"1001": "pTis", "1002": "cN0", "1011": "pT1", "1012": "pN0"},
        "pTis cN0 | pT1 pN0",
        "pT1 pN0",
    ),
    "only clinical": ({"1001": "pTis", "1002": "cN0"}, "pTis cN0", "pTis cN0"),
    "S of testis": ({"1001": "cT1", "3923": "1"}, "cT1 S1", "cT1 S1"),
}


@pytest.mark.parametrize("name", TRIALS)
def test_what_other_items_come_to(tmp_path: Path, name: str) -> None:
    items, stagings, diagnosis = TRIALS[name]
    found = read(tmp_path / "m.xml", message({**ALWAYS, **items}))
    assert " | ".join(str(one.staging) for history in found for one in history.tumor.stagings) == stagings
    taken = [str(history.history.diagnosis) for history in found if history.history is not None]
    assert taken == ([diagnosis] if diagnosis else [])


@pytest.mark.parametrize(
    ("item", "text", "code", "is_refused"),
    [
        ("3400", "998", "RS584", True),
        ("3402", "x", "RS584", True),
        ("derivedAjcc7TRecurrence", "1", "RS583", True),
        ("ajccTnmClinRestaged", "r", "RS583", False),
        ("myStageAtRecurrence", "rT2", "RS583", False),
        ("764", "3", "RS582", False),
        ("2600", "rT2 N0 M0", "RS582", False),
        ("3837", "08", "RS582", False),
        ("3836", "97", "RS582", False),
    ],
)
def test_an_item_that_is_not_read_is_told(
    tmp_path: Path, item: str, text: str, code: str, is_refused: bool
) -> None:
    items = {**ALWAYS, "3400": "310", "3402": "p", item: text}
    (found,) = read(tmp_path / "m.xml", message(items))
    assert code in {one.diagnostic.code for one in found.findings}
    assert [one.staging is None for one in found.tumor.stagings] == [is_refused]


def test_a_file_without_a_patient_is_empty_and_clean(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_text('<NaaccrData><Item naaccrId="registryId">1</Item></NaaccrData>', encoding="utf-8")
    assert list(messages.read(str(path))) == []
    assert messages.write(str(path), str(tmp_path / "out")).records == 0
    assert messages.verify(str(tmp_path / "out"), str(path)) == ()
    path.write_text(f"<NaaccrData>{R_ITEM}</NaaccrData>", encoding="utf-8")
    with pytest.raises(TableError):
        list(messages.read(str(path)))


TEXTS = st.one_of(
    st.text(max_size=8).filter(lambda text: all(one >= " " and one not in "\ufffe\uffff" for one in text)),
    st.from_regex(r"[ry]{0,2}[cp]?[TNM]?[0-4X][a-c]?(\(m\)|\(sn\))?", fullmatch=True),
    st.sampled_from(["88", "99", "00", "10", "70", "08", "20230504", "2023", " ", "(m)", "4", "3B"]),
)


@given(st.dictionaries(st.sampled_from([row["item"] for row in ITEMS]), TEXTS))
def test_nothing_raises_and_no_r_is_lost(
    tmp_path_factory: pytest.TempPathFactory, items: dict[str, str]
) -> None:
    try:
        message(items).encode()
    except UnicodeEncodeError:
        return
    found = read(tmp_path_factory.getbasetemp() / "naaccr.xml", message(items))
    findings = [one for history in found for one in history.findings]
    has_error = any(one.diagnostic.severity is Severity.ERROR for one in findings)
    stagings = [one.staging for history in found for one in history.tumor.stagings if one.staging]
    values = [items.get(row["item"], "") for row in ITEMS if row["part"] in ("T", "N", "M", "group")]
    is_written = any(text.strip().lstrip("ya").startswith("r") for text in values)
    is_read = any(one.stage.is_recurrence for one in stagings)
    assert is_read or not is_written or has_error
    assert not is_read or any("r" in text.lower() for text in items.values())


def test_a_patient_that_comes_again_is_told(tmp_path: Path) -> None:
    text = message({**ALWAYS, "1001": "cT2"})
    start, end = text.index("<Patient>"), text.index("</NaaccrData>")
    path = tmp_path / "m.xml"
    path.write_text(text[:end] + text[start:end] + text[end:], encoding="utf-8")
    found = [{one.diagnostic.code for one in record.findings} for record in messages.read(str(path))]
    assert found == [set(), {"RS519"}]


R_ITEM = '<Item naaccrNum="1011">rpT2</Item>'


@pytest.mark.parametrize(
    ("attributes", "shown", "codes"),
    [
        ('naaccrId="ajccTnmPathT" naaccrNum="1011"', ["rpT2"], {"RS431"}),
        ('naaccrId="unknown" naaccrNum="1011"', ["rpT2"], {"RS431"}),
        ('naaccrId="ajccTnmPathT" naaccrNum="99999"', ["rpT2"], {"RS431"}),
        ('naaccrId="ajccTnmPathT" naaccrNum="1001"', [], {"RS528"}),
    ],
)
def test_a_name_and_a_number_are_those_of_one_item(
    tmp_path: Path, attributes: str, shown: list[str], codes: set[str]
) -> None:
    text = message(ALWAYS).replace("</Tumor>", f"<Item {attributes}>rpT2</Item></Tumor>")
    (found,) = read(tmp_path / "m.xml", text)
    assert [str(one.staging) for one in found.tumor.stagings] == shown
    assert {one.diagnostic.code for one in found.findings} == codes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<Patient>", f"{R_ITEM}<Patient>"),
        ("<Patient>", f"<Tumor>{R_ITEM}</Tumor><Patient>"),
        ("</NaaccrData>", f"{R_ITEM}</NaaccrData>"),
        ("<Tumor>", f"{R_ITEM}<Tumor>"),
        ("</Tumor>", f"<Tumor>{R_ITEM}</Tumor></Tumor>"),
        ("</Tumor>", '<u:restaging xmlns:u="urn:u"><u:t>rpT2</u:t></u:restaging></Tumor>'),
        ("</Patient>", "<StageAtRecurrence>rpT2</StageAtRecurrence></Patient>"),
    ],
)
def test_an_item_of_staging_outside_its_tumor_is_told(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "m.xml"
    path.write_text(message({**ALWAYS, "1001": "cT2"}).replace(before, after), encoding="utf-8")
    (record,) = messages.read(str(path))
    (tumor,) = record.tumors
    assert [told(one) for one in tumor.stagings] == ["cT2 @2019-03-02"]
    assert [one.diagnostic.code for one in (*record.findings, *tumor.findings)] == ["RS530"]


@pytest.mark.parametrize(
    ("number", "text", "shown"),
    [
        ("1001", "rcT2", "?"),
        ("1060", "07", "?"),
        ("390", "2020", "cT2 (AJCC 8) @"),
        ("400", "C509", "cT2 (AJCC 8) @2019-03-02"),
        ("1880", "00", "cT2 (AJCC 8) @2019-03-02"),
    ],
)
def test_of_an_item_that_stands_twice_neither_is_chosen(
    tmp_path: Path, number: str, text: str, shown: str
) -> None:
    once = message({**ALWAYS, "1001": "cT2", "1060": "08", "1880": "10"})
    again = once.replace("</Tumor>", f'<Item naaccrNum="{number}">{text}</Item></Tumor>')
    (found,) = read(tmp_path / "m.xml", again)
    assert [told(one) for one in found.tumor.stagings] == [shown]
    assert "RS527" in {one.diagnostic.code for one in found.findings}
    assert all(one.staging is None or one.staging.site != "C509" for one in found.tumor.stagings)


def test_codes_without_prefix_are_told_apart_by_their_items(tmp_path: Path) -> None:
    text = message({**ALWAYS, "940": "1", "950": "0", "880": "2", "890": "0"})
    path = tmp_path / "m.xml"
    path.write_text(text, encoding="utf-8")
    options: tuple[dict[str, Any], ...] = ({}, {"assume_clinical": True})
    for assumed in options:
        for policy, diagnosis in (("pathological", "pT2 pN0"), ("clinical", "cT1 cN0")):
            (found,) = messages.histories(str(path), policy=policy, **assumed)  # type: ignore[arg-type]  # one of the policies
            assert found.history is not None
            assert str(found.history.diagnosis.stage) == diagnosis
            assert {one.diagnostic.code for one in found.findings} == {"RS529"}

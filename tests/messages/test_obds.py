"""oBDS and ADT/GEKID: every element of a block, what the course says, and what stands where it should not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rstage import messages
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from tests.support.case_tables import rows
from tests.support.paths import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.messages.message import FoundStaging, TumorHistory

METHODS = ("c_p_u_Praefix_T", "c_p_u_Praefix_N", "c_p_u_Praefix_M")
SYMBOLS = ("y_Symbol", "r_Symbol", "a_Symbol", "m_Symbol")
BLOCK = ("T", "N", "M", *METHODS, *SYMBOLS, "L", "V", "Pn", "S", "UICC_Stadium", "Version")
SHORT = {"cT": "c_p_u_Praefix_T", "cN": "c_p_u_Praefix_N", "cM": "c_p_u_Praefix_M", "y": "y_Symbol"}
SHORT |= {"r": "r_Symbol", "a": "a_Symbol", "m": "m_Symbol", "stage": "UICC_Stadium", "version": "Version"}


def element(name: str, text: str, **attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{text}</{name}>"


def block(name: str, texts: dict[str, str], prefix: str = "") -> str:
    inner = "".join(element(prefix + key, escape(text)) for key, text in texts.items())
    return element(name, inner)


def message(*reports: str) -> str:
    """Return a message with one patient and one tumor, diagnosed on 2019-03-02."""
    assigned = element("Tumorzuordnung", element("Diagnosedatum", "2019-03-02"), Tumor_ID="t")
    written = "".join(element("Meldung", assigned + report) for report in reports)
    return element(
        "oBDS", element("Menge_Patient", element("Patient", element("M", written), Patient_ID="p"))
    )


def read(path: Path, text: str) -> list[TumorHistory]:
    path.write_text(text, encoding="utf-8")
    return list(messages.histories(str(path)))


def told(one: FoundStaging) -> str:
    if one.staging is None:
        return "?"
    recurrence = "+".join(sorted(one.recurrence)) if one.recurrence else ""
    return " ".join(
        filter(None, (f"{one.staging} @{one.staging.date or ''}", one.role, one.event, recurrence))
    )


def report(text: str) -> str:
    """Return a report as a table writes it: `Verlauf 2021 overall=Y distant=R | T=2; N=0`."""
    head, _, inner = text.partition("|")
    name, date, *course = head.split()
    texts = dict(one.strip().split("=") for one in inner.split(";") if one.strip())
    dates = {"Verlauf": "Untersuchungsdatum_Verlauf", "OP": "Datum"}
    names = {"overall": "Gesamtbeurteilung_Tumorstatus", "local": "Verlauf_Lokaler_Tumorstatus"}
    names |= {"nodes": "Verlauf_Tumorstatus_Lymphknoten", "distant": "Verlauf_Tumorstatus_Fernmetastasen"}
    inside = element(dates[name], date) if name in dates else ""
    inside += "".join(element(names[key], letter) for key, letter in (one.split("=") for one in course))
    blocks = {"Diagnose": "cTNM", "Pathologie": "pTNM"}
    if name not in dates and date != "-":
        texts["Datum"] = date
    return element(
        name,
        inside + block(blocks.get(name, "TNM"), {SHORT.get(key, key): one for key, one in texts.items()}),
    )


@pytest.mark.parametrize("case", rows("obds_reports.tsv"), ids=lambda case: case["reports"])
def test_what_reports_come_to(tmp_path: Path, case: dict[str, str]) -> None:
    text = message(*map(report, case["reports"].split(" || ")))
    found = read(tmp_path / "m.xml", text)
    stagings = [told(one) for history in found for one in history.tumor.stagings]
    assert " || ".join(stagings) == case["stagings"]
    findings = [one for history in found for one in (*history.record.findings, *history.findings)]
    codes = {one.diagnostic.code for one in findings if one.diagnostic.severity is not Severity.INFO}
    assert " ".join(sorted(codes)) == case["codes"]
    restagings = [one for history in found if history.history for one in history.history.restagings]
    assert " || ".join(map(str, restagings)) == case["restaged"]


@pytest.mark.parametrize("prefix", ["", "TNM_"])
def test_both_vocabularies_say_the_same(tmp_path: Path, prefix: str) -> None:
    values = ("2a", "1", "0", "p", "p", "c", "y", "r", "a", "m", "L1", "V0", "Pn0", "S1", "IIB", "8")
    text = message(element("OP", block("TNM", dict(zip(BLOCK, values, strict=True)), prefix)))
    (found,) = read(tmp_path / "m.xml", text)
    (one,) = found.tumor.stagings
    assert str(one.staging) == "ryapT2a(m) ryapN1 racM0 L1 V0 Pn0 S1 ryaStage IIB (UICC 8)"


@pytest.mark.parametrize(
    ("attributes", "text", "date"),
    [
        ({}, "2019-03-02", "2019-03-02"),
        ({"Datumsgenauigkeit": "E"}, "2019-03-02", "2019-03-02"),
        ({"Datumsgenauigkeit": "T"}, "2019-03-15", "2019-03"),
        ({"Datumsgenauigkeit": "M"}, "2019-07-01", "2019"),
        ({"Datumsgenauigkeit": "V"}, "2019-07-01", None),
        ({}, "02.03.2019", "2019-03-02"),
        ({}, "00.03.2019", "2019-03"),
        ({}, "00.00.2019", "2019"),
        ({}, "00.00.0000", None),
        ({}, "2019-03", "2019-03"),
        ({}, "2019-03-02+01:00", "2019-03-02"),
        ({}, "2019-02-30", None),
        ({}, "March", None),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(
    tmp_path: Path, attributes: dict[str, str], text: str, date: str | None
) -> None:
    dated = element("cTNM", element("Datum", text, **attributes) + element("T", "2"))
    (found,) = read(tmp_path / "m.xml", message(element("Diagnose", dated)))
    assert found.history is not None
    assert found.history.diagnosis.date == date
    is_wrong = text in ("2019-02-30", "March")
    assert any(one.diagnostic.code == "RS518" for one in found.findings) == is_wrong


def test_a_site_is_that_of_the_diagnosis(tmp_path: Path) -> None:
    site = element("Primaertumor_Topographie_ICD_O", element("Code", "C18.7") + element("Version", "33"))
    text = message(element("Diagnose", site + block("cTNM", {"T": "2"})))
    (found,) = read(tmp_path / "m.xml", text)
    assert found.history is not None
    assert found.history.diagnosis.site == "C18.7"
    assert found.history.tumor_id == "p/t"


@pytest.mark.parametrize(
    "inner",
    [
        "<TNM><r_Symbol><x>r</x></r_Symbol><T>2</T></TNM>",
        "<TNM><R_SYMBOL>r</R_SYMBOL><T>2</T></TNM>",
        '<TNM r_Symbol="r"><T>2</T></TNM>',
        "<TNM>r<T>2</T></TNM>",
        "<TNM><tnm_t>2</tnm_t><r_Symbol>r</r_Symbol><N>0</N></TNM>",
    ],
)
def test_what_may_be_an_r_is_never_passed_over(tmp_path: Path, inner: str) -> None:
    (found,) = read(tmp_path / "m.xml", message(element("OP", inner)))
    assert [one.staging for one in found.tumor.stagings] == [None]
    assert "RS533" in {one.diagnostic.code for one in found.findings if one.diagnostic.severity == "error"}


def test_a_message_without_a_patient_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        read(tmp_path / "m.xml", "<oBDS><cTNM><r_Symbol>r</r_Symbol><T>2</T></cTNM></oBDS>")
    assert error.value.diagnostic.code == "RS016"


def test_two_numbers_of_a_tumor_are_none(tmp_path: Path) -> None:
    report = element("Diagnose", block("cTNM", {"T": "2"}), Tumor_ID="other")
    (found,) = read(tmp_path / "m.xml", message(report))
    assert "tumor_id" not in found.tumor.keys
    assert "RS534" in {one.diagnostic.code for one in found.findings}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not here")
def test_the_public_sample() -> None:
    found = list(messages.histories(str(SAMPLES / "obds_v3_testpatient_diagnose_verlauf.xml")))
    assert [len(one.history.restagings) if one.history else None for one in found] == [2, None, None, None]
    codes = [{finding.diagnostic.code for finding in one.findings} for one in found]
    assert {"RS101", "RS308", "RS403", "RS416", "RS531"} <= codes[0]
    for one in codes[1:]:
        assert {"RS431", "RS436", "RS531", "RS315"} <= one


TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=6),
    st.sampled_from(
        ["2", "1a", "0", "X", "is", "c", "p", "u", "r", "y", "a", "m", "L1", "IIB", "8", "R", "Y"]
    ),
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Diagnose", "OP", "Verlauf", "Pathologie", "Tumorkonferenz"]),
            st.dictionaries(st.sampled_from([*BLOCK, "Datum", "Etwas"]), TEXTS),
        ),
        max_size=4,
    )
)
def test_nothing_raises_and_no_r_is_lost(
    tmp_path_factory: pytest.TempPathFactory, reports: list[tuple[str, dict[str, str]]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "obds.xml"
    for name, texts in reports:
        found = read(path, message(element(name, block("TNM", texts))))
        everything = [one for history in found for one in (*history.record.findings, *history.findings)]
        records = list(messages.read(str(path)))
        everything += [one for record in records for one in record.findings]
        is_reported = any(one.diagnostic.severity is not Severity.INFO for one in everything)
        stagings = [one.staging for history in found for one in history.tumor.stagings if one.staging]
        is_read = any(one.stage.is_recurrence for one in stagings)
        if texts.get("r_Symbol", "").strip() == "r":
            assert is_read or is_reported
        else:
            assert not is_read or any("r" in text.lower() for text in texts.values())


def test_the_date_of_another_tumor_is_no_date_of_this_one(tmp_path: Path) -> None:
    earlier = element("Menge_Frueher", element("Frueher", element("Diagnosedatum", "1999-01-01")))
    (found,) = read(tmp_path / "m.xml", message(element("Diagnose", earlier + block("cTNM", {"T": "2"}))))
    assert [told(one) for one in found.tumor.stagings] == ["T2 @2019-03-02 initial unknown"]
    assert found.tumor.diagnosed == "2019-03-02"


@pytest.mark.parametrize(
    ("attribute", "is_read"),
    [('xsi:nil="false"', True), ('xmlns:a="b"', True), ('sicher="nein"', False), ('a:r="r"', False)],
)
def test_an_attribute_that_is_not_known_refuses_a_block(
    tmp_path: Path, attribute: str, is_read: bool
) -> None:
    for inner in (f"<TNM {attribute}><T>2</T></TNM>", f"<TNM><T {attribute}>2</T></TNM>"):
        (found,) = read(tmp_path / "m.xml", message(element("OP", inner)))
        assert [one.staging is not None for one in found.tumor.stagings] == [is_read]


def test_the_national_delivery(tmp_path: Path) -> None:
    text = (
        '<OBDS_RKI><Patient Patient_ID="p"><Menge_Tumor><Tumor Tumor_ID="t"><Primaerdiagnose>'
        "<Diagnosedatum>2019-03-15</Diagnosedatum><pTNM><T>2</T></pTNM></Primaerdiagnose><Menge_Folgeereignis>"
        "<Folgeereignis><TNM><r_Symbol>r</r_Symbol><T>3</T></TNM><Datum_Folgeereignis>2022-06-15"
        "</Datum_Folgeereignis></Folgeereignis></Menge_Folgeereignis><Menge_OP><OP><TNM><T>1</T></TNM></OP>"
        "</Menge_OP></Tumor></Menge_Tumor></Patient></OBDS_RKI>"
    )
    (found,) = read(tmp_path / "m.xml", text)
    assert found.tumor.keys == {"patient_id": "p", "tumor_id": "t"}
    assert [told(one) for one in found.tumor.stagings] == [
        "T2 @2019-03-15 initial unknown",
        "rT3 @2022-06-15 assessment unknown",
        "T1 @ initial unknown",
    ]
    assert found.history is not None
    assert [str(one) for one in found.history.restagings] == ["rT3"]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not here")
def test_the_public_sample_of_the_national_delivery() -> None:
    found = list(messages.histories(str(SAMPLES / "obds_rki_national_sample.xml")))
    stagings = [one.staging for history in found for one in history.tumor.stagings]
    assert len(stagings) == 222
    assert all(one is not None and one.stage.is_recurrence for one in stagings)

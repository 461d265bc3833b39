"""Restaging: the diagnosis stays, what is refused, what is warned about, and what `verify` finds."""

from __future__ import annotations

import dataclasses
import json
import pickle
from typing import Any

import pytest

import rstage
from rstage import RecurrenceType, rules
from rstage.model.suffixes import SITES
from rstage.restaging.recurrence import EVENTS
from rstage.restaging.restage import needs_interval

DIAGNOSIS: dict[str, Any] = {"text": "cT2 cN0 cM0", "tumor_id": "T1", "site": "C18.7", "date": "2019-03-02"}
ASSESSMENT: dict[str, Any] = {
    "text": "cT0 cN0 pM1(HEP)",
    "tumor_id": "T1",
    "site": "C18.7",
    "date": "2023-05",
}


def diagnosis(text: str = DIAGNOSIS["text"], **fields: Any) -> rstage.Staging:
    return rstage.Staging.parse(**{**DIAGNOSIS, "text": text, **fields})


def assessment(text: str = ASSESSMENT["text"], **fields: Any) -> rstage.Staging:
    return rstage.Staging.parse(**{**ASSESSMENT, "text": text, **fields})


def restaging(**options: Any) -> rstage.Restaging:
    return rstage.restage(diagnosis(), assessment(), **{"event": "recurrence", **options})


def names(found: tuple[rstage.Diagnostic, ...]) -> list[str]:
    return [one.name for one in found]


def check(first: rstage.Staging, second: rstage.Staging, **options: Any) -> list[str]:
    return names(rstage.check_restaging(first, second, **options))


def refused(first: rstage.Staging, second: rstage.Staging, **options: Any) -> list[str]:
    with pytest.raises(rstage.RestagingError) as caught:
        rstage.restage(first, second, **options)
    assert caught.value.diagnostics == rstage.check_restaging(first, second, **options)
    return names(caught.value.diagnostics)


def test_the_main_case() -> None:
    first, second = diagnosis(), assessment()
    made = rstage.restage(first, second, event="recurrence")
    assert made.diagnosis is first
    assert made.assessment is second
    assert str(made.restaged) == "rcT0 rcN0 rpM1(HEP)" == str(made)
    assert made.recurrence == frozenset({RecurrenceType.DISTANT})
    assert made.recurrence_basis == "derived"
    assert made.metastatic_sites == ("HEP",)
    assert made.diagnosis.site == "C18.7"
    assert made.diagnostics == ()
    assert rstage.verify(made) == ()
    assert rstage.verify(made, original=diagnosis()) == ()


def test_the_diagnosis_is_untouched() -> None:
    first = diagnosis("T2cN0")
    before, pickled = first.to_dict(), pickle.dumps(first)
    made = rstage.restage(first, assessment())
    assert made.diagnosis is first
    assert first == diagnosis("T2cN0")
    assert first.to_dict() == before
    assert pickle.dumps(first) == pickled
    for name in ("diagnosis", "assessment", "restaged", "link"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, name, None)
    for name in ("stage", "text", "date"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made.diagnosis, name, None)


def test_an_assessment_with_r_comes_back_unchanged_and_linked() -> None:
    once = restaging()
    second = assessment(str(once.restaged))
    again = rstage.restage(diagnosis(), second, event="recurrence")
    assert again.restaged == once.restaged
    assert again.restaged is second.stage
    assert rstage.verify(again) == ()


def test_restaging_twice_gives_two_restagings_of_one_diagnosis() -> None:
    first = diagnosis()
    made = [rstage.restage(first, assessment(date=date)) for date in ("2021", "2023")]
    assert all(one.diagnosis is first for one in made)
    assert len({one.link.restaging for one in made}) == 2
    assert len({one.link.diagnosis for one in made}) == 1


def test_nothing_is_taken_from_the_diagnosis() -> None:
    made = rstage.restage(diagnosis("pT3 pN1 cM0 Stage IIIB (AJCC 8)"), assessment("pM1(PUL)"))
    assert str(made.restaged) == "rpM1(PUL)"


def test_the_same_input_gives_the_same_restaging() -> None:
    assert restaging() == restaging()
    assert hash(restaging()) == hash(restaging())
    assert restaging().link == restaging().link


def test_dictionary_json_and_pickle() -> None:
    made = rstage.restage(diagnosis("T2cN0"), assessment("T2 N1 M1(HEP,PUL) Stage IV"), event="progression")
    assert made.diagnostics
    again = rstage.Restaging.from_dict(json.loads(json.dumps(made.to_dict())))
    assert again == made
    assert again.diagnostics == made.diagnostics
    assert again.to_dict() == made.to_dict()
    assert rstage.verify(again) == ()
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  what this test pickled itself


def test_repr_and_errors_hold_no_id_and_no_date() -> None:
    made = rstage.restage(diagnosis(tumor_id="SECRET"), assessment(tumor_id="SECRET"))
    assert repr(made) == "Restaging(rcT0 rcN0 rpM1(HEP))"
    with pytest.raises(rstage.RestagingError) as caught:
        rstage.restage(
            diagnosis(tumor_id="SECRET", site="Sigma"),
            assessment(date="2001-01-01", tumor_id="STRANGE", site="Lunge"),
        )
    for hidden in ("SECRET", "STRANGE", "2001", "2019", "Sigma", "Lunge"):
        assert hidden not in str(caught.value) + repr(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).diagnostics == caught.value.diagnostics  # noqa: S301


def test_every_error_is_named_at_once() -> None:
    found = refused(diagnosis("raT2 N0 M0"), assessment("R1", tumor_id="T2", date="2018"))
    assert set(found) >= {
        *("DIAGNOSIS_CARRIES_R", "DIAGNOSIS_AT_AUTOPSY", "NOTHING_TO_RESTAGE"),
        *("SECOND_PRIMARY", "BEFORE_DIAGNOSIS"),
    }
    codes = [
        found.code for found in rstage.check_restaging(diagnosis("rT2"), assessment("TX", tumor_id="T2"))
    ]
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    "text", ["rT2 N0 M0", "T2 rN0 M0", "Stage IIA rT2", "rStage II", "T2 N0 M0 rStage II"]
)
def test_a_diagnosis_with_r(text: str) -> None:
    assert "DIAGNOSIS_CARRIES_R" in refused(diagnosis(text), assessment())


@pytest.mark.parametrize("text", ["aT2 N0 M0", "aStage II"])
def test_a_diagnosis_at_autopsy(text: str) -> None:
    assert refused(diagnosis(text), assessment()) == ["DIAGNOSIS_AT_AUTOPSY"]


def test_tumor_ids() -> None:
    assert refused(diagnosis(), assessment(tumor_id="T2")) == ["SECOND_PRIMARY"]
    assert check(diagnosis(tumor_id="T1 "), assessment(tumor_id="T1")) == []
    assert check(diagnosis(tumor_id=None), assessment(tumor_id=None)) == []
    assert check(diagnosis(), assessment(tumor_id=None)) == ["TUMOR_UNCONFIRMED"]
    assert check(diagnosis(tumor_id=" "), assessment()) == ["TUMOR_UNCONFIRMED"]


def test_dates() -> None:
    assert refused(diagnosis(), assessment(date="2019-03-01")) == ["BEFORE_DIAGNOSIS"]
    assert check(diagnosis(date="2019-03"), assessment(date="2019")) == []
    assert check(diagnosis(date=None), assessment(date="1999")) == []


def test_another_site_is_a_warning_and_the_diagnosis_site_stays() -> None:
    made = rstage.restage(diagnosis(), assessment(site="C22.0"))
    assert names(made.diagnostics) == ["OTHER_SITE"]
    assert made.diagnosis.site == "C18.7"
    assert "C18.7" in made.describe()
    assert "C22" not in made.describe()
    assert check(diagnosis(), assessment(site="c187 ")) == []


@pytest.mark.parametrize("text", ["pT2 pM(n/a)", "Stage X", "T2 N0 M0 Stage X", "rStage X"])
def test_what_is_unknown_is_never_restaged(text: str) -> None:
    assert "UNKNOWN_NEVER_RESTAGED" in refused(diagnosis(), assessment(text))


def test_x_is_restaged() -> None:
    assert str(rstage.restage(diagnosis(), assessment("TX NX MX")).restaged) == "rTX rNX rMX"


def test_nothing_to_restage() -> None:
    assert "NOTHING_TO_RESTAGE" in refused(diagnosis(), assessment("R1(liver)"))


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("AJCC 6", True),
        ("AJCC 7", True),
        ("AJCC 8", False),
        ("AJCC 2010", True),
        ("AJCC 2018", False),
        ("UICC 7", True),
        ("UICC 9", True),
        ("UICC 2017", True),
        ("edition 7", True),
        ("edition 8", False),
        ("FIGO 2018", False),
    ],
)
def test_editions_that_need_a_disease_free_interval(edition: str, *, expected: bool) -> None:
    written = rstage.parse(f"T2 N0 M0 ({edition})").edition
    assert written is not None
    assert needs_interval(written) is expected
    text = f"T2 N0 M0 ({edition})"
    for event in EVENTS:
        found = check(diagnosis(text), assessment("T2 N0 M0"), event=event)
        assert ("PROGRESSION_WITHOUT_INTERVAL" in found) is (expected and event == "progression")


def test_the_edition_of_the_assessment_counts_before_that_of_the_diagnosis() -> None:
    found = check(diagnosis("T2 N0 M0 (AJCC 7)"), assessment("T2 N0 M0 (AJCC 8)"), event="progression")
    assert found == ["EDITION_CHANGED"]


def test_warnings_about_the_diagnosis() -> None:
    assert check(diagnosis("T2 N0 M1"), assessment()) == ["DIAGNOSIS_WAS_M1"]
    assert check(diagnosis("ypT2 ypN0 cM0"), assessment()) == ["DIAGNOSIS_AFTER_TREATMENT"]
    assert check(diagnosis("ypStage II"), assessment()) == ["DIAGNOSIS_AFTER_TREATMENT"]


def test_a_stated_recurrence_wins() -> None:
    made = restaging(recurrence=["local"])
    assert made.recurrence == {RecurrenceType.LOCAL}
    assert made.recurrence_basis == "stated"
    assert names(made.diagnostics) == ["STATED_AGAINST_DERIVED"]
    assert rstage.verify(made) == ()
    assert restaging(recurrence="local+distant").recurrence == set(stated("local", "distant"))
    assert restaging(recurrence=stated("distant")).diagnostics == ()


def stated(*kinds: str) -> list[RecurrenceType]:
    return [RecurrenceType(kind) for kind in kinds]


def test_an_empty_statement_is_a_statement() -> None:
    made = rstage.restage(diagnosis(), assessment("Stage IV"), recurrence=[])
    assert made.recurrence == frozenset()
    assert made.recurrence_basis == "stated"
    assert "RECURRENCE_NOT_DECIDABLE" not in names(made.diagnostics)
    assert rstage.verify(rstage.Restaging.from_dict(made.to_dict())) == ()


@pytest.mark.parametrize("event", ["", "relapse", "Recurrence", None])
def test_unknown_events(event: Any) -> None:
    for call in (rstage.restage, rstage.check_restaging):
        with pytest.raises(ValueError, match="unknown, recurrence, progression"):
            call(diagnosis(), assessment(), event=event)


def test_checks_of_the_r_form_that_the_assessment_did_not_have() -> None:
    def found(text: str) -> list[str]:
        return names(rstage.restage(diagnosis(), assessment(text)).diagnostics)

    assert found("aT2 aN0 aM0") == ["AUTOPSY_WITH_RECURRENCE"]
    assert found("raT2 raN0 raM0") == []
    assert found("T2 N0 M0 Stage II") == ["STAGE_GROUP_AT_RECURRENCE"]
    assert found("T2 N0 M0 FIGO IIIC1r") == [
        "STAGE_GROUP_AT_RECURRENCE",
        "FIGO_METHOD_MARK_NEAR_RECURRENCE",
        "R_ON_FIGO",
    ]
    assert found("pT2 pN1-2 pM0") == []


def test_the_site_of_the_diagnosis_counts_for_the_new_stage() -> None:
    made = rstage.restage(diagnosis(), assessment("T2 N1 M1 Stage III", site=None))
    assert rules.M1_WITH_STAGE_II_OR_III.name in names(made.diagnostics)


SENTENCE = "Distant recurrence (liver) of the cancer first staged cT2 cN0 cM0"


@pytest.mark.parametrize(
    ("first", "second", "options", "expected"),
    [
        ({}, {}, {}, f"{SENTENCE} in March 2019;"),
        ({"date": "2019-03"}, {}, {}, f"{SENTENCE} in March 2019;"),
        ({"date": "2019"}, {}, {}, f"{SENTENCE} in 2019;"),
        ({"date": None}, {}, {}, f"{SENTENCE};"),
        (
            {"date": "2019-12-31"},
            {},
            {"event": "unknown"},
            "Distant disease (liver) of the cancer first staged",
        ),
        ({}, {}, {"event": "progression"}, "Distant progression (liver) of"),
        ({}, {"text": "T2 N1 M0"}, {}, "Local and regional recurrence of"),
        ({}, {"text": "T2 N1 M1"}, {}, "Local, regional and distant recurrence of"),
        ({}, {"text": "T0 N0 M1(OSS,PUL)"}, {}, "Distant recurrence (bone and lung) of"),
        ({}, {"text": "M1(HEP,OSS,PUL)"}, {}, "Distant recurrence (liver, bone and lung) of"),
        ({}, {"text": "T2 N0 M1(HEP)"}, {}, "Local and distant recurrence (liver) of"),
        ({}, {}, {"recurrence": "local"}, "Local recurrence of"),
        ({}, {"text": "T0 N0 M0"}, {}, "No tumor found at the new assessment of"),
        ({}, {"text": "T0 N0(i+) M0"}, {}, "Recurrence of unknown place of"),
        ({}, {"text": "Stage IV"}, {}, "Recurrence of unknown place of"),
        ({}, {"text": "TX NX MX"}, {"event": "unknown"}, "Disease of unknown place of"),
        (
            {"text": "pT3 pN1a cM0 Stage IIIB (AJCC 8)"},
            {},
            {},
            "first staged pT3 pN1a cM0 Stage IIIB (AJCC 8) in",
        ),
        ({}, {}, {}, "; it is still the same cancer (C18.7). The stage at diagnosis stays as it was."),
        ({"site": None}, {}, {}, "; it is still the same cancer. The stage at diagnosis stays as it was."),
    ],
)
def test_the_sentence(
    first: dict[str, Any], second: dict[str, Any], options: dict[str, Any], expected: str
) -> None:
    made = rstage.restage(diagnosis(**first), assessment(**second), **{"event": "recurrence", **options})
    sentence = made.describe()
    assert expected in sentence
    assert sentence.startswith(expected) or not expected[0].isupper()
    assert "T1" not in sentence


def test_every_site_has_a_word() -> None:
    for site in SITES:
        sentence = rstage.restage(diagnosis(), assessment(f"M1({site})")).describe()
        assert site not in sentence


ALTERATIONS: list[tuple[list[str], Any, str]] = [
    (["diagnosis", "text"], "cT2N0M0", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "stage", "t", "value"], "3", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "date"], "2019-03-03", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "site"], "C18.9", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "id"], "new", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "tumor_id"], "T1 ", "DIAGNOSIS_ALTERED"),
    (["diagnosis", "tumor_id"], "T2", "SECOND_PRIMARY"),
    (["assessment", "text"], "cT0N0", "ASSESSMENT_ALTERED"),
    (["assessment", "date"], "2023-06", "ASSESSMENT_ALTERED"),
    (["assessment", "date"], "2018", "BEFORE_DIAGNOSIS"),
    (["assessment", "site"], "C22.0", "ASSESSMENT_ALTERED"),
    (["assessment", "stage", "n", "value"], "1", "RESTAGED_ALTERED"),
    (["restaged", "t", "value"], "1", "RESTAGED_ALTERED"),
    (["restaged", "m", "suffixes", "sites"], ["PUL"], "RESTAGED_ALTERED"),
    (["recurrence"], ["local"], "RECURRENCE_ALTERED"),
    (["recurrence"], [], "RECURRENCE_ALTERED"),
    (["recurrence_basis"], "stated", "LINK_ALTERED"),
    (["event"], "progression", "LINK_ALTERED"),
    (["link", "diagnosis"], "0" * 64, "LINK_ALTERED"),
    (["link", "assessment"], "0" * 64, "LINK_ALTERED"),
    (["link", "restaging"], "0" * 64, "LINK_ALTERED"),
    (["link", "previous"], "0" * 64, "LINK_ALTERED"),
    (["link", "tumor_id"], "T2", "LINK_ALTERED"),
    (["link", "assessment_id"], "A2", "LINK_ALTERED"),
    (["link", "version"], 2, "LINK_ALTERED"),
]


def altered(made: rstage.Restaging, path: list[str], value: Any) -> rstage.Restaging:
    data = made.to_dict()
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return rstage.Restaging.from_dict(data)


@pytest.mark.parametrize(("path", "value", "expected"), ALTERATIONS, ids=lambda part: str(part)[:40])
def test_verify_names_what_was_altered(path: list[str], value: Any, expected: str) -> None:
    changed = altered(restaging(), path, value)
    assert changed != restaging()
    assert expected in names(rstage.verify(changed))
    if path[0] != "diagnosis":
        assert "DIAGNOSIS_ALTERED" not in names(rstage.verify(changed))


@pytest.mark.parametrize("name", ["text", "date", "site", "id", "tumor_id"])
def test_verify_names_the_field_where_the_original_is_given(name: str) -> None:
    changed = altered(restaging(), ["diagnosis", name], "2018" if name == "date" else "T1 ")
    found = [one for one in rstage.verify(changed, original=diagnosis()) if one.name == "DIAGNOSIS_ALTERED"]
    assert len(found) == 1
    assert found[0].message.endswith(name)


def test_verify_names_the_stage_of_the_diagnosis() -> None:
    changed = altered(restaging(), ["diagnosis", "stage", "n", "value"], "1")
    found = rstage.verify(changed, original=diagnosis())
    assert [one.message.rpartition(" ")[2] for one in found] == ["stage"]


def test_verify_against_the_diagnosis_of_somebody_else() -> None:
    found = rstage.verify(restaging(), original=diagnosis("cT2 cN0 cM0", tumor_id="T9"))
    assert names(found) == ["DIAGNOSIS_ALTERED"]


def test_a_stated_recurrence_is_covered_by_the_digest() -> None:
    changed = altered(restaging(recurrence="local"), ["recurrence"], ["regional"])
    assert names(rstage.verify(changed)) == ["LINK_ALTERED"]


def test_verify_finds_what_restage_would_have_refused() -> None:
    first, second = diagnosis(tumor_id="T2"), assessment()
    data = restaging().to_dict()
    data["diagnosis"] = first.to_dict()
    made = rstage.Restaging.from_dict(data)
    assert rules.SECOND_PRIMARY.code in {one.code for one in rstage.verify(made)}
    assert made.assessment == second


def test_from_dict_does_not_verify_but_holds_legal_values() -> None:
    data = restaging().to_dict()
    for name, value in (("event", "relapse"), ("recurrence_basis", "guessed"), ("recurrence", ["nearby"])):
        with pytest.raises(ValueError, match=r"one of|derived or stated|joined"):
            rstage.Restaging.from_dict({**data, name: value})
    with pytest.raises(TypeError):
        rstage.Restaging.from_dict({**data, "comment": "x"})

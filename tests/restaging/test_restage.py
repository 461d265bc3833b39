"""Restaging: the diagnosis stays, what is refused, and what is warned about."""

from __future__ import annotations

import dataclasses
import json
import pickle
from typing import Any

import pytest

import rstage
from rstage import RecurrenceType, rules
from rstage.model.suffixes import SITES
from rstage.reference.choices import EVENTS
from rstage.restaging.restage import needs_interval
from tests.support.restagings import assessment, diagnosis, names, restaging


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
    assert repr(made) == "Restaging('rcT0 rcN0 rpM1(HEP)')"
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

"""FHIR: the answers of a questionnaire are read as a staging, or told; nothing beside them is passed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rstage import messages
from tests.support.fhir_messages import findings, good, histories, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fhir_messages import Data

CAP = "https://CAP.org/eCC"
TITLE = "PATHOLOGIC STAGE CLASSIFICATION (pTNM, AJCC 8th Edition)"


def coded(display: str) -> Data:
    return {"valueCoding": {"system": CAP, "code": "16719.100004300", "display": display}}


def item(text: str, *answers: Data, **more: Any) -> Data:
    return {"linkId": text, "text": text, "answer": list(answers), **more}


CATEGORIES = (
    item("Primary Tumor (pT)", coded("pT2: Tumor more than 2 cm")),
    item("Regional Lymph Nodes (pN)", coded("pN1a: Metastases in 1 to 3 nodes")),
)
DESCRIPTORS = item("TNM Descriptors", coded("r (recurrent)"))


def section(*items: Data, title: str = TITLE) -> Data:
    return {"linkId": "section", "text": title, "item": list(items)}


def response(*items: Data, **more: Any) -> Data:
    made = {"resourceType": "QuestionnaireResponse", "id": "q1", "status": "completed", "item": list(items)}
    return made | {"subject": {"reference": "Patient/p1"}, "authored": "2023-05-11T10:00:00Z"} | more


def bundle(*resources: Data) -> Data:
    entries = [{"resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def stages(file: str) -> list[str | None]:
    found = [one.staging for history in histories(file) for one in history.tumor.stagings]
    return [str(one.stage) if one is not None else None for one in found]


READ = {
    "categories": ([section(*CATEGORIES)], "pT2 pN1a (AJCC 8)"),
    "with r": ([section(*CATEGORIES, DESCRIPTORS)], "rpT2 rpN1a (AJCC 8)"),
    "r under another question": (
        [
            section(
                *CATEGORIES,
                item("Modified Classification (required)", coded("r (recurrence)")),
            )
        ],
        "rpT2 rpN1a (AJCC 8)",
    ),
    "y and m": (
        [section(item("?TNM Descriptors", coded("m (multiple)"), coded("y (post-treatment)")), *CATEGORIES)],
        "ypT2(m) ypN1a (AJCC 8)",
    ),
    "no symbol": (
        [section(*CATEGORIES, item("TNM Descriptors", coded("Not applicable")))],
        "pT2 pN1a (AJCC 8)",
    ),
    "a text": ([item("pT", {"valueString": "rpT2"})], "rpT2"),
    "without sections": ([*CATEGORIES, item("Smoker", {"valueString": "no"})], "pT2 pN1a"),
    "sections in sections": ([section(section(*CATEGORIES, title="pTNM"), title="Report")], "pT2 pN1a"),
    "something told beside it": (
        [section(*CATEGORIES, item("Tumor Size", {"valueString": "23 mm"}))],
        "pT2 pN1a (AJCC 8)",
    ),
}


@pytest.mark.parametrize("case", READ)
def test_answers_are_a_staging(case: str, tmp_path: Path) -> None:
    items, expected = READ[case]
    file = put(tmp_path, bundle(response(*items)))
    assert stages(file) == [expected]
    (staging,) = [one.staging for history in histories(file) for one in history.tumor.stagings]
    assert staging is not None
    assert staging.date == "2023-05-11"
    told = {one.diagnostic.code for one in findings(file)}
    assert ("RS547" in told) == (case in ("no symbol", "something told beside it"))


REFUSED = {
    "an answer that is no symbol": section(*CATEGORIES, item("TNM Descriptors", coded("something else"))),
    "an r elsewhere": section(*CATEGORIES, item("Tumor status", coded("r (recurrent)"))),
    "a word of timing beside it": section(*CATEGORIES, item("Recurrence", {"valueBoolean": True})),
    "a word of doubt beside it": section(*CATEGORIES, item("Comment", {"valueString": "probably"})),
    "no notation": section(CATEGORIES[0], item("pN category", {"valueString": "see comment"})),
    "an answer in an answer": section(
        CATEGORIES[0] | {"answer": [coded("pT2") | {"item": [item("x", coded("pT2a"))]}]}
    ),
    "an extension": section(CATEGORIES[0] | {"extension": [{"url": "http://example.org/x"}]}),
    "two values": section(*CATEGORIES, item("pT category", coded("pT3"))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_understood_refuses_the_staging(case: str, tmp_path: Path) -> None:
    file = put(tmp_path, bundle(response(REFUSED[case])))
    assert stages(file) == [None]
    assert any(str(one.diagnostic.severity) == "error" for one in findings(file))


@pytest.mark.parametrize("items", [[*CATEGORIES, item("Recurrence", {"valueBoolean": True})]])
def test_without_sections_words_of_timing_refuse_it_too(items: list[Data], tmp_path: Path) -> None:
    assert stages(put(tmp_path, bundle(response(*items)))) == [None]


def test_one_that_is_not_complete_is_not_used(tmp_path: Path) -> None:
    file = put(tmp_path, bundle(response(section(*CATEGORIES), status="in-progress")))
    assert stages(file) == [None]
    file = put(tmp_path, bundle(response(section(*CATEGORIES), status="entered-in-error")))
    assert stages(file) == []
    assert {one.diagnostic.code for one in findings(file)} == {"RS547"}


def test_a_recurrence_in_answers_follows_the_diagnosis_in_observations(tmp_path: Path) -> None:
    data = good("mcode.json")
    made = response(
        section(*CATEGORIES, DESCRIPTORS), subject={"reference": "Patient/p1"}, authored="2024-02-03"
    )
    data["entry"].append({"fullUrl": "urn:uuid:q1", "resource": made})
    file = put(tmp_path, data)
    (history,) = [one.history for one in messages.histories(file)]
    assert history is not None
    assert [str(one.restaged) for one in history.restagings][-1] == "rpT2 rpN1a (AJCC 8)"
    out = tmp_path / "out.json"
    messages.write(file, out)
    assert messages.verify(out, file) == ()
    again = tmp_path / "again.json"
    messages.write(out, again)
    assert again.read_bytes() == out.read_bytes()
    added = [one["resource"] for one in json.loads(out.read_text(encoding="utf-8"))["entry"]]
    assert all("QuestionnaireResponse" not in str(one.get("meta")) for one in added)


def test_a_diagnosis_in_answers_is_followed_by_observations(tmp_path: Path) -> None:
    data = bundle(
        {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}},
        response(
            section(*CATEGORIES), authored="2019-03-02", meta={"profile": ["http://example.org/response"]}
        ),
        response(section(*CATEGORIES, DESCRIPTORS), id="q2"),
    )
    file = put(tmp_path, data)
    out = tmp_path / "out.json"
    assert messages.write(file, out).restagings == 1
    assert messages.verify(out, file) == ()
    added = [one["resource"] for one in json.loads(out.read_text(encoding="utf-8"))["entry"][3:]]
    assert added
    assert not any("http://example.org/response" in str(one) for one in added)

"""The component of spaCy: in blank pipelines, as spaCy finds it, with the spans and what they hold."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import pytest

pytest.importorskip("spacy", reason="the extra spacy is not installed")
import spacy
from spacy.tokens import Doc

import rstage
from tests.support.find_cases import sentences

TEXT = "Erstdiagnose 2015: pT2 pN1a(sn) cM0. Lokalrezidiv 2020 (rpT3 rN1 cM0); Mamma-Ca cT1cN1M0."


def pipeline(**config: Any) -> spacy.language.Language:
    nlp = spacy.blank("de")
    nlp.add_pipe("rstage", config=config)
    return nlp


def test_spacy_finds_the_component() -> None:
    (found,) = [one for one in entry_points(group="spacy_factories") if one.name == "rstage"]
    assert found.value == "rstage.spacy:make_finder"


def test_stagings_are_spans_that_hold_their_mentions() -> None:
    doc = pipeline()(TEXT)
    spans = doc.spans["rstage"]
    # The tokenizer of German leaves the period on a word with a digit.
    assert [span.text for span in spans] == ["pT2 pN1a(sn) cM0.", "rpT3 rN1 cM0", "cT1cN1M0."]
    assert {span.label_ for span in spans} == {"STAGING"}
    assert [span._.rstage for span in spans] == list(rstage.find(TEXT)) == list(doc._.rstage)
    first, second, undecided = [span._.rstage for span in spans]
    assert (str(first.stage), first.context) == ("pT2 pN1a(sn) cM0", "diagnosis")
    assert (str(second.stage), second.context) == ("rpT3 rN1 rcM0", "recurrence")
    assert undecided.stage is None


def test_each_span_covers_its_staging() -> None:
    nlp = pipeline()
    for sentence in sentences():
        doc = nlp(sentence.text)
        found = [(span.start_char, span.end_char, span._.rstage.span) for span in doc.spans["rstage"]]
        assert [one for *_, one in found] == [one.span for one in sentence.stagings]
        assert all(begin <= start < end <= behind for begin, behind, (start, end) in found)


def test_two_stagings_of_one_token_stay_two() -> None:
    doc = pipeline()("Rezidiv:rT2/pT1b;pT2.")
    assert [span._.rstage.text for span in doc.spans["rstage"]] == [one.text for one in doc._.rstage]


def test_a_document_is_written_and_read_with_its_stagings() -> None:
    nlp = pipeline()
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [span._.rstage for span in again.spans["rstage"]] == list(doc._.rstage)
    assert [span.text for span in again.spans["rstage"]] == [span.text for span in doc.spans["rstage"]]


def test_a_pipeline_is_written_and_read(tmp_path: Any) -> None:
    nlp = pipeline(mode="repair", languages=["en"], spans_key="stages")
    nlp.to_disk(tmp_path)
    (doc,) = spacy.load(tmp_path).pipe(["Stage PT2 NO M0, Rezidiv PT2 NO M0"])
    assert [str(span._.rstage) for span in doc.spans["stages"]] == ["pT2 N0 M0", "pT2 N0 M0"]
    assert [one.context for one in doc._.rstage] == [None, None]


def test_a_document_without_stagings_has_an_empty_group() -> None:
    doc = pipeline()("Keine Beschwerden.")
    assert list(doc.spans["rstage"]) == []
    assert doc._.rstage == ()
    assert doc[0:1]._.rstage is None


@pytest.mark.parametrize("config", [{"mode": "loose"}, {"languages": ["xx"]}, {"edition": "x"}])
def test_a_wrong_option_is_told_when_the_pipeline_is_made(config: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"one of|edition"):
        pipeline(**config)

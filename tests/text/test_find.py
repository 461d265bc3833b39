"""Stagings in running text: what is found, where, with which context, and what is none."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rstage
from rstage import Mention, find
from rstage.reading.read import read_cached
from rstage.reference.choices import MODES, Mode
from rstage.text import find as finding_module
from rstage.text import scanner
from rstage.text.following import goes_on
from rstage.text.phrases import LANGUAGES
from rstage.text.scanner import Scanner
from tests.support.case_tables import cases, rows
from tests.support.find_cases import marked, sentences, sentences_without
from tests.support.paths import DATA

ENOUGH = 300
ROLES = {
    *(
        "recurrence",
        "diagnosis",
        "apart",
        "now",
        "of",
        "after",
        "period",
        "lead",
        "negation",
        "denied",
        "away",
    ),
    *("join", "or", "none", "other", "own", "cancer", "hormone", "abbreviation"),
}
R_FORMS = (
    *("rT", "rcT", "rpT", "rypT", "yrpT", "r pT", "rM1", "rcN", "rStage", "rStadium", "rEstadio", "Stage rI"),
    *("r-Stage", "(r)", "rIII", "rTNM:"),
)


@pytest.mark.parametrize("row", cases("find.tsv", "language", "text"))
def test_each_staging_is_found_with_its_context(row: dict[str, str]) -> None:
    sentence = marked(row)
    found = [(one.span, str(one), one.context) for one in find(sentence.text)]
    assert found == [tuple(one) for one in sentence.stagings]


@pytest.mark.parametrize("row", cases("find.tsv", "language", "text"))
def test_the_words_of_the_language_are_enough(row: dict[str, str]) -> None:
    sentence = marked(row)
    found = [(one.span, one.context) for one in find(sentence.text, languages=[sentence.language])]
    assert found == [(one.span, one.context) for one in sentence.stagings]


@pytest.mark.parametrize("row", cases("find_none.tsv", "language", "kind", "text"))
def test_what_is_no_staging_is_not_found(row: dict[str, str]) -> None:
    assert not [str(one) for one in find(row["text"])]
    # A value that no table has stays refused; what is misspelled may be repaired.
    assert not [str(one) for one in find(row["text"], mode="repair")]


def test_there_are_enough_sentences_in_each_language() -> None:
    for name in ("find.tsv", "find_none.tsv"):
        found = rows(name)
        assert len(found) >= ENOUGH
        for language in LANGUAGES:
            assert sum(row["language"] == language for row in found) >= ENOUGH // 5
    text = (DATA / "find.tsv").read_text(encoding="utf-8")
    assert not [form for form in R_FORMS if form not in text and form != "Stage rI"]


def test_no_r_is_lost_or_made() -> None:
    for sentence in sentences():
        for one in find(sentence.text):
            written = re.search(
                r"(?<![A-Za-z])y?r(?:[ypca]{0,2})[ -]?[ypc]{0,2}(?:[TNM]|I|FIGO|Sta|Esta)|\(r\)|^r ?\(",
                one.text,
            )
            if one.stage is None:
                continue
            told = one.stage.timing | (one.stage.group.timing if one.stage.group else frozenset())
            assert bool(written) == ("r" in told), one.text


@pytest.mark.parametrize(
    ("text", "written", "readings"),
    [
        ("Befund: cT2cN0 M0 (AJCC 8).", "cT2cN0 M0 (AJCC 8)", ("cT2c N0 M0 (AJCC 8)", "cT2 cN0 M0 (AJCC 8)")),
        ("Now rcT2cN0 was found.", "rcT2cN0", ("rcT2c rN0", "rcT2 rcN0")),
    ],
)
def test_an_undecided_letter_is_a_mention_without_a_stage(
    text: str, written: str, readings: tuple[str, ...]
) -> None:
    (mention,) = find(text)
    assert (mention.text, mention.stage) == (written, None)
    (found,) = mention.reading.diagnostics
    assert (found.name, found.suggestions) == ("AMBIGUOUS_GLUED_PREFIX", readings)
    assert Mention.from_dict(mention.to_dict()) == mention


@pytest.mark.parametrize(
    "written",
    [
        "r (recurrent) y (post-treatment) pT2 pN0",
        "r (recurrent), y (post-neoadjuvant therapy): pT2 pN0",
        "_ r (recurrent) pT2 pN0",
        "___ r (Rezidiv) pT2 pN0",
        "[ ] r (recurrent) pT2 pN0",
        "\u2610 r (recurrent) pT2 pN0",
        "no r (recurrent) pT2 pN0",
        "select r (recurrent) pT2 pN0",
        "r (recurrent): no; pT2 pN0",
        "r (recurrent) ___ pT2 pN0",
        "r (recurrent). pT2 pN0",
        "r (local recurrence) pT2 pN0",
        "[ ] y (post-treatment) ypT2 ypN0",
    ],
)
@pytest.mark.parametrize("mode", ["standard", "repair", "strict"])
def test_a_form_that_is_not_filled_in_is_a_mention_without_a_stage(written: str, mode: Any) -> None:
    (mention,) = find(f"TNM: {written}.", mode=mode)
    assert mention.stage is None
    assert mention.text == written
    assert Mention.from_dict(mention.to_dict()) == mention
    assert not rstage.read(written, mode=mode).ok


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "context", "words"),
    [
        ("Rezidiv: pT2", "recurrence", "Rezidiv"),
        ("Lokalrezidiv 2019, pT2", "recurrence", "Lokalrezidiv"),
        ("recidiva local, pT2", "recurrence", "recidiva"),
        ("RÉCIDIVE : pT2", "recurrence", "RÉCIDIVE"),
        ("recidive locale pT2", "recurrence", "recidive"),
        ("at diagnosis pT2", "diagnosis", "at diagnosis"),
        ("initial pT2", "diagnosis", "initial"),
        ("Erstdiagnose: pT2", "diagnosis", "Erstdiagnose"),
        ("no evidence of recurrence, pT2", None, None),
        ("kein Rezidiv, pT2", None, None),
        ("sin recidiva, pT2", None, None),
        ("sans récidive, pT2", None, None),
        ("recurrence-free, pT2", None, None),
        ("No residual tumor at recurrence pT2", "recurrence", "recurrence"),
        ("Recurrence was seen. Another tumor is pT2", None, None),
        ("Recurrence\n\npT2", None, None),
        ("Recurrence:\npT2", "recurrence", "Recurrence"),
        ("initial diagnosis 2010, now rpT2", None, None),
        ("rpT2 (recurrence)", "recurrence", "recurrence"),
        ("pT2 recurrence", None, None),
        ("pT2 at diagnosis", "diagnosis", "at diagnosis"),
        ("pT2 pN0 and recurrence rpT3", None, None),
    ],
)
def test_words_give_the_context_and_never_an_r(text: str, context: str | None, words: str | None) -> None:
    first = next(find(text))
    assert first.context == context
    assert (None if first.context_span is None else text[slice(*first.context_span)]) == words
    assert ("r" in str(first)) == ("r" in first.text)


def test_only_the_words_of_the_languages_count() -> None:
    assert next(find("Rezidiv: pT2", languages=("en",))).context is None
    assert next(find("Rezidiv: pT2", languages=())).context is None
    assert next(find("Rezidiv: pT2", languages=iter(["de"]))).context == "recurrence"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_a_language_is_in_order(language: str) -> None:
    path = files("rstage") / "data" / "contexts" / f"{language}.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == "role\twords"
    assert len(set(lines)) == len(lines)
    assert {line.split("\t")[0] for line in lines[1:]} == ROLES
    # In small letters, or in capitals where only capitals count.
    table = [line.split("\t")[1] for line in lines]
    assert all(
        words and words == words.strip() and words in (words.lower(), words.upper()) for words in table
    )


# ---------------------------------------------------------------- options and values


def test_mode_repair_finds_what_it_reads() -> None:
    text = "Stage PT2 NO M0, previously cT4 (invades the pericardium), N1, M1."
    assert not [one for one in find(text) if "NO" in one.text]
    assert [str(one) for one in find(text, mode="repair")] == ["pT2 N0 M0", "cT4 N1 M1"]
    assert [str(one) for one in find("t2n0m0", mode="repair")] == ["T2 N0 M0"]


def test_mode_strict_finds_what_it_reads() -> None:
    assert [one.text for one in find("T2 N0 M0; pT2,pN0", mode="strict")] == ["T2 N0 M0"]


def test_the_options_of_reading_are_handed_on() -> None:
    text = "Result: cT2 N0 M0."
    assert [str(one) for one in find(text, edition="8", carry_method=True)] == ["cT2 cN0 cM0 (edition 8)"]
    assert [str(one) for one in find("T2 N0", assume_clinical=True)] == ["cT2 cN0"]


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"text": None}, TypeError),
        ({"text": b"pT2"}, TypeError),
        ({"text": "pT2", "languages": "en"}, TypeError),
        ({"text": "pT2", "languages": ("xx",)}, ValueError),
        ({"text": "pT2", "mode": "loose"}, ValueError),
        ({"text": "pT2", "edition": "x"}, ValueError),
    ],
)
def test_wrong_use_is_told_at_once(keywords: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        find(**keywords)


def test_a_finding_is_a_frozen_value() -> None:
    one = next(find("Rezidiv: rpT2 rpN0, im Verlauf"))
    assert Mention.from_dict(one.to_dict()) == one
    assert hash(one) == hash(Mention.from_dict(one.to_dict()))
    assert one.to_dict()["context_span"] == [0, 7]
    with pytest.raises(AttributeError):
        one.context = None  # type: ignore[misc]  # it is frozen
    with pytest.raises(ValueError, match="one stage"):
        Mention(span=(0, 6), reading=rstage.read("T2; T3"))
    with pytest.raises(ValueError, match="context"):
        Mention(span=(0, 2), reading=rstage.read("T2"), context="progression", context_span=(0, 1))


# ---------------------------------------------------------------- whatever the text is

PIECES = st.sampled_from(
    [
        *(
            "pT2",
            "T2",
            "N0",
            "M0",
            "rT3",
            "r",
            "pN1(2/12)",
            "(0/3)",
            "Stage",
            "stage IIB",
            "rIIA",
            "IV",
            "FIGO",
        ),
        *(
            "UICC 8",
            "(AJCC 8)",
            "recurrence",
            "no",
            "Rezidiv",
            "at diagnosis",
            "G2",
            "R0",
            "L1",
            "mrT3",
            "T",
            "N",
        ),
        *(
            " ",
            ", ",
            "; ",
            "\n",
            "\n\n",
            ". ",
            "-",
            "/",
            "(",
            ")",
            ":",
            "T2c",
            "cN0",
            "Ann Arbor",
            "TNM:",
            "rTNM:",
        ),
        *(
            "\uff50\uff34\uff12",
            "\u2013",
            "\u00a0",
            "\u2162",
            "°",
            "\u00b2",
            "ß",
            "T12",
            "x",
            "X",
            "is",
            "a",
            "\r\n",
            "\ufeff",
            "\x00",
            "é",
        ),
    ]
)
texts = st.one_of(
    st.text(), st.lists(PIECES, max_size=24).map("".join), st.lists(PIECES, max_size=24).map(" ".join)
)
modes = st.sampled_from(MODES)


def without_remarks(mention: Mention) -> str:
    """Return the text of a mention with blanks for what is left out of it."""
    text = mention.text
    for one in mention.reading.diagnostics:
        if one.code == "RS224":
            start, end = one.span
            kept = "".join(re.findall(r"holds (\(.*\));", one.message))
            text = text[:start] + kept.ljust(end - start) + text[end:]
    return re.sub(
        r"\([^()]*\)|\r?\n[ \t]*(?=\([ ]?[0-9])",
        lambda found: found[0].replace("\n", " ").replace("\r", " "),
        text,
    )


@settings(max_examples=500)
@given(texts, modes)
def test_what_is_found_is_what_the_grammar_reads_there(text: str, mode: Mode) -> None:
    behind = 0
    for one in find(text, mode=mode):
        start, end = one.span
        assert behind <= start < end <= len(text)
        behind = end
        assert one.text == text[start:end]
        read = rstage.read(without_remarks(one), mode=mode)
        assert one.reading.stages == read.stages
        assert [said for said in one.reading.diagnostics if said.code != "RS224"] == [
            said for said in read.diagnostics if said.code != "RS224"
        ]
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        # A bracket parts what it begins from the word before it.
        assert start == 0 or text[start] == "(" or not text[start - 1].isalnum()
        assert end == len(text) or not text[end].isalnum()


@settings(max_examples=200)
@given(st.lists(st.sampled_from([one.text for one in sentences()] + sentences_without()), max_size=6))
def test_paragraphs_are_read_each_for_itself(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    expected, offset = [], 0
    for paragraph in paragraphs:
        for one in find(paragraph):
            words = one.context_span
            expected.append(
                (
                    (one.span[0] + offset, one.span[1] + offset),
                    str(one),
                    None if words is None else (words[0] + offset, words[1] + offset),
                )
            )
        offset += len(paragraph) + 2
    assert [(one.span, str(one), one.context_span) for one in find(text)] == expected


# ---------------------------------------------------------------- time in proportion to the length

UNITS = (
    *(
        "pT2 pN0 M0. ",
        "T2, ",
        "rpT3 rN1 ",
        "T2 N0 M0 ",
        "pT2(",
        "T1-",
        "N0/",
        "Stage ",
        "stage II, ",
        "(IV) ",
    ),
    *(
        "G2 ",
        "pT2 pT2 ",
        "TNM: ",
        "recurrence ",
        "no recurrence pT2, ",
        "r",
        "T",
        "T2",
        "pT",
        "L1 V0 ",
        "FIGO ",
    ),
    *(
        "UICC ",
        "T2c",
        "cT2cN0 ",
        "pN1(9/3) ",
        "pT2 N0 (x) ",
        "\n",
        "N0\n",
        "T:",
        "Ann Arbor ",
        "8th edition ",
    ),
)


def steps(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often a part was looked for, and how often the grammar read something."""
    count = 0

    def counted(method: Any) -> Any:
        def call(*arguments: Any, **keywords: Any) -> Any:
            nonlocal count
            count += 1
            return method(*arguments, **keywords)

        return call

    with monkeypatch.context() as patch:
        for name in ("_first", "_matched", "_stretch", "_closed"):
            patch.setattr(Scanner, name, counted(getattr(Scanner, name)))
        patch.setattr(scanner, "goes_on", counted(goes_on))
        patch.setattr(finding_module, "read_cached", counted(read_cached))
        list(find(text))
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_the_steps_grow_with_the_length_and_no_faster(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = (steps(unit * count, monkeypatch) for count in (100, 800))
    assert long <= 8 * short + 400
    assert long <= 12 * len(unit * 800)


def test_a_text_without_a_stage_is_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(one for one in sentences_without() if "T10" not in one and "T5" not in one) * 3
    assert steps("The patient feels well and has no complaints. " * 500, monkeypatch) == 0
    assert steps(text, monkeypatch) <= len(text) // 5

"""The words around stagings: how they are looked for, where sentences end, and what it costs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.text import phrases
from rstage.text.context import Contexts
from rstage.text.occurrences import Occurrences
from rstage.text.phrases import LANGUAGES, alternation, in_small_letters
from rstage.text.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = ("recurrence", "recurrence score", "récidive*", "pas d'", "no", "no evidence of")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("recurrence score 12", ["recurrence score"]),
        ("recurrence scores", ["recurrence"]),
        ("no  evidence\nof recurrence", ["no  evidence\nof", "recurrence"]),
        ("no evidence", ["no"]),
        ("récidives", ["récidives"]),
        ("recidives", ["recidives"]),
        ("pas d'evidence", ["pas d'"]),
        ("pas d\u2019evidence", ["pas d\u2019"]),
        ("not", []),
    ],
)
def test_the_longest_phrase_is_found_in_any_spelling(text: str, found: list[str]) -> None:
    assert re.compile(rf"(?<![^\W_]){alternation(WORDS)}").findall(text) == found


def test_small_letters_keep_every_place() -> None:
    text = "\u0130nitial STAGE \u1e9e"
    assert len(text.lower()) > len(text) == len(in_small_letters(text))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Seen in May. Now T2", ["Seen in May.", "Now T2"]),
        ("Recurrence in 2015. T2", ["Recurrence in 2015.", "T2"]),
        ("Recurrence. pT2 N0", ["Recurrence.", "pT2 N0"]),
        ("Z.n. Ablatio am 3. Mai wegen ca. 2 cm", ["Z.n. Ablatio am 3. Mai wegen ca. 2 cm"]),
        ("klin. cT2", ["klin. cT2"]),
        ("Sie ist da. Rezidiv", ["Sie ist da.", "Rezidiv"]),
        ("Dr. Lee saw it. He", ["Dr. Lee saw it.", "He"]),
        ("(seen). Then", ["(seen).", "Then"]),
        ("Really? yes", ["Really?", "yes"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\ntwo", ["one\ntwo"]),
        ("one\n- two", ["one", "- two"]),
        ("one:\n- two", ["one:\n- two"]),
        ("R0. Rezidiv", ["R0.", "Rezidiv"]),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    known = Sentences(text, LANGUAGES)
    found, place = [], 0
    while place < len(text):
        end = known.end(place, len(text))
        found.append(text[place:end].strip())
        assert Sentences(text, LANGUAGES).start(end - 1) == place
        place = end
    assert [one for one in found if one] == sentences


@pytest.mark.parametrize(
    "unit", ["recurrence of pT2 N0, ", "Stage I ", "no recurrence; stage 2 cancer. ", "rT2 "]
)
def test_a_text_is_looked_through_once(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = 0
    scan = Occurrences._scan

    def counted(self: Occurrences, begin: int, end: int, limit: int) -> None:
        nonlocal passed
        passed += limit - begin
        scan(self, begin, end, limit)

    monkeypatch.setattr(Occurrences, "_scan", counted)
    text = unit * 2000
    assert list(rstage.find(text))
    assert passed <= 8 * len(text) + 4000


def test_words_far_from_stagings_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[tuple[int, int]] = []
    monkeypatch.setattr(Occurrences, "_scan", lambda _, begin, _end, limit: places.append((begin, limit)))
    text = "The patient had no recurrence. " * 3000
    assert list(rstage.find(text + "pT2 N0. " + text))
    assert sum(end - begin for begin, end in places) < 3000


def test_a_word_of_one_language_takes_no_link_of_another() -> None:
    both: Sequence[str] = ("Recidiva na mama pT2 N0", "Recidief na pT2 N0")
    assert [next(rstage.find(text)).context for text in both] == ["recurrence", "diagnosis"]


def test_words_inside_a_mention_are_its_own() -> None:
    text = "Initially pT2 (recurrence) and more"
    around = Contexts.of(["en"]).around(text)
    assert around.context((10, 26), None, None) == ("recurrence", (15, 25))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_without_their_accents_are_found(language: str) -> None:
    for role in ("recurrence", "diagnosis"):
        for words in phrases.phrases_of(role, (language,)):
            if words.startswith("*") or words.isupper():
                continue
            bare = words.replace("*", "").translate(
                str.maketrans("áéíóúñèàêôïäöüòìùãõâç", "aeiouneaeoiaouoiuaoac")
            )
            assert phrases.pattern(role, (language,)).fullmatch(bare), words


@pytest.mark.parametrize("start", ["a" * 30, "\u0130", "lymphknotenmetastasenbedingtes"])
def test_a_compound_of_any_length_is_a_word(start: str) -> None:
    (mention,) = rstage.find(f"{start}rezidiv pT2 N0")
    assert mention.context == "recurrence"

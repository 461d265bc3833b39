"""Every promise of the README has a test that is named after it, and no test outlives its promise."""

from __future__ import annotations

import ast
import re

from tests.support.paths import ROOT

# The sentences of the promises, and the files that hold them to it.
HELD = {
    "No r is lost and none is invented.": ["no_r_lost_or_invented", "corpora"],
    "Every character of a text that is accepted is in the value or in a finding.": ["every_character"],
    "The diagnosis is never changed: not the object, not the text, not the bytes of the row.": [
        "diagnosis_unchanged"
    ],
    "Nothing is guessed silently.": ["nothing_guessed_silently"],
    "A choice between readings is a finding; what cannot be read is an error with its position.": [
        "nothing_guessed_silently"
    ],
    "One bad row never stops a run, and rows in are rows out plus rows rejected.": [
        *("one_bad_row", "nothing_lost", "nothing_lost_on_a_full_disk", "nothing_lost_when_killed"),
        *("damaged_inputs", "damaged_messages", "internal_errors"),
    ],
    "No network, ever.": ["no_network"],
    "Messages show a value only where it is plain stage notation, never a name or a date.": [
        "privacy",
        "reprs",
    ],
}
# What the pages of docs promise, and what holds all of them to whatever is drawn.
ELSEWHERE = {"exit_codes", "engine_parity", "promises", "nothing_breaks_when_drawn"}


def promised() -> list[str]:
    """Return the sentences of the README's promises."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Promises\n", 1)[1]
    lines = text.split("\n## ", 1)[0].strip()
    joined = [" ".join(one.split()) for one in re.split(r"^\d+\. ", lines, flags=re.MULTILINE) if one.strip()]
    return [sentence for one in joined for sentence in re.split(r"(?<=\.) ", one)]


def test_every_promise_has_its_tests_and_every_test_its_promise() -> None:
    assert promised() == list(HELD)
    there = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "promises").glob("test_*.py")}
    assert {name for names in HELD.values() for name in names} | ELSEWHERE == there


def test_every_file_says_what_it_holds_and_has_tests() -> None:
    for path in (ROOT / "tests" / "promises").glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree)
        tests = [
            one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
        ]
        assert tests, path.name

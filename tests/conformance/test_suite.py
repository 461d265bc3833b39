"""The conformance suite: made from the tables of the tests, whole, and answered by rstage without a fault."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from rstage.conformance.__main__ import PERFECT, main
from rstage.conformance.cases import TASKS, SuiteError, load_cases, suite_folder
from rstage.reference.choices import DIALECTS, FIELDS, MODES
from tests.support.conformance_cases import cases, lines

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.conformance.cases import Case


@pytest.fixture(scope="module")
def suite() -> dict[str, list[Case]]:
    return {task: list(load_cases(task)) for task in TASKS}


def test_the_files_are_what_the_tables_make() -> None:
    # What is expected is what rstage answers, so this is its full score too.
    for task, made in cases().items():
        assert (suite_folder() / TASKS[task]).read_text(encoding="utf-8") == lines(made), (
            "python -m tests.support.conformance_cases writes the suite anew"
        )


def test_the_ids_are_unique(suite: dict[str, list[Case]]) -> None:
    names = [case.id for made in suite.values() for case in made]
    assert len(set(names)) == len(names) > 6_000


def test_every_way_of_reading_is_asked(suite: dict[str, list[Case]]) -> None:
    asked = [case.ask for case in suite["read"]]
    assert {ask["mode"] for ask in asked} == set(MODES)
    assert {ask["field"] for ask in asked} >= {None, "T", "N", "M", "group"}
    assert {ask["field"] for ask in asked} <= {None, *FIELDS}
    assert {ask["dialect"] for ask in asked} == {None, *DIALECTS}
    assert sum(any(one["recurrence"] for one in case.expect["stages"]) for case in suite["read"]) > 200
    assert sum(not case.expect["stages"] for case in suite["read"]) > 1_000


def test_links_are_of_both_kinds_and_of_every_length_of_key(suite: dict[str, list[Case]]) -> None:
    found = {
        (case.ask["key"] and len(case.ask["key"]) // 2, case.expect["cell"][:3]) for case in suite["link"]
    }
    assert found == {(None, "r1:"), (33, "r2:"), (64, "r2:"), (200, "r2:")}
    assert {case.ask["previous"] is None for case in suite["link"]} == {True, False}
    assert {case.ask["recurrence_basis"] for case in suite["link"]} == {"derived", "stated"}
    escaped = "".join(case.expect["diagnosis_json"] for case in suite["link"])
    assert all(one in escaped for one in ("\\u0000", "\\u001f", '\\"', "\\\\", "\\n", "\x7f", "\u2028"))


def test_what_is_expected_follows_from_what_is_asked(suite: dict[str, list[Case]]) -> None:
    """Whoever answers needs nothing but the question, and the questions do not hold the answers."""
    for case in suite["link"]:
        data = json.loads(case.expect["restaging_json"])
        assert data["restaged"] == case.ask["restaged"]
        for side in ("diagnosis", "assessment"):
            assert json.loads(case.expect[f"{side}_json"]) == case.ask[side]
    for case in suite["find"]:
        for one in case.expect["mentions"]:
            start, end = one["span"]
            assert 0 <= start < end <= len(case.ask["text"])


def test_the_suite_is_free_for_everybody() -> None:
    assert "CC0 1.0 Universal" in (suite_folder() / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("task", ["restage", "link"])
def test_rstage_answers_as_a_program(task: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--task", task, "--format", "json"]) == PERFECT
    score = json.loads(capsys.readouterr().out)
    assert {line["score"] for line in score["scores"]} == {1.0}
    assert score["answered"] == score["cases"]
    assert score["failed"] == []


@pytest.mark.slow
def test_rstage_answers_the_whole_suite_as_a_program() -> None:
    assert main([]) == PERFECT


@pytest.mark.skipif(shutil.which("java") is None, reason="there is no java here")
def test_a_second_implementation_of_the_link_in_java(capsys: pytest.CaptureFixture[str]) -> None:
    source = str(suite_folder() / "adapters" / "Link.java")
    assert main(["--task", "link", "--command", f"java {shlex.quote(source)}"]) == PERFECT, (
        capsys.readouterr().out
    )


ADAPTERS = [("openmed", "with_openmed.py"), ("edsnlp", "with_edsnlp.py")]


@pytest.mark.parametrize(("library", "script"), ADAPTERS)
def test_the_adapters_answer_what_their_libraries_read(
    library: str, script: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(library)
    for file in TASKS.values():
        few = (suite_folder() / file).read_text(encoding="utf-8").split("\n")[:60]
        (tmp_path / file).write_text("\n".join(few) + "\n", encoding="utf-8")
    source = suite_folder() / "adapters" / script
    command = shlex.join([sys.executable, str(source)])
    main(["--suite", str(tmp_path), "--command", command, "--format", "json"])
    score = json.loads(capsys.readouterr().out)
    assert score["answered"] == score["cases"] == 240
    assert (score["malformed"], score["exit_code"]) == (0, 0)
    right = {(line["task"], line["aspect"]): line["right"] for line in score["scores"]}
    assert right["read", "values"] > 10
    assert right["find", "spans"] > 10


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read"),
        ("nothing\n", "no case"),
        ('{"id":"a","task":"link"}\n', "no case"),
        ('{"id":"a","task":"read","expect":{}}\n', "another task"),
        ("[]\n", "no case"),
    ],
)
def test_a_suite_that_cannot_be_used_is_said(content: str | None, why: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "links.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(SuiteError, match=why):
        list(load_cases("link", tmp_path))
    assert main(["--suite", str(tmp_path), "--task", "link"]) == 3

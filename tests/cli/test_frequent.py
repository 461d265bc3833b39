"""A run ends with its most frequent findings in words and a hint, the same whatever engine ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.command_line import run, table

if TYPE_CHECKING:
    from pathlib import Path

LINES = ("dx,b", *["T5,T2"] * 3, "Smith,T2;N0", "Jones,T2;N0", "T22,T2;N0", "T1-2,T1", "T1,T5")
COLUMNS = ("--column", "dx", "--column", "b")


def ending(text: str) -> list[str]:
    """Return what stands behind the line that ends a run."""
    return text.partition("\nmost frequent:\n")[2].splitlines()


def test_the_three_most_frequent_findings_are_told_in_words(tmp_path: Path) -> None:
    source = table(tmp_path, *LINES)
    done = run("check", source, *COLUMNS)
    *found, hint = ending(done.err)
    assert found == [
        "  4 in dx: RS103 error: no list of TNM has the value T5",
        "  3 in b: RS202 info: ; between two parts was read as one blank",
        "  2 in dx: RS101 error: (hidden, 5 characters) is not stage notation",
    ]
    assert hint.startswith("hint: rstage look FILE says which options read more; --missing WORD ")
    assert "--show-values shows what is hidden; " in hint
    assert hint.endswith("rstage explain RS103 says why")
    shown = ending(run("check", source, *COLUMNS, "--show-values").err)
    assert shown[:-1] == found
    assert "--show-values" not in shown[-1]
    assert ending(run("check", source, *COLUMNS, "-q").err) == []
    assert ending(run("check", source, *COLUMNS, "--statistics").err) == []
    clean = table(tmp_path, "dx", "T2", name="clean.csv")
    assert ending(run("check", clean, "--column", "dx").err) == []


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
def test_both_engines_end_alike(tmp_path: Path, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars", reason="the extra polars is not installed")
    source = table(tmp_path, *LINES, *LINES[:0:-1])
    checked, normalized = (
        run(command, source, *COLUMNS, *more)
        for command, more in (("check", ()), ("normalize", ("--engine", engine)))
    )
    assert len(ending(checked.err)) == 4
    assert ending(normalized.err) == ending(checked.err)


def test_a_hint_names_the_option_that_reads_what_was_refused(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", "T2NOMO", *["T2 N0"] * 9)
    done = run("check", source, "--column", "dx")
    assert "--mode repair reads some of these" in ending(done.err)[-1]
    assert "look" not in ending(done.err)[-1]

"""`normalize --diff` shows what would be written otherwise; several tables go into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.command_line import in_folder, run, table

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LINES = ("dx,T,N", "T2N0,cT2,N0", "pT2 N0,T5,N1", "T2N0,T1,", "Smith,,", "T2,T2,N1;", "a,b,c,d")


def test_a_diff_shows_each_spelling_once_and_writes_nothing(tmp_path: Path) -> None:
    source = table(tmp_path, *LINES)
    done = run("normalize", source, "--column", "dx", "--column", "x:T=T", "--column", "x:N=N", "--diff")
    assert done.code == 1
    assert done.out.splitlines() == [
        f"--- {source} dx",
        f"+++ {source} dx_normalized",
        "@@ 2 rows, first in line 2 @@",
        "-T2N0",
        "+T2 N0",
        "@@ 1 row in line 5: refused, RS101 @@",
        "-(hidden, 5 characters)",
        f"--- {source} x",
        f"+++ {source} x_normalized",
        "@@ 1 row in line 3: refused, RS103 @@",
        "-T5 N1",
        "@@ 1 row in line 6 @@",
        "-T2 N1;",
        "+T2 N1",
    ]
    assert f"{source}:7:(row): RS501" in done.err
    assert "6 rows in, 5 stages would be written otherwise, 2 of them refused; " in done.err
    assert in_folder(tmp_path) == {"table.csv"}
    assert "Smith" not in done.out + done.err
    assert "\n-Smith\n" in run("normalize", source, "--column", "dx", "--diff", "--show-values").out
    canonical = table(tmp_path, "dx", "T2 N0", "", name="b.csv")
    assert run("normalize", canonical, "--column", "dx", "--diff").out == ""
    assert run("normalize", canonical, "--column", "dx", "--diff", "-o", tmp_path / "c.csv").code == 2
    assert run("normalize", "--text", "T2", "--diff").code == 2


def test_what_a_diff_shows_is_what_would_be_appended(tmp_path: Path) -> None:
    source = table(tmp_path, "dx", *(f"{one}N0" for one in ("T1", "cT2", "rpT3", "ypT4a")))
    shown = run("normalize", source, "--column", "dx", "--diff").out.splitlines()
    made = run("normalize", source, "--column", "dx").out.splitlines()[1:]
    pairs = zip(shown[3::3], shown[4::3], strict=True)
    assert [f"{old[1:]},{new[1:]}," for old, new in pairs] == made


def test_spellings_beyond_the_most_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rstage.tables.differences.MOST_SPELLINGS", 2)
    source = table(tmp_path, "dx", "T1N0", "T2N0", "T3N0", "T1N0")
    done = run("normalize", source, "--column", "dx", "--diff")
    assert done.out.count("@@ ") == 2
    assert "1 further change in" in done.err
    assert "4 stages would be written otherwise" in done.err


def test_several_tables_are_written_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path, "dx", "T2N0", "T5", name="a.csv")
    table(tmp_path, "dx", "T3N0", "x,y", name="b.csv")
    table(tmp_path, "other", "T3N0", name="c.csv")
    (tmp_path / "out").mkdir()
    done = run("normalize", "[ab].csv", "--column", "dx", "-o", "out")
    assert done.code == 1
    assert in_folder(tmp_path / "out") == {"a.csv", "b.csv", "b.csv.rejected"}
    assert (tmp_path / "out" / "a.csv").read_text() == run("normalize", "a.csv", "--column", "dx").out
    assert "2 files, 4 rows in = 3 out + 1 rejected; 2 normalized, 1 refused" in done.err
    again = run("normalize", "a.csv", "c.csv", "--column", "dx", "-o", "out", "--force")
    assert again.code == 2
    assert "2 files (1 not read), 2 rows in = 2 out" in again.err
    both = run("normalize", "a.csv", "b.csv", "--column", "dx", "--diff")
    assert [line for line in both.out.splitlines() if line.startswith("---")] == [
        "--- a.csv dx",
        "--- b.csv dx",
    ]
    for wrong in ((), ("-o", "new"), ("-o", "out", "--reject-file", "r")):
        assert run("normalize", "a.csv", "b.csv", "--column", "dx", *wrong).code == 2
    assert run("normalize", "a.csv", "out/a.csv", "--column", "dx", "-o", "out").code == 2
    over = run("normalize", "a.csv", "b.csv", "--column", "dx", "-o", ".", "--force")
    assert (over.code, over.err.count("RS008")) == (2, 2)

"""The recipe "Add a format of tables", done in a copy of the code with an invented format."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / "src" / "rstage").is_dir(), reason="no checkout is around the tests"),
]

MODULE = '''\
"""Tables whose fields are divided by |~|; the first line has the names."""

from functools import partial

from rstage import rules
from rstage.tables.append import blocks_by_rows
from rstage.tables.formats.sourced import SourcedTable
from rstage.tables.formats.text_source import TextSource
from rstage.tables.table import Record
from rstage.tables.verify import LineVerifier


def open_table(file, options):
    return WavedTable(TextSource(file, options.encoding))


class WavedCells:
    separator = "|~|"

    def write(self, _names, cells):
        return "".join(self.separator + cell for cell in cells)

    def around(self, _name, _characters):
        return self.separator, ""

    def read(self, written):
        return written.split(self.separator)[1:]


class WavedTable(SourcedTable):
    written_form = "waved text"
    cell_format = WavedCells()
    preamble = ""

    def __init__(self, source):
        super().__init__(source)
        self._lines = source.lines()
        self.header = next(self._lines)
        self.columns = tuple(self._cells(self.header))

    def _cells(self, line):
        return self.body_of(line).split("|~|") if line.strip() else []

    def records(self):
        for number, line in enumerate(self._lines, start=2):
            self.row_count += bool(line.strip())
            yield Record(self._cells(line), line, number)

    def misfit(self, cells):
        return rules.RAGGED_ROW.at(fields=len(cells), expected=len(self.columns))

    def body_of(self, raw):
        return raw.rstrip("\\r\\n")

    def head(self, names):
        return self.body_of(self.header) + self.cell_format.write(names, names) + "\\n"

    @property
    def block_makers(self):
        return {"stdlib": partial(blocks_by_rows, self)}

    def verifier(self, output, appender, blocks):
        return LineVerifier(self, output, appender, blocks)

    def other_delimiter(self, _column):
        return None

    def again(self):
        return WavedTable(self.source.again())

    def opened_alike(self, file):
        return WavedTable(self.source.opened_alike(file))
'''
END_OF_LIST = ')\n"""The formats of tables;'
LINE = '    TableFormat("waved", (".waved",), "waved", "waved text"),\n'

ROWS = """\
id|~|dx|~|new
1|~|pT2 pN1a cM0|~|cT0 cN0 pM1(HEP)
2|~|T5|~|T3 N0 M0
too|~|few
3|~|"cT2" N0 M0|~|
"""
RESTAGE = ("--diagnosis", "dx", "--assessment", "new", "--tumor-id", "id")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sources in a copy that has one more format."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("src", "grammar"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    formats = folder / "src" / "rstage" / "tables" / "formats"
    (formats / "waved.py").write_text(MODULE, encoding="utf-8")
    listing = formats / "listing.py"
    text = listing.read_text(encoding="utf-8")
    assert text.count(END_OF_LIST) == 1
    listing.write_text(text.replace(END_OF_LIST, LINE + END_OF_LIST), encoding="utf-8")
    return folder / "src"


def run(sources: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run rstage from some sources in a folder."""
    return subprocess.run(  # noqa: S603  this Python and nothing from outside
        [sys.executable, "-m", "rstage", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(sources), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("engine", ["stdlib", "polars"])
@pytest.mark.parametrize("name", ["in.waved", "in.txt"])
def test_a_new_format_is_written_and_verified(copy: Path, tmp_path: Path, name: str, engine: str) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    (tmp_path / name).write_text(ROWS, encoding="utf-8")
    options = ("--engine", engine, *(() if name.endswith(".waved") else ("--input-format", "waved")))
    done = run(copy, tmp_path, "normalize", name, "--column", "dx", "-o", "normalized.waved", *options)
    assert (done.returncode, "4 rows in = 3 out + 1 rejected" in done.stderr) == (1, True), done.stderr
    assert (tmp_path / "normalized.waved.rejected").read_text(encoding="utf-8") == "too|~|few\n"
    lines = (tmp_path / "normalized.waved").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id|~|dx|~|new|~|dx_normalized|~|dx_findings"
    assert lines[1] == "1|~|pT2 pN1a cM0|~|cT0 cN0 pM1(HEP)|~|pT2 pN1a cM0|~|"
    done = run(copy, tmp_path, "restage", name, *RESTAGE, "-o", "out.waved", *options)
    assert "1 restaged, 1 without assessment" in done.stderr
    verified = run(copy, tmp_path, "verify", "out.waved", "--against", name, *RESTAGE, *options)
    assert verified.returncode == 0, verified.stdout
    out = tmp_path / "out.waved"
    out.write_text(out.read_text(encoding="utf-8").replace("r1:", "r1:0"), encoding="utf-8")
    altered = run(copy, tmp_path, "verify", "out.waved", "--against", name, *RESTAGE, *options)
    assert (altered.returncode, "out.waved:2:restage_link: RS512" in altered.stdout) == (1, True)


def test_the_name_of_an_output_says_its_format(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "in.waved").write_text(ROWS, encoding="utf-8")
    done = run(copy, tmp_path, "normalize", "in.waved", "--column", "dx", "-o", "out.csv")
    assert (done.returncode, "what comes out is waved text" in done.stderr) == (2, True)
    (tmp_path / "in.csv").write_text("dx\nT2\n", encoding="utf-8")
    done = run(copy, tmp_path, "normalize", "in.csv", "--column", "dx", "-o", "out.waved")
    assert (done.returncode, "what comes out is delimited text" in done.stderr) == (2, True)


def test_the_code_as_it_is_does_not_know_it(tmp_path: Path) -> None:
    (tmp_path / "in.waved").write_text(ROWS, encoding="utf-8")
    done = run(ROOT / "src", tmp_path, "normalize", "in.waved", "--column", "dx")
    assert (done.returncode, "RS005" in done.stderr) == (2, True)

"""An input that is changed while it is read is told, and nothing of the run is kept."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rstage.files.inputs import Input
from rstage.tables.appender import RowCells
from tests.support.command_line import run
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"2,T3\n")


def _overwritten(path: Path) -> None:
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"T2", b"T3"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))


def _replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    shutil.copy2(path, other)
    other.replace(path)


CHANGES = (_appended, _overwritten, _replaced)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("engine", ["stdlib", "polars"])
def test_nothing_is_kept_of_a_table_that_was_changed_meanwhile(
    change: Callable[[Path], None], engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "polars":
        pytest.importorskip("polars")
    path = tmp_path / "table.csv"
    path.write_text("id,dx\n1,T2\n1,T2,x\n", encoding="utf-8")
    before = RowCells.of
    changed: list[bool] = []

    def changing(self: RowCells, cells: Any) -> str:
        if not changed:
            change(path)
            changed.append(True)
        return before(self, cells)

    monkeypatch.setattr(RowCells, "of", changing)
    done = run("normalize", path, "-o", tmp_path / "out.csv", "--column", "dx", "--engine", engine)
    assert done.code == 3
    assert "RS001" in done.err
    assert "changed meanwhile" in done.err
    assert {one.name for one in tmp_path.iterdir()} == {"table.csv"}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_kept_of_a_message_that_was_changed_meanwhile(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "obds.xml"
    shutil.copyfile(MESSAGES / "obds.xml", path)
    monkeypatch.setattr("rstage.cli.messages.MessageCommand.add", lambda *_: change(path))
    done = run("restage", path, "-o", tmp_path / "out.jsonl")
    assert done.code == 3
    assert {one.name for one in tmp_path.iterdir()} == {"obds.xml"}


def test_a_file_that_cannot_be_opened_leaves_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """From Python 3.13 on an exception while an object is forgotten is printed."""
    ignored: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with pytest.raises(OSError, match="No such file"):
        Input("no such file")
    Input.__new__(Input).close()
    gc.collect()
    assert not ignored

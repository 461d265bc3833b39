"""`rstage page`: the page that an extra carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rstage.cli.page import BEGINNING
from tests.support.command_line import run
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = BEGINNING + b"\n<title>a page</title>"


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package of the extra."""
    package = tmp_path / "packages" / "rstage_page"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "rstage.html").write_bytes(PAGE)
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(__import__("sys").modules, "rstage_page", raising=False)
    return package


def test_it_writes_what_the_extra_carries(carrier: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    assert run("page", "--output", out) == (0, "", "", b"")
    assert out.read_bytes() == PAGE
    (carrier / "rstage.html").write_bytes(PAGE + b"newer")
    assert run("page", "-o", out).code == 0
    assert out.read_bytes() == PAGE + b"newer"


def test_another_file_stays(carrier: Path, tmp_path: Path) -> None:
    assert carrier.exists()
    out = tmp_path / "letter.html"
    out.write_text("<p>a letter</p>", encoding="utf-8")
    done = run("page", "--output", out)
    assert done.code == 2
    assert "RS012" in done.err
    assert "is no page" in done.err
    assert out.read_text(encoding="utf-8") == "<p>a letter</p>"


def test_without_the_extra_it_is_named(
    carrier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (carrier / "rstage.html").unlink()
    for _ in range(2):  # a package without the page, and no package
        done = run("page", "--output", tmp_path / "out.html")
        assert done.code == 2
        assert done.err == "RS019 error: rstage page needs the extra page: pip install 'rstage[page]'\n"
        assert not (tmp_path / "out.html").exists()
        monkeypatch.setitem(__import__("sys").modules, "rstage_page", None)


def test_a_page_begins_as_it_is_known_by() -> None:
    source = ROOT / "page" / "source" / "page.html"
    if not source.exists():
        pytest.skip("the sources of the page are not here")
    assert source.read_bytes().startswith(BEGINNING)

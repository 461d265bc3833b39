"""A staging algorithm as a site table: a folder or an archive of JSON files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import Edition, Method, SiteTable, SiteTableError
from rstage.sites import files as site_files
from tests.support.staging_algorithms import algorithm, written, zipped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["folder", "zip", "deep zip"])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> SiteTable:
    if request.param == "folder":
        return rstage.load_site_table(written(algorithm(), tmp_path))
    inner = "algorithms/tnm/2.0/" if request.param == "deep zip" else ""
    return rstage.load_site_table(zipped(algorithm(), tmp_path / "tnm.zip", inner))


def test_an_algorithm(loaded: SiteTable) -> None:
    assert [schema.name for schema in loaded.schemas] == ["one", "two"]
    assert loaded.skipped == 2
    one = loaded.for_site("one")
    assert one is not None
    assert one.allowed("T", Method.CLINICAL) == {"TX", "T1a", "Tis", "T2", "T2b"}
    assert one.allowed("T", Method.PATHOLOGICAL) == {"Tis"}
    assert one.allowed("M", Method.PATHOLOGICAL) == {"M0", "M1"}
    assert one.allowed("M", Method.CLINICAL) == {"M0"}
    assert one.allowed("group") == {"IIIC1", "IS"}
    assert one.allowed("T", None, Edition(version="8")) == frozenset()
    assert one.allowed("T", Method.CLINICAL, Edition(version="7", owner="UICC"))


def test_sites_of_an_algorithm(loaded: SiteTable) -> None:
    names = {
        site: schema.name for site in ("C50.1", "C507", "C61", "C71") if (schema := loaded.for_site(site))
    }
    assert names == {"C50.1": "one+two", "C507": "two", "C61": "one+two", "C71": "two"}
    assert not rstage.read("pT3", site_table=loaded, site="C50.1").diagnostics
    assert [one.code for one in rstage.read("pT4", site_table=loaded, site="C71").diagnostics] == ["RS326"]
    assert [one.code for one in rstage.read("pT4 (AJCC 8)", site_table=loaded, site="C71").diagnostics] == [
        "RS330"
    ]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("schemas/one.json", "{", "not JSON"),
        ("schemas/one.json", "[" * 100_000, "not JSON"),
        ("schemas/one.json", [], "not one object"),
        ("schemas/one.json", {}, "no inputs"),
        ("schemas/one.json", {"inputs": []}, "no schema_selection_table"),
        ("schemas/one.json", {"inputs": [], "schema_selection_table": "../../secret"}, "not there"),
        ("tables/sites_one.json", {"definition": [], "rows": []}, "no column site"),
        ("tables/sites_one.json", {"rows": []}, "no definition"),
        ("tables/sites_one.json", {"definition": [1], "rows": []}, "no list of columns"),
        ("tables/t_one.json", {"definition": [{"key": "clin_t"}], "rows": [[1]]}, "a row"),
        ("tables/t_one.json", {"definition": [{"key": "clin_t"}], "rows": [[]]}, "a row"),
        ("tables/sites_one.json", {"definition": [{"key": "site"}], "rows": [["breast"]]}, "a topography is"),
    ],
)
def test_an_algorithm_that_is_no_use(name: str, data: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(SiteTableError, match=said) as caught:
        rstage.load_site_table(written({**algorithm(), name: data}, tmp_path))
    assert caught.value.diagnostic.code == "RS014"


def test_an_algorithm_without_stages_is_no_use(tmp_path: Path) -> None:
    files = {name: data for name, data in algorithm().items() if name != "schemas/one.json"}
    files["schemas/two.json"]["inputs"] = []
    with pytest.raises(SiteTableError, match="none of its schemas"):
        rstage.load_site_table(written(files, tmp_path))


@pytest.mark.parametrize(
    ("limit", "value"), [("LARGEST_FILE", 150), ("LARGEST_TOTAL", 900), ("MOST_FILES", 3)]
)
def test_an_archive_that_is_too_large(
    limit: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(algorithm(), tmp_path / "tnm.zip")
    monkeypatch.setattr(site_files, limit, value)
    with pytest.raises(SiteTableError, match="too"):
        rstage.load_site_table(path)


def test_a_zip_that_unpacks_to_much_is_refused_in_time(tmp_path: Path) -> None:
    files = {**algorithm(), "tables/t_one.json": "[" + " " * (site_files.LARGEST_FILE + 1)}
    path = zipped(files, tmp_path / "tnm.zip")
    assert path.stat().st_size < 1_000_000
    with pytest.raises(SiteTableError, match="too large"):
        rstage.load_site_table(path)

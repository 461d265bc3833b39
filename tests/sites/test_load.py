"""A site table: loaded in both layouts, compared with stages, and refused with a clear word."""

from __future__ import annotations

import json
import shlex
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import rstage
from rstage import Edition, Method, SiteTable, SiteTableError
from rstage.cli import main
from rstage.model.site_schema import MOST_NEAR
from rstage.sites import files as site_files
from tests.support.case_tables import cases
from tests.support.paths import EXAMPLES

EXAMPLE = EXAMPLES / "site_table_invented.tsv"

# Sites, values and editions are chosen for the tests; no line is the list of a real site.
SITES = {
    "lung-like": ("C34", "T1 T1a T2 T2a N0 N1 M0 M1 IIA IIB"),
    "prostate-like": ("C61.9", "T1 T2 T2c N0 N1 M0"),
    "colon-like": ("C18", "T3 N0 N1 N1c M0"),
    "plain": ("", "T2a T2c N0 M0"),
    "breast-part": ("C50.1-C50.6", "T1b"),
    "breast-rest": ("C50.8,C509", "T1c"),
    "wide": ("C2-C3,C70", "T1 T1b"),
    "methods": ("", "T1 cT3 pT4 N0 cN1 pN1"),
    "editions": ("", "T1 T2@7 T2@UICC_6 T3@AJCC_8"),
    "old": ("", "T2@7"),
}


def item_of(value: str) -> str:
    letter = value.lstrip("cp")[0]
    return value[: value.index(letter) + 1] if letter in "TNM" else "group"


def lines() -> list[str]:
    found = ["# a comment", "Schema\ttopography\tedition\titem\tvalue\tremark", ""]
    for schema, (topography, values) in SITES.items():
        for entry in values.split():
            value, _, edition = entry.partition("@")
            cells = (schema, topography, edition.replace("_", " "), item_of(value), value)
            found.append("\t".join(cells))
    return found


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> SiteTable:
    path = tmp_path_factory.mktemp("sites") / "sites.tsv"
    path.write_text("\n".join(lines()), encoding="utf-8")
    return rstage.load_site_table(path)


@pytest.mark.parametrize("case", cases("site_tables.tsv", "text", "site"))
def test_reading_beside_a_table(case: dict[str, str], table: SiteTable) -> None:
    reading = rstage.read(case["text"], site_table=table, site=case["site"] or None)
    assert str(reading) == case["canonical"]
    assert " ".join([one.code for one in reading.diagnostics]) == case["codes"]


@pytest.mark.parametrize("case", cases("site_tables.tsv", "text", "site"))
def test_a_table_changes_nothing_but_what_it_is_about(case: dict[str, str], table: SiteTable) -> None:
    with_table = rstage.read(case["text"], site_table=table, site=case["site"])
    without = rstage.read(case["text"])
    own = {"RS218", "RS326", "RS327", "RS330"}
    assert {one.code for one in without.diagnostics}.isdisjoint(own)
    if "RS218" not in [one.code for one in with_table.diagnostics]:
        assert with_table.stages == without.stages
        assert tuple(one for one in with_table.diagnostics if one.code not in own) == without.diagnostics


def test_parse_takes_what_the_table_settles(table: SiteTable) -> None:
    with pytest.raises(rstage.NotationError):
        rstage.parse("cT2cN0M0")
    assert str(rstage.parse("cT2cN0M0", site_table=table, site="C34.1")) == "cT2 cN0 M0"
    assert str(rstage.parse("cT2cN0M0", site_table=table, site="C61.9")) == "cT2c N0 M0"
    staging = rstage.Staging.parse("cT2cN0M0", site_table=table, site="C34.1", date="2019")
    assert str(staging) == "cT2 cN0 M0"
    assert [one.code for one in staging.diagnostics] == ["RS218"]


def test_a_stage_in_parts(table: SiteTable) -> None:
    reading = rstage.read_parts(T="T2c", N="N0", group="IIC", site_table=table, site="C34.1")
    assert [(one.code, one.part) for one in reading.diagnostics] == [("RS326", "T"), ("RS327", "group")]
    assert reading.diagnostics[0].suggestions == ("T2", "T2a")
    assert str(rstage.parse_parts(T="T2a", site_table=table, site="C34.1")) == "T2a"


def test_the_nearest_values_are_suggested(table: SiteTable) -> None:
    def suggested(text: str, site: str) -> tuple[str, ...]:
        return rstage.read(text, site_table=table, site=site).diagnostics[0].suggestions

    assert suggested("T4", "C34") == ("T2", "T2a")
    assert suggested("N3", "C34") == ("N1", "N0")
    assert suggested("Stage IIIB", "C34") == ("Stage IIA", "Stage IIB")
    assert suggested("Tis", "C61") == ("T1", "T2")
    assert len(suggested("T1c", "C34")) == MOST_NEAR


def test_allowed(table: SiteTable) -> None:
    schema = table.for_site("methods")
    assert schema is not None
    assert schema.allowed("T") == {"T1", "T3", "T4"}
    assert schema.allowed("T", Method.CLINICAL) == schema.allowed("T", Method.ULTRASOUND) == {"T1", "T3"}
    assert schema.allowed("T", Method.PATHOLOGICAL) == {"T1", "T4"}
    assert schema.allowed("M") == frozenset()
    editions = table.for_site("editions")
    assert editions is not None
    assert editions.allowed("T", None, Edition(version="8")) == {"T1", "T3"}
    assert editions.allowed("T", None, Edition(version="8", owner="UICC")) == {"T1"}
    assert editions.allowed("T") == {"T1", "T2", "T3"}
    assert editions.allowed("T", None, "AJCC 8") == editions.allowed("T", None, "8") == {"T1", "T3"}
    with pytest.raises(ValueError, match="edition"):
        editions.allowed("T", None, "eighth")


def test_strict_settles_nothing_silently(table: SiteTable) -> None:
    reading = rstage.read("cT2cN0M0", mode="strict", site_table=table, site="C34.1")
    assert not reading.ok
    assert [(one.code, one.suggestions) for one in reading.diagnostics] == [("RS218", ("cT2 cN0 M0",))]


def test_repair_keeps_what_the_table_settled(table: SiteTable) -> None:
    assert str(rstage.read("cT2cN0M0", mode="repair", site_table=table, site="C34.1")) == "cT2 cN0 M0"
    assert str(rstage.read("cT2cN0M0", mode="repair", site_table=table, site="C71")) == "cT2c N0 M0"


def test_for_site(table: SiteTable) -> None:
    assert [one.name for one in table.schemas] == sorted(SITES)
    lung = table.for_site("C34.1")
    assert lung is not None
    assert lung.name == "lung-like+wide"
    assert lung is table.for_site(" c341 ")
    assert table.for_site("Lung-Like") is not lung
    assert table.for_site("C71.0") is None
    assert table.for_site("breast") is None
    assert hash(table) != hash(rstage.load_site_table(EXAMPLE))


@pytest.mark.parametrize("keywords", [{"site_table": "sites.tsv"}, {"site": 34}])
def test_keywords_of_another_type(keywords: dict[str, Any], table: SiteTable) -> None:
    with pytest.raises(TypeError, match="site"):
        rstage.read("T2", **{"site_table": table, "site": "C34", **keywords})


def test_the_example_is_read_and_says_that_it_is_invented() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text.startswith("# An invented site table")
    table = rstage.load_site_table(str(EXAMPLE))
    assert all("invented" in schema.name for schema in table.schemas)
    assert str(rstage.parse("cT2cN0M0", site_table=table, site="C99.4")) == "cT2 cN0 M0"
    assert str(rstage.parse("cT2cN0M0", site_table=table, site="C99.1")) == "cT2c N0 M0"


# ---------------------------------------------------------------- tables with lines that are no use


HEADER = "schema\ttopography\tedition\titem\tvalue\n"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "RS014", "no line"),
        (HEADER, "RS014", "no line"),
        ("a\tb\n", "RS014", "no column schema, topography, edition, item, value"),
        (HEADER.replace("\tvalue", ""), "RS014", "no column value"),
        (HEADER + "x\tC50\t\tT\tT2\n# c\nx\tC50\t\tL\tL1\n", "RS015", "line 4: an item is"),
        (HEADER + "x\tC50\t\tuT\tT2\n", "RS015", "line 2: an item is"),
        (HEADER + "x\tC50\t\tT\tT9\n", "RS015", "T9 is no value of T"),
        (HEADER + "x\tC50\t\tT\tT1-2\n", "RS015", "T1-2 is no value of T"),
        (HEADER + "x\tC50\t\tT\tN1\n", "RS015", "N1 is no value of T"),
        (HEADER + "x\tC50\t\tT\t\n", "RS015", "is no value of T"),
        (HEADER + "x\tC50\t\tT\tMüller\n", "RS015", "(hidden, 6 characters) is no value of T"),
        (HEADER + "x\tC50\t\tgroup\tIIE\n", "RS015", "IIE is no value of group"),
        (HEADER + "x\tC50\tlatest\tT\tT2\n", "RS015", "an edition is"),
        (HEADER + "x\tbreast\t\tT\tT2\n", "RS015", "a topography is"),
        (HEADER + "x\tC50-C40\t\tT\tT2\n", "RS015", "a topography is"),
        (HEADER + "\tC50\t\tT\tT2\n", "RS015", "no name"),
        (HEADER + "x\tC50\t\tT\tT2\ta\n", "RS015", "more cells than the header"),
        (HEADER + "x\0", "RS013", "not text"),
    ],
)
def test_a_table_that_is_no_use(text: str, code: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SiteTableError) as caught:
        rstage.load_site_table(path)
    assert caught.value.diagnostic.code == code
    assert said in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark(end: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes((mark + end.join(["# c", HEADER.strip(), "x\tC50\t\tT\t T2 "])).encode())
    schema = rstage.load_site_table(path).for_site("C50")
    assert schema is not None
    assert schema.allowed("T") == {"T2"}


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "latin1.tsv").write_bytes(HEADER.encode() + "Öl\tC50\t\tT\tT2".encode("latin-1"))
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04cut")
    (tmp_path / "empty").mkdir()
    for name, code in [
        ("none.tsv", "RS013"),
        ("latin1.tsv", "RS013"),
        ("cut.zip", "RS013"),
        ("empty", "RS014"),
    ]:
        with pytest.raises(SiteTableError) as caught:
            rstage.load_site_table(tmp_path / name)
        assert caught.value.diagnostic.code == code
    with pytest.raises(SiteTableError, match="RS013"):
        rstage.load_site_table("a\0b")
    monkeypatch.setattr("rstage.sites.load.LARGEST_TABLE", 100)
    with pytest.raises(SiteTableError, match="too large"):
        rstage.load_site_table(EXAMPLE)


# ---------------------------------------------------------------- staging algorithms


def algorithm() -> dict[str, Any]:
    """Return the files of an invented algorithm, by path."""

    def codes(key: str, *values: str) -> dict[str, Any]:
        definition = [{"key": key, "type": "INPUT"}, {"key": "description", "type": "DESCRIPTION"}]
        return {"definition": definition, "rows": [[value, "words"] for value in values]}

    def selection(*sites: str) -> dict[str, Any]:
        keys = [("site", "INPUT"), ("hist", "INPUT"), ("result", "ENDPOINT")]
        definition = [{"key": key, "type": kind} for key, kind in keys]
        return {"definition": definition, "rows": [[site, "8000-8700", "MATCH"] for site in sites]}

    def schema(table: str, **inputs: str) -> dict[str, Any]:
        listed = [{"key": key, "table": name} for key, name in inputs.items()]
        unused = [{"key": "hist", "table": "not_there"}, {"key": "ssf1"}]
        return {"algorithm": "tnm", "schema_selection_table": table, "inputs": [*unused, *listed]}

    return {
        "schemas/one.json": schema(
            "sites_one", clin_t="t_one", path_m="m_one", clin_stage_group_direct="group_one"
        ),
        "schemas/two.json": schema("sites_two", path_t="t_two"),
        "tables/sites_one.json": selection("C500-C506,C508-C509", "C619"),
        "tables/sites_two.json": selection("*"),
        "tables/t_one.json": codes("clin_t", "c1A", "pIS", "cX", "c2,c2B", "88", "", "zzz", "c9"),
        "tables/t_two.json": codes("other_key", "p3", "pISU"),
        "tables/m_one.json": codes("path_m", "c0", "p1", "c0I+"),
        "tables/group_one.json": codes("clin_stage_group_direct", "3C1", "1S", "99", "88"),
    }


def written(files: dict[str, Any], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return folder


def zipped(files: dict[str, Any], path: Path, inner: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(inner + name, data if isinstance(data, str) else json.dumps(data))
    return path


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


# ---------------------------------------------------------------- the command line


ROWS = "id,dx,new,site,n\n1,cT2cN0M0,T2,C34.1,1\n2,cT2cN0M0,T2,C61.9,2\n3,cT2cN0M0,T2,C71,3\n4,cT2cN0M0,,,4\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.tsv").write_text("\n".join(lines()), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(command: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.usefixtures("folder")
def test_the_same_cell_at_other_sites() -> None:
    output = run("normalize rows.csv --column dx --site-table sites.tsv --site site --exit-zero")
    assert "1,cT2cN0M0,T2,C34.1,1,cT2 cN0 M0,RS218\n" in output
    assert "2,cT2cN0M0,T2,C61.9,2,cT2c N0 M0,RS218\n" in output
    assert "3,cT2cN0M0,T2,C71,3,,RS330 RS207\n" in output
    assert "4,cT2cN0M0,,,4,,RS207\n" in output


@pytest.mark.usefixtures("folder")
def test_check_parse_and_restage() -> None:
    output = run("check rows.csv --column x:T=new --site-table sites.tsv --site =plain")
    assert output.count("RS326 warning: T2 is not on the list") == 3
    assert "cT2c N0 M0" in run("parse cT2cN0M0 --site-table sites.tsv --site plain")
    assert "RS218" in run("check --text cT2cN0M0 --site-table sites.tsv --site =C34.1")
    assert "cT2 cN0 M0" in run("normalize --text cT2cN0M0 --site-table sites.tsv --site =C34.1")
    output = run("restage --text cT2cN0M0 T2cN1 --site-table sites.tsv --site =C34.1")
    assert output.startswith("rT2 rcN1\n")
    assert "first staged cT2 cN0 M0" in output


@pytest.mark.usefixtures("folder")
def test_restaging_a_table_and_verifying_it() -> None:
    options = "--diagnosis dx --assessment new --site site --site-table sites.tsv"
    run(f"restage rows.csv -o out.csv {options} --exit-zero")
    restaged = Path("out.csv").read_text(encoding="utf-8")
    assert "\n1,cT2cN0M0,T2,C34.1,1,rT2,local," in restaged
    assert "\n3,cT2cN0M0,T2,C71,3,," in restaged
    run(f"verify out.csv --against rows.csv {options}", 0)
    run("verify out.csv --against rows.csv --diagnosis dx --assessment new --site site", 1)


@pytest.mark.usefixtures("folder")
def test_the_year_of_a_chapter_is_checked_row_by_row() -> None:
    rows = "dx,new,site,dx_date,new_date\n" + "".join(
        f"T2 N0 M0 (AJCC 9),T3 N0 M0 (AJCC 9),{site},{date},{new_date}\n"
        for site, date, new_date in [("C34.1", 2024, 2025), ("C34.1", 2025, 2026), ("C50.1", 2025, 2026)]
    )
    Path("nine.csv").write_text(rows, encoding="utf-8")
    dates = "--diagnosis-date dx_date --assessment-date new_date --site site"
    output = run(f"restage nine.csv --diagnosis dx --assessment new {dates} --no-link")
    first, second, third = output.splitlines()[1:4]
    assert "RS329" in first
    assert "RS329" not in second
    assert "RS329" in third


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("parse T2 --site-table none.tsv --site C34", 3, "RS013"),
        ("check rows.csv --column dx --site-table none.tsv --site site", 3, "RS013"),
        ("check rows.csv --column dx --site-table rows.csv --site site", 2, "RS014"),
        ("normalize --text T2 --site-table . --site =C34", 2, "RS014"),
        ("check rows.csv --column dx --site-table sites.tsv", 2, "--site-table needs --site"),
        ("check rows.csv --column dx --site site", 2, "--site needs --site-table"),
        ("check rows.csv --column dx --site-table sites.tsv --site place", 2, "RS005"),
        ("check --text T2 --site-table sites.tsv --site C34", 2, "RS012"),
        ("parse T2 --site C34", 2, "--site needs --site-table"),
    ],
)
def test_what_is_refused(command: str, code: int, said: str) -> None:
    output = run(command, code)
    assert said in output
    assert "Traceback" not in output

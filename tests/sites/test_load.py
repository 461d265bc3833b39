"""A site table: loaded, compared with stages, and refused with a clear word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import Edition, Method, SiteTable, SiteTableError
from rstage.model.site_schema import MOST_NEAR, SiteSchema, SiteValue
from tests.support.case_tables import cases
from tests.support.paths import EXAMPLES
from tests.support.site_tables import SITES, lines

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = EXAMPLES / "site_table_invented.tsv"


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
    monkeypatch.setattr("rstage.sites.lines.LARGEST_TABLE", 100)
    with pytest.raises(SiteTableError, match="too large"):
        rstage.load_site_table(EXAMPLE)


@pytest.mark.parametrize(("item", "text"), [("T", "T1"), ("N", "N1"), ("M", "M1"), ("group", "IIA")])
def test_one_value_of_any_kind_makes_a_site_known(item: str, text: str) -> None:
    edition = Edition(version="8")
    schema = SiteSchema(name="invented", entries=frozenset({SiteValue(item, text, edition=edition)}))
    assert schema.knows(edition)
    assert not schema.knows(Edition(version="7"))

"""XML records: what is kept, where it stands, what is refused; no way of cutting the bytes matters."""

from __future__ import annotations

import gzip
import lzma
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rstage.files.errors import TableError
from rstage.messages import source as source_module
from rstage.messages.source import Source
from rstage.messages.xml_names import Kept
from rstage.messages.xml_stream import XmlRecord, root_name, xml_records

if TYPE_CHECKING:
    from pathlib import Path

    from rstage.messages.xml_nodes import Node

KEPT = Kept(
    record="Patient",
    branches=("Tumor",),
    leaves=("Date",),
    whole=("TNM",),
    items=("Item", ("id", "num"), {"stage", "7"}),
)
MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<Data><Head>x</Head><Item id="stage">head</Item>
 <Patient number="1">
  <Menge_Tumor><Tumor><Date>2019</Date><Other><Date>2020</Date></Other>
   <TNM><T>2<!-- c -->a</T><New>&lt;?</New></TNM></Tumor>
  <Tumor><Item id="stage">IIA</Item><Item num="7">III</Item><Item id="name">Ü</Item></Tumor></Menge_Tumor>
 </Patient>
 <Patient/><Patient><Date><![CDATA[<2021>]]></Date></Patient>
</Data>
"""


def records_of(path: Path, data: bytes, kept: Kept = KEPT) -> list[XmlRecord]:
    path.write_bytes(data)
    with Source(str(path)) as source:
        return list(xml_records(source, kept))


def refused(path: Path, data: bytes) -> str:
    with pytest.raises(TableError) as error:
        records_of(path, data)
    return error.value.diagnostic.code


def flat(node: Node) -> list[tuple[str, str]]:
    return [(node.path, node.text), *(one for child in node.children for one in flat(child))]


EXPECTED = [
    ("Data/Patient", ""),
    ("Data/Patient/Menge_Tumor/Tumor", ""),
    ("Data/Patient/Menge_Tumor/Tumor/Date", "2019"),
    ("Data/Patient/Menge_Tumor/Tumor/Other/Date[2]", "2020"),
    ("Data/Patient/Menge_Tumor/Tumor/TNM", ""),
    ("Data/Patient/Menge_Tumor/Tumor/TNM/T", "2a"),
    ("Data/Patient/Menge_Tumor/Tumor/TNM/New", "<?"),
    ("Data/Patient/Menge_Tumor/Tumor[2]", ""),
    ("Data/Patient/Menge_Tumor/Tumor[2]/Item[@id='stage']", "IIA"),
    ("Data/Patient/Menge_Tumor/Tumor[2]/Item[@num='7']", "III"),
]


def test_what_is_kept_and_where_it_stands(tmp_path: Path) -> None:
    records = records_of(tmp_path / "m.xml", MESSAGE.encode())
    assert flat(records[0].node) == EXPECTED
    assert [one.number for one in records] == [1, 2, 3]
    assert flat(records[2].node)[1] == ("Data/Patient[3]/Date", "<2021>")
    assert [(one.name, one.text) for one in records[0].root.children] == [("Item", "head")]
    tnm = records[0].node.children[0].children[2]
    assert (tnm.line, tnm.column) == (5, 4)


def test_what_passes_one_item_over_hides_no_other_one(tmp_path: Path) -> None:
    items = (
        '<Item other="stage">a</Item><Item id="x">b</Item><Item id="x" num="7">c</Item>'
        '<Item id="stage">d</Item><Item num="x" id="stage">e</Item><Item id="x"><Item num="7">f</Item></Item>'
        "<Item>g</Item>"
    )
    data = f"<Data><Patient>{items}</Patient><Patient>{items}</Patient></Data>"
    for record in records_of(tmp_path / "m.xml", data.encode()):
        assert [(one.label, one.text) for one in record.node.children] == [
            ("[@num='7']", "c"),
            ("[@id='stage']", "d"),
            ("[@id='stage']", "e"),
            ("[@num='7']", "f"),
        ]
        assert [one.names for one in record.node.children] == [(), (), (), ("Item",)]


def test_the_bytes_of_a_record_are_those_of_its_element(tmp_path: Path) -> None:
    for record, begin in zip(
        records_of(tmp_path / "m.xml", MESSAGE.encode()), (b"<Patient n", b"", b"<P"), strict=True
    ):
        assert record.raw.startswith(begin)
        assert record.raw in MESSAGE.encode()
        assert record.raw.endswith((b"</Patient>", b"/>"))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100])
def test_no_way_of_cutting_the_bytes_matters(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = records_of(tmp_path / "m.xml", MESSAGE.encode())
    monkeypatch.setattr(source_module, "CHUNK", size)
    monkeypatch.setattr("rstage.messages.xml_stream.CHUNK", size)
    cut = records_of(tmp_path / "m.xml", MESSAGE.encode())
    assert [(one.raw, flat(one.node)) for one in cut] == [(one.raw, flat(one.node)) for one in whole]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encoding_is_what_the_message_says(tmp_path: Path, encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    data = MESSAGE.replace("UTF-8", name).encode(encoding)
    records = records_of(tmp_path / "m.xml", data)
    assert flat(records[0].node) == EXPECTED
    assert all(one.raw in data for one in records)
    assert root_name(data[:65536]) == "Data"


def test_a_prefix_is_no_part_of_a_name(tmp_path: Path) -> None:
    data = MESSAGE.replace("</", "</n:").replace("<", "<n:").replace("<n:/n:", "</n:")
    data = data.replace("<n:?", "<?").replace("<n:!", "<!").replace("<n:Data>", '<n:Data xmlns:n="urn:n">')
    records = records_of(tmp_path / "m.xml", data.encode())
    assert [name for name, _ in flat(records[0].node)] == [name for name, _ in EXPECTED]


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress], ids=["gzip", "xz"])
def test_a_compressed_message_is_read(tmp_path: Path, compress: object) -> None:
    assert callable(compress)
    assert flat(records_of(tmp_path / "m", compress(MESSAGE.encode()))[0].node) == EXPECTED
    assert refused(tmp_path / "m", compress(MESSAGE.encode())[:-20]) == "RS001"


@pytest.mark.parametrize(
    ("find", "put", "code"),
    [
        ("<Data>", "<!DOCTYPE Data><Data>", "RS903"),
        ("<Data>", '<!DOCTYPE Data [<!ENTITY a "b">]><Data>', "RS903"),
        ("<Head>x", "<Head>&a;", "RS016"),
        ("<Head>x", "<Head>" + "<a>" * 70 + "</a>" * 70, "RS904"),
        ("<Head>x", "<Head>" + "x" * 1_100_000, "RS905"),
        ("<Head>", '<Head a="' + "x" * 1_100_000 + '">', "RS905"),
        ("2019", "<![CDATA[" + "<x" * 600_000 + "]]>", "RS905"),
        ("</Patient>", "</Patent>", "RS016"),
        ("UTF-8", "no-such-encoding", "RS016"),
        ("UTF-8", "utf-7", "RS016"),
        ("</Data>", "", "RS016"),
        ("</Data>", "</Data><Data/>", "RS016"),
        ("x", "\x00", "RS016"),
    ],
)
def test_what_is_refused(tmp_path: Path, find: str, put: str, code: str) -> None:
    assert refused(tmp_path / "m.xml", MESSAGE.replace(find, put, 1).encode()) == code


def test_a_record_without_end_is_refused(tmp_path: Path) -> None:
    data = b"<Data><Patient>" + (b"<a>" + b"x" * 900_000 + b"</a>") * 76
    assert refused(tmp_path / "m.xml", data) == "RS907"


def test_records_before_a_break_come_first(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(MESSAGE.encode().replace(b"</Data>", b"</Dat>"))
    found: list[XmlRecord] = []
    with Source(str(path)) as source, pytest.raises(TableError) as error:
        found.extend(xml_records(source, KEPT))
    assert error.value.diagnostic.code == "RS016"
    assert "line 9" in error.value.diagnostic.message
    with Source(str(path)) as source:
        records = xml_records(source, KEPT)
        assert [next(records).number for _ in range(3)] == [1, 2, 3]


@given(st.binary(max_size=200), st.integers(0, len(MESSAGE)), st.integers(0, 50))
def test_no_bytes_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, cut: int
) -> None:
    data = MESSAGE.encode()
    path = tmp_path_factory.getbasetemp() / "junk.xml"
    with suppress(TableError):
        records_of(path, data[:at] + junk + data[at + cut :])

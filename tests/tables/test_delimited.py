"""Tables come out byte for byte, whatever they look like, and every row is accounted for."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rstage.files.encodings import choose_codec
from rstage.files.errors import TableError
from rstage.tables.formats.delimited import DelimitedCells, choose_delimiter, open_delimited
from tests.support.command_line import in_folder, run, table

if TYPE_CHECKING:
    from pathlib import Path

MARK = "\ufeff"


def normalized(folder: Path, data: bytes, *options: str, name: str = "in.csv") -> bytes:
    """Return what `normalize` writes for a table given as bytes."""
    source, target = folder / name, folder / f"out-{name}"
    source.write_bytes(data)
    done = run("normalize", source, "-o", target, "--column", "dx", "--force", *options)
    assert done.code in (0, 1), done.err
    return target.read_bytes()


LAYOUTS = {
    "plain": ("id,dx\n1,T2 N0\n", "id,dx,dx_normalized,dx_findings\n1,T2 N0,T2 N0,\n"),
    "windows line ends": ("id,dx\r\n1,T2\r\n", "id,dx,dx_normalized,dx_findings\r\n1,T2,T2,\r\n"),
    "old line ends": ("id,dx\r1,T2\r", "id,dx,dx_normalized,dx_findings\r1,T2,T2,\r"),
    "mixed line ends": ("id,dx\r\n1,T2\n2,T3", "id,dx,dx_normalized,dx_findings\r\n1,T2,T2,\n2,T3,T3,"),
    "byte-order mark": (MARK + "dx,id\nT2,1\n", MARK + "dx,id,dx_normalized,dx_findings\nT2,1,T2,\n"),
    "quoted after a mark": (
        MARK + '"dx","id"\nT2,1\n',
        MARK + '"dx","id",dx_normalized,dx_findings\nT2,1,T2,\n',
    ),
    "quotes that are not needed": (
        '"id","dx"\n"1","T2"\n',
        '"id","dx",dx_normalized,dx_findings\n"1","T2",T2,\n',
    ),
    "line breaks in a cell": (
        'id,dx,x\n1,T2,"a\nb\r\nc"\n2,T3,\n',
        'id,dx,x,dx_normalized,dx_findings\n1,T2,"a\nb\r\nc",T2,\n2,T3,,T3,\n',
    ),
    "blank lines": ("\nid,dx\n\n1,T2\n\n\n", "\nid,dx,dx_normalized,dx_findings\n\n1,T2,T2,\n\n\n"),
    "quotes inside": ('id,dx\n1 "a",T2\n', 'id,dx,dx_normalized,dx_findings\n1 "a",T2,T2,\n'),
    "a comma in what is appended": (
        'id,dx\n1,"M1(PUL,OSS)"\n',
        'id,dx,dx_normalized,dx_findings\n1,"M1(PUL,OSS)","M1(OSS,PUL)",RS201\n',
    ),
    "several stagings": (
        'id,dx\n1,"cT3N1M0, ypT1N0M0"\n',
        'id,dx,dx_normalized,dx_findings\n1,"cT3N1M0, ypT1N0M0",cT3 N1 M0; ypT1 yN0 M0,RS213 RS202\n',
    ),
    "only a header": ("id,dx", "id,dx,dx_normalized,dx_findings"),
}


@pytest.mark.parametrize(("before", "after"), LAYOUTS.values(), ids=LAYOUTS)
def test_what_was_there_comes_out_byte_for_byte(tmp_path: Path, before: str, after: str) -> None:
    assert normalized(tmp_path, before.encode()).decode() == after


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-16", codecs.BOM_UTF16_LE + "id,dx\né,T2\n".encode("utf-16-le")),
        ("utf-16", codecs.BOM_UTF16_BE + "id,dx\né,T2\n".encode("utf-16-be")),
        ("utf-16-le", "id,dx\né,T2\n".encode("utf-16-le")),
        ("utf-32", codecs.BOM_UTF32_LE + "id,dx\né,T2\n".encode("utf-32-le")),
        ("cp1252", "id,dx\né,T2\n".encode("cp1252")),
        ("latin-1", "id,dx\n\x85é,T2\n".encode("latin-1")),
        ("cp037", "id,dx\né,T2\n".encode("cp037")),
        ("utf-8-sig", "id,dx\né,T2\n".encode("utf-8-sig")),
    ],
)
def test_an_encoding_gives_the_same_bytes_back(tmp_path: Path, encoding: str, data: bytes) -> None:
    codec = choose_codec(encoding, data, "in.csv")
    header, row = data.decode(codec).splitlines()[0], data.decode(codec).rstrip("\n").split("\n")[1]
    expected = f"{header},dx_normalized,dx_findings\n{row},T2,\n".encode(codec)
    assert normalized(tmp_path, data, "--encoding", encoding) == expected


@pytest.mark.parametrize(
    "encoding", ["shift_jis", "gb18030", "utf-7", "hex", "rot13", "raw_unicode_escape", "x"]
)
def test_an_encoding_that_may_change_bytes_is_refused(encoding: str) -> None:
    with pytest.raises(TableError) as refused:
        choose_codec(encoding, b"dx\n", "in.csv")
    assert refused.value.diagnostic.code == "RS012"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RS002"),
        (b"\n\n", "RS002"),
        (MARK.encode(), "RS002"),
        (b"\x1f\x8b\x08\x00", "RS001"),
        (b"PK\x03\x04rest of a spreadsheet", "RS003"),
        (b"dx\0\nT2\n", "RS003"),
        (codecs.BOM_UTF16_LE + "dx\nT2\n".encode("utf-16-le"), "RS004"),
        (b"dx\n\xe9\n", "RS004"),
        (b'dx\n"T2\nT3\n', "RS011"),
        (b'dx\nT2\n"T3', "RS011"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_is_written(tmp_path: Path, data: bytes, code: str) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(data)
    for command in (["check", source], ["normalize", source, "-o", target]):
        done = run(*command, "--column", "dx")
        assert done.code == 3
        assert done.err.startswith(code)
    assert in_folder(tmp_path) == {"in.csv"}


def test_a_wrong_byte_is_told_with_its_row(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b"dx\n" + b"T2 N0 M0\n" * 40_000 + b"\xff\n")
    assert "near row 40002" in run("check", source, "--column", "dx").err


def test_a_field_over_the_limit_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b"dx\nT2\n" + b"x" * 10_000_001 + b"\n")
    done = run("check", source, "--column", "dx")
    assert (done.code, done.err[:5]) == (3, "RS011")
    assert "row 3" in done.err
    assert csv.field_size_limit() < 10_000_000


def test_a_cell_of_a_megabyte_is_one_finding(tmp_path: Path) -> None:
    data = b"dx\n" + b"T2 " * 350_000 + b"\nT2\n"
    written = normalized(tmp_path, data)
    assert written == data.replace(b"dx\n", b"dx,dx_normalized,dx_findings\n").replace(
        b" \n", b" ,,RS901\n"
    ).replace(b"\nT2\n", b"\nT2,T2,\n")


def test_ragged_rows_go_to_the_reject_file_as_they_are(tmp_path: Path) -> None:
    data = b'id,dx\r\n1,T2\r\n2\r\n"3","T2","x\ny"\n4,T3'
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(data)
    done = run("normalize", source, "-o", target, "--column", "dx")
    assert done.code == 1
    assert target.read_bytes() == b"id,dx,dx_normalized,dx_findings\r\n1,T2,T2,\r\n4,T3,T3,"
    assert (tmp_path / "out.csv.rejected").read_bytes() == b'2\r\n"3","T2","x\ny"\n'
    assert "4 rows in = 2 out + 2 rejected" in done.err


def test_the_reject_file_has_the_name_asked_for_and_is_made_only_when_needed(tmp_path: Path) -> None:
    source, target, rejected = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "bad.csv"
    source.write_text("id,dx\n1,T2\n", encoding="utf-8")
    options = ("-o", target, "--column", "dx", "--reject-file", rejected)
    assert run("normalize", source, *options).code == 0
    assert in_folder(tmp_path) == {"in.csv", "out.csv"}
    source.write_text("id,dx\n1\n", encoding="utf-8")
    assert run("normalize", source, *options, "--force").code == 1
    assert rejected.read_text(encoding="utf-8") == "1\n"
    assert run("normalize", source, "-o", tmp_path / "new.csv", *options[2:]).code == 2
    source.write_text("id,dx\n1,T2\n", encoding="utf-8")
    assert run("normalize", source, *options, "--force").code == 0
    assert not rejected.exists()


def test_rejected_rows_without_a_file_are_told_by_their_line(tmp_path: Path) -> None:
    source = table(tmp_path, "id,dx", "1,T2", "", "2")
    done = run("normalize", source, "--column", "dx")
    assert done.out == "id,dx,dx_normalized,dx_findings\n1,T2,T2,\n\n"
    assert f"{source}:4:(row): RS501 error" in done.err


CELL = st.text(st.sampled_from('ab1,"\n\r;\t é'), max_size=4)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Return a table in some layout, ragged rows and blank lines among its rows."""
    buffer = io.StringIO()
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    # Without quotes around everything the csv module leaves a lone carriage return bare.
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator=end)
    if draw(st.booleans()):
        writer = csv.writer(buffer, lineterminator="\r\n")
        end = "\r\n"
    writer.writerow(["dx", "x"])
    for cells in draw(st.lists(st.lists(CELL, max_size=3), max_size=6)):
        if cells:
            writer.writerow(cells)
        else:
            buffer.write(end)
    text = buffer.getvalue()
    if draw(st.booleans()):
        text = text.removesuffix(end)
    return draw(st.sampled_from(["", MARK])) + text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=tables())
def test_any_table_can_be_taken_apart_and_is_the_same_again(tmp_path: Path, text: str) -> None:
    written = normalized(tmp_path, text.encode()).decode()
    with (
        open_delimited(str(tmp_path / "in.csv")) as before,
        open_delimited(str(tmp_path / "out-in.csv")) as after,
    ):
        rows = [record for record in before.records() if len(record[0]) in (0, 2)]
        outputs = list(after.records())
    assert [cells[:2] for cells, _, _ in outputs] == [cells for cells, _, _ in rows]
    assert all(len(cells) in (0, 4) for cells, _, _ in outputs)
    for (_, raw, _), (_, out, _) in zip(rows, outputs, strict=True):
        body = raw.rstrip("\r\n")
        assert out.startswith(body)
        assert out.endswith(raw[len(body) :])
    rejected = tmp_path / "out-in.csv.rejected"
    kept = len(text.encode()) - (rejected.stat().st_size if rejected.exists() else 0)
    appended = sum(len(DelimitedCells(",").write((), cells[2:]).encode()) for cells, _, _ in outputs if cells)
    assert len(written.encode()) == kept + appended + len(",dx_normalized,dx_findings")
    assert run("verify", tmp_path / "out-in.csv", "--against", tmp_path / "in.csv").code == 0
    rejected.unlink(missing_ok=True)


def test_records_tell_the_line_they_begin_in(tmp_path: Path) -> None:
    source = table(tmp_path, "", 'dx,"a', 'b"', "T2,", "", '"x', 'y",z', "T3,1")
    with open_delimited(str(source)) as opened:
        assert opened.preamble == "\n"
        assert opened.columns == ("dx", "a\nb")
        assert [(cells, line) for cells, _, line in opened.records()] == [
            (["T2", ""], 4),
            ([], 5),
            (["x\ny", "z"], 6),
            (["T3", "1"], 8),
        ]
        assert opened.row_count == 3


def test_the_delimiter_follows_the_name_unless_it_is_given(tmp_path: Path) -> None:
    assert [choose_delimiter(None, name) for name in ("a.csv", "a.tsv", "a.TAB", "-")] == [
        ",",
        "\t",
        "\t",
        ",",
    ]
    assert [choose_delimiter(asked, "a.csv") for asked in ("\\t", "tab", "|")] == ["\t", "\t", "|"]
    for wrong in ("", ";;", '"', "\n"):
        with pytest.raises(TableError):
            choose_delimiter(wrong, "a.csv")
    written = normalized(tmp_path, b'dx\tx\n"T2"\t,\n', name="in.tsv")
    assert written == b'dx\tx\tdx_normalized\tdx_findings\n"T2"\t,\tT2\t\n'
    semicolons = normalized(tmp_path, b"dx;x\nT2;,\n", "--delimiter", ";")
    assert semicolons == b"dx;x;dx_normalized;dx_findings\nT2;,;T2;\n"


def test_stdin_is_read_and_written_to_stdout() -> None:
    done = run("normalize", "-", "--column", "dx", stdin=b"\xef\xbb\xbfdx\r\nT2")
    assert done.out_bytes == b"\xef\xbb\xbfdx,dx_normalized,dx_findings\r\nT2,T2,"

"""Restagings as items of a user dictionary: nothing else changes, and the dictionary follows the standard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from rstage import messages
from rstage.cli import main
from tests.support.command_line import CliRunner
from tests.support.paths import EXAMPLES, MESSAGES

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = MESSAGES / "naaccr.xml"
DICTIONARY = ".dictionary.xml"
ADDED = re.compile(rb'<Item naaccrId="my[A-Za-z0-9]+">[^<]*</Item>')
ROOT = b' userDictionaryUri="urn:rstage:naaccr-items:my"'
# The rules of the public standard for a dictionary of a user.
NAME = re.compile(r"[a-z][a-zA-Z0-9]{0,31}")


def run(*arguments: object) -> Any:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def restaged(source: Path, out: Path, *more: str) -> bytes:
    ended = run("restage", source, "--naaccr-items", "my", "-o", out, "--exit-zero", "-q", *more)
    assert ended.exit_code == 0, ended.stderr
    return out.read_bytes()


def verified(out: Path, source: Path) -> int:
    code: int = run("verify", out, "--against", source, "--naaccr-items", "my", "-q").exit_code
    return code


def codes_of(data: bytes) -> list[str]:
    return [
        found.diagnostic.code
        for record in messages.read(data)
        for tumor in record.tumors
        for found in (*tumor.findings, *(one for staging in tumor.stagings for one in staging.findings))
    ]


def test_items_that_were_written_are_known_by_their_dictionary(tmp_path: Path) -> None:
    written = restaged(SOURCE, tmp_path / "out.xml")
    added = len(ADDED.findall(written))
    assert added
    before = codes_of(SOURCE.read_bytes())
    assert codes_of(written) == before
    # Without the dictionary nobody knows what they are.
    assert codes_of(written.replace(ROOT, b"")).count("RS583") == before.count("RS583") + added
    # What is not written into such an item is told.
    altered = re.sub(rb'(<Item naaccrId="myRestaged">)[^<]*', rb"\1pT2 N0", written, count=1)
    assert codes_of(altered).count("RS583") == before.count("RS583") + 1
    altered = written.replace(b"r1:", b"r3:", 1)
    assert codes_of(altered).count("RS583") == before.count("RS583") + 1
    altered = re.sub(rb'"my(Restaged[TNM]?")', rb'"mine\1', written)
    assert codes_of(altered).count("RS583") > before.count("RS583")


@pytest.mark.parametrize("source", [SOURCE, EXAMPLES / "naaccr_synthetic.xml"], ids=lambda path: path.name)
def test_only_items_and_the_name_of_their_dictionary_are_added(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    written = restaged(source, out)
    assert ADDED.sub(b"", written).replace(ROOT, b"", 1) == source.read_bytes()
    links = [
        str(one.link)
        for found in messages.histories(source)
        if found.history
        for one in found.history.restagings
    ]
    assert links
    assert re.findall(r"RestagingLink\d?\">([^<]*)<", written.decode()) == links
    assert verified(out, source) == 0
    assert restaged(out, tmp_path / "again.xml") == written
    expected = [str(one.history) for one in messages.histories(source)]
    assert [str(one.history) for one in messages.histories(out)] == expected


def test_what_was_altered_is_found(tmp_path: Path) -> None:
    out, dictionary = tmp_path / "out.xml", tmp_path / f"out.xml{DICTIONARY}"
    written = restaged(SOURCE, out)
    for at in range(0, len(written), len(written) // 29):
        out.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
        assert verified(out, SOURCE) in (1, 3)
    for wrong in (written[:-1], written + b"\n", ADDED.sub(b"", written, count=1)):
        out.write_bytes(wrong)
        assert verified(out, SOURCE) == 1
    out.write_bytes(written)
    dictionary.write_bytes(dictionary.read_bytes().replace(b"98701", b"98699"))
    assert verified(out, SOURCE) == 1


def test_the_dictionary_follows_the_standard(tmp_path: Path) -> None:
    written = restaged(SOURCE, tmp_path / "out.xml")
    root = ET.fromstring((tmp_path / f"out.xml{DICTIONARY}").read_bytes())  # noqa: S314  a file of our own
    assert root.get("naaccrVersion") == "240"
    assert root.get("specificationVersion") == "1.7"
    assert f'userDictionaryUri="{root.get("dictionaryUri")}"'.encode() in written
    items = [one.attrib for one in root.iter() if one.tag.endswith("ItemDef")]
    for key in ("naaccrId", "naaccrNum", "naaccrName"):
        assert len({one[key] for one in items}) == len(items)
    for one in items:
        assert NAME.fullmatch(one["naaccrId"])
        assert 9_500 <= int(one["naaccrNum"]) <= 99_999
        assert len(one["naaccrName"]) <= 50
        assert one["parentXmlElement"] == "Tumor"
        assert set(one["recordTypes"].split(",")) <= set("AMCI")
    lengths = {one["naaccrId"]: int(one["length"]) for one in items}
    for name, text in re.findall(r'<Item naaccrId="(my\w+)">([^<]*)<', written.decode()):
        assert 0 < len(text) <= lengths[name]


@pytest.mark.parametrize(
    ("old", "new", "root"),
    [
        (b"<NaaccrData ", b"\xef\xbb\xbf<NaaccrData ", ROOT),
        (b"\n", b"\r\n", ROOT),
        (
            b"recordType=",
            b"userDictionaryUri='http://a.b/c.xml' recordType=",
            b" urn:rstage:naaccr-items:my",
        ),
        (b'encoding="UTF-8"', b'encoding="ISO-8859-1"', ROOT),
        (b"</Patient>", b"</Patient>" + b"<!-- </Tumor> -->" * 9_000, ROOT),
    ],
)
def test_other_files_keep_their_bytes(tmp_path: Path, old: bytes, new: bytes, root: bytes) -> None:
    source, out = tmp_path / "m.xml", tmp_path / "out.xml"
    data = SOURCE.read_bytes()
    if new.startswith(b"\xef"):
        data = data[data.index(b"<NaaccrData") :]
    source.write_bytes(data.replace(old, new))
    written = restaged(source, out)
    assert ADDED.sub(b"", written).replace(root, b"", 1) == source.read_bytes()
    assert verified(out, source) == 0


def test_elements_with_a_prefix(tmp_path: Path) -> None:
    source, out = tmp_path / "m.xml", tmp_path / "out.xml"
    text = re.sub(r"<(/?)([A-Z])", r"<\1n:\2", SOURCE.read_text(encoding="utf-8")).replace(
        "xmlns=", "xmlns:n="
    )
    source.write_text(text, encoding="utf-8")
    written = restaged(source, out).decode()
    assert "<n:Item naaccrId=" in written
    assert written.count("</n:Item>") - text.count("</n:Item>") == 7
    assert verified(out, source) == 0


@pytest.mark.parametrize("prefix", ["My", "1a", "a b", "", "averyverylongname"])
def test_a_prefix_that_no_name_can_have(tmp_path: Path, prefix: str) -> None:
    assert run("restage", SOURCE, "--naaccr-items", prefix, "-o", tmp_path / "out.xml").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_wrong_use(tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    assert run("restage", MESSAGES / "obds.xml", "--naaccr-items", "my", "-o", out).exit_code == 2
    assert run("restage", SOURCE, "--naaccr-items", "my").exit_code == 2
    table = tmp_path / "t.csv"
    table.write_text("dx,new\nT2,T3\n", encoding="utf-8")
    columns = ("--diagnosis", "dx", "--assessment", "new")
    assert run("restage", table, *columns, "--naaccr-items", "my", "-o", out).exit_code == 2
    assert not out.exists()
    restaged(SOURCE, out)
    assert run("restage", SOURCE, "--naaccr-items", "my", "-o", out).exit_code == 2

"""Messages for tests: those of `data/messages`, and broken and hostile ones made from them."""

from __future__ import annotations

import gzip
import json
import shutil
from functools import cache
from typing import TYPE_CHECKING, Any

from rstage import messages
from tests.support.paths import EXAMPLES, MESSAGES, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Knows the elements down to the patient; whatever stands in it may be anything.
SCHEMA = """<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">
  <xs:element name="{root}"><xs:complexType mixed="true">
    <xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>
    <xs:anyAttribute processContents="skip"/>
  </xs:complexType></xs:element>
</xs:schema>
"""
NAMESPACE = "http://www.basisdatensatz.de/oBDS/XML"


def _before(good: bytes, inner: bytes) -> bytes:
    """Return a message with something put before the end of its last patient."""
    end = good.rindex(b"</Patient>")
    return good[:end] + inner + good[end:]


def _bomb(good: bytes) -> bytes:
    start = good.index(b"<Patient ")
    return gzip.compress(good[:start] + b"<Etwas/>" * 9_000_000 + good[start:], 9)


def _divided(lines: bytes) -> bytes:
    """Return the lines of a patient with so much of others between that they cannot be gathered."""
    first, *rest = lines.splitlines(keepends=True)
    other = [
        f'{{"resourceType":"Patient","id":"x{number}","language":"{"a" * 900_000}"}}\n'
        for number in range(20)
    ]
    return b"".join([first, "".join(other).encode(), *rest])


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "broken.xml": lambda good: good[: good.rindex(b"</Patient>") - 5],
    "doctype.xml": lambda good: good.replace(b"<oBDS", b'<!DOCTYPE oBDS [<!ENTITY a "aaaa">]><oBDS', 1),
    "deep.xml": lambda good: _before(good, b"<Etwas>" * 70 + b"</Etwas>" * 70),
    "long.xml": lambda good: _before(good, b"<Etwas>" + b"a" * 1_000_100 + b"</Etwas>"),
    "large.xml": lambda good: _before(good, (b"<Etwas>" + b"a" * 900_000 + b"</Etwas>") * 76),
    "bomb.xml.gz": _bomb,
}
"""How messages that are refused are made from a good one of oBDS."""


@cache
def hostile(name: str) -> bytes:
    """Return a message that is refused."""
    return HOSTILE[name]((MESSAGES / "obds.xml").read_bytes())


def written(source: Path, target: Path) -> bytes:
    """Restage a message and return what was written."""
    messages.write(str(source), str(target), force=True)
    return target.read_bytes()


def write_messages(folder: Path) -> None:
    """Copy the messages into a folder, with everything that is made from them."""
    for path in MESSAGES.iterdir():
        shutil.copy(path, folder)
    good = (MESSAGES / "obds.xml").read_bytes()
    for name in HOSTILE:
        (folder / name).write_bytes(hostile(name))
    (folder / "mcode_divided.ndjson").write_bytes(_divided((folder / "mcode.ndjson").read_bytes()))
    (folder / "obds.xml.gz").write_bytes(gzip.compress(good))
    (folder / "obds.xsd").write_text(SCHEMA.format(namespace=NAMESPACE, root="oBDS"), encoding="utf-8")
    (folder / "other.xsd").write_text(SCHEMA.format(namespace=NAMESPACE, root="Other"), encoding="utf-8")
    text = good.decode()
    (folder / "obds_more.xml").write_text(text.replace("<N>1a(3/17)</N>", "<N>1b</N>"), encoding="utf-8")
    histories = [json.dumps(one.to_dict()) + "\n" for one in messages.histories(folder / "obds.xml")]
    (folder / "histories.jsonl").write_text("".join(histories), encoding="utf-8")
    altered = [line.replace("2023-05-04", "2023-05-05") for line in histories]
    (folder / "altered_histories.jsonl").write_text("".join(altered), encoding="utf-8")
    sidecar = written(folder / "obds.xml", folder / "sidecar.jsonl").splitlines(keepends=True)
    for name, lines in _altered(sidecar).items():
        (folder / name).write_bytes(b"".join(lines))


def _altered(sidecar: list[bytes]) -> dict[str, list[bytes]]:
    first: dict[str, Any] = json.loads(sidecar[0])
    other = {**first, "restaging": {**first["restaging"], "event": "progression"}}
    digest = {**first, "digest": "0" * 64}
    return {
        "cut_sidecar.jsonl": sidecar[1:],
        "altered_sidecar.jsonl": [json.dumps(digest).encode() + b"\n", *sidecar[1:]],
        "other_sidecar.jsonl": [json.dumps(other).encode() + b"\n", *sidecar],
    }


def every_message_file() -> list[Path]:
    """Return every message: those of the tests, the examples, and the public samples where they are."""
    folders = (MESSAGES, EXAMPLES, SAMPLES)
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    return [path for path in found if path.suffix in (".xml", ".json", ".ndjson")]

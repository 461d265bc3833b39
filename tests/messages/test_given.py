"""What a message can be given as: a path, bytes, a binary stream, decoded resources; a text is a path."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from rstage import messages
from tests.support.fhir_messages import SAID, good
from tests.support.paths import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE = MESSAGES / "mcode.json"
RESOURCES = [json.loads(line) for line in (MESSAGES / "mcode.ndjson").read_text().splitlines()[:9]]


class Reads:
    """Has no more than `read`."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size)


WAYS: dict[str, Callable[[], Any]] = {
    "a path as text": lambda: str(FILE),
    "a path": lambda: FILE,
    "bytes": FILE.read_bytes,
    "a bytearray": lambda: bytearray(FILE.read_bytes()),
    "compressed bytes": lambda: gzip.compress(FILE.read_bytes()),
    "a stream": lambda: io.BytesIO(FILE.read_bytes()),
    "what reads and no more": lambda: Reads(FILE.read_bytes()),
    "a decoded bundle": lambda: good("mcode.json"),
    "decoded bundles": lambda: [good("mcode.json")],
    "decoded resources": lambda: iter(RESOURCES),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_gives_the_same(way: str) -> None:
    (found,) = messages.histories(WAYS[way]())
    assert str(found.history) == SAID["mcode.json"]
    (record,) = messages.read(WAYS[way]())
    assert len(record.tumors) == 1


def test_what_is_given_is_written_and_verified(tmp_path: Path) -> None:
    out = tmp_path / "out"
    messages.write(FILE.read_bytes(), out)
    assert not messages.verify(out, io.BytesIO(FILE.read_bytes()))
    assert not messages.verify(out.read_bytes(), FILE)
    lines = tmp_path / "lines"
    messages.write(iter(RESOURCES), lines)
    assert not messages.verify(lines, RESOURCES)
    (found,) = messages.histories([json.loads(line) for line in lines.read_text().splitlines()])
    assert str(found.history) == SAID["mcode.json"]


def test_a_stream_stays_open(tmp_path: Path) -> None:
    with FILE.open("rb") as stream:
        messages.write(stream, tmp_path / "out")
        assert not stream.closed


def test_bytes_are_of_every_format() -> None:
    for name in ("obds.xml", "naaccr.xml"):
        path = MESSAGES / name
        assert [one.history for one in messages.histories(path.read_bytes())] == [
            one.history for one in messages.histories(path)
        ]


TEXTS = [
    FILE.read_text(),
    json.dumps({"resourceType": "Patient", "name": "Secret"}),
    "<oBDS>Secret</oBDS>",
    "Secret\n" * 3,
    "S" * 10_000,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("call", [messages.read, messages.histories])
def test_a_text_for_a_path_is_refused_and_not_repeated(call: Callable[[Any], Any], text: str) -> None:
    with pytest.raises(TypeError, match="give it as bytes") as caught:
        call(text)
    assert "Secret" not in str(caught.value)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("wrong", [None, 1, io.StringIO("x"), ["x"], [1]])
def test_anything_else_is_a_type_error(wrong: Any) -> None:
    with pytest.raises(TypeError):
        list(messages.histories(wrong, input_format="fhir"))


def test_a_path_may_begin_like_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "{x}.json").write_bytes(FILE.read_bytes())
    assert len(list(messages.read("{x}.json"))) == 1

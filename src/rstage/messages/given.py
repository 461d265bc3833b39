"""What a caller gives as a message: a path, bytes, a binary stream, or resources that are decoded already."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from rstage.messages.source import stream_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    Message = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | Iterable[Mapping[str, Any]]

_LONGEST_PATH = 4096
_BEGINS_TEXT = ("{", "[", "<")


class Given(NamedTuple):
    """A message that is given: what it is called in findings, and its bytes; None where it is a file."""

    name: str
    stream: BinaryIO | None = None


def given(argument: str, message: Message) -> Given:
    """Return what a caller gives as a message.

    Args:
        argument: what the argument is called.
        message: the message. Decoded resources are read as the lines of a file, a mapping as the only one.

    Raises:
        TypeError: it is none of these; a text is a path and never the message itself.
    """
    if isinstance(message, (str, os.PathLike)):
        return Given(_path(argument, os.fspath(message)))
    if isinstance(message, (bytes, bytearray, memoryview)):
        return Given("<bytes>", io.BytesIO(message))
    if callable(getattr(message, "read", None)):
        return Given("<stream>", _checked(argument, message))
    if isinstance(message, Mapping):
        return Given("<resources>", stream_of(_lines(argument, [message])))
    if isinstance(message, Iterable):
        return Given("<resources>", stream_of(_lines(argument, message)))
    raise TypeError(_wanted(argument, type(message).__name__))


def _path(argument: str, path: object) -> str:
    if not isinstance(path, str):
        raise TypeError(f"{argument} is a path as text, not one in {type(path).__name__}")
    if "\n" in path or len(path) > _LONGEST_PATH or path.lstrip().startswith(_BEGINS_TEXT):
        try:
            is_file = Path(path).exists()
        except (OSError, ValueError):  # too long, or with a character that no name has
            is_file = False
        if not is_file:
            # The text is not repeated: it may be all that is known of a patient.
            raise TypeError(f"{argument} looks like a message and not like a path: give it as bytes")
    return path


def _checked(argument: str, stream: object) -> BinaryIO:
    if isinstance(stream, io.TextIOBase):
        raise TypeError(f"{argument} is a stream of text: open it in binary mode")
    return cast("BinaryIO", stream)


def _wanted(argument: str, kind: str) -> str:
    return f"{argument} is a path, bytes, a binary stream or decoded resources, not {kind}"


def _lines(argument: str, resources: Iterable[object]) -> Iterator[bytes]:
    """Yield decoded resources as the lines of a file."""
    for one in resources:
        if not isinstance(one, Mapping):
            raise TypeError(f"{argument} holds resources as mappings, not {type(one).__name__}")
        yield json.dumps(one, default=dict, separators=(",", ":")).encode() + b"\n"

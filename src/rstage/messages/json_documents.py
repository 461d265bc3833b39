"""One JSON document: decoded, checked, and as slim as its format allows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from rstage import rules
from rstage.files.errors import TableError
from rstage.messages.source import DEEPEST, LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from rstage.diagnostics import Rule
    from rstage.messages.json_values import JsonObject


REPEATED: Final = "\0repeated"
"""The key of an object that holds the name of the key that stands in it twice: JSON keeps the last one."""

BOM = b"\xef\xbb\xbf"
_MARK = "\ufeff"
_OTHER_BYTES = bytes(set(range(256)) - set(b'{}[]"'))
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_UNFINISHED = "Unterminated string"
_SPACE = re.compile(r"[ \t\r\n]*")


class Document(NamedTuple):
    """One JSON object of a file.

    Attributes:
        data: the object.
        start, end: where it stands in the bytes of its record, blanks around it left aside.
        line: the line of the file that it begins in, from 1.
        has_repeated: whether a key stands in an object of it twice.
    """

    data: JsonObject
    start: int
    end: int
    line: int
    has_repeated: bool

    def __repr__(self) -> str:
        """Return where it stands; the object holds what is said of a patient."""
        return f"Document({self.start}, {self.end}, line {self.line})"


def document_of(line: bytes, data: JsonObject, start: int, number: int, *, has_repeated: bool) -> Document:
    """Return the document in some bytes, which begin in the line of this number, and here in their record."""
    first = line.index(b"{")
    row = number + line.count(b"\n", 0, first) if first else number
    return Document(data, start + first, start + len(line.rstrip()), row, has_repeated)


class Slim(NamedTuple):
    """What a format keeps of a document, so that most of what is of no use to it is let go early.

    Attributes:
        items: the name of the member of a document that is a list of items.
        document: returns what is kept of a document, given as what it holds and as its text; None where all
            of it is needed.
        item: returns the same of one item.
    """

    items: str
    document: Callable[[JsonObject, str], JsonObject | None]
    item: Callable[[JsonObject, str], JsonObject | None]


class Decoder:
    """Reads one document, and refuses what is no JSON or would cost too much."""

    def __init__(self, file: str, slim: Slim | None = None) -> None:
        self._file = file
        self._slim = slim
        self._has_repeated = False

        def made_object(pairs: list[tuple[str, Any]]) -> JsonObject:
            made = dict(pairs)
            if len(made) != len(pairs):
                made[REPEATED] = _repeated([name for name, _ in pairs])
                self._has_repeated = True
            return made

        def no_constant(_name: str) -> None:
            raise ValueError("a number that JSON does not have")

        marking = json.JSONDecoder(object_pairs_hook=made_object, parse_constant=no_constant)
        self._decode, self._scan = marking.decode, marking.raw_decode
        # Marks no key that stands twice: what is kept of a document without marks says nothing that counts.
        plain = json.JSONDecoder(parse_constant=no_constant)
        self._decode_plain, self._scan_plain = plain.decode, plain.raw_decode

    def is_unfinished(self, line: bytes) -> bool:
        """Return whether a document begins on this line and does not end on it."""
        brackets = _brackets(line)
        opened = brackets.count(b"{") + brackets.count(b"[")
        if opened == brackets.count(b"}") + brackets.count(b"]"):
            return False
        text = line.removeprefix(BOM).decode("utf-8", "replace").rstrip()
        try:
            json.JSONDecoder().raw_decode(text.lstrip())
        except json.JSONDecodeError as error:
            return error.pos >= len(text.lstrip()) and not error.msg.startswith(_UNFINISHED)
        except (ValueError, RecursionError):
            return False
        return False

    def document(
        self, data: bytes, line: int, owner: Callable[[JsonObject], str | None]
    ) -> tuple[JsonObject | None, str | None, bool]:
        """Return what is kept of the document that some bytes hold, whose it is, and if a key repeats.

        Where all of it is needed, that is None: `whole` returns it once its record is made, so that what is
        held until then is little more than the bytes.

        Args:
            data: the bytes.
            line: the line that they begin in.
            owner: says whose a document is.

        Raises:
            TableError: there is none, or it is refused.
        """
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            row = line + data.count(b"\n", 0, error.start)
            raise TableError(rules.FILE_ENCODING.at(file=self._file, encoding="UTF-8", row=row)) from None
        text = text.removeprefix(_MARK)
        is_small = self._is_small(data, line)
        self._has_repeated = False
        try:
            is_plain = "\\" not in text or _LONE_SURROGATE.search(text) is None
            value, whose = self._kept(text, owner, self._slim if is_plain else None, is_small=is_small)
        except json.JSONDecodeError as error:
            raise self._broken(error.msg.lower(), line + error.lineno - 1, error.colno) from None
        except RecursionError:
            self.refuse(rules.NESTED_TOO_DEEP, line)
        except _NoObjectError:
            raise self._broken("this is no resource", line, 1) from None
        except ValueError:
            raise self._broken("a number that cannot be read", line, 1) from None
        if not is_plain:
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                raise self._broken("half of a character", line, 1) from None
        return value, whose, self._has_repeated

    def whole(self, data: bytes) -> tuple[JsonObject, bool]:
        """Return all of a document that `document` let pass, and whether a key stands twice in it."""
        self._has_repeated = False
        return self._checked(self._decode(data.decode().removeprefix(_MARK))), self._has_repeated

    def _kept(
        self, text: str, owner: Callable[[JsonObject], str | None], slim: Slim | None, *, is_small: bool
    ) -> tuple[JsonObject | None, str | None]:
        """Return what is kept of a document, or None where that is all of it; and whose it is."""
        if slim is None:
            value = self._checked(self._decode(text))
            return value, owner(value)
        if not is_small and f'"{slim.items}"' in text:
            # Where it is not as it should be, decoding the whole of it says so.
            value = self._by_items(text, slim) or self._checked(self._decode(text))
            return value, owner(value)
        value = self._checked(self._plain(text))
        return slim.document(value, text), owner(value)

    def _checked(self, value: object) -> JsonObject:
        if type(value) is not dict:
            raise _NoObjectError
        return value

    def _plain(self, text: str) -> object:
        """Return what a document holds, without a mark where a key stands twice."""
        if text.startswith("{"):
            value, end = self._scan_plain(text)
            if not text[end:].strip(" \t\r\n"):
                return value
        return self._decode_plain(text)

    def _by_items(self, text: str, slim: Slim) -> JsonObject | None:
        """Return a document whose items are decoded one by one: memory holds what is kept of them."""
        made: JsonObject = {}
        try:
            at = _skip(text, text.index("{") + 1)
            while text[at] != "}":
                name, at = self._scan(text, at)
                at = _skip(text, at)
                if type(name) is not str or text[at] != ":":
                    return None
                at = _skip(text, at + 1)
                if name == slim.items and text[at] == "[":
                    value, at = self._items(text, at, slim)
                else:
                    value, at = self._scan(text, at)
                if name in made:
                    made.setdefault(REPEATED, name)
                    self._has_repeated = True
                made[name] = value
                at = _behind(text, at, "}")
        except (ValueError, IndexError):
            return None
        return made if _skip(text, at + 1) == len(text) else None

    def _items(self, text: str, at: int, slim: Slim) -> tuple[list[Any], int]:
        made = []
        at = _skip(text, at + 1)
        while text[at] != "]":
            value, end = self._scan(text, at)
            kept = slim.item(value, text[at:end]) if type(value) is dict else None
            made.append(value if kept is None else kept)
            at = _behind(text, end, "]")
        return made, at + 1

    def _broken(self, why: str, line: int, column: int) -> TableError:
        return TableError(rules.MESSAGE_BROKEN.at(file=self._file, line=line, column=column, why=why))

    def refuse(self, rule: Rule, line: int) -> NoReturn:
        """Raise a rule as an error."""
        raise TableError(rule.at(file=self._file, line=line))

    def _is_small(self, data: bytes, line: int) -> bool:
        """Return whether a document has few brackets; refuse what has more inside each other, or a long text.

        Nothing is built of it before.
        """
        is_small = data.count(b"{") + data.count(b"[") <= DEEPEST
        if not is_small and not _is_shallow(_brackets(data)):
            self.refuse(rules.NESTED_TOO_DEEP, line)
        if len(data) > LONGEST_TEXT and _may_hold_long_text(data):
            texts = _ESCAPE.sub(b"  ", data).split(b'"')[1::2]
            if texts and max(map(len, texts)) > LONGEST_TEXT:
                self.refuse(rules.VALUE_TOO_LONG, line)
        return is_small


class _NoObjectError(ValueError):
    """A document is no JSON object."""


def _repeated(names: list[str]) -> str:
    """Return the first name that stands twice."""
    return next(name for place, name in enumerate(names) if name in names[:place])


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _behind(text: str, at: int, end: str) -> int:
    """Return where the next member begins behind the one that ends here, or where the bracket stands.

    Raises:
        ValueError: there is neither.
    """
    at = _skip(text, at)
    if text[at] == end:
        return at
    if text[at] != ",":
        raise ValueError("no comma")
    at = _skip(text, at + 1)
    if text[at] == end:
        raise ValueError("nothing behind the comma")
    return at


def _brackets(data: bytes) -> bytes:
    """Return the brackets of a document that stand in no text."""
    plain = _ESCAPE.sub(b"", data) if b"\\" in data else data
    # Quotes that stand together hold no bracket, and without them the others still alternate.
    found = plain.translate(None, _OTHER_BYTES).replace(b'""', b"")
    return b"".join(found.split(b'"')[::2]) if b'"' in found else found


def _may_hold_long_text(data: bytes) -> bool:
    """Return whether there is room for a text that is too long: a half of one that has no quote in it.

    A quote behind a backslash ends no text, so they are blanked before.
    """
    half = LONGEST_TEXT // 2
    blanked = _ESCAPE.sub(b"  ", data) if b"\\" in data else data
    return any(blanked.find(b'"', at, at + half) < 0 for at in range(0, len(blanked), half))


def _is_shallow(brackets: bytes) -> bool:
    """Return whether brackets are nested no deeper than allowed; that they fit is not asked."""
    for _ in range(DEEPEST):
        if not brackets:
            return True
        inner = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(inner) == len(brackets):
            return True
        brackets = inner
    return not brackets

"""Restagings as items of a user dictionary, put into the tumors of NAACCR XML, and that dictionary.

No item of the standard holds a stage of recurrence. A registry can define items of its own: the message names
their dictionary in its root, and each has a name, a number, a length and the element that it stands in.
Source: NAACCR XML data exchange standard, user-defined dictionaries (naaccr.org).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from rstage import rules
from rstage.diagnostics import Severity
from rstage.files.errors import TableError
from rstage.messages.message import Addition, MessageFinding
from rstage.restaging.recurrence import types_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rstage.messages.message import Record, TumorHistory
    from rstage.restaging.restage import Restaging

LONGEST_PREFIX = 12
MOST_RESTAGINGS = 3
"""Restagings of one tumor that have items; an item stands once in a tumor."""

_PREFIX = re.compile(rf"[a-z][A-Za-z0-9]{{0,{LONGEST_PREFIX - 1}}}", re.ASCII)
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)NaaccrData\b[^>]*?(/?)>", re.ASCII | re.DOTALL)
_USER_DICTIONARY = re.compile(rb"""\buserDictionaryUri\s*=\s*(["'])(.*?)\1""", re.DOTALL)
_VERSION = re.compile(rb"naaccr-dictionary-(\d{3})\.xml", re.ASCII)
_SPECIFICATION = re.compile(rb"""\bspecificationVersion\s*=\s*["'](\d\.\d)["']""", re.ASCII)
_TUMOR_NUMBER = re.compile(r"/(?:\w+:)?Tumor(?:\[(\d+)\])?$", re.ASCII)
# The first number of the items; those of users go up to 99999.
_FIRST_NUMBER = 98_700


class _ItemKind(NamedTuple):
    """An item of a restaging: the end of its name, what it is called, and its length."""

    suffix: str
    label: str
    length: int


_KINDS = (
    _ItemKind("Restaged", "Restaged stage", 250),
    _ItemKind("RestagedT", "Restaged T", 30),
    _ItemKind("RestagedN", "Restaged N", 40),
    _ItemKind("RestagedM", "Restaged M", 120),
    _ItemKind("RestagedStageGroup", "Restaged stage group", 40),
    _ItemKind("RestagedDate", "Date of restaging", 10),
    _ItemKind("RecurrenceType", "Type of recurrence", 25),
    _ItemKind("RestagingLink", "Link to the diagnosis", 67),
)
_LINK = _KINDS[-1]


def check_items_prefix(prefix: str) -> str:
    """Return what the names of the items begin with.

    Raises:
        TableError: RS012, no name of an item can begin with it.
    """
    if _PREFIX.fullmatch(prefix):
        return prefix
    why = f"a name begins with a small letter, then letters and digits, {LONGEST_PREFIX} at most"
    raise TableError(rules.OPTION_UNUSABLE.at(option="--naaccr-items", why=why))


class ItemWriter:
    """Says what is put where into a message, so that its restagings stand in it.

    Args:
        prefix: what the names of the items begin with.
        head: the first bytes of the message, with its root.

    Raises:
        TableError: RS012, the message has no place for items: it is in UTF-16.
    """

    def __init__(self, prefix: str, head: bytes) -> None:
        self._prefix = check_items_prefix(prefix)
        root = _ROOT.search(head)
        if root is None:
            why = "the root of the message is not in its first 64 KB, or it is in UTF-16"
            raise TableError(rules.OPTION_UNUSABLE.at(option="--naaccr-items", why=why))
        self._root = root
        self._space = root[1].decode()
        self.uri = f"urn:rstage:naaccr-items:{prefix}"

    def root_addition(self) -> Addition | None:
        """Return what names the dictionary in the root; None where it does already."""
        uri, tag = self.uri.encode(), self._root[0]
        given = _USER_DICTIONARY.search(tag)
        if given is None:
            at = self._root.end() - 1 - len(self._root[2])
            return Addition(at, b' userDictionaryUri="' + uri + b'"')
        if uri in given[2].split():
            return None
        return Addition(self._root.start() + given.end(2), b" " + uri)

    def additions(
        self, record: Record, histories: Sequence[TumorHistory]
    ) -> tuple[list[Addition], list[MessageFinding]]:
        """Return what is put into the tumors of a patient, and what has no item there."""
        if not any(one.new_count for one in histories):
            return [], []
        ends = list(_tumor_ends(record.raw))
        made, findings = [], []
        for one in histories:
            number = _TUMOR_NUMBER.search(one.tumor.place.path)
            place = int(number[1] or 1) - 1 if number else len(ends)
            new = one.history.restagings[one.prior_count :] if one.history is not None else ()
            if len(new) > MOST_RESTAGINGS or (new and place >= len(ends)):
                what = f"more than {MOST_RESTAGINGS} restagings of a tumor"
                found = rules.NOT_HELD.at(dialect="naaccr", what=what, severity=Severity.WARNING)
                findings.append(MessageFinding(found, one.tumor.place))
            for count, restaging in enumerate(new[:MOST_RESTAGINGS] if place < len(ends) else (), start=1):
                start, end = ends[place]
                tumor = record.raw[start:end]
                data = b"".join(self._items(restaging, count, tumor))
                made += [Addition(end, data)] if data else []
                if self._has_other_link(restaging, count, tumor):
                    what = "the link: another one stands there, which was made with another key or without"
                    found = rules.NOT_HELD.at(dialect="naaccr", what=what, severity=Severity.WARNING)
                    findings.append(MessageFinding(found, one.tumor.place))
        return made, findings

    def _items(self, restaging: Restaging, count: int, tumor: bytes) -> Iterator[bytes]:
        """Yield the items of a restaging that do not stand in their tumor yet, as they would be written."""
        stage = restaging.restaged
        group = stage.group
        values = (
            str(stage),
            *(str(one) if one is not None else "" for one in (stage.t, stage.n, stage.m)),
            str(group) if group is not None else "",
            (restaging.assessment.date or "").replace("-", ""),
            types_text(restaging.recurrence),
            str(restaging.link),
        )
        for kind, value in zip(_KINDS, values, strict=True):
            item = f"{self._opened(kind, count)}{escape(value)}</{self._space}Item>".encode()
            is_there = item in tumor or (kind is _LINK and self._has_other_link(restaging, count, tumor))
            if value and not is_there:
                yield item

    def _has_other_link(self, restaging: Restaging, count: int, tumor: bytes) -> bool:
        """Return whether a tumor has another link of a restaging, which is the same one where its text is.

        An item stands once in a tumor, so that a second link has no place.
        """
        opened, stage = self._opened(_LINK, count).encode(), escape(str(restaging.restaged))
        restaged = f"{self._opened(_KINDS[0], count)}{stage}</{self._space}Item>"
        is_other = opened in tumor and opened + str(restaging.link).encode() not in tumor
        return is_other and restaged.encode() in tumor

    def _opened(self, kind: _ItemKind, count: int) -> str:
        return f'<{self._space}Item naaccrId="{_name(self._prefix, kind, count)}">'

    def dictionary(self) -> bytes:
        """Return the dictionary of the items."""
        version, specification = _VERSION.search(self._root[0]), _SPECIFICATION.search(self._root[0])
        items = "".join(
            f'    <ItemDef naaccrId="{_name(self._prefix, kind, count)}" naaccrNum="{number}"'
            f' naaccrName="{_label(self._prefix, kind, count)}" length="{kind.length}"'
            ' recordTypes="A,M,C,I" parentXmlElement="Tumor"/>\n'
            for number, (count, kind) in enumerate(
                ((count, kind) for count in range(1, MOST_RESTAGINGS + 1) for kind in _KINDS),
                start=_FIRST_NUMBER,
            )
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<NaaccrDictionary dictionaryUri="{self.uri}"'
            f' naaccrVersion="{version[1].decode() if version else "250"}"'
            f' specificationVersion="{specification[1].decode() if specification else "1.7"}"'
            ' description="Restagings, and their links to the diagnosis"'
            ' xmlns="http://naaccr.org/naaccrxml">\n'
            f"  <ItemDefs>\n{items}  </ItemDefs>\n</NaaccrDictionary>\n"
        ).encode()


def _name(prefix: str, kind: _ItemKind, count: int) -> str:
    return f"{prefix}{kind.suffix}{count if count > 1 else ''}"


def _label(prefix: str, kind: _ItemKind, count: int) -> str:
    return f"{kind.label}{f' {count}' if count > 1 else ''} ({prefix})"


def _tumor_ends(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each tumor of a patient begins and where its end tag does."""
    parser, path, found = expat.ParserCreate(), list[str](), list[tuple[int, int]]()
    starts: list[int] = []

    def begin(name: str, _attributes: dict[str, str]) -> None:
        path.append(name.rpartition(":")[2])
        if path == ["Patient", "Tumor"]:
            starts.append(parser.CurrentByteIndex)

    def end(_name: str) -> None:
        if path == ["Patient", "Tumor"]:
            found.append((starts.pop(), parser.CurrentByteIndex))
        path.pop()

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(raw)
    yield from found

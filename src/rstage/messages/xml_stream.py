"""XML records, streamed: the elements that a format reads, each with its place, and the bytes they stand in.

Everything else in the file is passed over by expat and costs very little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from rstage import rules
from rstage.files.errors import TableError
from rstage.messages.source import CHUNK, DEEPEST, LONGEST_RECORD, LONGEST_TEXT
from rstage.messages.xml_names import MOST_NAMES, Asked, How, Kept, how_read
from rstage.messages.xml_nodes import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rstage.diagnostics import Rule
    from rstage.messages.source import Source

    _Open = tuple[Node, list[str] | None, int]

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]", re.ASCII)
# Items before the records; a file has a handful.
_MOST_BEFORE = 1_000
_CODECS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlRecord:
    """One record: its element, its bytes, and the items that stand before all records.

    Attributes:
        number: from 1. node: the element. raw: its bytes. root: the element around the records, with those of
            its leaves that came before this record. start: where its bytes begin in the file.
    """

    number: int
    node: Node
    raw: bytes = field(repr=False)
    root: Node
    start: int = 0


def root_name(head: bytes) -> str:
    """Return the local name of the root element of a file that begins like this; empty where it is no XML."""
    if head[:2] in _CODECS:
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        return ""
    # Comments and instructions before the root could hold anything that looks like one.
    head = re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", head, flags=re.DOTALL)
    found = _ROOT.search(head)
    return found[2].decode() if found else ""


def xml_records(source: Source, kept: Kept) -> Iterator[XmlRecord]:
    """Yield the records of an XML file as they end, so that memory holds few at a time.

    Each is yielded when the next one has ended, or the file: what stands behind the last one is in its root.

    Raises:
        TableError: RS016, the file is not well-formed from some place on (the records before it are yielded
            first); RS903 to RS907, it is refused; RS001, it cannot be read.
    """
    reader = _Reader(source, kept)
    held: list[XmlRecord] = []
    for chunk in source.chunks():
        reader.feed(chunk)
        held += reader.take()
        yield from held[:-1]
        del held[:-1]
        if reader.error is not None:
            break
    else:
        reader.finish()
    yield from held
    if reader.error is not None:
        raise reader.error


class _Reader:
    """Feeds expat and keeps what a format reads.

    An element that is kept is a node; `_open` holds those that have not ended.
    """

    def __init__(self, source: Source, kept: Kept) -> None:
        self._file = source.file
        self._kept = kept
        self._codec = _CODECS.get(source.head[:2], "utf-8")
        self._window = bytearray()
        self._window_start = 0
        self._gap = 0
        # The names of the open elements, by how deep they stand; the root stands at 1.
        self._path = [""] * (DEEPEST + 1)
        # What is kept and has not ended: the node, the pieces of its text, how deep it stands.
        self._open: list[_Open] = []
        self._whole_depth = 0
        self._prefix = ""
        self._root: Node | None = None
        self._passed: set[str] = set()
        self._record: Node | None = None
        self._record_start = 0
        self._count = 0
        self._done: list[XmlRecord] = []
        self.error: TableError | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True  # a list of names and values costs less than a dictionary
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.EntityDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._begin_root

    def take(self) -> list[XmlRecord]:
        """Return the records that ended since the last call."""
        done, self._done = self._done, []
        return done

    def feed(self, chunk: bytes) -> None:
        """Read on; what goes wrong is kept in `error`, because records may have ended before it."""
        self._window += chunk
        self._parse(chunk, is_last=False)
        if self.error is None:
            self._check_gap(chunk)
            self._forget_bytes()

    def finish(self) -> None:
        """Let expat end the file; one without any record is no message."""
        self._parse(b"", is_last=True)
        is_empty = self._kept.may_be_empty and self._root is not None and not self._root.children
        if self.error is None and not self._count and not is_empty:
            line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
            self._break(f"there is no {self._kept.record} in it", line, column)

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except TableError as error:
            self.error = error
        except expat.ExpatError as error:
            why = (expat.ErrorString(error.code) or "not well-formed").lower()
            self._break(why, error.lineno, error.offset + 1)
        except (LookupError, ValueError):
            self._break("its encoding is not known", 1, 1)

    def _break(self, why: str, line: int, column: int) -> None:
        self.error = TableError(rules.MESSAGE_BROKEN.at(file=self._file, line=line, column=column, why=why))

    def _refuse(self, rule: Rule) -> NoReturn:
        raise TableError(rule.at(file=self._file, line=self._parser.CurrentLineNumber))

    def _refuse_doctype(self, *_: object) -> NoReturn:
        self._refuse(rules.DOCTYPE_REFUSED)

    def _check_gap(self, chunk: bytes) -> None:
        """Refuse a text, an attribute or a comment that is too long: no tag begins inside one."""
        first = chunk.find(b"<")
        longest = self._gap + (first if first >= 0 else len(chunk))
        self._gap = len(chunk) - chunk.rfind(b"<") - 1 if first >= 0 else longest
        try:
            if longest > LONGEST_TEXT:
                self._refuse(rules.VALUE_TOO_LONG)
            if len(self._window) > LONGEST_RECORD:
                self._refuse(rules.RECORD_TOO_LONG)
        except TableError as error:
            self.error = error

    def _forget_bytes(self) -> None:
        """Drop the bytes before the open record, or before a tag that is not complete yet."""
        if self._record is not None:
            useless = self._record_start - self._window_start
        else:
            useless = min(self._window.rfind(b"<"), len(self._window) - CHUNK)
        if useless > 0:
            del self._window[:useless]
            self._window_start += useless

    def _begin_root(self, name: str, attributes: list[str]) -> None:
        """Keep the root whatever it is called; its prefix is that of every element."""
        prefix, colon, _ = name.rpartition(":")
        self._prefix = prefix + colon
        self._path[1] = name
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        self._root = root = Node(name.removeprefix(self._prefix), tuple(attributes), None, line, column)
        self._open = [(root, None, 0), (root, None, 1)]  # the first for what stands around the root
        if root.name == self._kept.record:
            self._begin_record(root)
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._handlers()

    def _handlers(self) -> tuple[Callable[[str, list[str]], None], Callable[[str], None]]:
        """Return the handlers of elements. Every tag calls them: what they use has local names.

        Most tags are of items that are passed over: what is known of their attributes decides first.
        """
        path, passed, labels = self._path, self._passed, Asked(self._label)
        how = Asked(lambda name: how_read(self._kept, name.removeprefix(self._prefix)))
        item = self._prefix + self._kept.items[0] if self._kept.items else ""
        depth = node_depth = 1

        def start(name: str, attributes: list[str]) -> None:
            nonlocal depth, node_depth
            depth += 1
            try:
                path[depth] = name
            except IndexError:
                self._refuse(rules.NESTED_TOO_DEEP)
            if name == item:
                if attributes[1] in passed if len(attributes) == 2 else passed.issuperset(attributes[1::2]):
                    return
                label, given = labels[tuple(attributes)]
                if not label:
                    self._pass_over(attributes)
                    return
                self._begin_node(name, given, depth, has_text=True).label = label
            elif not self._begin_element(name, tuple(attributes), depth, how):
                return
            node_depth = depth

        def end(_name: str) -> None:
            nonlocal depth, node_depth
            if depth == node_depth:
                node_depth = self._end_node()
            depth -= 1

        return start, end

    def _begin_element(self, name: str, attributes: tuple[str, ...], depth: int, how: Asked) -> bool:
        """Keep an element where its name says so, or the element that it stands in; return whether."""
        if self._whole_depth:
            self._begin_node(name, attributes, depth, has_text=True)
            return True
        found = how[name]
        if found is None:
            return False
        self._begin_node(name, attributes, depth, has_text=found is not How.BRANCH)
        if found is How.WHOLE:
            self._whole_depth = depth
        return True

    def _pass_over(self, attributes: list[str]) -> None:
        """Note the attributes of an item that is not read.

        A value that says under another name that an item is read does not pass that one over.
        """
        if len(self._passed) < MOST_NAMES:
            _, _, values = self._kept.items or ("", (), ())
            self._passed.update(one for one in attributes[1::2] if one not in values)

    def _label(self, attributes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Return what an item is called by the attribute that says that it is read; blank where none does.

        With it come its attributes, so that equal items share them.
        """
        _, id_names, values = self._kept.items or ("", (), ())
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        known = next((one for one in id_names if given.get(one, "") in values), "")
        return (f"[@{known}='{given[known]}']" if known else ""), attributes

    def _begin_node(self, name: str, attributes: tuple[str, ...], depth: int, *, has_text: bool) -> Node:
        parser, prefix = self._parser, self._prefix
        parent, _, node_depth = self._open[-1]
        local = name.removeprefix(prefix) if prefix else name
        node = Node(local, attributes, parent, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        if depth > node_depth + 1:
            node.names = tuple([one.removeprefix(prefix) for one in self._path[node_depth + 1 : depth]])
        if self._record is not None:
            parent.children.append(node)
        elif local == self._kept.record:
            self._begin_record(node)
        elif len(parent.children) < _MOST_BEFORE:
            parent.children.append(node)
        texts: list[str] | None = [] if has_text else None
        self._open.append((node, texts, depth))
        parser.CharacterDataHandler = None if texts is None else texts.append
        return node

    def _end_node(self) -> int:
        """End the innermost node, and return how deep the one around it stands."""
        node, texts, depth = self._open.pop()
        _, outer_texts, outer_depth = self._open[-1]
        if texts is not None:
            node.text = text = "".join(texts)
            if len(text) > LONGEST_TEXT:
                self._refuse(rules.VALUE_TOO_LONG)
        self._parser.CharacterDataHandler = None if outer_texts is None else outer_texts.append
        if depth == self._whole_depth:
            self._whole_depth = 0
        if node is self._record:
            self._end_record(node)
        return outer_depth

    def _begin_record(self, node: Node) -> None:
        self._record, self._record_start = node, self._parser.CurrentByteIndex
        self._count += 1
        node.label = f"[{self._count}]" if self._count > 1 else ""

    def _end_record(self, node: Node) -> None:
        root = self._root if self._root is not None else node
        start = self._record_start - self._window_start
        end = self._parser.CurrentByteIndex - self._window_start
        end_tag = f"</{self._prefix}{node.name}".encode(self._codec)
        # Behind an empty element, `<Patient/>`, expat is at its end already.
        if self._window.startswith(end_tag, end):
            bracket = ">".encode(self._codec)
            end = self._window.find(bracket, end) + len(bracket)
        with memoryview(self._window) as window:
            raw = bytes(window[start:end])
        self._done.append(
            XmlRecord(number=self._count, node=node, raw=raw, root=root, start=self._record_start)
        )
        self._record = None

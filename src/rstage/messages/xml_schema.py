"""Whether an XML message follows its schema, on request; needs lxml, the extra `xml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.files.errors import TableError
from rstage.files.inputs import STDIN
from rstage.messages.message import MessageFinding
from rstage.messages.place import Place
from rstage.messages.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree


def violations(file: str, schema: str) -> Iterator[MessageFinding]:
    """Yield where a message does not follow a schema: the element and the kind of violation, and no value.

    The whole message is held in memory, unlike everywhere else.

    Args:
        file: the message.
        schema: an XML Schema (XSD).

    Raises:
        TableError: RS001, a file cannot be read; RS012, the schema is none; RS016, the message is no XML;
            RS019, lxml is not installed.
    """
    try:
        from lxml import etree
    except ImportError:
        raise TableError(rules.EXTRA_MISSING.at(what="--schema", extra="xml")) from None
    if file == STDIN:
        raise TableError(rules.OPTION_UNUSABLE.at(option="--schema", why="standard input is read only once"))
    # Only the two files are read: no entity, no network.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        validator = etree.XMLSchema(etree.fromstring(_bytes(schema), parser, base_url=schema))
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError):
        raise TableError(rules.OPTION_UNUSABLE.at(option="--schema", why="it is no XML Schema")) from None
    try:
        message = etree.fromstring(_bytes(file), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        why = "not well-formed"
        raise TableError(rules.MESSAGE_BROKEN.at(file=file, line=line, column=column, why=why)) from None
    validator.validate(message)
    for entry in list(validator.error_log):  # type: ignore[call-overload]  # the stubs do not know that
        element = _name_at(message, entry.path)
        kind = entry.type_name.removeprefix("SCHEMAV_").replace("_", " ").lower()
        found = rules.SCHEMA_VIOLATED.at(element=element, kind=kind)
        yield MessageFinding(found, Place(0, element, entry.line, max(entry.column, 1)))


def _name_at(message: etree._Element, path: str) -> str:
    """Return the local name of the element at a path of positions."""
    return str(message.getroottree().xpath(f"local-name({path})"))


def _bytes(file: str) -> bytes:
    with Source(file) as source:
        return b"".join(source.chunks())

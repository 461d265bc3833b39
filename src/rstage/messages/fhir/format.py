"""FHIR R4: bundles and NDJSON of mCODE, MII Onkologie, and Observations with the categories as components."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from rstage.messages.fhir.reading import read_record
from rstage.messages.fhir.record import owner
from rstage.messages.fhir.writing import additions, taken_out
from rstage.messages.json_records import json_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rstage.messages.message import Addition, MessageFinding, Record, TumorHistory
    from rstage.messages.source import Source
    from rstage.restaging.link_key import LinkKey

_HEAD = re.compile(rb"\s*\{")
_KEY = b'"resourceType"'


@dataclass(frozen=True, slots=True)
class FhirFormat:
    """Reads FHIR R4 and writes restagings as further Observations.

    Attributes:
        key: proves the links of Observations that were written before.
    """

    key: LinkKey | None = None

    name: ClassVar[str] = "fhir"
    roots: ClassVar[Sequence[str]] = ()
    holds_additions: ClassVar[bool] = True

    def with_key(self, key: LinkKey | None) -> FhirFormat:
        """Return the format as it reads and writes links that are made with a key."""
        return replace(self, key=key)

    def recognizes(self, head: bytes) -> bool:
        """Return whether a file begins as a JSON object that names a resource type."""
        return bool(_HEAD.match(head.removeprefix(b"\xef\xbb\xbf"))) and _KEY in head

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Return the records of a file, one after the other: a bundle, or the lines of one patient.

        Raises:
            TableError: the file breaks off, is not well-formed, or is refused; good records come before.
        """
        return (read_record(one, reading, self.key) for one in json_records(source, owner))

    def additions(
        self, record: Record, histories: Sequence[TumorHistory]
    ) -> tuple[Sequence[Addition], Sequence[MessageFinding]]:
        """Return the Observations for the restagings that a record does not hold, and what is left out."""
        return additions(record, histories)

    def taken_out(self, record: Record, original: Record) -> bytes:
        """Return the bytes of a record without the Observations that were added to the original one."""
        return taken_out(record, original)


FORMAT = FhirFormat()

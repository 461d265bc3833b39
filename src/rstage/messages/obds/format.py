"""Which messages of the German registries there are, and their patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage.messages.message import Record, WithSidecar
from rstage.messages.obds import elements
from rstage.messages.obds.reports import PatientReader
from rstage.messages.xml_names import Kept
from rstage.messages.xml_stream import root_name, xml_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rstage.messages.source import Source

_KEPT = Kept(
    record="Patient",
    branches=(elements.MASTER_DATA, *elements.CARRIERS, elements.ASSIGNMENT, *elements.REPORTS),
    leaves=(*elements.REPORT_DATES, elements.OVERALL, *elements.ASSESSED),
    whole=(*elements.BLOCKS, elements.TOPOGRAPHY, *elements.OTHER_CLASSIFICATIONS),
    doubtful=elements.may_be_of_a_staging,
)


class ObdsFormat(WithSidecar):
    """Reads oBDS, ADT/GEKID and oBDS_RKI; restagings go to a sidecar, because no element holds a link."""

    name = "obds"
    roots = ("oBDS", "ADT_GEKID", "oBDS_RKI", "OBDS_RKI")

    def recognizes(self, head: bytes) -> bool:
        """Return whether a file begins with the root of oBDS, of ADT/GEKID or of oBDS_RKI."""
        return root_name(head) in self.roots

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the patients; see `message.Format`."""
        known: set[str] = set()
        for found in xml_records(source, _KEPT):
            yield PatientReader(found, reading, known).record()


FORMAT = ObdsFormat()

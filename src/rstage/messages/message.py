"""What every message format gives: records, their tumors, and each staging with its place in the file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from rstage.privacy import shown
from rstage.reporting.placed import PlacedFinding
from rstage.restaging.linking import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.messages.place import Place
    from rstage.messages.source import Source
    from rstage.restaging.course import StatedEvent
    from rstage.restaging.history import History
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.recurrence import Types
    from rstage.restaging.staging import Staging


class MessageFinding(NamedTuple):
    """A finding in a message.

    Attributes:
        diagnostic: what was found; its span counts in `value`.
        place: where.
        value: the text that stands there; whoever prints it goes through `privacy`.
    """

    diagnostic: Diagnostic
    place: Place
    value: str = ""

    def __repr__(self) -> str:
        """Return the finding with its value as it may be shown: it can end in a log."""
        return f"MessageFinding({self.diagnostic.code}, {self.place.path!r}, {shown(self.value)!r})"

    @property
    def column(self) -> str:
        """What it is counted under: the element."""
        return self.place.element

    def at(self, file: str) -> PlacedFinding:
        """Return the finding with its file."""
        return PlacedFinding(file, self.place, self)


class FoundStaging(NamedTuple):
    """One staging of a message.

    Attributes:
        staging: the staging, or None where it cannot be read; `findings` then say why.
        place: the element that holds it.
        role: what it is to its tumor.
        event, recurrence: what the message states of the recurrence, as for `rstage.restage`.
        needs_earlier: whether it may follow a diagnosis only where that is certainly earlier, because the
            message calls it a part of the diagnosis.
        kind: `clinical` or `pathological` where the place it stands in says so, whatever its values carry.
        findings: what was found in its elements.
        handle: what the format that read it needs to write beside it.
    """

    staging: Staging | None
    place: Place
    role: Role = Role.INITIAL
    event: str = "unknown"
    recurrence: Types | None = None
    needs_earlier: bool = False
    kind: str | None = None
    findings: tuple[MessageFinding, ...] = ()
    handle: object = None

    def __repr__(self) -> str:
        return f"FoundStaging({self.staging!r}, {self.role}, {self.place.path!r})"


class Tumor(NamedTuple):
    """The stagings of one tumor in one record.

    Attributes:
        keys: what the message calls the tumor: `patient_id`, `tumor_id` and the like.
        place: the element of the tumor.
        stagings: in the order of the message.
        events: what the message states of the course of the tumor, apart from its stagings.
        diagnosed: the date of diagnosis, where the message states it.
        findings: what was found beside the stagings.
    """

    keys: Mapping[str, str]
    place: Place
    stagings: Sequence[FoundStaging]
    events: Sequence[StatedEvent] = ()
    diagnosed: str | None = None
    findings: tuple[MessageFinding, ...] = ()

    def __repr__(self) -> str:
        return f"Tumor({self.place.path!r}, {len(self.stagings)} stagings, {len(self.findings)} findings)"


class Record(NamedTuple):
    """One record of a message: what is read, reported and written as a whole.

    Attributes:
        number: from 1.
        raw: its bytes. Where a format holds additions, the bytes of all records make up the whole file.
        tumors: the tumors with at least one staging or finding.
        findings: what was found outside every tumor.
        handle: as for a staging.
    """

    number: int
    raw: bytes
    tumors: Sequence[Tumor]
    findings: tuple[MessageFinding, ...] = ()
    handle: object = None

    def __repr__(self) -> str:
        return f"Record({self.number}, {len(self.tumors)} tumors, {len(self.findings)} findings)"

    @property
    def digest(self) -> str:
        """The SHA-256 digest of the record's bytes."""
        return hashlib.sha256(self.raw).hexdigest()


class TumorHistory(NamedTuple):
    """The history that the stagings of a tumor make, and what could not become a part of it.

    Attributes:
        record, tumor: where it was read.
        history: None where no staging can be the diagnosis.
        unlinked: the stagings that are no part of the history.
        findings: every finding of the tumor, in the order of the message.
        prior_count: how many of the restagings an earlier run wrote.
    """

    record: Record
    tumor: Tumor
    history: History | None
    unlinked: Sequence[FoundStaging] = ()
    findings: tuple[MessageFinding, ...] = ()
    prior_count: int = 0

    def __repr__(self) -> str:
        left = f"{len(self.unlinked)} unlinked, {len(self.findings)} findings"
        return f"TumorHistory({self.tumor.place.path!r}, {self.history!r}, {left})"

    @property
    def found(self) -> dict[Staging, FoundStaging]:
        """The staging of the message behind each staging of the history, by the staging itself."""
        history = self.history
        if history is None:
            return {}
        # By identity: equal stagings can stand there as a diagnosis and as an assessment.
        inside = {id(one) for one in (*history.initial, *[one.assessment for one in history.restagings])}
        inside.difference_update([id(one.staging) for one in self.unlinked])
        return {
            one.staging: one
            for one in self.tumor.stagings
            if one.staging is not None and id(one.staging) in inside
        }

    @property
    def new_count(self) -> int:
        """How many restagings the message itself gives."""
        return len(self.history.restagings) - self.prior_count if self.history is not None else 0

    def to_dict(self) -> dict[str, Any]:
        """Return the history as JSON-ready values, with the keys of the tumor and what was not linked."""
        made: dict[str, Any] = {"record": self.record.number, "keys": dict(self.tumor.keys)}
        if self.history is not None:
            made |= self.history.to_dict()
        else:
            made |= {"initial": [], "diagnosis": None}
        left = [one.staging.to_dict() for one in self.unlinked if one.staging is not None]
        unread = sum(one.staging is None for one in self.unlinked)
        return made | ({"unlinked": left} if left else {}) | ({"unread": unread} if unread else {})


class Addition(NamedTuple):
    """Bytes that are put into a record; `offset` counts in the record's own bytes."""

    offset: int
    data: bytes

    def __repr__(self) -> str:
        return f"Addition({self.offset}, {len(self.data)} bytes)"


class Format(Protocol):
    """What one message format can do. A format is a module of this folder and knows no other one."""

    @property
    def name(self) -> str:
        """What `--input-format` calls it."""

    @property
    def roots(self) -> Sequence[str]:
        """The root elements of a format of XML."""

    @property
    def holds_additions(self) -> bool:
        """Whether restagings have a place in the message; else they go to a sidecar."""

    def with_key(self, key: LinkKey | None) -> Format:
        """Return the format as it reads and writes links that are made with a key."""

    def recognizes(self, head: bytes) -> bool:
        """Return whether the first bytes of a file (up to 64 KB) are those of this format."""

    def records(self, source: Source, reading: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the records of a file as they end.

        Args:
            source: the bytes.
            reading: `mode`, `edition`, `carry_method` and `assume_clinical` for `read_parts`, where given.

        Raises:
            TableError: the message breaks off, is not well-formed, or is refused; good records come before.
        """

    def additions(
        self, record: Record, histories: Sequence[TumorHistory]
    ) -> tuple[Sequence[Addition], Sequence[MessageFinding]]:
        """Return what is put into a record for its restagings, and what the format cannot hold of them.

        A format that holds no additions at all returns none.
        """

    def taken_out(self, record: Record, original: Record) -> bytes:
        """Return the bytes of a record that was written, without what was added to the original one."""


class WithSidecar:
    """What formats share that have no place for a restaging: the message stays as it is."""

    roots: Sequence[str] = ()
    holds_additions = False

    def with_key(self, key: LinkKey | None) -> Self:  # noqa: ARG002  the message holds no link
        """Return the format as it is."""
        return self

    def additions(
        self,
        record: Record,  # noqa: ARG002  a record gets no additions
        histories: Sequence[TumorHistory],  # noqa: ARG002  the same
    ) -> tuple[Sequence[Addition], Sequence[MessageFinding]]:
        """Return no additions; see `Format`."""
        return (), ()

    def taken_out(self, record: Record, original: Record) -> bytes:  # noqa: ARG002  it got no additions
        """Return the bytes of a record."""
        return record.raw

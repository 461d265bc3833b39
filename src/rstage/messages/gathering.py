"""Several messages about one tumor: the courses of a disease arrive one by one, and make one history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.arguments import check_keywords, path_text
from rstage.messages.histories import Making, tumor_history, with_site
from rstage.messages.prior import PriorHistories
from rstage.messages.recognize import needed_format
from rstage.messages.source import Source
from rstage.reading.options import SPELLING_KEYWORDS
from rstage.restaging.course import DEFAULT_WINDOW, check_window
from rstage.restaging.link_key import check_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from os import PathLike
    from typing import Unpack

    from rstage.messages.message import MessageFinding, Record, Tumor, TumorHistory
    from rstage.reading.options import SpellingOptions
    from rstage.reference.choices import MessageFormat, Policy
    from rstage.restaging.link_key import LinkKey


@dataclass(slots=True)
class _Parts:
    """What the messages hold of one tumor."""

    record: Record
    tumors: list[Tumor] = field(default_factory=list)
    file_of: dict[int, str] = field(default_factory=dict)

    def add(self, file: str, tumor: Tumor) -> None:
        """Take what one record says, and keep the file of every place in it."""
        self.tumors.append(tumor)
        places = [tumor.place, *(one.place for one in tumor.findings)]
        for staging in tumor.stagings:
            places += [staging.place, *(one.place for one in staging.findings)]
        self.file_of |= {id(place): file for place in places}

    def tumor(self) -> Tumor:
        """Return the tumor with everything that was said of it, in the order of the messages."""
        dates = [one.diagnosed for one in self.tumors if one.diagnosed is not None]
        whole = self.tumors[0]._replace(
            stagings=[staging for one in self.tumors for staging in one.stagings],
            events=[event for one in self.tumors for event in one.events],
            diagnosed=max(dates, default=None),
            findings=tuple(found for one in self.tumors for found in one.findings),
        )
        sites = {one.staging.site for one in whole.stagings if one.staging is not None} - {None}
        return with_site(whole, sites.pop() if len(sites) == 1 else None)


@dataclass(frozen=True, slots=True)
class GatheredHistory:
    """The history of one tumor, and what was found in it, each with its file."""

    history: TumorHistory
    findings: Sequence[tuple[str, MessageFinding]]


class Gatherer:
    """Puts the stagings of several messages together, tumor by tumor: first `findings`, then `histories`.

    A tumor is known by its own key and that of its patient, in one format. What has no key of a tumor stands
    alone. The stagings of all messages are held in memory, and the bytes of none.

    Args:
        files: the messages.
        input_format: as for `read`; the messages can be of different formats.
        reading: as for `read`.
        key: likewise.

    Attributes:
        record_count: how many records were read.
    """

    def __init__(
        self,
        files: Iterable[str],
        input_format: str | None,
        reading: Mapping[str, Any],
        key: LinkKey | None = None,
    ) -> None:
        self._files = list(files)
        self._format = input_format
        self._reading, self._key = reading, key
        self._tumors: dict[object, _Parts] = {}
        self.record_count = 0

    def findings(self) -> Iterator[tuple[str, MessageFinding]]:
        """Read every message, and yield what stands outside of the tumors, with its file.

        Raises:
            TableError: as for `read`, of any of the files.
        """
        for file in self._files:
            with Source(file) as source:
                form = needed_format(source, self._format, self._key)
                for record in form.records(source, self._reading):
                    self.record_count += 1
                    self._add(file, form.name, record)
                    # Here they are put together.
                    again = rules.PATIENT_AGAIN.code
                    yield from ((file, one) for one in record.findings if one.diagnostic.code != again)

    def _add(self, file: str, form: str, record: Record) -> None:
        light = record._replace(raw=b"", tumors=(), findings=())
        for tumor in record.tumors:
            keys = (form, *sorted(tumor.keys.items())) if "tumor_id" in tumor.keys else (id(tumor),)
            self._tumors.setdefault(keys, _Parts(light)).add(file, tumor)

    def histories(self, make: Making) -> Iterator[GatheredHistory]:
        """Yield the history of each tumor, in the order in which the messages name them."""
        order = {file: number for number, file in enumerate(self._files)}
        for key in list(self._tumors):
            parts = self._tumors.pop(key)
            found = tumor_history(parts.record, parts.tumor(), make)
            placed = [(parts.file_of[id(one.place)], one) for one in found.findings]
            yield GatheredHistory(found, sorted(placed, key=lambda pair: order[pair[0]]))


def gathered(
    files: Iterable[str | PathLike[str]],
    *,
    input_format: MessageFormat | None = None,
    policy: Policy = "pathological",
    diagnosis_window: int = DEFAULT_WINDOW,
    prior: str | PathLike[str] | None = None,
    key: LinkKey | None = None,
    **reading: Unpack[SpellingOptions],
) -> Iterator[TumorHistory]:
    """Yield the history of each tumor of several messages, which are put together by its keys.

    What stands outside of every tumor is not told here: `read` tells it.

    Args:
        files: the messages, in the order in which the stagings of a tumor are taken where dates do not tell.
        input_format: as for `read`.
        policy: as for `histories`.
        diagnosis_window: likewise.
        prior: likewise.
        key: likewise.
        reading: as for `read`.

    Raises:
        TableError: as for `read`, of any of the files; nothing is yielded then.
        ValueError: as for `histories`.
        TypeError: as for `read`.
    """
    check_keywords("gathered", reading, SPELLING_KEYWORDS)
    names = [path_text("files", file) for file in files]
    check_key(key)
    known = PriorHistories(path_text("prior", prior), key) if prior is not None else None
    making = Making(policy, check_window(diagnosis_window), known, key=key)
    gatherer = Gatherer(names, input_format, reading, key)
    for _ in gatherer.findings():
        pass
    return (one.history for one in gatherer.histories(making))

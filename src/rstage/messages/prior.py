"""What an earlier run wrote of the histories of tumors: the diagnosis that later messages follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.link_files import LinkFile, record_of
from rstage.restaging.history import History, verify

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from rstage.diagnostics import Diagnostic
    from rstage.messages.message import Tumor
    from rstage.restaging.link_key import LinkKey


class Prior(NamedTuple):
    """The prior history of a tumor; None where it cannot be used, and `found` says why.

    `found` also says of one that is used what its links do not prove.
    """

    history: History | None
    found: tuple[Diagnostic, ...] = ()


class PriorHistories:
    """The histories of a file that `rstage history` wrote, by their tumors; all of them are held in memory.

    Each is proven by its links before it is used. Of several of one tumor, where each goes on from the other,
    the longest counts.

    Args:
        file: the file.
        key: proves the links; a history that was linked without a key goes on all the same, and is told.

    Raises:
        TableError: RS001, RS002, RS004 or RS011; the file cannot be read, or is not what `history` writes.
    """

    def __init__(self, file: str, key: LinkKey | None = None) -> None:
        links = LinkFile(file)
        self._key = key
        self._histories: dict[str, list[History]] = {}
        for line, data in links.items():
            try:
                history = record_of(data)
            except ValueError as error:
                raise links.malformed(line, "this is no history as it was written") from error
            if isinstance(history, History) and (name := _name_of(data, history)):
                self._histories.setdefault(name, []).append(history)

    def of(self, tumor: Tumor) -> Prior | None:
        """Return the prior history of a tumor of a message; None where there is none."""
        if "tumor_id" not in tumor.keys:
            return None
        found = self._histories.get(_joined(tumor.keys))
        if found is None:
            return None
        told = [problem for one in found for problem in verify(one, key=self._key)]
        codes = {problem.code for problem in told} - {rules.LINK_WITHOUT_KEY.code}
        if codes:
            return Prior(None, (rules.PRIOR_UNPROVEN.at(why=_why(codes)),))
        longest = max(found, key=lambda one: len(one.restagings))
        if not all(_goes_on(longest, one) for one in found):
            return Prior(None, (rules.PRIOR_UNPROVEN.at(why="there are two that differ"),))
        is_open = any(problem.severity is Severity.ERROR for problem in told)
        return Prior(longest, (rules.LINK_WITHOUT_KEY.at(severity=Severity.WARNING),) if is_open else ())


def _why(codes: Collection[str]) -> str:
    """Return why a prior history is not used whose links were found wanting."""
    if rules.LINK_KEY_NEEDED.code in codes:
        return "its links were made with a key, and none is given"
    if rules.LINK_KEY_DIFFERS.code in codes:
        return "its links do not fit the key"
    return "its links do not hold"


def _name_of(data: Mapping[str, object], history: History) -> str | None:
    """Return what a line calls its tumor: the keys of a message, else the id of a table."""
    keys = data.get("keys")
    return _joined(keys) if isinstance(keys, dict) else history.tumor_id


def _joined(keys: Mapping[str, str]) -> str:
    return "/".join(str(keys[name]) for name in ("patient_id", "tumor_id") if name in keys)


def _goes_on(longer: History, other: History) -> bool:
    return (
        longer.diagnosis == other.diagnosis and longer.restagings[: len(other.restagings)] == other.restagings
    )

"""Verifying a restaging: everything is computed anew from its two stagings, and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Diagnostic, Severity
from rstage.restaging.link import LinkTemplate
from rstage.restaging.link_key import is_same_digest
from rstage.restaging.recurrence import (
    derive,
    type_names,
)
from rstage.restaging.restage import STATED, Restaging, check_restaging, r_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rstage.restaging.link import Link
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.staging import Staging

_DIGESTS = ("diagnosis", "assessment", "restaging")


def verify_restaging(
    restaging: Restaging, *, original: Staging | None = None, key: LinkKey | None = None
) -> tuple[Diagnostic, ...]:
    """Return what does not hold in a restaging; an empty tuple means that the link holds.

    Everything is computed anew from the two stagings. Without a key this shows that the record is consistent
    with the diagnosis it names, not who wrote it: whoever can rewrite everything can compute every digest.

    Args:
        restaging: the restaging, for example from `Restaging.from_dict`.
        original: the diagnosis from its own source; each field that differs from it is named.
        key: proves that a holder of it wrote the link. One that was made without a key is then a finding, and
            so is one that was made with a key where there is none.
    """
    stated = restaging.recurrence if restaging.recurrence_basis == STATED else None
    checked = check_restaging(
        restaging.diagnosis, restaging.assessment, event=restaging.event, recurrence=stated
    )
    found = [one for one in checked if one.severity is Severity.ERROR]
    if original is not None:
        found += altered_fields(restaging.diagnosis, original)
    if restaging.restaged != r_form(restaging.assessment.stage):
        found.append(rules.RESTAGED_ALTERED.at())
    if stated is None and restaging.recurrence != derive(restaging.assessment.stage)[0]:
        found.append(rules.RECURRENCE_ALTERED.at())
    found += _unproven(restaging, key, is_named=bool(found))
    return tuple(sorted(found, key=lambda one: one.code))


def altered_fields(diagnosis: Staging, original: Staging) -> Iterator[Diagnostic]:
    """Yield each field of a diagnosis that differs from the original."""
    for name in ("text", "stage", "date", "tumor_id", "site", "id"):
        if getattr(diagnosis, name) != getattr(original, name):
            yield rules.DIAGNOSIS_ALTERED.at(field=f": {name}")


def _unproven(restaging: Restaging, key: LinkKey | None, *, is_named: bool) -> Iterator[Diagnostic]:
    """Yield what a link does not prove, with the key or without; `is_named` as for `_altered_digests`."""
    link = restaging.link
    plain = _link_anew(restaging, None)
    # One that says it was made with a key, and has digests that everybody can compute, was altered.
    if not link.is_keyed or _fitting(plain, link):
        yield from _altered_digests(link, plain, is_named=is_named)
        if key is not None and not link.is_keyed:
            yield rules.LINK_WITHOUT_KEY.at()
        return
    anew = _link_anew(restaging, key) if key is not None else None
    if anew is not None and _fitting(anew, link):
        yield from _altered_digests(link, anew, is_named=is_named)
        return
    yield (rules.LINK_KEY_NEEDED if key is None else rules.LINK_KEY_DIFFERS).at()
    yield from _altered_ids(link, plain, ("tumor_id", "diagnosis_id", "assessment_id"))


def _link_anew(restaging: Restaging, key: LinkKey | None) -> Link:
    """Return the link that a restaging has by what stands in it."""
    diagnosis, assessment = restaging.diagnosis, restaging.assessment
    return LinkTemplate(
        diagnosis,
        assessment,
        restaged=restaging.restaged,
        event=restaging.event,
        recurrence=type_names(restaging.recurrence),
        recurrence_basis=restaging.recurrence_basis,
        previous=restaging.link.previous,
        key=key,
    ).link(diagnosis.circumstances, assessment.circumstances)


def _fitting(anew: Link, link: Link) -> set[str]:
    """Return which digests of two links are the same."""
    return {name for name in _DIGESTS if is_same_digest(getattr(anew, name), getattr(link, name))}


def _altered_digests(link: Link, anew: Link, *, is_named: bool) -> Iterator[Diagnostic]:
    """Yield what the digests and ids of a link say; `is_named` where something was found already.

    The digest of the restaging covers both stagings as well as what follows from them. So where it holds
    and the digest of a staging does not, the link was altered; where neither holds, the staging was.
    """
    fitting = _fitting(anew, link)
    holds = "restaging" in fitting
    sides = (
        (rules.DIAGNOSIS_ALTERED, "diagnosis", ("tumor_id", "diagnosis_id")),
        (rules.ASSESSMENT_ALTERED, "assessment", ("assessment_id",)),
    )
    for altered, name, ids in sides:
        if name in fitting:
            yield from _altered_ids(link, anew, ids)
        elif holds:
            yield rules.LINK_ALTERED.at(field=f": {name}")
        elif not is_named:
            is_named = True
            yield altered.at(field="")
    if link.version != anew.version:
        yield rules.LINK_ALTERED.at(field=": version")
    if not holds and not is_named:
        yield rules.LINK_ALTERED.at(field=": restaging")


def _altered_ids(link: Link, anew: Link, names: Iterable[str]) -> Iterator[Diagnostic]:
    for name in names:
        if getattr(anew, name) != getattr(link, name):
            yield rules.LINK_ALTERED.at(field=f": {name}")

"""Verifying a restaging: everything is computed anew from its two stagings, and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage import rules
from rstage.diagnostics import Diagnostic, Severity
from rstage.restaging.link import LinkTemplate
from rstage.restaging.recurrence import (
    derive,
    type_names,
)
from rstage.restaging.restage import STATED, Restaging, check_restaging, r_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage.restaging.staging import Staging


def verify_restaging(restaging: Restaging, *, original: Staging | None = None) -> tuple[Diagnostic, ...]:
    """Return what does not hold in a restaging; an empty tuple means that the link holds.

    Everything is computed anew from the two stagings. This shows that the record is consistent with the
    diagnosis it names, not who wrote it: whoever can rewrite everything can compute every digest.

    Args:
        restaging: the restaging, for example from `Restaging.from_dict`.
        original: the diagnosis from its own source; each field that differs from it is named.
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
    found += _altered_digests(restaging, is_named=bool(found))
    return tuple(sorted(found, key=lambda one: one.code))


def altered_fields(diagnosis: Staging, original: Staging) -> Iterator[Diagnostic]:
    """Yield each field of a diagnosis that differs from the original."""
    for name in ("text", "stage", "date", "tumor_id", "site", "id"):
        if getattr(diagnosis, name) != getattr(original, name):
            yield rules.DIAGNOSIS_ALTERED.at(field=f": {name}")


def _altered_digests(restaging: Restaging, *, is_named: bool) -> Iterator[Diagnostic]:
    """Yield what the digests and ids of the link say; `is_named` where something was found already.

    The digest of the restaging covers both stagings as well as what follows from them. So where it holds
    and the digest of a staging does not, the link was altered; where neither holds, the staging was.
    """
    link = restaging.link
    diagnosis, assessment = restaging.diagnosis, restaging.assessment
    anew = LinkTemplate(
        assessment,
        restaged=restaging.restaged,
        event=restaging.event,
        recurrence=type_names(restaging.recurrence),
        recurrence_basis=restaging.recurrence_basis,
        previous=link.previous,
    ).link(diagnosis, assessment.circumstances)
    holds = anew.restaging == link.restaging
    sides = (
        (rules.DIAGNOSIS_ALTERED, "diagnosis", ("tumor_id", "diagnosis_id")),
        (rules.ASSESSMENT_ALTERED, "assessment", ("assessment_id",)),
    )
    for altered, name, ids in sides:
        if getattr(anew, name) == getattr(link, name):
            changed = [one for one in ids if getattr(anew, one) != getattr(link, one)]
            yield from (rules.LINK_ALTERED.at(field=f": {one}") for one in changed)
        elif holds:
            yield rules.LINK_ALTERED.at(field=f": {name}")
        elif not is_named:
            is_named = True
            yield altered.at(field="")
    if link.version != anew.version:
        yield rules.LINK_ALTERED.at(field=": version")
    if not holds and not is_named:
        yield rules.LINK_ALTERED.at(field=": restaging")

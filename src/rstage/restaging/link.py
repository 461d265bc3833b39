"""The link from a restaging to the diagnosis it follows: ids, and SHA-256 digests of canonical JSON.

`docs/link.md` shows each step. It depends on no clock and no chance: the same input gives the same link.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rstage.model.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.model.stage import Stage
    from rstage.restaging.staging import Circumstances, CircumstanceValues, Staging

VERSION = 1
"""The version of what the digests cover and how it is written."""

CELL_PREFIX = f"r{VERSION}:"
"""What stands in a cell before the digest."""

BEFORE_DATE, BEHIND_TUMOR = '{"date":', "}"
BEFORE_ASSESSMENT, BEFORE_DIAGNOSIS = '{"assessment":', ',"diagnosis":"'
"""What every staging and every restaging has in its canonical JSON before or behind what differs."""

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
# Of the ways to write a JSON string, the json module without ASCII escapes takes that of RFC 8785: this one.
_json_string = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Link(Value):
    """What ties a restaging to its diagnosis; `str` is what a cell holds: `r1:` and the last digest.

    A link is derived from patient data and as sensitive as the row it belongs to.

    Attributes:
        diagnosis: digest of the diagnosis staging. assessment: digest of the new assessment as given.
        restaging: digest of the restaging itself, which covers the two.
        previous: digest of the restaging before this one, None for the first.
        tumor_id: the tumor id of the diagnosis. diagnosis_id, assessment_id: the ids of the two stagings.
        version: the version of the digests.

    Raises:
        ValueError: a digest is not 64 hexadecimal digits, or the version is no positive number.
    """

    diagnosis: str
    assessment: str
    restaging: str
    previous: str | None = None
    tumor_id: str | None = None
    diagnosis_id: str | None = None
    assessment_id: str | None = None
    version: int = VERSION

    def __post_init__(self) -> None:
        for digest in (self.diagnosis, self.assessment, self.restaging, self.previous):
            if digest is not None and not _DIGEST.fullmatch(digest):
                raise ValueError("a digest is 64 hexadecimal digits in lower case")
        if type(self.version) is not int or self.version < 1:
            raise ValueError("the version of a link is a positive number")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, and the version always."""
        return {"version": self.version} | Value.to_dict(self)

    def __repr__(self) -> str:
        after = "a restaging" if self.previous is not None else "the diagnosis"
        return f"{type(self).__name__}(version {self.version}, after {after})"

    def __str__(self) -> str:
        return f"r{self.version}:{self.restaging}"


class LinkTemplate:
    """Makes the links of restagings that have an assessment and what follows from it in common.

    The rest, which differs from row to row, is filled in as text: a row costs two digests and little more.

    Args:
        assessment: the new assessment, of which only stage and text count here.
        restaged: its r-form.
        event: the event.
        recurrence: the names of the types in order.
        recurrence_basis: whether they were derived or stated.
        previous: the digest of the restaging before, where there is one.
    """

    __slots__ = ("_after_diagnosis", "_of_assessment", "_previous")

    def __init__(
        self,
        assessment: Staging,
        *,
        restaged: Stage,
        event: str,
        recurrence: Sequence[str],
        recurrence_basis: str,
        previous: str | None = None,
    ) -> None:
        self._of_assessment = stage_json(assessment)
        self._previous = previous
        self._after_diagnosis = (
            f'","event":{_json_string(event)}'
            f',"previous":{json_text(previous)}'
            f',"recurrence":[{",".join(map(_json_string, recurrence))}]'
            f',"recurrence_basis":{_json_string(recurrence_basis)}'
            f',"restaged":{_json_string(str(restaged))}'
            f',"version":{VERSION}}}'
        )

    def between(self, id: str | None, site: str | None) -> str:  # noqa: A002  the name it has in a staging
        """Return what stands in the canonical JSON of the assessment between its date and its tumor id."""
        return staging_between(self._of_assessment, id, site)

    @property
    def behind(self) -> str:
        """What stands in the canonical JSON of the restaging behind the digest of the diagnosis."""
        return self._after_diagnosis

    def assessment_json(self, circumstances: CircumstanceValues) -> str:
        """Return the assessment as canonical JSON."""
        date, id, site, tumor_id = circumstances  # noqa: A001  the name it has in a staging
        return staging_json(self.between(id, site), date, tumor_id)

    def restaging_json(self, diagnosis: str, assessment: CircumstanceValues) -> str:
        """Return the restaging as canonical JSON, the diagnosis in it as its digest."""
        written = self.assessment_json(assessment)
        return f"{BEFORE_ASSESSMENT}{written}{BEFORE_DIAGNOSIS}{sha256(diagnosis)}{self._after_diagnosis}"

    def cell(self, diagnosis: str, assessment: CircumstanceValues) -> str:
        """Return what a cell holds, the same as the `str` of the link.

        Args:
            diagnosis: the diagnosis as canonical JSON.
            assessment: the circumstances of the assessment.

        Raises:
            ValueError: a text cannot be written as UTF-8.
        """
        return f"{CELL_PREFIX}{sha256(self.restaging_json(diagnosis, assessment))}"

    def link(self, diagnosis: Staging, assessment: Circumstances) -> Link:
        """Return the whole link.

        Raises:
            ValueError: a text cannot be written as UTF-8.
        """
        between = staging_between(stage_json(diagnosis), diagnosis.id, diagnosis.site)
        written = staging_json(between, diagnosis.date, diagnosis.tumor_id)
        return Link(
            diagnosis=sha256(written),
            assessment=sha256(self.assessment_json(assessment)),
            restaging=sha256(self.restaging_json(written, assessment)),
            previous=self._previous,
            tumor_id=diagnosis.tumor_id,
            diagnosis_id=diagnosis.id,
            assessment_id=assessment.id,
        )


def stage_json(staging: Staging) -> str:
    """Return what the stage and the text of a staging are in its canonical JSON."""
    return f'"stage":{_json_string(str(staging.stage))},"text":{_json_string(staging.text)}'


def staging_between(of_stage: str, id: str | None, site: str | None) -> str:  # noqa: A002  the same
    """Return what stands in the canonical JSON of a staging between its date and its tumor id.

    Both differ from row to row, and this does not.
    """
    return f',"id":{json_text(id)},"site":{json_text(site)},{of_stage},"tumor_id":'


def staging_json(between: str, date: str | None, tumor_id: str | None) -> str:
    """Return a staging as canonical JSON (RFC 8785: keys in order, no blanks, shortest escapes)."""
    return f"{BEFORE_DATE}{json_text(date)}{between}{json_text(tumor_id)}{BEHIND_TUMOR}"


def json_text(text: str | None) -> str:
    """Return a text, or that there is none, as canonical JSON."""
    return "null" if text is None else _json_string(text)


def sha256(text: str) -> str:
    """Return the SHA-256 digest of a text in UTF-8, as 64 hexadecimal digits.

    Raises:
        ValueError: the text holds a lone surrogate; canonical JSON has none. The message does not show it.
    """
    try:
        return hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        raise ValueError("a text of a link cannot be written as UTF-8") from None

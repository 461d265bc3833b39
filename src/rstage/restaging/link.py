"""The link from a restaging to the diagnosis it follows: ids, and digests of canonical JSON.

The digests are SHA-256, or HMAC-SHA-256 where there is a key. `docs/link.md` shows each step. A link depends
on no clock and no chance: the same input gives the same link.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.model.value import Value
from rstage.restaging.link_key import as_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rstage.diagnostics import Rule
    from rstage.model.stage import Stage
    from rstage.restaging.link_key import LinkKey
    from rstage.restaging.staging import Circumstances, CircumstanceValues, Staging

VERSION, KEYED = 1, 2
"""The versions of a link: its digests are SHA-256, or HMAC-SHA-256 under a key."""
CELL_CHARACTERS = "r12:0123456789abcdef"
"""What a cell with a link is written with."""

BEFORE_DATE, BEHIND_TUMOR = '{"date":', "}"
BEFORE_ASSESSMENT, BEFORE_DIAGNOSIS = '{"assessment":', ',"diagnosis":"'
"""What every staging and every restaging has in its canonical JSON before or behind what differs."""

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CELL = re.compile(r"r([12]):[0-9a-f]{64}", re.ASCII)
_IN_BYTES = re.compile(rb"\br[12]:[0-9a-f]{64}")
# Of the ways to write a JSON string, the json module without ASCII escapes takes that of RFC 8785: this one.
_json_string = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Link(Value):
    """What ties a restaging to its diagnosis.

    `str` is what a cell holds: the letter r, the version, a colon and the last digest. A link is derived from
    patient data and as sensitive as the row it belongs to.

    Attributes:
        diagnosis: digest of the diagnosis staging. assessment: digest of the new assessment as given.
        restaging: digest of the restaging itself, which covers the two.
        previous: digest of the restaging before this one, None for the first.
        tumor_id: the tumor id of the diagnosis. diagnosis_id, assessment_id: the ids of the two stagings.
        version: 1 where the digests are SHA-256, 2 where they are HMAC-SHA-256 under a key.

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

    @property
    def is_keyed(self) -> bool:
        """Whether the digests were made with a key."""
        return self.version == KEYED

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, and the version always."""
        return {"version": self.version} | Value.to_dict(self)

    def __repr__(self) -> str:
        after = "a restaging" if self.previous is not None else "the diagnosis"
        return f"{type(self).__name__}(version {self.version}, after {after})"

    def __str__(self) -> str:
        return f"{cell_prefix(self.version)}{self.restaging}"


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
        key: what the digests are made with; None makes them without.
    """

    __slots__ = ("_after_diagnosis", "_digest", "_of_assessment", "_previous", "_version")

    def __init__(
        self,
        assessment: Staging,
        *,
        restaged: Stage,
        event: str,
        recurrence: Sequence[str],
        recurrence_basis: str,
        previous: str | None = None,
        key: LinkKey | None = None,
    ) -> None:
        self._digest, self._version = digest_with(key), version_with(key)
        self._of_assessment = stage_json(assessment)
        self._previous = previous
        self._after_diagnosis = (
            f'","event":{_json_string(event)}'
            f',"previous":{json_text(previous)}'
            f',"recurrence":[{",".join(map(_json_string, recurrence))}]'
            f',"recurrence_basis":{_json_string(recurrence_basis)}'
            f',"restaged":{_json_string(str(restaged))}'
            f',"version":{self._version}}}'
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
        digest = self._digest(as_utf8(diagnosis))
        return f"{BEFORE_ASSESSMENT}{written}{BEFORE_DIAGNOSIS}{digest}{self._after_diagnosis}"

    def cell(self, diagnosis: str, assessment: CircumstanceValues) -> str:
        """Return what a cell holds, the same as the `str` of the link.

        Args:
            diagnosis: the diagnosis as canonical JSON.
            assessment: the circumstances of the assessment.

        Raises:
            ValueError: a text cannot be written as UTF-8.
        """
        written = self.restaging_json(diagnosis, assessment)
        return f"{cell_prefix(self._version)}{self._digest(as_utf8(written))}"

    def link(self, diagnosis: Staging, assessment: Circumstances) -> Link:
        """Return the whole link.

        Raises:
            ValueError: a text cannot be written as UTF-8.
        """
        written = canonical_json(diagnosis)
        return Link(
            diagnosis=self._digest(as_utf8(written)),
            assessment=self._digest(as_utf8(self.assessment_json(assessment))),
            restaging=self._digest(as_utf8(self.restaging_json(written, assessment))),
            previous=self._previous,
            tumor_id=diagnosis.tumor_id,
            diagnosis_id=diagnosis.id,
            assessment_id=assessment.id,
            version=self._version,
        )


def digest_with(key: LinkKey | None) -> Callable[[bytes], str]:
    """Return what makes the digests of links, with a key or without, from canonical JSON in UTF-8."""
    return sha256 if key is None else key.digest_of


def version_with(key: LinkKey | None) -> int:
    """Return the version of links that are made with a key, or without."""
    return VERSION if key is None else KEYED


def cell_prefix(version: int) -> str:
    """Return what stands in a cell before the digest."""
    return f"r{version}:"


def is_keyed(link: str) -> bool:
    """Return whether a link, as a cell holds it, was made with a key."""
    return link.startswith(cell_prefix(KEYED))


def unproven(expected: str, found: str) -> Rule | None:
    """Return what is said of a link in a cell that is not the expected one, where a key has to do with it.

    Args:
        expected: the link that was computed, with a key where there is one.
        found: the link that stands in its place.
    """
    computed, given = _CELL.fullmatch(expected), _CELL.fullmatch(found)
    if computed is None or given is None or computed[1] == given[1] == str(VERSION):
        return None
    if computed[1] == given[1]:
        return rules.LINK_KEY_DIFFERS
    return rules.LINK_WITHOUT_KEY if given[1] == str(VERSION) else rules.LINK_KEY_NEEDED


def unproven_in(expected: bytes, found: bytes) -> Rule | None:
    """Return what `unproven` says of the links by which two messages differ."""
    computed, given = (dict.fromkeys(_IN_BYTES.findall(data)) for data in (expected, found))
    pairs = product(computed.keys() - given.keys(), given.keys() - computed.keys())
    return next(filter(None, (unproven(one.decode(), other.decode()) for one, other in pairs)), None)


def without_links(data: bytes) -> bytes:
    """Return the bytes of a message with each link in them as nothing."""
    return _IN_BYTES.sub(b"", data)


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


def canonical_json(staging: Staging) -> str:
    """Return a staging as canonical JSON."""
    between = staging_between(stage_json(staging), staging.id, staging.site)
    return staging_json(between, staging.date, staging.tumor_id)


def json_text(text: str | None) -> str:
    """Return a text, or that there is none, as canonical JSON."""
    return "null" if text is None else _json_string(text)


def sha256(data: bytes) -> str:
    """Return the SHA-256 digest of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()

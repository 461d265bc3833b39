"""A FHIR resource, and what an Observation says of a stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rstage import rules
from rstage.diagnostics import Severity
from rstage.messages.fhir.codes import CATEGORIES, MII, MII_VERSION
from rstage.messages.fhir.elements import codings_of, profiles_of
from rstage.messages.json_values import as_text

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic
    from rstage.messages.json_documents import Document
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject


class Resource(NamedTuple):
    """A resource of a record.

    Attributes:
        number: which of the record it is, from 0.
        data: the resource. url: the `fullUrl` of its entry, where it has one.
        path: leads to it in its document. document: what it stands in.
    """

    number: int
    data: JsonObject
    url: str
    path: Path
    document: Document

    def __repr__(self) -> str:
        """Return which it is; the resource holds what is said of a patient."""
        return f"Resource({self.number}, {self.document!r})"

    @property
    def kind(self) -> str:
        """Its type, such as `Observation`; blank where it has none."""
        kind = self.data.get("resourceType")
        return kind if type(kind) is str else ""

    @property
    def name(self) -> str:
        """Its type and id, such as `Observation/1`; blank where it has no id."""
        name = as_text(self.data.get("id"))
        return f"{self.data.get('resourceType')}/{name}" if name else ""

    @property
    def reference(self) -> str:
        """How other resources of the record refer to it; blank where they cannot."""
        if self.url and not self.url.startswith("http"):
            return self.url
        return self.name or self.url


class Said(NamedTuple):
    """What an Observation or one of its components says.

    Attributes:
        part: the part of the stage. method: c, p or u; blank where it is not said.
        text: the value as notation; blank where there is none.
        path: leads to the value, or to the element that has none.
        own_method: whether the text names the method itself.
        kind: c or p where the code is for one of the two classifications.
        system: the system of a group, where the method names another one than TNM.
        is_wrong: whether a finding says that it cannot be used.
    """

    part: str
    method: str
    text: str
    path: Path
    own_method: bool = False
    kind: str = ""
    is_wrong: bool = False
    system: str = ""


class ResourceFinding(NamedTuple):
    """What was found in a resource: the diagnostic, and the path from the resource to what it is about."""

    diagnostic: Diagnostic
    path: Path
    value: str = ""


@dataclass(slots=True, eq=False)
class Block:
    """One Observation that says something of a stage.

    Attributes:
        resource: the Observation. said: what it says, itself and in components.
        part: what its code says; blank where only components say something.
        focus, subject: references as they stand; blank where there are none.
        date, edition: of the staging.
        members: references to its members. sources: what it was derived from.
        found: what was found in it.
        link: the link that it was written for; blank where it was not.
        system: the system that its method names, where that is not TNM.
        named_edition: the edition that an extension names.
        has_extensions: whether there may be extensions anywhere in it.
        accounted: the paths to the extensions that are understood or told.
        is_wrong: whether a finding says that it cannot be used.
    """

    resource: Resource
    part: str
    said: list[Said] = field(default_factory=list)
    focus: list[str] = field(default_factory=list)
    subject: str = ""
    date: str | None = None
    edition: str = ""
    members: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    found: list[ResourceFinding] = field(default_factory=list)
    link: str = ""
    system: str = ""
    named_edition: str = ""
    has_extensions: bool = True
    accounted: set[Path] = field(default_factory=set)
    is_wrong: bool = False

    def __repr__(self) -> str:
        """Return which Observation it is, and no more; the rest is said of a patient."""
        return f"Block({self.resource!r}, {len(self.said)} said, {len(self.found)} findings)"

    def find(self, *parts: str) -> Said | None:
        """Return the first thing said of one of these parts."""
        return next((one for one in self.said if one.part in parts), None)

    @property
    def has_categories(self) -> bool:
        """Whether it holds categories as components: it is a staging by itself."""
        return any(one.part in CATEGORIES and one.path[:1] == ("component",) for one in self.said)

    @property
    def is_whole(self) -> bool:
        """Whether it is a staging by itself: its categories are components, or answers of a questionnaire."""
        return self.has_categories or any(one.path[:1] == ("item",) for one in self.said)

    @property
    def is_mii(self) -> bool:
        """Whether it is one of MII, by its profile or the system of its edition."""
        data = self.resource.data
        codings = codings_of(data.get("method"))
        return any(as_text(one).startswith(MII) for one in profiles_of(data)) or (
            next((as_text(one.get("system")) for one in codings), "") == MII_VERSION
        )

    @property
    def errors(self) -> int:
        """How many errors were found in it."""
        return sum([one.diagnostic.severity is Severity.ERROR for one in self.found]) if self.found else 0

    def say(self, diagnostic: Diagnostic, path: Path, value: str = "") -> None:
        """Note a finding; the path begins at the resource."""
        self.found.append(ResourceFinding(diagnostic, path, value))

    def refuse(self, element: str, path: Path) -> None:
        """Make the Observation unusable for something in it that is not understood."""
        self.say(rules.NOT_UNDERSTOOD.at(element=element), path)
        self.is_wrong = True

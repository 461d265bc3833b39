"""What a walk over everything in a FHIR resource collects, whether or not it is an element that is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rstage.messages.json_documents import REPEATED

if TYPE_CHECKING:
    from rstage.messages.json_places import Path
    from rstage.messages.json_values import JsonObject

R_CODE = "421188008"
"""The SNOMED CT code for an r."""

# Names of elements that a path may show; any other key of a message could be anything.
_ELEMENTS = frozenset(
    {"code", "coding", "component", "display", "effectiveDateTime", "extension", "focus", "hasMember", "id"}
    | {"method", "status", "subject", "system", "text", "url", "valueCodeableConcept", "valueCoding"}
)


@dataclass(slots=True)
class Contents:
    """What stands anywhere in a resource.

    Attributes:
        r_count: how often the code for an r stands in it.
        repeated: where a key first stands twice in one object, as far as its path may be shown; None where
            no key does.
    """

    r_count: int = 0
    repeated: Path | None = None

    @classmethod
    def of(cls, resource: JsonObject) -> Contents:
        """Return the contents of a resource."""
        made = cls()
        made._walk(resource, (), is_shown=True)
        return made

    def _walk(self, value: Any, path: Path, *, is_shown: bool) -> None:
        """Add what stands in a value; its path goes on only while it may be shown."""
        if type(value) is str:
            self.r_count += value == R_CODE
        elif type(value) is list:
            for number, one in enumerate(value):
                self._walk(one, (*path, number) if is_shown else path, is_shown=is_shown)
        elif type(value) is dict:
            self.r_count += R_CODE in value
            if self.repeated is None and REPEATED in value:
                self.repeated = path
            for name, one in value.items():
                goes_on = is_shown and name in _ELEMENTS
                self._walk(one, (*path, name) if goes_on else path, is_shown=goes_on)

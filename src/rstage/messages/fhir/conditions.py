"""Which conditions of a patient can be the tumor that was staged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rstage.messages.fhir.circumstances import day
from rstage.messages.fhir.elements import codings_of, profiles_of, words_of
from rstage.messages.fhir.words import is_of_cancer, is_of_metastasis
from rstage.messages.json_values import as_dict, as_list, as_text
from rstage.reference.recurrence_words import has_recurrence_word
from rstage.restaging.staging import certainly_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rstage.messages.fhir.blocks import Resource

_ICD_10 = "icd-10"
_ICD_O = "icd-o"
# Tumors of ICD-10: C00 to D09 and D37 to D48, without the metastases, which are no tumors of their own.
_METASTASES = ("C77", "C78", "C79")
_CAME_BACK = ("recurrence", "relapse")
_ASSERTED = "-assertedDate"
_PROFILES_OF_TUMOR = ("primary-cancer-condition", "diagnose-primaertumor")
_PROFILES_OF_METASTASIS = ("secondary-cancer-condition",)
_PROFILES_OF_OTHERS = ("comorbid",)


def staged_condition(conditions: Sequence[Resource]) -> int | None:
    """Return the number of the only condition that can be the tumor; None where there are several or none."""
    if len(conditions) == 1:
        return conditions[0].number
    kinds = {one.number: is_tumor(one) for one in conditions}
    possible = [number for number, kind in kinds.items() if kind is not False]
    return possible[0] if len(possible) == 1 else None


def is_tumor(condition: Resource) -> bool | None:
    """Return whether a condition is a tumor that can be staged; None where that cannot be told."""
    profiles = [as_text(one) for one in profiles_of(condition.data)]
    if _any_in(profiles, _PROFILES_OF_TUMOR):
        return True
    if _any_in(profiles, (*_PROFILES_OF_METASTASIS, *_PROFILES_OF_OTHERS)):
        return False
    concept = condition.data.get("code")
    found = {
        _is_of_tumor(as_text(one.get("system")), as_text(one.get("code"))) for one in codings_of(concept)
    }
    if True in found:
        return True
    if False in found:
        return False
    words = words_of(concept)
    return None if not any(words) or any(map(is_of_cancer, words)) else False


def has_come_back(condition: Resource) -> bool:
    """Return whether the status of a condition says that it came back."""
    status = condition.data.get("clinicalStatus")
    return any(as_text(one.get("code")) in _CAME_BACK for one in codings_of(status))


def diagnosed(condition: Resource, first: str | None) -> str | None:
    """Return the date of diagnosis that a condition states; `first` is that of the first staging.

    One after the first staging is not that of the diagnosis, but of what came back.
    """
    asserted = [
        as_text(as_dict(one).get("valueDateTime"))
        for one in as_list(condition.data.get("extension"))
        if as_text(as_dict(one).get("url")).endswith(_ASSERTED)
    ]
    known = [
        date for text in (*asserted, as_text(condition.data.get("onsetDateTime"))) if (date := day(text))
    ]
    return known[0] if known and not certainly_before(first, known[0]) else None


def is_metastasis(condition: Resource) -> bool:
    """Return whether a condition is a metastasis, which is no tumor of its own."""
    if is_tumor(condition):
        return False
    profiles = [as_text(one) for one in profiles_of(condition.data)]
    codings = codings_of(condition.data.get("code"))
    return (
        _any_in(profiles, _PROFILES_OF_METASTASIS)
        or any(_is_metastasis(as_text(one.get("system")), as_text(one.get("code"))) for one in codings)
        or any(map(is_of_metastasis, words_of(condition.data.get("code"))))
    )


def names_recurrence(condition: Resource) -> bool:
    """Return whether the words of a condition that can be a tumor say that it came back."""
    return (
        any(map(has_recurrence_word, words_of(condition.data.get("code"))))
        and is_tumor(condition) is not False
    )


def _is_metastasis(system: str, code: str) -> bool:
    return _ICD_10 in system.lower() and code[:3].upper() in _METASTASES


def _any_in(profiles: Sequence[str], names: Sequence[str]) -> bool:
    return any(name in one for one in profiles for name in names)


def _is_of_tumor(system: str, code: str) -> bool | None:
    """Return whether a code is one of a tumor; None where it is not of ICD."""
    lower, start = system.lower(), code[:3].upper()
    if _ICD_O in lower:
        return True
    if _ICD_10 not in lower or not (start[:1].isalpha() and start[1:3].isdecimal()):
        return None
    if start in _METASTASES:
        return False
    number = int(start[1:3])
    return start[0] == "C" or (start[0] == "D" and (number <= 9 or 37 <= number <= 48))

"""FHIR: an independent count, by paths in the JSON: no staging is neither read nor told, and no r is lost."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fhir_messages import fhir_files, histories, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CATEGORY_CODES = {
    *("78873005", "399504009", "384625004", "277206009", "399534004", "371494008"),
    *("277208005", "399387003", "371497001", "21905-5", "21899-0", "21911-3"),
    *("21906-3", "21900-6", "21912-1", "21907-1", "21901-4", "21913-9"),
}
R_CODES = {"101659-1", "21983-2", "277647002", "421188008"}
R_VALUE = re.compile(r"r[ya]?[cpu]?[TNM]")
NOT_USED = ("entered-in-error", "cancelled")


def resources(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [
        one.get("resource", one)
        for document in documents
        for one in (document.get("entry", ()) if document["resourceType"] == "Bundle" else [document])
    ]


def codes_of(element: Any) -> set[str]:
    return {one.get("code", "") for one in element.get("code", {}).get("coding", [])}


def observations(path: Path) -> Iterator[Any]:
    for one in resources(path):
        if one.get("resourceType") == "Observation" and one.get("status") not in NOT_USED:
            yield one


def holds_category(data: Any) -> bool:
    return any(codes_of(one) & CATEGORY_CODES for one in (data, *data.get("component", ())))


def holds_r(data: Any) -> bool:
    text = json.dumps(data)
    said = any(codes_of(one) & R_CODES for one in (data, *data.get("component", ())))
    is_given = '"r"' in text or "421188008" in text or "r (recurrent)" in text
    return (said and is_given) or R_VALUE.search(text) is not None or "r (recurrent)" in text


def read_and_told(path: Path) -> tuple[int, int, set[str]]:
    """Return how many stagings are read, how many of them with r, and the severities that are told."""
    stagings = [one for found in histories(path) for one in found.tumor.stagings]
    read = [one.staging.stage for one in stagings if one.staging is not None]
    told = {one.diagnostic.severity for record in records(path) for one in record.findings}
    told |= {one.diagnostic.severity for found in histories(path) for one in found.findings}
    return len(read), sum(one.is_recurrence for one in read), {str(one) for one in told}


@pytest.mark.parametrize("path", fhir_files(), ids=lambda path: path.name)
def test_every_staging_is_read_or_told(path: Path) -> None:
    read, with_r, told = read_and_told(path)
    if any(map(holds_category, observations(path))):
        assert read or "error" in told
    dates = {one.get("effectiveDateTime") for one in observations(path) if holds_r(one)}
    if dates:
        assert with_r or told & {"error", "warning"}


@pytest.mark.parametrize("path", fhir_files(), ids=lambda path: path.name)
def test_every_category_is_in_a_staging(path: Path) -> None:
    """Each Observation of a category is a block of a staging, or stands beside one that is refused."""
    known = {
        one.resource.data.get("id")
        for found in histories(path)
        for staging in found.tumor.stagings
        for one in getattr(staging.handle, "blocks", ())
    }
    told = {one.diagnostic.code for record in records(path) for one in record.findings}
    for one in observations(path):
        if holds_category(one) and one.get("id") not in known:
            assert told & {"RS541", "RS530", "RS549"} or one.get("identifier")

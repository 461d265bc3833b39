"""Nothing of a staging is passed over: what is not known is told or refuses the staging, wherever it stands.

What the files hold is counted without rstage, by names of elements and items alone.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from rstage import messages
from rstage.diagnostics import Severity
from rstage.reference.tsv import data_rows
from tests.support.message_files import every_message_file
from tests.support.paths import TRIALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rstage.messages.message import FoundStaging, MessageFinding, Record

BLOCKS = ("cTNM", "pTNM", "TNM")
NOT_OF_A_STAGE = ("Datum", "Version")
NO_VALUE = ("88", "99", "98", "888", "999", "0", "9")
# Files whose blocks are told and not used as they are.
TOLD_ALREADY = ("obds_elements.xml", "obds_elsewhere.xml")
# Positions that are tried in one file; the others of a large one are like them.
MOST_POSITIONS = 25
LARGE = 100_000


def xml_files() -> list[Path]:
    trials = sorted(TRIALS.glob("*.xml")) if TRIALS.is_dir() else []
    files = [path for path in every_message_file() if path.suffix == ".xml"]
    return [*files, *(path for path in trials if path.name != "wrong_root_exit_2.xml")]


every_file = pytest.mark.parametrize("path", xml_files(), ids=lambda path: path.name)


def parsed(path: Path) -> ET.Element:
    return ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  a file of our own


def name_of(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def is_obds(root: ET.Element) -> bool:
    return name_of(root) != "NaaccrData"


def text_of(element: ET.Element) -> str:
    return (element.text or "").strip()


def blocks(root: ET.Element) -> list[ET.Element]:
    """Return the blocks of TNM that hold a part of a stage."""
    found = [one for one in root.iter() if name_of(one) in BLOCKS]
    return [
        one
        for one in found
        if any(text_of(part) for part in one if name_of(part).removeprefix("TNM_") not in NOT_OF_A_STAGE)
    ]


def items(tumor: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield the block of each item of staging in a tumor, and its text."""
    known = {
        name: "" if row["part"].endswith(("_method", "_suffix", "descriptor")) else row["block"]
        for table in ("naaccr_items.tsv", "naaccr_derived_items.tsv")
        for row in data_rows(table)
        for name in (row["item"], row["name"])
    }
    for item in tumor:
        named = {known.get(item.get(attribute, "")) for attribute in ("naaccrId", "naaccrNum")} - {None, ""}
        if text_of(item) and len(named) == 1:
            yield str(named.pop()), text_of(item)


def everything(records: list[Record]) -> tuple[list[FoundStaging], list[MessageFinding]]:
    tumors = [tumor for record in records for tumor in record.tumors]
    stagings = [one for tumor in tumors for one in tumor.stagings]
    findings = [one for record in records for one in record.findings]
    findings += [one for tumor in tumors for one in tumor.findings]
    return stagings, findings + [one for staging in stagings for one in staging.findings]


@every_file
def test_every_staging_is_read_or_told(path: Path) -> None:
    root = parsed(path)
    stagings, findings = everything(list(messages.read(str(path))))
    told = Counter(one.diagnostic.code for one in findings)
    if is_obds(root):
        there = len(blocks(root))
    else:
        by_tumor = [dict[str, set[str]]() for _ in root.iter() if name_of(_) == "Tumor"]
        tumors = [one for one in root.iter() if name_of(one) == "Tumor"]
        for found, tumor in zip(by_tumor, tumors, strict=True):
            for block, text in items(tumor):
                found.setdefault(block, set()).add(text)
        there = sum(bool(texts - set(NO_VALUE)) for found in by_tumor for texts in found.values())
    assert len(stagings) + told["RS530"] >= there
    errors = sum(one.diagnostic.severity is Severity.ERROR for one in findings)
    assert errors >= sum(one.staging is None for one in stagings)


@every_file
def test_every_r_is_in_a_staging_or_told(path: Path) -> None:
    root = parsed(path)
    stagings, findings = everything(list(messages.read(str(path))))
    if is_obds(root):
        symbols = [one for one in root.iter() if name_of(one).removeprefix("TNM_") == "r_Symbol"]
        there = sum(text_of(one) == "r" for one in symbols)
    else:
        tumors = [one for one in root.iter() if name_of(one) == "Tumor"]
        there = len(
            {
                (number, block)
                for number, tumor in enumerate(tumors)
                for block, text in items(tumor)
                if text.lstrip("ya").startswith("r")
            }
        )
    read = sum(one.staging is not None and one.staging.stage.is_recurrence for one in stagings)
    refused = sum(one.staging is None for one in stagings)
    outside = sum(one.diagnostic.code == "RS530" for one in findings)
    assert read <= there <= read + refused + outside


def positions(text: str, names: tuple[str, ...]) -> Iterator[int]:
    """Yield the places behind each tag that stands in an element of one of these names."""
    for found in re.finditer(rf"<({'|'.join(names)})(?=[\s>]).*?</\1>", text, re.DOTALL):
        inside = found[0][: found[0].rindex("<")]
        yield from (found.start() + place.end() for place in re.finditer(">", inside))


def added_to(path: Path, tmp_path: Path, unknown: str) -> Iterator[tuple[list[FoundStaging], list[str]]]:
    """Yield what a message comes to with something unknown in each place of a staging, and the new codes."""
    text = path.read_text(encoding="utf-8")
    root = parsed(path)
    places = list(positions(text, BLOCKS if is_obds(root) else ("Tumor",)))
    before = Counter(one.diagnostic.code for one in everything(list(messages.read(str(path))))[1])
    most = MOST_POSITIONS if len(text) < LARGE else 3
    for place in places[:: max(1, len(places) // most)]:
        altered = tmp_path / "altered.xml"
        altered.write_text(text[:place] + unknown + text[place:], encoding="utf-8")
        stagings, findings = everything(list(messages.read(str(altered))))
        new = Counter(one.diagnostic.code for one in findings if one.diagnostic.severity is not Severity.INFO)
        yield stagings, list(new - before)


@every_file
@pytest.mark.parametrize("inner", ["", "r", "<x>r</x>"])
def test_an_unknown_element_of_a_block_refuses_its_staging(path: Path, tmp_path: Path, inner: str) -> None:
    if not is_obds(parsed(path)) or path.name in TOLD_ALREADY:
        pytest.skip("a format of items, or no block that is used")
    refused = sum(one.staging is None for one in everything(list(messages.read(str(path))))[0])
    tried = 0
    for stagings, new in added_to(path, tmp_path, f"<Unbekannt>{inner}</Unbekannt>"):
        assert "RS533" in new or sum(one.staging is None for one in stagings) > refused
        tried += 1
    assert tried or not blocks(parsed(path))


@every_file
@pytest.mark.parametrize("name", ["ajccTnmPathUnknown", "tnmClinRecurrence", "myRestagedT", "stageAgain"])
def test_an_unknown_item_that_may_be_of_a_staging_is_told(path: Path, tmp_path: Path, name: str) -> None:
    if is_obds(parsed(path)):
        pytest.skip("a format of elements")
    for _, new in added_to(path, tmp_path, f'<Item naaccrId="{name}">r</Item>'):
        assert new


@pytest.mark.parametrize("name", ["rTNM", "ypTNM", "TNM_Rezidiv", "r_Symbol", "UICC_Stadium_Rezidiv"])
def test_a_block_of_an_unknown_name_is_told_wherever_it_stands(tmp_path: Path, name: str) -> None:
    for path in xml_files():
        text = path.read_text(encoding="utf-8")
        if not is_obds(parsed(path)) or path.stat().st_size > 20_000:
            continue
        before = len(everything(list(messages.read(str(path))))[1])
        for end in ("</Patient>", "</Meldung>", "</Verlauf>", "</Primaerdiagnose>", "</Folgeereignis>"):
            if end in text:
                altered = tmp_path / "altered.xml"
                altered.write_text(text.replace(end, f"<{name}><T>2</T></{name}>{end}", 1), encoding="utf-8")
                assert len(everything(list(messages.read(str(altered))))[1]) > before, (path.name, end)

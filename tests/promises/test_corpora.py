"""Real values that nobody on the project wrote: none raises, changes when read back, or gains or loses an r.

They are not part of the project. The folder is named by RSTAGE_CORPORA, or lies at ../shared/corpora.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage.cli import main
from tests.support.command_line import CliRunner
from tests.support.paths import CORPORA, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {"T": "T", "N": "N", "M": "M", "stage": "group", "full": None, "single": None, "text": None}
# An r that can only be recurrence: before a category or the word Stage.
RECURRENT = re.compile(
    r"(?:^|[\s,;(])[ya]{0,2}r[ya]{0,2}[cpu]?[TNM](?=[0-4Xxia(])|\brStage\b|^r[0IV]+[A-D]?\d?$"
)

pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the public corpora are not here")


def sources() -> list[Path]:
    return sorted(path for path in CORPORA.glob("*.tsv") if not path.name.startswith("_"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_every_value_is_read_the_same_again_or_refused_with_a_finding(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if row["field"] not in FIELDS:
            continue
        reading = rstage.read(row["value"], field=FIELDS[row["field"]])  # type: ignore[arg-type]  # one of the fields
        assert reading.ok or any(found.severity == "error" for found in reading.diagnostics)
        for stage in reading.stages:
            assert rstage.read(str(stage)).stage == stage
        if reading.ok:
            assert bool(RECURRENT.search(row["value"])) == bool(RECURRENT.search(str(reading)))


def run(*arguments: str) -> int:
    return CliRunner().invoke(main, list(arguments)).exit_code


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_every_recurrence_pair_is_restaged_and_verified(tmp_path: Path) -> None:
    sample, out = str(SAMPLES / "recurrence_pairs.tsv"), tmp_path / "out.tsv"
    options = [
        *("--diagnosis", "T=pathologic_t", "--diagnosis", "N=pathologic_n", "--diagnosis", "M=pathologic_m"),
        *("--assessment", "assessment", "--tumor-id", "tumor"),
        *("--diagnosis-date", "diagnosis_date", "--assessment-date", "assessment_date"),
    ]
    assert run("restage", sample, "-o", str(out), *options) == 0
    with out.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) == 300
    assert all(row["restaged"] == row["assessment"] for row in rows)
    assert run("verify", str(out), "--against", sample, *options) == 0


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize("part", ["T", "N", "M", "group"])
def test_a_portal_export_is_normalized_without_a_refusal(part: str, tmp_path: Path) -> None:
    column = "ajcc_pathologic_stage" if part == "group" else f"ajcc_pathologic_{part.lower()}"
    sample = str(SAMPLES / "gdc_clinical_tcga_lusc_slice.tsv")
    assert run("normalize", sample, "-o", str(tmp_path / "out.tsv"), "--column", f"dx:{part}={column}") == 0


def test_a_slice_of_a_gdc_export_is_normalized_by_its_preset(tmp_path: Path) -> None:
    source, out = SAMPLES / "gdc_clinical_tcga_lusc_slice.tsv", tmp_path / "out.tsv"
    if not source.is_file():
        pytest.skip("the sample is not there")
    assert run("normalize", str(source), "--preset", "gdc", "-o", str(out)) == 0
    assert run("verify", str(out), "--against", str(source)) == 0

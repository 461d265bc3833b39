"""FHIR: small messages of public shapes, tried where they are."""

from __future__ import annotations

import pytest

from tests.support.fhir_messages import codes, histories
from tests.support.paths import SAMPLES

FOUND = {path.name: path for path in SAMPLES.glob("*/*.*json")} if SAMPLES.is_dir() else {}

# The stagings that are read (None: refused), the histories, and codes that are told.
EXPECTED: dict[str, tuple[list[str | None], list[str], set[str]]] = {
    "bulk_interleaved_patients.ndjson": (
        ["pT2 pN1", "rcT0 rpM1"] * 2,
        ["pT2 pN1 -> rcT0 rpM1"] * 2,
        set(),
    ),
    "cap_ecc_code_beside_snomed.json": (["pT2"], ["pT2"], set()),
    "cap_ecc_r_descriptor_silent.json": (["rpT0(m) rpNX"], ["None"], {"RS431"}),
    "ch_y.json": (["ypT3 ypN1a pM1"], ["ypT3 ypN1a pM1"], {"RS415"}),
    "comp_r.json": ([None], ["None"], {"RS551"}),
    "cond_stage.json": ([], [], {"RS530"}),
    "condition_recurrence_later_staging.json": (
        ["cT2 cN0 cM0", "pT0 pN0 pM1"],
        ["cT2 cN0 cM0 -> rpT0 rpN0 rpM1"],
        set(),
    ),
    "ext_r.json": (["rpT2"], ["None"], {"RS431"}),
    "fhir_annarbor.json": (["cAnn Arbor IIIB"], ["cAnn Arbor IIIB"], set()),
    "focusless_with_comorbidity.json": (["cT2 cN1 (AJCC 8)"], ["cT2 cN1 (AJCC 8)"], {"RS553"}),
    "gold_r_component_lost.json": (["rpT3 rpN0(i+) rpStage IIB"], ["None"], {"RS431"}),
    "kairos.json": (["rpT3(m) rpN1 rcM0 rStage IIIA"], ["None"], {"RS431"}),
    "m_symbol_data_absent.json": (["pT2 pN1 (AJCC 8)"], ["pT2 pN1 (AJCC 8)"], {"RS547"}),
    "mcode_stu4_snomed_values.json": (["cT3 cN1 (AJCC 8)"], ["cT3 cN1 (AJCC 8)"], set()),
    "min_ext.json": (["uT2 pN0(i+)"], ["uT2 pN0(i+)"], set()),
    "no_condition.json": (["pT2"], ["pT2"], {"RS552"}),
    "questionnaire_response_r_silent.json": (["rpT2"], ["None"], {"RS431", "RS552"}),
}


@pytest.mark.skipif(not FOUND, reason="the samples are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_comes_out_right(name: str) -> None:
    stagings, said, told = EXPECTED[name]
    found = histories(FOUND[name])
    read = [one.staging for history in found for one in history.tumor.stagings]
    assert [str(one.stage) if one is not None else None for one in read] == stagings
    assert [str(one.history) for one in found] == said
    assert told <= codes(FOUND[name])

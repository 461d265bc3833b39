"""Groups of other systems than TNM: the table, what each system writes, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

import rstage
from rstage import Method, Stage, StageGroup, Timing, rules
from rstage.diagnostics import RestagingError
from rstage.reference import grammar as _grammar
from rstage.reference import systems
from rstage.restaging.restage import StagePair
from tests.support.case_tables import cases, options
from tests.support.readings import assert_codes, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHERS = rstage.SYSTEMS[1:]
R, Y, A = Timing.RECURRENCE, Timing.POST_THERAPY, Timing.AUTOPSY
FLAGS = ["".join(flags) for flags in product(("", "A", "B"), ("", "E"), ("", "S"), ("", "X"))]


def assert_reads_back(group: StageGroup) -> None:
    """Hold a group against what its text is read as, alone, with its system given, and behind a run."""
    text = str(group)
    by_name = group.system not in systems.NOT_BY_NAME
    for system in (*(("TNM",) if by_name else ()), group.system):
        reading = rstage.read(text, system=system)
        assert reading.stage == Stage(group=group), text
        assert not [found for found in reading.diagnostics if found.code.startswith(("RS1", "RS2"))], text
    if not by_name:
        return
    run = Stage(t=rstage.parse("T2").t, group=group, edition=rstage.Edition(version="8", owner="AJCC"))
    assert rstage.read(str(run)).stage == run


def prefixed(system: str) -> Iterator[tuple[frozenset[Timing], Method | None]]:
    timings = [frozenset(found) for found in ((), (Y,), *(((R,), (A,), (R, Y)) if system == "FIGO" else ()))]
    return product(timings, (None, Method.CLINICAL, Method.PATHOLOGICAL))


@pytest.mark.parametrize("system", OTHERS)
def test_every_group_with_every_prefix_reads_back(system: str) -> None:
    for value, (timing, method) in product(systems.group_values(system), prefixed(system)):
        assert_reads_back(StageGroup(value=value, system=system, timing=timing, method=method))


@pytest.mark.parametrize("value", systems.group_values("FIGO"))
def test_every_mark_of_figo_reads_back(value: str) -> None:
    nodes = ("r", "p") if value.startswith("IIIC") else ()
    for mark, (timing, method) in product((*nodes, *systems.MOLECULAR_MARKS), prefixed("FIGO")):
        assert_reads_back(StageGroup(value=value, system="FIGO", mark=mark, timing=timing, method=method))


@pytest.mark.parametrize("value", systems.group_values("Ann Arbor"))
def test_every_flag_of_ann_arbor_reads_back(value: str) -> None:
    for mark, (timing, method) in product(FLAGS, prefixed("Ann Arbor")):
        assert_reads_back(
            StageGroup(value=value, system="Ann Arbor", mark=mark or None, timing=timing, method=method)
        )


def test_every_score_reads_back() -> None:
    for value, score in product(("I", "II", "III", "IV"), range(systems.HIGHEST_SCORE + 1)):
        assert_reads_back(StageGroup(value=value, system="GTN", mark=str(score)))


@pytest.mark.parametrize("system", ["FIGO", "Ann Arbor"])
def test_every_range_reads_back(system: str) -> None:
    for low, high in product(systems.group_values(system), repeat=2):
        if systems.is_system_range(system, low, high):
            assert_reads_back(StageGroup(value=low, upper=high, system=system))


@pytest.mark.parametrize("order", ["EAS", "ESA", "SEA", "sea", "(E)(S)+A", "E+A S", "+A(E)S"])
def test_flags_stand_in_any_order_and_spelling(order: str) -> None:
    assert str(rstage.parse(f"II{order}", system="Ann Arbor")) == "Ann Arbor IIAES"


@pytest.mark.parametrize("system", OTHERS)
def test_every_name_of_a_system_is_read(system: str) -> None:
    value = systems.group_values(system)[-1]
    if system in systems.NOT_BY_NAME:
        assert all(not rstage.read(f"{name} stage {value}").ok for name in systems.names(system))
        return
    for name in systems.names(system):
        for text in (f"{name} stage {value}", f"T2 N0 {name} Stage {value}"):
            group = rstage.parse(text).group
            assert group is not None
            assert (group.system, group.value) == (system, value)


@pytest.mark.parametrize("row", cases("systems.tsv", "text", "options"))
def test_lines(row: dict[str, str]) -> None:
    reading = rstage.read(row["text"], **options(row["options"]))
    assert canonical(reading) == row["canonical"]
    assert reading.ok is bool(row["canonical"])
    assert_codes(row["codes"], reading.diagnostics)
    for stage in reading.stages:
        system = stage.group.system if stage.group else "TNM"
        again = rstage.read(str(stage), system=system if system in systems.NOT_BY_NAME else "TNM")
        assert again.stage == stage
        assert not [found for found in again.diagnostics if found.code.startswith(("RS1", "RS2"))]
        assert Stage.from_dict(stage.to_dict()) == stage


@pytest.mark.parametrize("other", ["\u0130", "\u0131", "\u017f", "\u212a"])
def test_a_name_with_a_letter_that_is_another_case_of_its_own_names_a_system(other: str) -> None:
    # What `re` takes for another case of i, s and k: no name may be found that the table then does not have.
    letter = next(one for one in "isk" if re.fullmatch(one, other, re.IGNORECASE))
    named = 0
    for name in (one for system in systems.SYSTEMS[1:] for one in systems.names(system)):
        written = re.sub(letter, other, name, flags=re.IGNORECASE)
        found = systems.find_system(f"{written} 1")
        if not _grammar.is_exact_name(name):
            assert found is not None, written
            named += written != name
    assert named


def test_tnm_is_the_first_system() -> None:
    assert rstage.SYSTEMS[:3] == ("TNM", "FIGO", "Ann Arbor")
    assert len(set(rstage.SYSTEMS)) == len(rstage.SYSTEMS)


def test_every_line_of_the_table_has_a_source() -> None:
    lines = _grammar.grammar_text("systems.tsv").splitlines()
    assert all(line.split("\t")[4] for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("name", ["head", "figo", "lymphoma", "listed"])
def test_the_grammars_hold_no_code(name: str) -> None:
    assert not re.search(r"^%|->", _grammar.grammar_text(f"{name}.lark"), re.MULTILINE)


@pytest.mark.parametrize("text", ["Ann Arbor IIA", "INSS 4S", "GTN III:8", "ISS II"])
def test_a_group_of_another_system_is_never_restaged(text: str) -> None:
    stage = rstage.parse(text)
    with pytest.raises(RestagingError) as error:
        stage.restaged()
    assert_codes("SYSTEM_WITHOUT_R", error.value.diagnostics)
    diagnosis, assessment = rstage.Staging.parse(text), rstage.Staging.parse(f"T2 N0 M0 {text}")
    with pytest.raises(RestagingError) as error:
        rstage.restage(diagnosis, assessment)
    assert_codes("SYSTEM_WITHOUT_R", error.value.diagnostics)


@pytest.mark.parametrize("system", sorted({*OTHERS} - {"FIGO"}))
def test_the_r_form_that_a_system_does_not_have_is_not_computed(system: str) -> None:
    group = rstage.StageGroup(value=systems.group_values(system)[0], system=system)
    assessment = rstage.Staging(stage=rstage.Stage(group=group), text=str(group))
    diagnosis = rstage.Staging.parse("cT2 N0 M0")
    pair = StagePair(diagnosis, assessment)
    assert (pair.restaged, pair.template) == (None, None)
    assert_codes("SYSTEM_WITHOUT_R", rstage.check_restaging(diagnosis, assessment))
    with pytest.raises(RestagingError) as error:
        rstage.History.of([diagnosis]).restage(assessment)
    assert_codes("SYSTEM_WITHOUT_R", error.value.diagnostics)
    made = rstage.restage(diagnosis, rstage.Staging.parse("T3 N0 M0"))
    assert_codes("RESTAGED_ALTERED", rstage.verify(replace(made, assessment=assessment)))


def test_a_figo_group_is_restaged_with_a_warning() -> None:
    restaging = rstage.restage(rstage.Staging.parse("FIGO IB2"), rstage.Staging.parse("FIGO IVB"))
    assert str(restaging.restaged) == "rFIGO IVB"
    assert_codes("R_ON_FIGO", restaging.diagnostics)


@pytest.mark.parametrize("system", ["Rai", "Ann Arbor", "INSS", "Dukes"])
def test_checks_of_tnm_groups_leave_other_systems_alone(system: str) -> None:
    value = systems.group_values(system)[0]
    codes = {found.code for found in rstage.read(f"T2 N0 M1 {system} {value}").diagnostics}
    assert rules.M1_WITH_STAGE_0_OR_I.code not in codes


@pytest.mark.parametrize("system", OTHERS)
def test_a_name_alone_is_no_group(system: str) -> None:
    assert not rstage.read(systems.names(system)[0]).ok


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("IIE", "Ann Arbor"),
        ("4S", "INSS"),
        ("III:8", "GTN"),
        ("1AEX", "Ann Arbor"),
        ("3A12", "FIGO"),
        ("IIX", "Ann Arbor"),
    ],
)
def test_the_error_names_the_likely_system(text: str, named: str) -> None:
    (found,) = rstage.read(text).diagnostics
    assert found.code == rules.OTHER_SYSTEM.code
    assert named in found.message
    assert any(one.startswith(named) for one in found.suggestions)
    assert all(rstage.read(one).ok for one in found.suggestions)


@pytest.mark.parametrize("text", ["Salmon", "Jude", "Astler"])
def test_a_name_that_may_be_a_person_is_not_shown(text: str) -> None:
    message = " ".join(
        found.message for found in rstage.read(f"{text} xyz").diagnostics if text in found.message
    )
    assert not message

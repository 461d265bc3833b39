"""Messages of one tumor that arrive one by one come to the history that one message of them all gives."""

from __future__ import annotations

import json
import re
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import messages
from rstage.cli import main
from rstage.files.errors import TableError
from rstage.messages.gathering import gathered
from tests.support.command_line import CliRunner
from tests.support.paths import MESSAGES, TRIALS

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = MESSAGES / "obds.xml"


def run(*arguments: object) -> Any:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    """The reports of a message, each in a message of its own."""
    text = WHOLE.read_text(encoding="utf-8")
    reports = re.findall(r" *<Meldung .*?</Meldung>\n", text, re.DOTALL)
    before, after = text.split(reports[0])[0], text.split(reports[-1])[-1]
    assert len(reports) == 4
    found = []
    for number, report in enumerate(reports):
        path = tmp_path / f"part{number}.xml"
        path.write_text(before + report + after, encoding="utf-8")
        found.append(path)
    return found


def test_courses_are_gathered_in_any_order(parts: list[Path]) -> None:
    expected = json.loads(run("history", WHOLE, "-q").stdout)
    for ordered in list(permutations(parts))[::5]:
        made = json.loads(run("history", *ordered, "-q").stdout)
        assert made["diagnosis"] == expected["diagnosis"]
        assert [one["link"] for one in made["restagings"]] == [one["link"] for one in expected["restagings"]]
    ended = run("history", *parts)
    assert "4 records, 1 tumor, 2 restagings" in ended.stderr
    assert f"{parts[3]}:" in ended.stderr


def test_other_tumors_and_formats_stay_apart(parts: list[Path]) -> None:
    others = [MESSAGES / "naaccr.xml", MESSAGES / "mcode.json", MESSAGES / "obds_again.xml"]
    alone = [len(run("history", path, "-q").stdout.splitlines()) for path in others]
    lines = run("history", *parts, *others, "-q").stdout.splitlines()
    assert len(lines) == 1 + sum(alone)


def test_one_that_cannot_be_read_ends_the_run(parts: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<oBDS><Patient>", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert run("history", *parts, broken, "-o", out).exit_code == 3
    assert not out.exists()
    assert run("history", *parts, "-o", parts[1], "--force").exit_code == 2


def test_a_prior_history_gives_the_diagnosis(parts: list[Path], tmp_path: Path) -> None:
    prior = tmp_path / "prior.jsonl"
    links = [one.history and [str(each.link) for each in one.history.restagings] for one in read(WHOLE)]
    assert run("history", parts[0], parts[1], "-o", prior, "-q").exit_code == 0
    told: list[str] = []
    for number, part in enumerate(parts[2:]):
        assert not any(one.history for one in read(part))
        sidecar, longer = tmp_path / f"{number}.side", tmp_path / f"{number}.jsonl"
        assert run("restage", part, "--prior", prior, "-o", sidecar).exit_code == 0
        assert run("verify", sidecar, "--against", part, "--prior", prior).exit_code == 0
        assert run("verify", sidecar, "--against", part).exit_code == 1
        lines = [json.loads(line) for line in sidecar.read_text(encoding="utf-8").splitlines()]
        told += [str(rstage.Restaging.from_dict(line["restaging"]).link) for line in lines[:-1]]
        assert run("history", part, "--prior", prior, "-o", longer, "-q").exit_code == 0
        assert run("verify", longer).exit_code == 0
        prior = longer
    assert [told] == links
    # What stands there already counts once, and the diagnosis stays.
    again = list(messages.histories(WHOLE, prior=prior))
    assert [one.new_count for one in again] == [0]
    assert {found.diagnostic.code for one in again for found in one.findings} == {"RS436"}


def read(path: Path) -> list[Any]:
    return list(messages.histories(path))


def test_a_prior_history_that_does_not_hold_is_not_used(parts: list[Path], tmp_path: Path) -> None:
    prior = tmp_path / "prior.jsonl"
    assert run("history", *parts[:3], "-o", prior, "-q").exit_code == 0
    text = prior.read_text(encoding="utf-8")
    # A history that goes on from another of its tumor counts; one that differs leaves open which is right.
    shorter = run("history", *parts[:2], "-q").stdout
    prior.write_text(shorter + text, encoding="utf-8")
    assert [one.new_count for one in messages.histories(parts[3], prior=prior)] == [1]
    other = run("history", parts[0], "-q").stdout
    for wrong in (text.replace("2023-05-04", "2023-05-05"), text + other):
        prior.write_text(wrong, encoding="utf-8")
        (found,) = messages.histories(parts[3], prior=prior)
        assert found.history is None
        assert [one.diagnostic.code for one in found.findings if one.diagnostic.code == "RS443"] == ["RS443"]
        assert len(found.unlinked) == 1
    prior.write_text("no history", encoding="utf-8")
    with pytest.raises(TableError):
        list(messages.histories(parts[3], prior=prior))


def test_a_later_staging_never_replaces_a_prior_diagnosis(parts: list[Path], tmp_path: Path) -> None:
    prior = tmp_path / "prior.jsonl"
    assert run("history", parts[0], "-o", prior, "-q").exit_code == 0
    (found,) = messages.histories(parts[1], prior=prior)
    assert found.history is not None
    assert str(found.history.diagnosis) == "cT2 cN0 cM0 (UICC 8)"
    assert len(found.history.initial) == 2
    assert {one.diagnostic.code for one in found.findings} == {"RS444"}


def test_wrong_use(parts: list[Path], tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("tumor,stage\n1,T2\n", encoding="utf-8")
    prior = tmp_path / "prior.jsonl"
    assert run("history", parts[0], "-o", prior, "-q").exit_code == 0
    columns = ("--tumor-id", "tumor", "--stage", "stage")
    assert run("history", table, *columns, "--prior", prior).exit_code == 2
    assert run("check", table, "--column", "stage", "--prior", prior).exit_code == 2
    assert run("history", table, table, *columns).exit_code == 2
    assert run("history", table, table).exit_code == 3
    assert run("restage", MESSAGES / "mcode.json", "--prior", prior).exit_code == 2


def test_the_library_gathers_too(parts: list[Path]) -> None:
    (found,) = gathered(parts)
    (whole,) = messages.histories(WHOLE)
    assert found.history == whole.history
    with pytest.raises(TypeError):
        gathered([b"x"])  # type: ignore[list-item]  # that it is refused is the test
    with pytest.raises(ValueError, match="months"):
        gathered(parts, diagnosis_window=-1)


LATE = TRIALS / "condition_recurrence_later_staging.json"


@pytest.mark.skipif(not LATE.is_file(), reason="the samples are not here")
def test_the_same_patient_has_the_same_diagnosis_in_every_format(tmp_path: Path) -> None:
    def tnm(name: str, t: str, method: str, m: str) -> str:
        methods = "".join(f"<c_p_u_Praefix_{one}>{method}</c_p_u_Praefix_{one}>" for one in "TNM")
        return f"<{name}>{methods}<T>{t}</T><N>0</N><M>{m}</M></{name}>"

    def report(inner: str) -> str:
        return f'<Meldung><Tumorzuordnung Tumor_ID="t"/>{inner}</Meldung>'

    path = tmp_path / "m.xml"
    reports = [
        f"<Diagnose><Diagnosedatum>2019-03-02</Diagnosedatum>{tnm('cTNM', '2', 'c', '0')}</Diagnose>",
        "<Verlauf><Gesamtbeurteilung_Tumorstatus>Y</Gesamtbeurteilung_Tumorstatus></Verlauf>",
        f"<OP><Datum>2023-05-11</Datum>{tnm('TNM', '0', 'p', '1')}</OP>",
    ]
    body = "".join(map(report, reports))
    path.write_text(f'<oBDS><Patient Patient_ID="p">{body}</Patient></oBDS>', encoding="utf-8")
    told = []
    for file in (LATE, path):
        (found,) = messages.histories(file)
        assert found.history is not None
        told.append((str(found.history), [one.event for one in found.history.restagings]))
    assert told[0] == told[1] == ("cT2 cN0 cM0 -> rpT0 rpN0 rpM1", ["recurrence"])

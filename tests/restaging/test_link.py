"""Links: the worked example of the page, canonical JSON, and digests that depend on nothing but the input."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rstage
from rstage.restaging.link import stage_json, staging_between, staging_json
from rstage.restaging.link_key import as_utf8
from rstage.restaging.restage import StagePair
from rstage.restaging.staging import Circumstances
from tests.support.paths import DOCS

PAGE = (DOCS / "link.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
VALUES: dict[str, Any] = json.loads(next(body for kind, body in BLOCKS if kind == "json"))
STEPS = [body.splitlines() for kind, body in BLOCKS if kind == "text"]


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def staging_of(values: dict[str, Any]) -> rstage.Staging:
    return rstage.Staging.parse(**{name: value for name, value in values.items() if name != "stage"})


def example() -> rstage.Restaging:
    return rstage.restage(
        staging_of(VALUES["diagnosis"]), staging_of(VALUES["assessment"]), event=VALUES["event"]
    )


def test_the_page_has_every_step() -> None:
    assert [len(step) for step in STEPS] == [2, 2, 2, 1]


def test_the_page_recomputed_with_the_standard_library_alone() -> None:
    diagnosis, assessment, restaging, (cell,) = STEPS
    assert diagnosis == [canonical(VALUES["diagnosis"]), digest(canonical(VALUES["diagnosis"]))]
    assert assessment == [canonical(VALUES["assessment"]), digest(canonical(VALUES["assessment"]))]
    whole = canonical({**VALUES, "diagnosis": diagnosis[1]})
    assert restaging == [whole, digest(whole)]
    assert cell == f"r{VALUES['version']}:{digest(whole)}"


def test_the_page_against_the_library() -> None:
    restaging = example()
    link = restaging.link
    assert [link.diagnosis, link.assessment, link.restaging] == [step[1] for step in STEPS[:3]]
    assert [str(link)] == STEPS[3]
    assert str(restaging.diagnosis.stage) == VALUES["diagnosis"]["stage"]
    assert str(restaging.restaged) == VALUES["restaged"]
    assert [str(kind) for kind in restaging.recurrence] == VALUES["recurrence"]
    assert restaging.recurrence_basis == VALUES["recurrence_basis"]
    assert (link.previous, link.version) == (VALUES["previous"], VALUES["version"])


def test_the_code_on_the_page_gives_the_digest() -> None:
    code = next(body for kind, body in BLOCKS if kind == "python")
    found: dict[str, Any] = {"values": VALUES["diagnosis"]}
    exec(code, found)  # noqa: S102  the page's own example
    assert found["digest"] == STEPS[0][1]


def test_another_process_gives_the_same_link() -> None:
    script = """
import json, rstage, sys
values = json.loads(sys.argv[1])
diagnosis, assessment = (
    rstage.Staging.parse(**{name: value for name, value in values[side].items() if name != "stage"})
    for side in ("diagnosis", "assessment")
)
print(rstage.restage(diagnosis, assessment, event=values["event"]).link)
"""
    for seed in ("1", "2"):
        done = subprocess.run(  # noqa: S603  this Python and a fixed text
            [sys.executable, "-c", script, json.dumps(VALUES)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stdout.split() == STEPS[3]


def test_the_link_names_the_ids() -> None:
    assessment = staging_of({**VALUES["assessment"], "id": "A2"})
    diagnosis = staging_of({**VALUES["diagnosis"], "id": "D1"})
    link = rstage.restage(diagnosis, assessment).link
    assert (link.tumor_id, link.diagnosis_id, link.assessment_id) == ("T1", "D1", "A2")


def test_repr_hides_ids_and_digests() -> None:
    link = example().link
    assert link.restaging not in repr(link)
    assert "T1" not in repr(link)


def test_dictionary_and_pickle() -> None:
    link = example().link
    data = json.loads(json.dumps(link.to_dict()))
    assert data["version"] == 1
    assert rstage.Link.from_dict(data) == link
    assert pickle.loads(pickle.dumps(link)) == link  # noqa: S301  what this test pickled itself


@pytest.mark.parametrize("bad", ["", "0" * 63, "G" * 64, "A" * 64, "0" * 64 + "\n"])
def test_a_link_holds_digests(bad: str) -> None:
    fields = example().link.to_dict()
    for name in ("diagnosis", "assessment", "restaging", "previous"):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            rstage.Link.from_dict({**fields, name: bad})


@pytest.mark.parametrize("version", [0, -1, 1.0, "1", True])
def test_the_version_is_a_number(version: object) -> None:
    with pytest.raises(ValueError, match="version"):
        rstage.Link.from_dict({**example().link.to_dict(), "version": version})


def test_a_lone_surrogate_has_no_digest() -> None:
    with pytest.raises(ValueError, match="UTF-8") as caught:
        as_utf8("M\udcfcller")
    assert "ller" not in str(caught.value)


optional = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
circumstances = st.builds(Circumstances, st.none() | st.just("2019-03"), optional, optional, optional)


@given(circumstances, circumstances, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_what_is_written_is_what_the_json_module_writes(
    old: Circumstances, new: Circumstances, text: str
) -> None:
    stage = rstage.parse("cT2 N0 M0")
    diagnosis = rstage.Staging(stage=stage, text=text)
    assessment = rstage.Staging(stage=stage, text="cT2N0M0")
    pair = StagePair(diagnosis, assessment, recurrence="local+distant")
    first = {**old._asdict(), "stage": "cT2 N0 M0", "text": text}
    second = {**new._asdict(), "stage": "cT2 N0 M0", "text": "cT2N0M0"}
    assert pair.template is not None
    of_stage = stage_json(diagnosis)
    written = staging_json(staging_between(of_stage, old.id, old.site), old.date, old.tumor_id)
    assert written == canonical(first)
    assert pair.template.assessment_json(new) == canonical(second)
    whole = {
        "assessment": second,
        "diagnosis": digest(canonical(first)),
        "event": "unknown",
        "previous": None,
        "recurrence": ["local", "distant"],
        "recurrence_basis": "stated",
        "restaged": "rcT2 rN0 rM0",
        "version": 1,
    }
    assert pair.template.restaging_json(written, new) == canonical(whole)
    assert pair.template.cell(written, new) == f"r1:{digest(canonical(whole))}"
    bare = staging_json(staging_between(of_stage, None, None), None, None)
    assert pair.template.cell(bare, new) == str(pair.template.link(diagnosis, new))

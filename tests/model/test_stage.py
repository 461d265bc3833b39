"""What a stage keeps of what it was asked for never shows: it stays the value that it was."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

import rstage
from rstage.model.stage import every_timing


@pytest.mark.parametrize("text", ["rpT2 rN0 ypM0", "T2 N0 M0", "rT2 rStage IIB", "Stage IV", "G2 Stage II"])
def test_what_a_stage_remembers_is_no_part_of_it(text: str) -> None:
    asked, fresh = rstage.parse(text), rstage.Stage.from_dict(rstage.parse(text).to_dict())
    said = every_timing(asked)
    pickled = pickle.loads(pickle.dumps(asked))  # noqa: S301  made here
    for one in (asked, pickled, copy.deepcopy(asked), dataclasses.replace(asked)):
        assert one == fresh
        assert hash(one) == hash(fresh)
        assert one.to_dict() == fresh.to_dict()
        assert every_timing(one) == every_timing(fresh) == said


def test_another_stage_remembers_nothing_of_the_first() -> None:
    asked = rstage.parse("T2 ypN0 M0")
    assert every_timing(asked)
    assert not every_timing(dataclasses.replace(rstage.parse("T2 N1"), group=None))
    assert every_timing(rstage.parse("rT2 rStage IIB")) != every_timing(rstage.parse("T2 Stage IIB"))

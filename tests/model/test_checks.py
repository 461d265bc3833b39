"""A check that has anything to say of a stage is woken by the facts of that stage."""

from __future__ import annotations

from itertools import product

from rstage import Stage, read
from rstage.model import facts
from rstage.model.checks import _CHECKS, Check, awake
from tests.support.case_tables import every_text

PREFIXES = ("", "c", "p", "y", "yp", "r", "rp", "a", "ra")
VALUES = (("1", "0", "0"), ("is", "0(f)", "1"), ("2-3", "X", "X"), ("2", "1C2", "1"))
GROUPS = ("", "Stage IS", "Stage IIA", "Stage I-II", "r Stage IV", "FIGO IB1(MRI)", "Stage 0")
BEHIND = ("", "L0 V1", "R1 G2", "AJCC 8", "UICC 6")


def stages() -> list[Stage]:
    texts = [
        f"{t}T{value} {n}N{nodes} {m}M{metastases}"
        for (t, n, m) in product(PREFIXES, PREFIXES[::2], ("", "p", "y", "r"))
        for value, nodes, metastases in (
            ("1", "0", "0"),
            ("is", "0(f)", "1"),
            ("2-3", "X", "X"),
            ("2", "1C2", "1"),
        )
    ]
    texts += [
        f"{run} {group} {behind}"
        for run in ("", "pT2", "rpT2 N0", "pT1 M1", "Tis N0 M0", "cT1(sn)")
        for group in GROUPS
        for behind in BEHIND
    ]
    texts += every_text()[::4]
    texts += [one.rule.wrong for one in _CHECKS]
    return list(dict.fromkeys(stage for text in texts for stage in read(text).stages))


def speaks(one: Check, stage: Stage) -> bool:
    """Return whether a check that is awake finds anything."""
    return one.look is None or bool(list(one.look(stage)))


def test_a_check_that_speaks_is_awake() -> None:
    speaking = set()
    every_stage = stages()
    for stage in every_stage:
        woken = awake(facts.of_stage(*stage.parts))
        speaking |= {one.rule.code for one in woken if speaks(one, stage)}
        asleep = [one for one in _CHECKS if one not in woken and one.look is not None]
        assert [one.rule.code for one in asleep if speaks(one, stage)] == [], str(stage)
    assert len(every_stage) > 1_000
    assert speaking == {one.rule.code for one in _CHECKS}

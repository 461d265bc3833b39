"""A check that has anything to say of a stage is woken by the facts of that stage."""

from __future__ import annotations

from itertools import product

from rstage import Stage, parse, read
from rstage.model import facts
from rstage.model.checks import _CHECKS, awake
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


# Where the facts decide alone, the check itself says yes to every stage.
NOT_DECIDED_BY_FACTS = [one for one in _CHECKS if not list(one.look(parse("T1")))]


def test_a_check_that_speaks_is_awake() -> None:
    speaking = set()
    every_stage = stages()
    for stage in every_stage:
        woken = awake(facts.of_stage(*stage.parts))
        speaking |= {one.rule.code for one in woken if list(one.look(stage))}
        asleep = [one for one in NOT_DECIDED_BY_FACTS if one not in woken]
        assert [one.rule.code for one in asleep if list(one.look(stage))] == [], str(stage)
    assert len(every_stage) > 1_000
    assert speaking == {one.rule.code for one in _CHECKS}

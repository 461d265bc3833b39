"""What becomes of the stagings of a tumor that cannot be a part of its history, or stand there again."""

from __future__ import annotations

import rstage
from rstage.restaging.linking import Linked, Member, Role, linked

FIRST = rstage.Staging.parse("pT2 pN1 cM0", date="2019-03-02", id="a")
AGAIN = rstage.Staging.parse("pT2 pN1 cM0", date="2019-03-02", id="b")
CAME_BACK = rstage.Staging.parse("rpT3 rpN0", date="2021-05-04", id="c")
CAME_BACK_AGAIN = rstage.Staging.parse("rpT3 rpN0", date="2021-05-04", id="d")


def codes(made: Linked) -> list[list[str]]:
    """Return what linking itself said of each; the restaging says more."""
    of_linking = ("STAGING_AGAIN", "NO_EARLIER_STAGING")
    return [[one.name for one in found if one.name in of_linking] for found in made.found]


def test_a_staging_that_stands_there_again_counts_once_whatever_its_id() -> None:
    made = linked([Member(FIRST), Member(AGAIN), Member(CAME_BACK), Member(CAME_BACK_AGAIN)])
    assert made.history is not None
    assert (made.history.initial, len(made.history.restagings)) == ((FIRST,), 1)
    assert codes(made) == [[], ["STAGING_AGAIN"], [], ["STAGING_AGAIN"]]
    assert not made.left


def test_the_same_text_of_another_date_is_another_staging() -> None:
    later = rstage.Staging.parse("rpT3 rpN0", date="2022-05-04")
    made = linked([Member(FIRST), Member(CAME_BACK), Member(later)])
    assert made.history is not None
    assert len(made.history.restagings) == 2
    assert codes(made) == [[], [], []]


def test_what_stands_in_the_prior_history_counts_once() -> None:
    prior = rstage.History.of([FIRST, CAME_BACK])
    new = rstage.Staging.parse("rpM1(HEP)", date="2023-01-01")
    made = linked([Member(AGAIN), Member(CAME_BACK_AGAIN), Member(new)], prior=prior)
    assert made.history is not None
    assert (made.history.initial, len(made.history.restagings)) == ((FIRST,), 2)
    assert made.history.restagings[0] == prior.restagings[0]
    assert codes(made)[:2] == [["STAGING_AGAIN"], ["STAGING_AGAIN"]]
    assert codes(made)[2] == []


def test_one_that_needs_an_earlier_staging_follows_only_where_that_is_certain() -> None:
    for date, has_followed in (
        ("2019-03-03", True),
        ("2019-03-02", False),
        ("2019-03", False),
        (None, False),
    ):
        assessment = rstage.Staging.parse("rpT3", date=date)
        made = linked([Member(FIRST), Member(assessment, Role.ASSESSMENT, needs_earlier=True)])
        assert made.history is not None
        assert len(made.history.restagings) == has_followed
        assert codes(made)[1] == ([] if has_followed else ["NO_EARLIER_STAGING"])
        assert (made.left == set()) == has_followed

"""Checks for schemas of pandera: they say what `rstage.read` says, over pandas and polars."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module, reload
from typing import TYPE_CHECKING, Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the other libraries say of each other
    pytest.importorskip("pandera", reason="the extra pandera is not installed")
    import pandera.pandas
    import pandera.polars
import pandas as pd
import polars as pl

import rstage
from rstage.pandera import is_canonical, is_diagnosis, is_stage
from tests.support.column_values import values

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.filterwarnings("ignore")

FRAMES: dict[str, tuple[Any, Callable[[list[Any]], Any]]] = {
    "pandas": (pandera.pandas, lambda cells: pd.DataFrame({"stage": pd.Series(cells, dtype=object)})),
    "pandas str": (pandera.pandas, lambda cells: pd.DataFrame({"stage": pd.Series(cells, dtype="string")})),
    "categories": (pandera.pandas, lambda cells: pd.DataFrame({"stage": pd.Categorical(cells)})),
    "polars": (pandera.polars, lambda cells: pl.DataFrame({"stage": pl.Series(cells, dtype=pl.String)})),
}
ROWS = ["pT2 pN0", "rpT2", "T9", "unknown", None, " ", "cT2-3 N0", "pT2N0", "pT2 pN0"]


def failing(library: Any, frame: Any, check: Any) -> list[Any]:
    """Return the values that fail a check, in order."""
    schema = library.DataFrameSchema({"stage": library.Column(None, check, nullable=True)})
    try:
        schema.validate(frame, lazy=True)
    except library.errors.SchemaErrors as error:
        return list(error.failure_cases["failure_case"])
    return []


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (is_stage(), ["T9"]),
        (is_stage(fail_on="warning"), ["T9", "cT2-3 N0"]),
        (is_stage(mode="strict"), ["T9", "cT2-3 N0"]),
        (is_canonical(), ["T9", "pT2N0"]),
        (is_diagnosis(), ["rpT2", "T9"]),
        (is_stage(missing=["T9"]), []),
    ],
)
def test_a_check_finds_what_read_finds(kind: str, check: Any, expected: list[str]) -> None:
    library, make = FRAMES[kind]
    assert failing(library, make(ROWS), check) == expected


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_a_check_says_what_read_says_of_every_text(kind: str) -> None:
    library, make = FRAMES[kind]
    texts = [text for text in values() if text and text.strip() and "\0" not in text]
    texts = [text for text in dict.fromkeys(texts) if text.isprintable()][:3_000]
    found = failing(library, make(texts), is_stage())
    missing = [text for text in texts if text not in found and not rstage.read(text).ok]
    assert found == [text for text in texts if not rstage.read(text).ok and text not in missing]
    assert len(found) > 200
    assert len(missing) < 40  # words for a missing stage


def test_a_field_with_its_dialect() -> None:
    library, make = FRAMES["pandas"]
    assert failing(library, make(["c1A", "T1a", "c9Z"]), is_stage(field="T", dialect="naaccr")) == ["c9Z"]


def test_what_is_no_text_fails() -> None:
    library, make = FRAMES["pandas"]
    assert failing(library, make(["T2", 2, float("nan"), pd.NA]), is_stage()) == [2]


def test_an_index_of_its_own_is_kept() -> None:
    frame = pd.DataFrame({"stage": ["T9", "T2", "T9"]}, index=[7, 7, 3])
    schema = pandera.pandas.DataFrameSchema({"stage": pandera.pandas.Column(str, is_stage())})
    with pytest.raises(pandera.pandas.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)
    assert list(caught.value.failure_cases["index"]) == [7, 3]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"fail_on": "hint"}, ValueError),
        ({"mode": "loose"}, ValueError),
        ({"feild": "T"}, TypeError),
    ],
)
def test_wrong_use_is_told_when_the_check_is_made(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        is_stage(**options)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandera.api.checks", None)
    with pytest.raises(ImportError, match=r"rstage\[pandera\]"):
        reload(import_module("rstage.pandera"))

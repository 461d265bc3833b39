"""A stage is a field of a pydantic model: it takes a text or a stage, and gives its text."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

import rstage
from tests.support.paths import DOCS

pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")


@pytest.fixture(scope="module")
def model() -> Any:
    fields: Any = {"dx": rstage.Stage, "new": (rstage.Stage | None, None)}
    return pydantic.create_model("Tumor", **fields)


def test_a_field_takes_a_text_and_a_stage(model: Any) -> None:
    stage = rstage.parse("pT2 N0")
    assert model(dx="pT2 N0").dx == stage
    assert model(dx=stage).dx is stage
    assert model(dx=stage, new="rT1").new == rstage.parse("rT1")
    assert model.model_validate_json('{"dx": "pT2 N0"}').dx == stage


def test_a_field_gives_its_text(model: Any) -> None:
    made = model(dx="T2  pN1a(sn)")
    assert made.model_dump() == {"dx": "T2 pN1a(sn)", "new": None}
    assert made.model_dump_json() == '{"dx":"T2 pN1a(sn)","new":null}'
    assert model(**made.model_dump()) == model.model_validate_json(made.model_dump_json()) == made


def test_the_schema_is_that_of_a_text(model: Any) -> None:
    for mode in ("validation", "serialization"):
        field = model.model_json_schema(mode=mode)["properties"]["dx"]
        assert field["type"] == "string"
        assert "$ref" not in field


@pytest.mark.parametrize("wrong", [5, None, b"\xff", "T9", "pT2; pT3", "T" * 1_001, {"t": "T2"}])
def test_what_is_no_stage_is_an_error_of_the_model(model: Any, wrong: object) -> None:
    with pytest.raises(pydantic.ValidationError):
        model(dx=wrong)


def test_an_error_shows_no_value_where_the_model_hides_its_input() -> None:
    fields: Any = {"dx": rstage.Stage}
    config = pydantic.ConfigDict(hide_input_in_errors=True)
    with pytest.raises(pydantic.ValidationError, match="RS101") as caught:
        pydantic.create_model("Tumor", __config__=config, **fields)(dx="Margaret Miller")
    assert "Margaret" not in str(caught.value)


def test_reading_a_stage_imports_no_pydantic() -> None:
    code = "import rstage, sys; rstage.parse('pT2'); assert 'pydantic_core' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  this Python


def test_the_python_of_the_page_runs() -> None:
    for block in re.findall(
        r"^```python\n(.*?)^```$", (DOCS / "python.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        exec(block, {"__name__": "page"})  # noqa: S102  the page's own example

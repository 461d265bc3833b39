"""Whether a value can be used in every way that the library has; run in a copy that the value was added to.

python -m tests.recipes.value_in_use T4f T4a-4f
"""

from __future__ import annotations

import sys

from jsonschema import Draft202012Validator

import rstage
from rstage.reference import vocabulary


def check(text: str, span: str) -> None:
    """Check a value such as `T4f`, and a range that ends with it such as `T4a-4f`."""
    letter = text[0]
    value, subcategory = vocabulary.split(letter, text[1:])
    category = rstage.Category(letter=letter, value=value, subcategory=subcategory)
    assert str(category) == text
    _check_category(text, category)
    _check_category(span, rstage.Category.from_dict(_category(span).to_dict()))
    others = " ".join(one for one in ("T2", "N0", "M0") if one[0] != letter)
    note = f"At diagnosis rp{text} {others} was found."
    (mention,) = rstage.find(note)
    assert mention.stage is not None
    assert _part(mention.stage, letter) == rstage.parse(f"rp{text}").categories[0]
    if subcategory:
        (refused,) = rstage.read(f"{letter}{value}{subcategory.upper()}").diagnostics
        assert refused.name == "ALL_CAPITALS"


def _check_category(text: str, category: rstage.Category) -> None:
    assert _category(text) == category
    stage = rstage.parse(f"rp{text}(AJCC 8)")
    assert rstage.parse(str(stage)) == stage
    assert rstage.Stage.from_dict(stage.to_dict()) == stage
    assert not list(Draft202012Validator(rstage.json_schema("Stage")).iter_errors(stage.to_dict()))
    glued = rstage.parse(f"{text}N0" if text[0] == "T" else f"T2{text}")
    assert _part(glued, text[0]) == category


def _category(text: str) -> rstage.Category:
    (category,) = rstage.parse(text).categories
    return category


def _part(stage: rstage.Stage, letter: str) -> rstage.Category | None:
    return next((one for one in stage.categories if one.letter == letter), None)


if __name__ == "__main__":
    check(*sys.argv[1:])
    print(rstage.__file__)  # noqa: T201  the test looks which copy was used

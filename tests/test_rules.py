"""Every code has a wrong and a right example, and both are what they say."""

from __future__ import annotations

import pkgutil
import re
import shlex
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import Rule, rules
from rstage.model.checks import checked_rules
from tests.support.case_tables import options
from tests.support.rule_examples import as_needed, codes_of, copy_example_files, write_example_files

if TYPE_CHECKING:
    from pathlib import Path


RULE_MODULES = sorted(one.name for one in pkgutil.iter_modules(rules.__path__))
# `RS541`, `RS001 to RS015`, `RS54x`, `RS1xx`
NAMED_CODES = re.compile(r"RS(\d(?:\d[\dx]|xx))(?: to RS(\d{3}))?")


def named_codes(module: str) -> set[str]:
    """Return the codes that the first line of a module of rules names."""
    first_line = (import_module(f"rstage.rules.{module}").__doc__ or "").partition("\n")[0]
    return {
        f"RS{number:03}"
        for first, last in NAMED_CODES.findall(first_line)
        for number in range(int(first.replace("x", "0")), int(last or first.replace("x", "9")) + 1)
    }


@pytest.mark.parametrize("module", RULE_MODULES)
def test_a_module_says_which_codes_it_holds(module: str) -> None:
    held = {
        one.code for one in vars(import_module(f"rstage.rules.{module}")).values() if isinstance(one, Rule)
    }
    assert held <= named_codes(module)


def test_each_code_has_one_place() -> None:
    named = [code for module in RULE_MODULES for code in named_codes(module)]
    assert len(set(named)) == len(named)


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the examples of command lines name; some are large."""
    folder = tmp_path_factory.mktemp("rules")
    write_example_files(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path, example_files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of its own for the examples."""
    monkeypatch.chdir(tmp_path)
    copy_example_files(example_files, tmp_path)
    return tmp_path


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_the_wrong_example_gives_the_code_and_the_right_one_does_not(
    rule: Rule, request: pytest.FixtureRequest
) -> None:
    if "$ rstage " in f"{rule.wrong}{rule.right}":
        request.getfixturevalue("folder")
    if rule is rules.SCHEMA_VIOLATED:
        pytest.importorskip("lxml")
    if rule is rules.DATES_OF_EXCEL:
        pytest.importorskip("openpyxl")
        pytest.importorskip("fastexcel")
    with as_needed(rule):
        assert rule.code in codes_of(rule.wrong)
        assert rule.code not in codes_of(rule.right)


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.code)
def test_a_rule_is_complete(rule: Rule) -> None:
    assert getattr(rules, rule.name) is rule
    assert rule.message
    assert not rule.message.endswith(".")
    assert rule.reason.endswith(".")
    assert rule.source
    block = {"0": "error", "1": "error", "9": "error"}.get(rule.code[2])
    assert block is None or rule.severity == block


READ = [rule for rule in rules.ALL if not rule.wrong.startswith("$ ") and "encode=" not in rule.wrong]
IN_ONE_TEXT = [rule for rule in READ if "=" not in rule.wrong or "text=" in rule.wrong]


def read_example(rule: Rule, **more: Any) -> rstage.Reading:
    """Read the wrong example of a rule; what the example says itself counts before other options."""
    given = options(rule.wrong) if "=" in rule.wrong else {"text": rule.wrong}
    return rstage.read(given.pop("text"), **more | given)


@pytest.mark.parametrize("rule", IN_ONE_TEXT, ids=lambda rule: rule.code)
def test_a_rule_says_what_mode_strict_makes_of_it(rule: Rule) -> None:
    plain, strict = (read_example(rule, mode=mode).diagnostics for mode in ("standard", "strict"))
    before, after = ({one.severity for one in found if one.code == rule.code} for found in (plain, strict))
    assert ("mode strict" in rule.otherwise) == (before != after or "thin" in rule.otherwise)


@pytest.mark.parametrize(
    "rule", [rule for rule in IN_ONE_TEXT if rule.severity == "error"], ids=lambda rule: rule.code
)
def test_the_option_of_a_rule_reads_its_wrong_example(rule: Rule) -> None:
    assert not read_example(rule).ok
    words = iter(shlex.split(rule.option))
    named = {word.removeprefix("--"): next(words) for word in words}
    assert read_example(rule, **named).ok == bool(rule.option)
    assert not read_example(rule, mode="repair").ok or rule.option in ("--mode repair", "--dialect obds")


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in rules.ALL}) == len(rules.ALL) == len({rule.name for rule in rules.ALL})


def test_every_check_has_its_own_rule() -> None:
    checked = [rule.code for rule in checked_rules()]
    assert len(set(checked)) == len(checked)
    assert set(checked) <= set(rules.BY_CODE)

"""What a release says of itself agrees, and what publishes it holds no secret."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from typing import Any

import pytest

import rstage
from tests.support.paths import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RECIPE = ROOT / "packaging" / "conda" / "recipe.yaml"
WORKFLOW = ROOT / ".github" / "workflows" / "publish.yml"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
# A section of the changelog is that of a version: its title, and what stands below.
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", CHANGELOG, re.MULTILINE))
# The headings of https://keepachangelog.com, and what a user looks for below them, in their order.
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
SUBJECTS = ("Stages and restagings", "Running text", "Messages", "Tables", "Command line", "Library", "Proof")


def test_the_version_is_the_same_everywhere() -> None:
    citation = re.search(
        r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE
    )
    recipe = re.search(r'^  version: "(.+)"$', RECIPE.read_text(encoding="utf-8"), re.MULTILINE)
    found = {PROJECT["version"], rstage.__version__}
    found |= {match[1] if match is not None else "" for match in (citation, recipe)}
    assert found == {PROJECT["version"]}
    assert next(iter(SECTIONS)).split()[0] == PROJECT["version"]


def test_each_version_of_the_changelog_is_closed_with_its_date_but_the_one_to_come() -> None:
    titles = list(SECTIONS)
    assert len(titles) == CHANGELOG.count("\n## ")
    closed = titles[1:] if titles[0].endswith(" (unreleased)") else titles
    days = [date.fromisoformat(title.partition(" - ")[2]) for title in closed]
    assert days == sorted(days, reverse=True)
    versions = [tuple(map(int, title.split()[0].split("."))) for title in titles]
    assert {len(version) for version in versions} == {3}
    assert versions == sorted(set(versions), reverse=True)


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_of_the_changelog_has_the_known_headings_only_and_each_entry_once(title: str) -> None:
    before, *kinds = re.split(r"^### ", SECTIONS[title], flags=re.MULTILINE)
    assert "\n- " not in before
    assert _in_order([kind.partition("\n")[0] for kind in kinds], KINDS)
    for kind in kinds:
        assert _in_order(re.findall(r"^#### (.+)$", kind, re.MULTILINE), SUBJECTS)
    empty = r"^### .+$\s*+(?!- |#### )|^#### .+$\s*+(?!- )"
    assert re.findall(empty, SECTIONS[title], re.MULTILINE) == []
    entries = Counter(re.findall(r"^- (?:.+\n(?:  .+\n)*)", SECTIONS[title], re.MULTILINE))
    assert entries
    assert [entry for entry, count in entries.items() if count > 1] == []


def _in_order(found: list[str], known: tuple[str, ...]) -> bool:
    return found == [one for one in known if one in found]


def test_the_recipe_needs_what_the_project_needs() -> None:
    recipe = RECIPE.read_text(encoding="utf-8")
    run = recipe.partition("  run:\n")[2].partition("\n\n")[0]
    needed = {one.removeprefix("    - ").replace(" ", "") for one in run.splitlines()}
    assert needed == {f"python{PROJECT['requires-python']}", *PROJECT["dependencies"]}
    assert PROJECT["description"] in recipe


@pytest.mark.parametrize("name", ["SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_no_page_names_a_file_that_is_not_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(((?!https?:)[^)#]+)", text):
        assert (ROOT / target).exists(), target


def test_what_publishes_has_no_secret_and_no_right_that_it_does_not_need() -> None:
    yaml = pytest.importorskip("yaml")
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert "secrets." not in WORKFLOW.read_text(encoding="utf-8")
    build, publish = (workflow["jobs"][name] for name in ("build", "publish"))
    assert publish["permissions"] == {"id-token": "write"}
    assert (publish["needs"], publish["environment"]) == ("build", "pypi")
    used = [step["uses"].partition("@")[0] for step in build["steps"] if "uses" in step]
    assert {"actions/attest-build-provenance", "actions/attest-sbom"} <= set(used)
    assert publish["steps"][-1]["with"] == {"attestations": True}
    # What is published is what was built and looked at: nothing is built a second time.
    assert not [step for step in publish["steps"] if "run" in step]

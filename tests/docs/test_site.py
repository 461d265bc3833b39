"""The documentation site: a page for each finding, every public name once, and a search without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rstage
from rstage import rules
from rstage.cli import main
from rstage.reading.options import READ_KEYWORDS
from rstage.reference.choices import DIALECTS, FIELDS, MODES
from tests.support.paths import DOCS, ROOT
from tests.support.scratch import needs_checkout

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = DOCS / "site"
# Blocks of another language than that of the shell.
OTHER_BLOCK = re.compile(r"^```(?!sh).*?^```", re.DOTALL | re.MULTILINE)
IN_SEARCH = "document.activeElement.shadowRoot"
# Whether the first result of the search is the page of RS402.
FOUND = f"return /RS402/.test({IN_SEARCH}.querySelector('a')?.textContent)"
# Options of other programs that the pages name.
OTHER_OPTIONS = {
    *("--archives", "--py-files", "--master", "--group"),
    # of pip, and of the job and the benchmark for PostgreSQL
    *("--target", "--dsn", "--table", "--key", "--rows", "--rows-at-a-time", "--pairs", "--repeats"),
    *("--command", "--show", "--suite", "--task", "--timeout"),  # of the conformance suite
}


@pytest.fixture(scope="module", autouse=True)
def scripts() -> Iterator[None]:
    """The scripts of the site can be imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SITE))
        patch.syspath_prepend(str(DOCS))
        yield


@pytest.fixture(scope="module")
def findings() -> dict[str, str]:
    pytest.importorskip("lxml")
    pytest.importorskip("openpyxl")
    pytest.importorskip("fastexcel")
    from finding_pages import finding_pages

    return finding_pages()


def test_each_code_has_its_page(findings: dict[str, str]) -> None:
    assert set(findings) == {"index.md", *(f"{rule.code}.md" for rule in rules.ALL)}
    for rule in rules.ALL:
        page = findings[f"{rule.code}.md"]
        wrong, right = (block for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL))
        assert rule.code in wrong
        assert rule.code not in right.replace(f"explain {rule.code}", "")
        assert "**In a " in page, f"nothing is said of what to do about {rule.code}"
        assert page.index("## Why") < page.index("## What to do") < page.index("## What can silence it")
        assert f"[{rule.code}]({rule.code}.md)" in findings["index.md"]


def test_an_example_is_drawn_with_its_caret(findings: dict[str, str]) -> None:
    in_text = [rule for rule in rules.ALL if "=" not in rule.wrong and not rule.wrong.startswith("$ ")]
    assert len(in_text) > 70
    for rule in in_text:
        assert re.search(r"^    +\^", findings[f"{rule.code}.md"], re.MULTILINE), rule.code


def test_related_pages_are_there(findings: dict[str, str]) -> None:
    for name, page in findings.items():
        linked = re.findall(r"\]\((RS\d+\.md)\)", page)
        assert set(linked) <= set(findings), name


def test_each_line_of_advice_is_about_a_finding() -> None:
    from finding_pages import _advice_lines

    for key in _advice_lines():
        code, _, severity = key.partition(" ")
        about = [one for one in rules.ALL if one.code.startswith(code)]
        assert about, key
        assert not severity or severity in {str(one.severity) for one in about}, key


def test_every_public_name_stands_once_in_the_reference() -> None:
    from make_site import API

    named = [name for _, names in API for name in names]
    assert len(named) == len(set(named))
    assert {*named, "__version__"} == set(rstage.__all__)


def test_the_page_of_read_has_every_keyword_and_choice() -> None:
    page = (DOCS / "reading.md").read_text(encoding="utf-8")
    rows = {row[0]: row for row in re.findall(r"^\| `(\w+)` \| (.*?) \|.*\|$", page, re.MULTILINE)}
    assert set(rows) == READ_KEYWORDS
    for keyword, choices in (("mode", MODES), ("field", FIELDS), ("dialect", DIALECTS)):
        assert re.findall(r'"(\w+)"', rows[keyword][1]) == list(choices)


@needs_checkout
def test_the_picture_shows_sections_that_the_report_has(tmp_path: Path) -> None:
    from make_picture import LEFT_OUT, make_report

    shown = make_report(tmp_path).read_text(encoding="utf-8")
    assert 'aria-labelledby="recurrence"' in shown
    assert not any(f'aria-labelledby="{name}"' in shown for name in LEFT_OUT)


def _pages_of(navigation: Any) -> Iterator[str]:
    if isinstance(navigation, str):
        yield navigation
        return
    for one in navigation.values() if isinstance(navigation, dict) else navigation:
        yield from _pages_of(one)


def test_every_page_is_in_the_navigation() -> None:
    project = tomllib.loads((SITE / "zensical.toml").read_text(encoding="utf-8"))["project"]
    named = set(_pages_of(project["nav"]))
    assert {f"docs/{path.name}" for path in DOCS.glob("*.md")} <= named


def test_every_option_that_a_page_names_is_one() -> None:
    known = {
        name
        for command in main.list_commands(None)  # type: ignore[arg-type]  # it does not look at it
        for option in main.get_command(None, command).params  # type: ignore[arg-type,union-attr]  # the same
        for name in (*option.opts, *option.secondary_opts)
    } | {"--help", "--version"}
    pages = [ROOT / "README.md", *DOCS.glob("*.md"), SITE / "advice.tsv", SITE / "finding_pages.py"]
    for path in pages:
        text = re.sub(
            r"^```(?!sh).*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - OTHER_OPTIONS
        assert named <= known, (path.name, named - known)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site: one that was built already (RSTAGE_SITE), or a new one."""
    if built := os.environ.get("RSTAGE_SITE"):
        return Path(built) / "site"
    if find_spec("zensical") is None or find_spec("mkdocstrings") is None:
        pytest.skip("the extra docs is not installed")
    folder = tmp_path_factory.mktemp("site") / "built"
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, SITE / "make_site.py", folder], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "No issues found" in said
    assert "griffe" not in said
    return folder / "site"


@pytest.mark.slow
@needs_checkout
def test_the_site_asks_for_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(rules.ALL)
    for path in pages:
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:[^"]*)', path.read_text())
        assert loaded == [], path


@pytest.mark.slow
@needs_checkout
def test_the_search_works_in_a_folder_without_a_network(site: Path) -> None:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    if browser is None or driver is None:
        pytest.skip("no browser here: chromium and chromium-driver")
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for word in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument(f"--{word}")
    opened = webdriver.Chrome(options=options, service=Service(driver))
    try:
        opened.set_network_conditions(offline=True, latency=0, throughput=0)
        opened.set_window_size(1300, 900)
        opened.get((site / "docs" / "findings" / "RS103.html").as_uri())
        opened.find_element(By.CSS_SELECTOR, "button.md-search__button").click()
        WebDriverWait(opened, 30).until(lambda page: page.execute_script(f"return {IN_SEARCH}") is not None)
        ActionChains(opened).send_keys("second primary").perform()
        WebDriverWait(opened, 30).until(lambda page: page.execute_script(FOUND))
        assert opened.execute_script(f"return {IN_SEARCH}.activeElement.value") == "second primary"
        assert not [entry for entry in opened.get_log("browser") if entry["level"] == "SEVERE"]
    finally:
        opened.quit()

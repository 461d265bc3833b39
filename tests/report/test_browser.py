"""The report in a real browser: it opens, asks for nothing, says nothing in the console, and can be read."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command_line import run
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
needs_browser = pytest.mark.skipif(
    BROWSER is None or DRIVER is None, reason="no browser here: chromium and chromium-driver"
)
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 24, 29)"

# The contrast of each text with the page, as WCAG 2 counts it, as long as no element has a ground of its own.
CONTRAST = """
const light = (color) => {
  const part = color.match(/[\\d.]+/g).slice(0, 3).map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
};
const page = light(getComputedStyle(document.body).backgroundColor);
return [...document.querySelectorAll("body *")].filter((one) =>
  [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
).map((one) => {
  const style = getComputedStyle(one);
  const ink = light(one.namespaceURI.endsWith("svg") ? style.fill : style.color);
  return (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05);
});
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    made = folder / "report.html"
    columns = ("--diagnosis", "diagnosis", "--assessment", "assessment")
    dates = ("--diagnosis-date", "diagnosis_date", "--assessment-date", "assessment_date")
    source = EXAMPLES / "recurrences.csv"
    out = ("-o", folder / "out.csv", "--report", made, "--exit-zero", "-q")
    assert run("restage", source, *columns, *dates, "--tumor-id", "tumor_id", *out).code == 0
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for word in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def opened(browser: Any, page: Path, *, theme: str = "light", width: int = 1200) -> Any:
    scheme = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get_log("performance")
    browser.get(page.as_uri())
    return browser


@needs_browser
def test_it_opens_without_a_request_and_without_a_word_in_the_console(browser: Any, page: Path) -> None:
    opened(browser, page)
    assert browser.get_log("browser") == []
    messages = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [
        one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"
    ]
    assert {url for url in asked if not url.startswith("data:")} == {page.as_uri()}


@needs_browser
def test_the_policy_stops_a_script_and_a_picture_from_elsewhere(
    browser: Any, page: Path, tmp_path: Path
) -> None:
    html = page.read_text(encoding="utf-8")
    bad = "<script>document.title = 'ran'</script><img src='http://127.0.0.1:9/x.png'>"
    changed = tmp_path / "changed.html"
    changed.write_text(html.replace("</body>", f"{bad}</body>"), encoding="utf-8")
    opened(browser, changed)
    assert browser.title == "rstage restage: recurrences.csv"
    refused = [one["message"] for one in browser.get_log("browser")]
    assert len([one for one in refused if "Content Security Policy" in one]) == 2


@needs_browser
@pytest.mark.parametrize(("theme", "ground"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("width", [1200, 360])
def test_it_can_be_read(browser: Any, page: Path, theme: str, ground: str, width: int) -> None:
    opened(browser, page, theme=theme, width=width)
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == ground
    contrasts = browser.execute_script(CONTRAST)
    assert len(contrasts) > 500
    assert min(contrasts) >= 4.5
    # The page itself never moves sideways; a table that is too wide moves in its frame.
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@needs_browser
def test_pictures_are_drawn_with_patterns_and_have_words_beside_them(browser: Any, page: Path) -> None:
    opened(browser, page)
    drawn = "[...document.querySelectorAll('.picture rect')]"
    widths = browser.execute_script(f"return {drawn}.map((one) => one.getBoundingClientRect().width)")
    assert len(widths) > 50
    assert min(widths) > 0
    fills = {
        kind: browser.execute_script(f"return getComputedStyle(document.querySelector('rect.{kind}')).fill")
        for kind in ("read", "refused", "missing", "passed")
    }
    assert len(set(fills.values())) == 4
    assert "#hatched" in fills["refused"]
    assert "#dotted" in fills["missing"]
    cells = "[...document.querySelectorAll('td.picture')]"
    assert browser.execute_script(f"return {cells}.filter((one) => !one.parentNode.innerText.trim())") == []


@needs_browser
def test_it_is_used_by_keyboard(browser: Any, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    opened(browser, page)
    seen = []
    for _ in range(12):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        seen.append(focused.tag_name)
        assert focused.value_of_css_property("outline-style") == "solid"
    assert "a" in seen
    assert "div" in seen  # a table that scrolls
    summary = browser.find_element("css selector", "summary")
    summary.send_keys(Keys.ENTER)
    assert "Wrong:" in browser.find_element("css selector", "details").text


@needs_browser
def test_it_prints_light_and_whole(browser: Any, page: Path) -> None:
    opened(browser, page, theme="dark")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == LIGHT
    hidden = "return getComputedStyle(document.querySelector('nav')).display"
    assert browser.execute_script(hidden) == "none"
    assert len(browser.print_page()) > 10_000

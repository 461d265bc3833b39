"""The page in real browsers: from a text, and from a table to files with the bytes of the command line."""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.command_line import run
from tests.support.opened_page import OpenedPage
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.browsers import Chromium
pytestmark = pytest.mark.slow

ROWS = 10_000
# A server makes no difference once the page is there.
by_double_click = pytest.mark.parametrize("page", ["chromium-file", "firefox-file"], indirect=True)
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 24, 29)"
# The contrast of each text with its ground, as WCAG 2 counts it.
CONTRAST = """
const light = (color) => {
  const part = color.match(/[\\d.]+/g).slice(0, 3).map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
};
const ground = (one) => {
  for (let at = one; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (!color.startsWith("rgba")) return light(color);
  }
};
return [...document.querySelectorAll("body *")].filter((one) =>
  one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
).map((one) => {
  const ink = light(getComputedStyle(one).color);
  return (Math.max(ink, ground(one)) + 0.05) / (Math.min(ink, ground(one)) + 0.05);
});
"""
UNNAMED = """
return [...document.querySelectorAll("input, select, button, iframe, progress")].filter((one) =>
  !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim() || one.title)
).map((one) => one.id);
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of 10,000 rows, one of them too short."""
    return rows(tmp_path_factory.mktemp("many") / "many patients.csv", ROWS)


def rows(path: Path, count: int) -> Path:
    methods, values = ("c", "p", ""), ("0", "1", "1a", "2", "3", "4b", "X", "is", "O")
    lines = ["tumor,dx_stage,dx_date,new_stage,new_date"]
    for row in range(count):
        t, n = values[row % len(values)], row % 4
        method = methods[row % len(methods)]
        dx = f"{method}T{t} {method}N{n} M0"
        new = "" if row % 11 == 0 else f"rT{row % 5} rN{row % 3} {'rcM1' if row % 7 else 'rM0'}"
        lines.append(f"P{row},{dx},201{row % 10}-03-0{row % 9 + 1},{new},202{row % 5}-11-{row % 18 + 10}")
    lines[count // 2] = "too,short"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")
    return path


def on_the_command_line(page: OpenedPage, table: Path, folder: Path) -> dict[str, bytes]:
    """Run the very words that the page shows."""
    program, *words = shlex.split(page.text("command-line"))
    assert program == "rstage"
    folder.mkdir()
    (folder / table.name).write_bytes(table.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        report = f"{table.stem}_report.html"
        done = run(*words, f"--report={report}", "--isolated")
        assert done.code in (0, 1)
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name != table.name}


def digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_a_text_is_read_as_it_is_typed(page: OpenedPage) -> None:
    page.open()
    assert page.type("pT2 NO MO").startswith("Not read: NO holds the letter O")
    drawn = page.value(
        "[...document.querySelectorAll('.finding.error .about')].map((one) => one.textContent)"
    )
    assert drawn == ["NO", "MO"]
    page.browser.click(".proposal")
    page.until("document.getElementById('verdict').textContent === 'Read: pT2 N0 M0'", "it is read")
    assert page.value("document.getElementById('stage').value") == "pT2 N0 M0"
    assert page.value("document.querySelector('.restaged').textContent") == "rpT2 rN0 rM0"
    assert "tumor; pathological (p); value 2" in page.text("meaning")
    # Nothing that was typed is in the address before a person takes the link.
    assert page.value("location.hash") == ""
    page.type("T2cN0")
    page.browser.click(".finding summary")
    page.until("document.querySelector('.finding dd')", "it is explained")
    assert page.browser.console() == []


def test_a_link_is_a_reading(page: OpenedPage) -> None:
    page.open("#stage=c1A&field=T&dialect=naaccr&mode=strict")
    page.until("document.getElementById('verdict').textContent === 'Read: cT1a'", "it is read")
    address = page.value("document.getElementById('link').href")
    said = {name: value for name, (value,) in parse_qs(urlsplit(address).fragment).items()}
    assert said == {"stage": "c1A", "field": "T", "dialect": "naaccr", "mode": "strict"}
    page.browser.script("location.hash = '#stage=2b&field=group&system=FIGO'")
    page.until("document.getElementById('verdict').textContent.includes('IIB')", "the next one is read")
    page.browser.script("location.hash = '#stage=T2&mode=lenient'")
    page.until("document.getElementById('verdict').textContent.includes('mode is one of')", "it is refused")


def test_ten_thousand_rows_have_the_bytes_of_the_command_line(
    page: OpenedPage, many: Path, tmp_path: Path
) -> None:
    page.open()
    page.choose_table(many)
    assert "restage" in page.text("command-line")
    assert "10,000 rows" in page.text("seen") or "9,999 rows" in page.text("seen")
    page.run()
    page.browser.click("#findings")
    page.until(
        "document.getElementById('downloads').textContent.includes('_findings.csv')", "they are listed"
    )
    made = page.downloaded()
    findings = made.pop(next(name for name in made if name.endswith("_findings.csv")))
    assert findings.count(b"\n") > ROWS // 10
    native = on_the_command_line(page, many, tmp_path / "native")
    assert len(native) == 3
    assert digests(made) == digests(native)
    table = next(name for name in made if name.endswith(".csv"))
    kept = tmp_path / table
    kept.write_bytes(made[table])
    assert page.verify(kept).startswith("Nothing was altered")
    kept.write_bytes(made[table].replace(b"P77,", b"P78,", 1))
    assert page.verify(kept).startswith("Something was altered")
    assert ":79:" in page.text("proof-printed")
    assert page.value("document.getElementById('report').srcdoc.length") > 10_000
    assert page.value("document.getElementById('report').sandbox.length") == 0
    assert page.browser.console() == []


@by_double_click
def test_columns_are_chosen_and_normalized(page: OpenedPage, tmp_path: Path) -> None:
    table = tmp_path / "parts.csv"
    table.write_text("id,x,y,z\n1,pT2,pN1,junk words\n2,cT1,cN0,\n", encoding="utf-8")
    page.open()
    page.choose_table(table)
    page.browser.script("""
      document.getElementById("normalize").click();
      for (const [column, role] of [["x", "T"], ["y", "N"], ["z", ""], ["id", ""]]) {
        const row = document.querySelector(`tr[data-column="${column}"]`);
        row.querySelector("select").value = role;
        row.querySelector("input").value = "dx";
        row.querySelector("select").dispatchEvent(new Event("input", { bubbles: true }));
      }
    """)
    words = "--column=dx:T=x --column=dx:N=y"
    page.until(f"document.getElementById('command-line').textContent.includes('{words}')", "it is shown")
    page.run()
    made = page.downloaded()
    assert made["parts_normalized.csv"].splitlines()[1:] == [
        b"1,pT2,pN1,junk words,pT2 pN1,",
        b"2,cT1,cN0,,cT1 cN0,",
    ]
    assert digests(made) == digests(on_the_command_line(page, table, tmp_path / "native"))


@by_double_click
def test_what_runs_can_be_canceled(page: OpenedPage, tmp_path: Path) -> None:
    page.open()
    large = rows(tmp_path / "large.csv", 5 * ROWS)
    page.choose_table(large)
    page.browser.click("#run")
    page.until("document.getElementById('progress').value > 0", "it is on its way")
    page.browser.click("#cancel")
    said = "document.getElementById('doing').textContent"
    page.until(f"{said}.startsWith('Canceled: nothing')", "Python is there again")
    assert page.value("document.getElementById('outcome').hidden")
    page.browser.click("#tab-reading")
    assert page.type("rpT2 rpN1") == "Read: rpT2 rpN1"
    page.choose_table(EXAMPLES / "recurrences.csv")
    page.run()


def test_nothing_leaves_the_machine(page: OpenedPage) -> None:
    page.open()
    page.type("pT2 N0")
    page.choose_table(EXAMPLES / "recurrences.csv")
    page.run()
    asked = {one for one in page.browser.requests() if not one.startswith(("data:", "blob:", "about:"))}
    own = {page.address}
    if page.address.startswith("http"):
        files = ("page.css", "page.js", "worker.bin", "wasm.bin", "python.bin", "lock.bin")
        own |= {page.address + name for name in files}
    # Firefox does not tell of a file that is opened.
    assert asked == own or asked <= own == {page.address}
    policy = page.value("document.querySelector('meta[http-equiv]').content").split("; ")
    assert "default-src 'none'" in policy
    assert ("connect-src 'self'" if len(own) > 1 else "connect-src 'none'") in policy


def test_it_works_when_the_network_is_gone(chromium: Chromium, server: str) -> None:
    page = OpenedPage(chromium, server).open()
    off = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    chromium.driver.execute_cdp_cmd("Network.emulateNetworkConditions", off)
    try:
        assert page.type("rpT2") == "Read: rpT2"
        page.choose_table(EXAMPLES / "recurrences.csv")
        page.run()
    finally:
        on = {**off, "offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
        chromium.driver.execute_cdp_cmd("Network.emulateNetworkConditions", on)


def test_where_it_cannot_start_it_says_so(chromium: Chromium, built: Path, tmp_path: Path) -> None:
    html = (built / "rstage.html").read_text(encoding="utf-8")
    forbidding = tmp_path / "forbidding.html"
    forbidding.write_text(html.replace(" 'wasm-unsafe-eval'", "", 1), encoding="utf-8")
    chromium.open(forbidding.as_uri())
    page = OpenedPage(chromium, forbidding.as_uri())
    page.until("document.getElementById('status').className === 'danger'", "it is told")
    assert page.text("status").startswith("This page cannot start: ")
    chromium.console()


def test_no_other_script_runs(chromium: Chromium, built: Path, tmp_path: Path) -> None:
    html = (built / "rstage.html").read_text(encoding="utf-8")
    bad = "<script>document.title = 'ran'</script><img src='http://127.0.0.1:9/x.png'>"
    changed = tmp_path / "changed.html"
    changed.write_text(html.replace("<header>", f"{bad}<header>", 1), encoding="utf-8")
    page = OpenedPage(chromium, changed.as_uri()).open()
    assert page.value("document.title").startswith("rstage")
    assert len([one for one in chromium.console() if "Content Security Policy" in one]) == 2


def test_it_can_be_read(chromium: Chromium, built: Path) -> None:
    page = OpenedPage(chromium, (built / "rstage.html").as_uri()).open()
    page.type("pT2 pN1(sn) xyz")
    check_looks(page, chromium)
    page.choose_table(EXAMPLES / "recurrences.csv")
    page.run()
    check_looks(page, chromium)
    assert page.browser.script(UNNAMED) == []


def check_looks(page: OpenedPage, chromium: Chromium) -> None:
    """Look at the page light and dark, on a screen and on a phone."""
    for theme, ground in (("dark", DARK), ("light", LIGHT)):
        chromium.wear(theme)
        for width in (360, 1200):
            chromium.resize(width)
            assert page.value("getComputedStyle(document.body).backgroundColor") == ground
            contrasts = page.browser.script(CONTRAST)
            assert len(contrasts) > 15
            assert min(contrasts) >= 4.5
            assert page.value("document.documentElement.scrollWidth") <= width


def test_it_is_used_by_keyboard(chromium: Chromium, built: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    page = OpenedPage(chromium, (built / "rstage.html").as_uri()).open()
    seen = []
    for _ in range(4):
        chromium.driver.switch_to.active_element.send_keys(Keys.TAB)
        focused = chromium.driver.switch_to.active_element
        seen.append(focused.get_attribute("id") or focused.text)
        assert focused.value_of_css_property("outline-style") == "solid"
    assert seen == ["tab-reading", "stage", "rpT2 rpN1 cM0", "pT2 NO MO"]
    chromium.driver.switch_to.active_element.send_keys(Keys.ENTER)
    page.until("document.querySelector('.proposal')", "it is read")
    chromium.driver.find_element("id", "tab-reading").send_keys(Keys.ARROW_RIGHT)
    assert page.value("document.activeElement.id") == "tab-table"
    assert page.value("document.getElementById('reading').hidden")

"""The page in the browser: its size, the time to a first reading, and 10,000 rows beside the command line.

    python page/build.py --output FOLDER
    python benchmarks/page.py FOLDER

It takes Chromium with its driver, and selenium. The first reading counts from the start of the page, the rows
from the click to the end of the command, in a page that was just opened and looked at the table, as it does
with any; the command line counts with its start. Both write the report. The middle of some runs is printed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.browsers import Chromium
from tests.support.opened_page import OpenedPage

ROWS = 10_000
OPTIONS = ("--diagnosis=dx", "--assessment=new", "--report=report.html", "--isolated", "--force", "-q")
WATCH = """
const said = document.getElementById("verdict");
new MutationObserver(() => { document.body.dataset.first ??= String(performance.now()); })
  .observe(said, { childList: true });
"""
CLICK = """
const begin = performance.now();
const ended = document.getElementById("outcome");
ended.hidden = true;
new MutationObserver((_, observer) => {
  if (ended.hidden) return;
  observer.disconnect();
  document.body.dataset.took = String(performance.now() - begin);
}).observe(ended, { attributes: true });
delete document.body.dataset.took;
document.getElementById("run").click();
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("built", type=Path, help="the folder that page/build.py wrote")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    one_file: Path = asked.built.resolve() / "rstage.html"
    print(f"one file: {one_file.stat().st_size:,} bytes")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        browser = Chromium(folder)
        try:
            page = OpenedPage(browser, one_file.as_uri())
            first = [first_reading(page) for _ in range(asked.runs)]
            print(f"first reading, from the start of the page: {median(first):.2f} s")
            for kind, distinct in (("repeated texts", 60), ("4,000 different texts", 4_000)):
                table = folder / f"{distinct}.csv"
                write_rows(table, distinct)
                here = [in_the_page(page, table) for _ in range(asked.runs)]
                native = [on_the_command_line(table) for _ in range(asked.runs)]
                ratio = median(here) / median(native)
                print(
                    f"{ROWS:,} rows, {kind}: {median(here):.2f} s in the page,"
                    f" {median(native):.2f} s on the command line, {ratio:.1f} times"
                )
        finally:
            browser.close()


def first_reading(page: OpenedPage) -> float:
    """Return the seconds from the start of the page to what is said of a text in its link."""
    page.browser.open(f"{page.address}#stage=rpT2%20rpN1%20cM0")
    page.browser.script(WATCH)
    page.until("document.body.dataset.first", "a first reading")
    return float(page.value("document.body.dataset.first")) / 1000


def write_rows(table: Path, distinct: int) -> None:
    """Write rows with so many different texts in their two columns."""
    values = ("0", "1", "1a", "1b", "2", "2a", "2b", "3", "4", "4a", "4b", "X", "is")
    lines = ["id,dx,new"]
    for row in range(ROWS):
        one = row % (distinct // 2)
        t, n, suffix = values[one % len(values)], one // len(values) % 4, one // (len(values) * 4)
        lines.append(
            f"P{row},pT{t} pN{n}({suffix % 9}/{9 + suffix}) cM0,T{t} N{n} M{suffix % 2} G{one % 3 + 1}"
        )
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_the_page(page: OpenedPage, table: Path) -> float:
    """Return the seconds that the command takes in the page."""
    page.open().choose_table(table)
    page.browser.script(CLICK)
    page.until("document.body.dataset.took", "the command ends")
    if "10,000 rows in = 10,000 out" not in (said := page.text("printed")):
        raise SystemExit(f"the page did not restage: {said}")
    return float(page.value("document.body.dataset.took")) / 1000


def on_the_command_line(table: Path) -> float:
    """Return the seconds that the command line takes."""
    words = [sys.executable, "-m", "rstage", "restage", table.name, "-o", "out.csv", *OPTIONS]
    begin = time.perf_counter()
    subprocess.run(words, cwd=table.parent, check=False)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()

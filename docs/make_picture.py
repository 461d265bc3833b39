"""Makes `docs/report.png`: what the report of the example looks like in a browser, without its long tables.

python docs/make_picture.py

Needs Debian's chromium, or another browser of that kind whose name is given as CHROMIUM.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 960, 1000
"""Pixels: the sentence on top, the kinds of recurrence, and the first tumors."""
LEFT_OUT = ("values", "findings", "distribution")
"""The sections that are no part of the picture."""


def make_report(folder: Path) -> Path:
    """Return the report of the example, as far as the picture shows it."""
    report = folder / "report.html"
    command = [sys.executable, "-m", "rstage", "restage", "examples/recurrences.csv", "-q"]
    options = [
        "--config",
        "examples/recurrences.toml",
        "-o",
        str(folder / "restaged.csv"),
        "--report",
        str(report),
    ]
    subprocess.run([*command, *options], cwd=ROOT, check=True)  # noqa: S603  this rstage
    text = report.read_text(encoding="utf-8")
    for name in LEFT_OUT:
        text, count = re.subn(f'<section aria-labelledby="{name}">.*?</section>', "", text, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"the report has no section {name}")
    report.write_text(text, encoding="utf-8")
    return report


def main() -> None:
    """Make the report and take its picture."""
    with tempfile.TemporaryDirectory() as name:
        report = make_report(Path(name))
        browser = os.environ.get("CHROMIUM", "chromium")
        flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={name}",
        ]
        size = f"--window-size={WIDTH},{HEIGHT}"
        command = [browser, *flags, size, f"--screenshot={PICTURE}", report.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603  the browser named


if __name__ == "__main__":
    main()

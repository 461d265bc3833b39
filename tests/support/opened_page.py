"""The page that needs no install, as somebody uses it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.support.browsers import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.browsers import Browser


class OpenedPage:
    """The page in a browser.

    Args:
        browser: the browser.
        address: where the page is.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    def open(self, fragment: str = "") -> OpenedPage:
        """Open the page and wait until Python is there."""
        self.browser.open(self.address + fragment)
        self.until("document.body.dataset.ready", "Python starts")
        return self

    def value(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        return self.browser.script(f"return {expression}")

    def until(self, expression: str, what: str) -> Any:
        """Wait until an expression is true."""
        return until(lambda: self.value(f"Boolean({expression})"), what)

    def text(self, name: str) -> str:
        """Return what an element says."""
        said: str = self.value(f"document.getElementById({json.dumps(name)}).textContent")
        return said

    def type(self, text: str) -> str:
        """Type a stage; return what is said of it."""
        self.browser.script("document.getElementById('stage').value = ''")
        self.browser.type("#stage", text)
        same = f"document.getElementById('meaning').dataset.text === {json.dumps(text)}"
        self.until(same, f"{text} is read")
        return self.text("verdict")

    def choose_table(self, file: Path) -> None:
        """Choose a table and wait for what is seen of it."""
        self.browser.click("#tab-table")
        self.browser.script("document.getElementById('command-line').textContent = ''")
        self.browser.choose("#file", file)
        self.until("document.getElementById('command-line').textContent", "the table is looked at")

    def run(self) -> None:
        """Run the command that is chosen."""
        self.browser.click("#run")
        self.until("!document.getElementById('outcome').hidden", "the command ends")
        self.until("document.getElementById('downloads').children.length", "it can be downloaded")

    def downloaded(self) -> dict[str, bytes]:
        """Download everything that was made."""
        made = {}
        count = self.value("document.querySelectorAll('#downloads a').length")
        for place in range(count):
            link = f"#downloads li:nth-child({place + 1}) a"
            name = self.value(f"document.querySelector('{link}').download")
            size = self.value(f"document.querySelector('{link}').parentNode.textContent")
            file = self.browser.downloads / name
            file.unlink(missing_ok=True)
            self.browser.click(link)
            made[name] = until(partial(_whole, file, size), f"{name} is downloaded")
        return made

    def verify(self, file: Path) -> str:
        """Compare a file with the table that is open; return what is said of it."""
        self.browser.choose("#made", file)
        self.until("!document.getElementById('proof').hidden", "it is compared")
        said = self.text("proved")
        self.browser.script("document.getElementById('proof').hidden = true")
        return said


def _whole(file: Path, said: str) -> bytes | None:
    """Return the bytes of a file as soon as it has as many as the page says."""
    data = file.read_bytes() if file.exists() else b""
    return data if data and f"{len(data):,} byte" in said else None

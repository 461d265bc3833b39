"""Two browsers that tests drive alike: Chromium by selenium, Firefox by WebDriver BiDi, without a driver."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")

OWN_WORDS = (
    *("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "disable-quic", "no-first-run"),
    *("disable-background-networking", "disable-component-update", "disable-sync"),
)
"""How Chromium is started, so that whatever it asks for is the page's."""

_LONGEST = 60.0
_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PREFERENCES = {
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
    "browser.download.alwaysOpenPanel": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
}
# The browser's own answer to a script: {"type": "success", "result": {"type": "string", "value": ...}}.
_CALL = "() => JSON.stringify((() => {{ {} }})() ?? null)"


class Browser(Protocol):
    """A browser with one page open.

    Attributes:
        downloads: where it puts what is downloaded.
    """

    downloads: Path

    def open(self, address: str) -> None:
        """Open an address; what was asked for and said before is forgotten."""

    def script(self, body: str) -> Any:
        """Return what the body of a function returns."""

    def type(self, selector: str, text: str) -> None:
        """Type a text into an element, on the keyboard."""

    def click(self, selector: str) -> None:
        """Click an element."""

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file."""

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the last call."""

    def console(self) -> list[str]:
        """Return the warnings and errors since the last call."""

    def picture(self, file: Path) -> None:
        """Write what is seen."""

    def close(self) -> None:
        """End it."""


def until(condition: Callable[[], Any], what: str, longest: float = _LONGEST) -> Any:
    """Return what a condition returns as soon as that is true.

    Raises:
        AssertionError: it did not become true.
    """
    end = time.monotonic() + longest
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {longest} s")


class Chromium:
    """Chromium, by selenium and its driver."""

    def __init__(self, folder: Path) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for word in (*OWN_WORDS, f"user-data-dir={folder / 'profile'}"):
            options.add_argument(f"--{word}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
        allowed = {"behavior": "allow", "downloadPath": str(self.downloads)}
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)

    def wear(self, theme: str) -> None:
        """Let the system be light or dark."""
        scheme = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)

    def resize(self, width: int, height: int = 900) -> None:
        """Let the screen be so wide."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def open(self, address: str) -> None:
        self.driver.get("about:blank")
        self.requests()
        self.console()
        self.driver.get(address)

    def script(self, body: str) -> Any:
        return self.driver.execute_script(body)

    def _found(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def type(self, selector: str, text: str) -> None:
        self._found(selector).send_keys(text)

    def click(self, selector: str) -> None:
        self._found(selector).click()

    def choose(self, selector: str, file: Path) -> None:
        self._found(selector).send_keys(str(file))

    def requests(self) -> list[str]:
        messages = [json.loads(one["message"])["message"] for one in self.driver.get_log("performance")]
        asked = [one["params"] for one in messages if one["method"] == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in asked]

    def console(self) -> list[str]:
        return [one["message"] for one in self.driver.get_log("browser")]

    def picture(self, file: Path) -> None:
        self.driver.save_screenshot(str(file))

    def close(self) -> None:
        self.driver.quit()


class Firefox:
    """Firefox, without a driver: it is asked over a socket."""

    def __init__(self, folder: Path) -> None:
        from websocket import create_connection

        self.downloads = folder / "downloads"
        profile = folder / "profile"
        for one in (self.downloads, profile):
            one.mkdir()
        preferences = {**_PREFERENCES, "browser.download.dir": str(self.downloads)}
        lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in preferences.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        said = folder / "said.txt"
        words = ("--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0")
        with said.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(  # noqa: S603  the browser of this machine
                [str(FIREFOX), *words, "about:blank"], stdout=output, stderr=output
            )
        self._events: list[dict[str, Any]] = []
        self._count = 0
        try:
            found = until(lambda: _LISTENS.search(said.read_text(encoding="utf-8")), "Firefox listens")
            self._socket = create_connection(f"{found[1]}/session", suppress_origin=True, timeout=_LONGEST)
            self._ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
            self._ask("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
            tree = self._ask("browsingContext.getTree")
            self._context = tree["contexts"][0]["context"]
        except BaseException:
            self._process.kill()
            raise

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv())
            if answer.get("type") == "event":
                self._events.append(answer)
            elif answer.get("id") == self._count:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, address: str) -> None:
        blank = {"context": self._context, "wait": "complete"}
        self._ask("browsingContext.navigate", url="about:blank", **blank)
        self._events.clear()
        self._ask("browsingContext.navigate", url=address, **blank)

    def script(self, body: str) -> Any:
        return json.loads(self._called(_CALL.format(body))["value"])

    def _called(self, function: str) -> dict[str, Any]:
        target = {"context": self._context}
        answer = self._ask(
            "script.callFunction", functionDeclaration=function, awaitPromise=True, target=target
        )
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    def type(self, selector: str, text: str) -> None:
        self.script(f"document.querySelector({json.dumps(selector)}).focus()")
        keys = [{"type": kind, "value": one} for one in text for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        self._ask("input.performActions", context=self._context, actions=actions)

    def click(self, selector: str) -> None:
        self.script(f"document.querySelector({json.dumps(selector)}).click()")

    def choose(self, selector: str, file: Path) -> None:
        node = self._called(f"() => document.querySelector({json.dumps(selector)})")
        element = {"sharedId": node["sharedId"]}
        self._ask("input.setFiles", context=self._context, element=element, files=[str(file)])

    def _taken(self, method: str) -> list[dict[str, Any]]:
        self._ask("browsingContext.getTree")  # what happened until now has been told then
        found = [one["params"] for one in self._events if one["method"] == method]
        self._events = [one for one in self._events if one["method"] != method]
        return found

    def requests(self) -> list[str]:
        return [one["request"]["url"] for one in self._taken("network.beforeRequestSent")]

    def console(self) -> list[str]:
        said = self._taken("log.entryAdded")
        return [one["text"] for one in said if one["level"] in ("warn", "error")]

    def picture(self, file: Path) -> None:
        answer = self._ask("browsingContext.captureScreenshot", context=self._context)
        file.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=_LONGEST)

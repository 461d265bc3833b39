"""The page as it was built, and browsers that open it."""

from __future__ import annotations

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browsers import CHROMEDRIVER, CHROMIUM, FIREFOX, Chromium, Firefox
from tests.support.opened_page import OpenedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.browsers import Browser

BUILT = os.environ.get("RSTAGE_PAGE")


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder that `page/build.py` wrote."""
    if BUILT is None:
        pytest.skip("the page is not built: RSTAGE_PAGE names the folder that page/build.py wrote")
    return Path(BUILT)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[str]:
    """The address of a static server of this machine."""
    handler = partial(_Quiet, directory=str(built / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/"
        made.shutdown()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    pytest.importorskip("selenium", reason="selenium is not installed")
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("no browser here: chromium and chromium-driver")
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    pytest.importorskip("websocket", reason="websocket-client is not installed")
    if FIREFOX is None:
        pytest.skip("no browser here: firefox-esr")
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


@pytest.fixture(params=["chromium-file", "chromium-http", "firefox-file"])
def page(request: pytest.FixtureRequest, built: Path) -> OpenedPage:
    """The page, by double click and from a server, in each browser."""
    name, _, way = request.param.partition("-")
    browser: Browser = request.getfixturevalue(name)
    if way == "file":
        return OpenedPage(browser, (built / "rstage.html").as_uri())
    server: str = request.getfixturevalue("server")
    return OpenedPage(browser, server)

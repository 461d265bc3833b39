"""No network, ever: nothing that could use it is imported, and a run that tried would be stopped."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import rstage
from tests.support.paths import EXAMPLES, MESSAGES
from tests.support.processes import ended, started_as

PACKAGE = Path(rstage.__file__).parent
OF_THE_NETWORK = {
    *("socket", "socketserver", "ssl", "http", "urllib", "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc"),
    *("asyncio", "webbrowser", "requests", "httpx", "urllib3", "aiohttp"),
}
# Ends its own process where anything opens a socket or looks up a name.
WATCHED = """
import os, sys

def watch(event, arguments):
    if event.partition(".")[0] in ("socket", "urllib", "http", "ftplib", "smtplib"):
        os._exit(99)

sys.addaudithook(watch)
from rstage.cli import main
main(sys.argv[1:])
"""
COMMANDS = (
    ("parse", "rpT2 rpN1 cM0"),
    ("rules",),
    ("schema",),
    ("check", EXAMPLES / "recurrences.csv", "--column", "diagnosis"),
    ("restage", EXAMPLES / "recurrences.csv", "--diagnosis", "diagnosis", "--assessment", "assessment"),
    ("restage", MESSAGES / "mcode.json", "-o", "out.json"),
    # A document type that names an address is refused, and the address never asked for.
    ("check", "doctype.xml"),
)


def test_no_module_imports_what_uses_it() -> None:
    imported = set()
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    assert "json" in imported
    assert not imported & OF_THE_NETWORK


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_run_uses_it(tmp_path: Path, command: tuple[object, ...]) -> None:
    message = (MESSAGES / "obds.xml").read_bytes()
    doctype = b'<!DOCTYPE oBDS SYSTEM "http://localhost:9/obds.dtd"><oBDS'
    (tmp_path / "doctype.xml").write_bytes(message.replace(b"<oBDS", doctype, 1))
    done = ended(started_as([sys.executable, "-c", WATCHED, *map(str, command)], tmp_path))
    assert done.code in (0, 1, 3), done.err


def test_the_watch_works(tmp_path: Path) -> None:
    script = WATCHED.replace("from rstage.cli import main", "import socket; socket.socket()")
    assert ended(started_as([sys.executable, "-c", script], tmp_path)).code == 99

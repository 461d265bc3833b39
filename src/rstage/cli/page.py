"""`rstage page`: the page that needs no install, as one file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from rstage import rules
from rstage.cli.command import command
from rstage.cli.exit_codes import CLEAN
from rstage.cli.option_groups import FILE, option
from rstage.cli.own_file import OwnFile
from rstage.files.errors import TableError

BEGINNING = b'<!doctype html>\n<html lang="en" data-rstage="page">'
"""What the page begins with, by which an older one is known."""

_CARRIER, _NAME = "rstage_page", "rstage.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """The options of `page`."""

    output: str = option("-o", "--output", metavar="FILE", type=FILE, required=True, help="Where it goes.")


@command("page", PageOptions, is_configured=False)
def page_command(options: PageOptions) -> int:
    """Write the page that needs no install: one file that reads stages and tables in a browser.

    It opens by double click, without a network and without Python, so that it can be handed on. The extra
    page carries it. An older page is replaced, any other file stays.
    """
    made = _carried()
    OwnFile(options.output, option="--output", kind="page", beginning=BEGINNING).write(made)
    return CLEAN


def _carried() -> bytes:
    """Return the page that the extra carries.

    Raises:
        TableError: RS019, the extra is missing.
    """
    try:
        return files(_CARRIER).joinpath(_NAME).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        raise TableError(rules.EXTRA_MISSING.at(what="rstage page", extra="page")) from None

"""The option that names the key of links, and the key that it comes to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rstage.cli.option_groups import FILE, option
from rstage.files.errors import TableError

if TYPE_CHECKING:
    from rstage.restaging.link_key import LinkKey

LINK_KEY_FILE = "RSTAGE_LINK_KEY_FILE"
"""The environment variable that names the file where the command line does not."""

link_key_option = partial(
    option,
    "--link-key",
    type=FILE,
    metavar="FILE",
    envvar=LINK_KEY_FILE,
    help=f"Key of 32 bytes or more: links that prove who wrote them; else the file in {LINK_KEY_FILE}.",
)


def load_link_key(file: str | None) -> LinkKey | None:
    """Return the key in a file; None where none is named.

    Raises:
        TableError: RS448, the file cannot be read; RS449, it is no key.
    """
    if file is None:
        return None
    from rstage.restaging.link_key import LinkKey, LinkKeyError

    try:
        return LinkKey.load(file)
    except LinkKeyError as error:
        raise TableError(error.diagnostic) from None

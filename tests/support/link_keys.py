"""Keys of links that tests use; they are no secret."""

from __future__ import annotations

import rstage

SECRET = b"a key of the tests, no secret: 32+"
KEY = rstage.LinkKey(SECRET)
OTHER = rstage.LinkKey(SECRET[::-1])

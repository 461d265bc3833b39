"""The key of a link: it proves that a holder of it wrote the link, which nobody else can write.

`docs/link-key.md` says how to make, keep, change and lose one.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from rstage import rules
from rstage.arguments import check_type
from rstage.files.errors import reason

if TYPE_CHECKING:
    from rstage.diagnostics import Diagnostic

SHORTEST_KEY = 32
"""Bytes; a shorter key than the digest makes HMAC-SHA-256 weaker (RFC 2104, section 3)."""
LONGEST_KEY = 1024
"""Bytes; a longer file is a mistaken one."""


class LinkKeyError(ValueError):
    """A link key cannot be used; `diagnostic` (RS448, RS449) says why and shows nothing of the key."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return str(self.diagnostic)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LinkKey:
    """The secret under which the digests of a link are made. It is never shown.

    Args:
        _secret: its bytes, 32 to 1024 of them.

    Raises:
        LinkKeyError: RS449, they are too few or too many.
        TypeError: the secret is no bytes.
    """

    _secret: bytes

    made_by: ClassVar[str] = "rstage.LinkKey.load(file)"

    def __post_init__(self) -> None:
        if type(self._secret) is not bytes:
            raise TypeError("the secret of a LinkKey is bytes")
        _check_length(self._secret, "the key")

    @classmethod
    def load(cls, file: str | os.PathLike[str]) -> Self:
        """Return the key in a file: its bytes as they are, a line end at the end too.

        Raises:
            LinkKeyError: RS448, the file cannot be read; RS449, it has too few bytes or too many.
        """
        from pathlib import Path

        name = os.fsdecode(file)
        try:
            with Path(name).open("rb") as source:
                secret = source.read(LONGEST_KEY + 1)
        except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
            why = reason(error) if isinstance(error, OSError) else "no file can have this name"
            raise LinkKeyError(rules.LINK_KEY_UNREADABLE.at(file=name, why=why)) from None
        _check_length(secret, name)
        return cls(secret)

    def digest(self, text: str) -> str:
        """Return the HMAC-SHA-256 of a text in UTF-8 under the key, as 64 hexadecimal digits.

        Raises:
            ValueError: as for `as_utf8`.
        """
        return self.digest_of(as_utf8(text))

    def digest_of(self, data: bytes) -> str:
        """Return the HMAC-SHA-256 of bytes under the key, as 64 hexadecimal digits."""
        return hmac.digest(self._secret, data, "sha256").hex()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LinkKey):
            return NotImplemented
        return hmac.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        return hash(self._secret)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"


def check_key(key: object) -> None:
    """Make sure that the argument `key` is a key or None.

    Raises:
        TypeError: it is something else, such as the bytes of one.
    """
    if key is not None:
        check_type("key", key, LinkKey)


def as_utf8(text: str) -> bytes:
    """Return a text of a link as the bytes that its digest is made of.

    Raises:
        ValueError: the text holds a lone surrogate; canonical JSON has none. The message does not show it.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text of a link cannot be written as UTF-8") from None


def is_same_digest(one: str, other: str) -> bool:
    """Return whether two digests are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(one, other)


def _check_length(secret: bytes, file: str) -> None:
    if not SHORTEST_KEY <= len(secret) <= LONGEST_KEY:
        found = "fewer" if len(secret) < SHORTEST_KEY else "more"
        raise LinkKeyError(rules.LINK_KEY_UNUSABLE.at(file=file, found=found))

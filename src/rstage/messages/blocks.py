"""Reading what an element of a message says of a stage, in parts; equal parts cost one look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rstage import rules
from rstage.caches import cached
from rstage.diagnostics import NotationError
from rstage.reading.read_parts import read_parts
from rstage.restaging.staging import Staging

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rstage.diagnostics import Diagnostic
    from rstage.reading.read import Reading
    from rstage.reference.choices import DialectName
    from rstage.restaging.staging import Circumstances


def read_block(
    dialect: DialectName, texts: Mapping[str, str], reading: Mapping[str, Any], given: Circumstances
) -> tuple[Staging | None, Sequence[Diagnostic]]:
    """Return the staging that the parts of a stage make, or None, and what was found in it.

    That a code stands there as its format writes it is expected, and left out.

    Args:
        dialect: that of the message.
        texts: by the keywords of `read_parts`; with an `edition` where the message names one.
        reading: further keywords of `read_parts`; its edition fills a missing one.
        given: date, id, site and tumor id of the staging.
    """
    found, news = parts_reading(dialect, tuple(texts.items()), tuple(reading.items()))
    try:
        staging = Staging.of(found, **given._asdict())
    except NotationError as error:
        return None, [one for one in error.diagnostics if _is_news(one)]
    return staging, [*news, *staging.diagnostics[len(found.diagnostics) :]]


def _is_news(found: Diagnostic) -> bool:
    return found.code != rules.DIALECT_CODE.code


@cached()
def parts_reading(
    dialect: DialectName, texts: tuple[tuple[str, str], ...], reading: tuple[tuple[str, Any], ...]
) -> tuple[Reading, list[Diagnostic]]:
    """Return the reading of parts, and what was found but that a code stands there as its format writes it.

    The arguments are those of `read_block`, as pairs.
    """
    found = read_parts(dialect=dialect, **{**dict(reading), **dict(texts)})
    return found, list(filter(_is_news, found.diagnostics))

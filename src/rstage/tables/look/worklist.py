"""The worklist: the values that are not read, for a person to decide and to give back as corrections."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from rstage.tables.corrections import COLUMNS
from rstage.tables.look.columns import LONGEST_KEPT
from rstage.tables.look.trial import unread_of
from rstage.tables.missing import missing_words

if TYPE_CHECKING:
    from rstage.tables.look.look import Look

_OPEN = ("", "", "", "")


def worklist_text(look: Look) -> str:
    """Return the worklist as CSV, the most frequent values of each column first.

    A proposal is the whole value with what is suggested put in, where that is read, or several with |
    between them. It decides nothing: what is to be filled in is blank.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    words = missing_words(look.missing)
    for column in look.columns:
        if column.name not in look.shares:
            continue
        for one in unread_of(column, look.how, words, most=None):
            if len(one.value) < LONGEST_KEPT:
                writer.writerow([column.name, one.value, one.count, " | ".join(one.proposals), *_OPEN])
    return target.getvalue()

"""Presets: what fills the options of a command for the tables of a data model, `data/presets/NAME.tsv`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rstage.reference.tsv import data_rows

PRESETS = ("argo", "cbioportal", "cptac", "gdc", "redcap", "rki", "seer")
"""The presets; each has a table of that name."""


class Preset(NamedTuple):
    """What a preset says.

    Attributes:
        options: by the name of the option (`diagnosis`, `tumor_id`), the values that it is given.
        unnamed: the options that count only where the name of the file does not say it.
        words: for `event` and `recurrence`, patterns of the texts of the column, each with its meaning.
    """

    options: dict[str, tuple[str, ...]]
    unnamed: frozenset[str]
    words: dict[str, tuple[tuple[re.Pattern[str], str], ...]]

    def meanings(self, fact: str) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Return what the texts of `event` or `recurrence` mean, the first pattern that matches first."""
        return self.words.get(fact, ())


_NO_PRESET = Preset({}, frozenset(), {})


def preset_of(name: str | None) -> Preset:
    """Return what `--preset` names; where it is not given, a preset without options."""
    return _NO_PRESET if name is None else load_preset(name)


@cache
def load_preset(name: str) -> Preset:
    """Return a preset of `PRESETS`.

    Raises:
        ValueError: there is no such preset.
    """
    if name not in PRESETS:
        raise ValueError(f"a preset is one of {', '.join(PRESETS)}")
    options: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {}
    unnamed = set()
    for row in data_rows(f"presets/{name}.tsv"):
        key, value = row["key"], row["value"]
        if key.startswith("--"):
            option = key.removeprefix("--").removesuffix("?").replace("-", "_")
            unnamed |= {option} if key.endswith("?") else set()
            options[option] = (*options.get(option, ()), value)
        else:
            words[key] = (*words.get(key, ()), (re.compile(value, re.IGNORECASE), row["meaning"]))
    return Preset(options, frozenset(unnamed), words)

"""The names between which a user chooses; what each of them does is imported when it is chosen."""

from __future__ import annotations

from typing import Literal, get_args

Mode = Literal["strict", "standard", "repair"]
"""How much reading may change of a text."""
MODES: tuple[Mode, ...] = get_args(Mode)

FieldName = Literal["T", "N", "M", "group", "L", "V", "Pn", "R", "G", "S", "PL", "H", "B"]
"""What a column holds that is not a whole stage: a category, the group, or one of `DESCRIPTOR_VALUES`."""
FIELDS: tuple[FieldName, ...] = get_args(FieldName)

DialectName = Literal["naaccr", "obds", "ncras", "gdc", "argo", "omop"]
"""The registry dialects; each has a module and a table of that name in `dialects`."""
DIALECTS: tuple[DialectName, ...] = get_args(DialectName)

EVENTS = ("unknown", "recurrence", "progression")
"""What happened: a recurrence follows a disease-free interval, a progression does not. It comes from data."""

Policy = Literal["pathological", "clinical", "earliest"]
"""How the diagnosis is taken from the stagings without r."""
POLICIES: tuple[Policy, ...] = get_args(Policy)

MessageFormat = Literal["naaccr", "obds", "fhir"]
MESSAGE_FORMATS: tuple[MessageFormat, ...] = get_args(MessageFormat)
"""The formats of messages."""

ENGINES = ("auto", "stdlib", "polars")
"""What makes the output of a table; `auto` takes polars where it is installed and the file is large."""

"""rstage reads cancer stages, writes the restaged r-form, and keeps the stage at diagnosis unchanged.

    stage = rstage.parse("pT2 pN1a(sn) cM0, Stage IIB (AJCC 8)")
    restaging = rstage.restage(diagnosis, assessment)

The names below are imported when they are first used, so that `rstage --version` costs no more than Python.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .category import Category, Method, Suffixes, Timing
    from .descriptor import Descriptor
    from .diagnostics import Diagnostic, DialectError, NotationError, RestagingError, Rule, Severity
    from .encoding import Encoded
    from .finding import Finding, find
    from .history import History, verify
    from .link import Link
    from .parts import parse_parts, read_parts
    from .reading import Reading, clear_caches, parse, read
    from .recurrence import (
        NaaccrRecurrence,
        RecurrenceType,
        recurrence_from_naaccr,
        recurrence_to_naaccr,
    )
    from .restaging import Restaging, check_restaging, restage
    from .schemas import json_schema
    from .site_files import SiteTableError
    from .site_schema import SiteSchema, SiteTable
    from .site_tables import load_site_table
    from .stage import Stage
    from .stage_group import Edition, StageGroup
    from .staging import Staging
    from .systems import SYSTEMS

__version__ = "0.1.0"

_MODULES = {
    "category": ("Category", "Method", "Suffixes", "Timing"),
    "descriptor": ("Descriptor",),
    "diagnostics": ("Diagnostic", "DialectError", "NotationError", "RestagingError", "Rule", "Severity"),
    "encoding": ("Encoded",),
    "finding": ("Finding", "find"),
    "history": ("History", "verify"),
    "link": ("Link",),
    "parts": ("parse_parts", "read_parts"),
    "reading": ("Reading", "clear_caches", "parse", "read"),
    "recurrence": ("NaaccrRecurrence", "RecurrenceType", "recurrence_from_naaccr", "recurrence_to_naaccr"),
    "restaging": ("Restaging", "check_restaging", "restage"),
    "schemas": ("json_schema",),
    "site_files": ("SiteTableError",),
    "site_schema": ("SiteSchema", "SiteTable"),
    "site_tables": ("load_site_table",),
    "stage": ("Stage",),
    "stage_group": ("Edition", "StageGroup"),
    "systems": ("SYSTEMS",),
    "staging": ("Staging",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "SYSTEMS",
    "Category",
    "Descriptor",
    "Diagnostic",
    "DialectError",
    "Edition",
    "Encoded",
    "Finding",
    "History",
    "Link",
    "Method",
    "NaaccrRecurrence",
    "NotationError",
    "Reading",
    "RecurrenceType",
    "Restaging",
    "RestagingError",
    "Rule",
    "Severity",
    "SiteSchema",
    "SiteTable",
    "SiteTableError",
    "Stage",
    "StageGroup",
    "Staging",
    "Suffixes",
    "Timing",
    "__version__",
    "check_restaging",
    "clear_caches",
    "find",
    "json_schema",
    "load_site_table",
    "parse",
    "parse_parts",
    "read",
    "read_parts",
    "recurrence_from_naaccr",
    "recurrence_to_naaccr",
    "restage",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

"""rstage reads cancer stages, writes the restaged r-form, and keeps the stage at diagnosis unchanged.

    stage = rstage.parse("pT2 pN1a(sn) cM0, Stage IIB (AJCC 8)")
    restaging = rstage.restage(diagnosis, assessment)

The names below are imported when they are first used, so that `rstage --version` costs no more than Python.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rstage.caches import clear_caches
    from rstage.diagnostics import Diagnostic, DialectError, NotationError, RestagingError, Rule, Severity
    from rstage.model.category import Category, Method, Timing
    from rstage.model.descriptor import Descriptor
    from rstage.model.edition import Edition
    from rstage.model.group import StageGroup
    from rstage.model.group_table import GroupTable
    from rstage.model.site_schema import SiteSchema, SiteTable
    from rstage.model.stage import Encoded, Stage
    from rstage.model.suffixes import Suffixes
    from rstage.reading.options import ReadOptions
    from rstage.reading.proposals import proposals_of
    from rstage.reading.read import Reading, parse, read
    from rstage.reading.read_parts import parse_parts, read_parts
    from rstage.reference.choices import DialectName, FieldName, Mode, Policy
    from rstage.reference.systems import SYSTEMS
    from rstage.restaging.history import History, verify
    from rstage.restaging.link import Link
    from rstage.restaging.link_key import LinkKey, LinkKeyError
    from rstage.restaging.naaccr_1880 import NaaccrRecurrence, recurrence_from_naaccr, recurrence_to_naaccr
    from rstage.restaging.recurrence import RecurrenceType
    from rstage.restaging.restage import Restaging, check_restaging, restage
    from rstage.restaging.staging import Staging
    from rstage.schema import json_schema
    from rstage.sites.files import SiteTableError
    from rstage.sites.groups import GroupTableError, load_group_table
    from rstage.sites.load import load_site_table
    from rstage.text.find import Mention, find

__version__ = "0.2.0"

_MODULES = {
    "caches": ("clear_caches",),
    "diagnostics": ("Diagnostic", "DialectError", "NotationError", "RestagingError", "Rule", "Severity"),
    "model.category": ("Category", "Method", "Timing"),
    "model.descriptor": ("Descriptor",),
    "model.edition": ("Edition",),
    "model.group": ("StageGroup",),
    "model.group_table": ("GroupTable",),
    "model.site_schema": ("SiteSchema", "SiteTable"),
    "model.stage": ("Encoded", "Stage"),
    "model.suffixes": ("Suffixes",),
    "reading.options": ("ReadOptions",),
    "reading.proposals": ("proposals_of",),
    "reading.read": ("Reading", "parse", "read"),
    "reading.read_parts": ("parse_parts", "read_parts"),
    "reference.choices": ("DialectName", "FieldName", "Mode", "Policy"),
    "reference.systems": ("SYSTEMS",),
    "restaging.history": ("History", "verify"),
    "restaging.link": ("Link",),
    "restaging.link_key": ("LinkKey", "LinkKeyError"),
    "restaging.naaccr_1880": ("NaaccrRecurrence", "recurrence_from_naaccr", "recurrence_to_naaccr"),
    "restaging.recurrence": ("RecurrenceType",),
    "restaging.restage": ("Restaging", "check_restaging", "restage"),
    "restaging.staging": ("Staging",),
    "schema": ("json_schema",),
    "sites.files": ("SiteTableError",),
    "sites.groups": ("GroupTableError", "load_group_table"),
    "sites.load": ("load_site_table",),
    "text.find": ("Mention", "find"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "SYSTEMS",
    "Category",
    "Descriptor",
    "Diagnostic",
    "DialectError",
    "DialectName",
    "Edition",
    "Encoded",
    "FieldName",
    "GroupTable",
    "GroupTableError",
    "History",
    "Link",
    "LinkKey",
    "LinkKeyError",
    "Mention",
    "Method",
    "Mode",
    "NaaccrRecurrence",
    "NotationError",
    "Policy",
    "ReadOptions",
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
    "load_group_table",
    "load_site_table",
    "parse",
    "parse_parts",
    "proposals_of",
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

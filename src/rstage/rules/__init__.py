"""Every code that rstage knows, with its reason, its source and an example of each kind.

`rstage rules` and `rstage explain` print this table, and whatever finds something takes its rule from here.
"""

from types import MappingProxyType
from typing import Final

from rstage.diagnostics import Rule

from .fhir import *
from .files import *
from .history import *
from .messages import *
from .naaccr_xml import *
from .obds import *
from .plausibility import *
from .restaging import *
from .settings import *
from .spelling import *
from .syntax import *
from .text import *

ALL: Final[tuple[Rule, ...]] = tuple(
    sorted((rule for rule in list(globals().values()) if isinstance(rule, Rule)), key=lambda rule: rule.code)
)
"""Every rule in the order of its code."""

BY_CODE: Final = MappingProxyType({rule.code: rule for rule in ALL})

"""Every code that rstage knows, with its reason, its source and an example of each kind.

`rstage rules` and `rstage explain` print this table, and whatever finds something takes its rule from here.
A new rule belongs into the module whose first line names its code:

    files RS0xx RS9xx · group table RS04x RS35x · settings RS02x RS57x · syntax RS1xx · spelling RS2xx ·
    plausibility RS30x to RS34x · restaging RS40x RS41x RS45x · link key RS445 on · history RS43x ·
    tables RS50x RS51x RS59x · messages of any format RS016 on · naaccr RS52x RS582 on · obds RS53x ·
    fhir RS54x RS55x RS56x · running text RS580 RS581
"""

from types import MappingProxyType
from typing import Final

from rstage.diagnostics import Rule

from .columns_as_given import *
from .fhir import *
from .files import *
from .group_table import *
from .history import *
from .messages import *
from .naaccr import *
from .obds import *
from .plausibility import *
from .restaging import *
from .settings import *
from .spelling import *
from .syntax import *
from .tables import *
from .text import *

SITE: Final = ""
"""The address of the documentation site, without a slash at its end; empty as long as there is none."""

ALL: Final[tuple[Rule, ...]] = tuple(
    sorted((rule for rule in list(globals().values()) if isinstance(rule, Rule)), key=lambda rule: rule.code)
)
"""Every rule in the order of its code."""

BY_CODE: Final = MappingProxyType({rule.code: rule for rule in ALL})


def address(code: str) -> str:
    """Return the address of the page of a finding; empty where there is no site."""
    return f"{SITE}/docs/findings/{code}.html" if SITE else ""

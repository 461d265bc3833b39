"""No dialect: notation in the columns of the values, and words for the method beside them."""

from __future__ import annotations

from rstage.dialects.engine import Dialect

DIALECT = Dialect(name="plain")

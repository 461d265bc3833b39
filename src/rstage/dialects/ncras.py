"""The columns of the cancer registry of England (NCRAS): reading only, nobody writes back to it."""

from rstage.dialects.engine import Dialect

DIALECT = Dialect(name="ncras")

"""The page of rstage that needs no install, as one file; `rstage page` writes it."""

__version__ = "0.2.0"

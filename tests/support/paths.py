"""Where the tests find what they read: the project's own files, and the public corpora where they are."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
MESSAGES = DATA / "messages"
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples"
SQL = ROOT / "sql"

CORPORA = Path(os.environ.get("RSTAGE_CORPORA") or ROOT.parent / "shared" / "corpora")
"""Public values; tests that need them are skipped where the folder is not there."""
SAMPLES = CORPORA.parent / "samples"
"""Public files, likewise."""
TRIALS = SAMPLES / "trials"
"""Small files of kinds that were once read wrongly."""

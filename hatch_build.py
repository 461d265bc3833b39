"""Puts the compiled grammar into the wheel, so that a command does not compile it at each start."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledGrammarHook(BuildHookInterface[Any]):
    """Compiles `grammar/tnm.lark` while a wheel is built; an editable install reads the text itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the tables to the files of the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from rstage._grammar import COMPILED, write_tables

        tables = Path(tempfile.mkdtemp()) / COMPILED
        write_tables(tables)
        build_data["force_include"][str(tables)] = f"rstage/grammar/{COMPILED}"

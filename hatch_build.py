"""Puts the compiled grammar into the wheel, so that a command does not compile it at each start."""

from __future__ import annotations

import shutil
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
        from rstage.reference.grammar import COMPILED, write_tables

        self._folder = tempfile.mkdtemp()
        tables = Path(self._folder) / COMPILED
        write_tables(tables)
        build_data["force_include"][str(tables)] = f"rstage/grammar/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was only made for the wheel."""
        if version != "editable":
            shutil.rmtree(self._folder, ignore_errors=True)

"""The exit codes of commands."""

from __future__ import annotations

CLEAN = 0
FINDINGS = 1
WRONG_USE = 2
UNREADABLE = 3
UNWRITABLE = 4
INTERNAL = 70
INTERRUPTED = 130

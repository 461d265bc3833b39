"""The scratch copy that the recipes are tried in."""

from __future__ import annotations

from tests.support.scratch import scratch

__all__ = ["scratch"]

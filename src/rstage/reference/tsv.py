"""Tables of data: the lines of a TSV file by the names in its header."""

from __future__ import annotations

from importlib.resources import files


def data_rows(name: str) -> list[dict[str, str]]:
    """Return the lines of a table of `data/` by the names in its header; lines with # are comments."""
    text = (files("rstage") / "data" / name).read_text(encoding="utf-8")
    header, *lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [dict(zip(header, cells, strict=True)) for cells in lines]

"""Writes `docs/comparison.md`: what rstage and other tools make of the same strings.

python docs/site/compare.py --date 2024-05-31 [--python edsnlp=/folder/of/a/venv/bin/python]

Each tool runs in the Python that is named for it, else in this one; one that is not installed there is left
out. The strings are the lines of `compared.tsv`, the words around them stand in `comparison.txt`. The page is
made by hand now and then, and says when.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
PAGE = HERE.parent / "comparison.md"
TEMPLATE = HERE / "comparison.txt"
NOTHING = "nothing"


class Tool(NamedTuple):
    """A tool that is compared.

    Attributes:
        name: of its package. use: what it is for. answer: returns what it makes of a text.
    """

    name: str
    use: str
    answer: Callable[[], Callable[[str], str]]


def _rstage() -> Callable[[str], str]:
    import rstage

    def answer(text: str) -> str:
        reading = rstage.read(text)
        codes = " ".join(dict.fromkeys(one.code for one in reading.diagnostics))
        found = [str(one.stage or NOTHING) for one in rstage.find(text)] if not reading.ok else []
        if found and len(text.split()) > 5:
            return f"`{'; '.join(found)}` (`rstage.find`)"
        return " ".join(part for part in (reading.ok and f"`{reading}`", codes) if part)

    return answer


def _openmed() -> Callable[[str], str]:
    from openmed.clinical.cancer_staging import parse_tnm

    def answer(text: str) -> str:
        found: Mapping[str, Any] = parse_tnm(text)
        parts = [f"{found[f'{one}_category'] or ''}{found[f'{one}_subcategory'] or ''}" for one in "tnm"]
        if not any(parts):
            return NOTHING
        unused = [one["token"] for one in found["unparsed"]]
        said = f"basis {found['staging_basis'] or 'none'}: `{' '.join(filter(None, parts))}`"
        return said + (f", unused `{' '.join(unused)}`" if unused else "")

    return answer


def _edsnlp() -> Callable[[str], str]:
    import edsnlp

    pipeline = edsnlp.blank("eds")
    pipeline.add_pipe("eds.tnm")

    def answer(text: str) -> str:
        found = [f"`{entity._.tnm.norm()}`" for entity in pipeline(text).ents]
        return ", ".join(found) or NOTHING

    return answer


TOOLS = (
    Tool("rstage", "staging notation, restaging, the link to the diagnosis", _rstage),
    Tool("openmed", "extraction from clinical notes on one's own machine", _openmed),
    Tool("edsnlp", "clinical notes of hospitals, in French", _edsnlp),
)


class Answers(NamedTuple):
    """What a tool made of the texts, and which version it was."""

    version: str
    texts: list[str]


def ask(name: str, texts: list[str]) -> Answers:
    """Return what the tool of this name makes of texts, in this Python."""
    (tool,) = (one for one in TOOLS if one.name == name)
    answer = tool.answer()
    return Answers(importlib.metadata.version(name), [answer(text) for text in texts])


def asked(name: str, python: str, texts: list[str]) -> Answers | None:
    """Return the same of the Python that is named; None where the tool is not there."""
    done = subprocess.run(  # noqa: S603  the Python that was named
        [python, "-W", "ignore", str(Path(__file__).resolve()), "--ask", name],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}\n")
        return None
    return Answers(*json.loads(done.stdout.splitlines()[-1]))


def page(rows: list[dict[str, str]], answers: dict[str, Answers], day: str) -> str:
    """Return the page."""
    uses = {one.name: one.use for one in TOOLS}
    lines = []
    for place, row in enumerate(rows):
        cells = [
            f"`{row['text']}`",
            row["what stands in it"],
            *(one.texts[place] for one in answers.values()),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return TEMPLATE.read_text(encoding="utf-8").format(
        day=day,
        nothing=NOTHING,
        tools="\n".join(f"| {name} | {one.version} | {uses[name]} |" for name, one in answers.items()),
        names=" | ".join(answers),
        rules="---|" * (len(answers) - 1) + "---",
        rows="\n".join(lines),
    )


def main() -> None:
    """Ask each tool and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ask", help="print what this tool makes of the texts on stdin, as JSON")
    parser.add_argument("--python", action="append", default=[], metavar="TOOL=PYTHON")
    parser.add_argument("--date", default=str(date.today()), help="the day that the page names")  # noqa: DTZ011
    chosen = parser.parse_args()
    if chosen.ask:
        sys.stdout.write("\n" + json.dumps(ask(chosen.ask, json.load(sys.stdin))) + "\n")
        return
    with (HERE / "compared.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    pythons = dict(one.split("=", 1) for one in chosen.python)
    texts = [row["text"] for row in rows]
    found = {one.name: asked(one.name, pythons.get(one.name, sys.executable), texts) for one in TOOLS}
    answers = {name: one for name, one in found.items() if one is not None}
    PAGE.write_text(page(rows, answers, chosen.date), encoding="utf-8")


if __name__ == "__main__":
    main()

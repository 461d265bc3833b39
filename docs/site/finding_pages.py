"""Writes a page for each finding, from its rule: what it says and why, its examples run, and what to do.

`advice.tsv` has what a person does about it; everything else stands in the rules, or is what happens
when an example is run. A part of `make_site.py`; a test holds that each code has its page.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tests.support.case_tables import options
from tests.support.rule_examples import (
    as_needed,
    copy_example_files,
    findings_of,
    output_of,
    write_example_files,
)

import rstage
from rstage import rules
from rstage.reporting.report import draw
from rstage.reporting.selection import ALWAYS_REPORTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rstage import Diagnostic, Rule

HERE = Path(__file__).parent
COMMAND = "$ rstage "
FAMILIES = (
    ("RS0", "files, options and settings"),
    ("RS1", "what is no stage notation"),
    ("RS2", "what was read although it is spelled otherwise"),
    ("RS3", "values, suffixes, and what does not go together"),
    ("RS4", "restaging, history and link"),
    ("RS5", "tables, messages and running text"),
    ("RS9", "refused for safety, and internal errors"),
)
MOST_RELATED = 6
MOST_LINES = 4
"""Lines of what a command prints that are shown."""
LONGEST_LINE = 160
"""Characters of such a line."""

_MOST_SHARED = 6
"""Names that a word may stand in: one that stands in more says little."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Advice(NamedTuple):
    """What to do about a finding, in three places; empty where it does not stand there."""

    table: str
    message: str
    text: str


@cache
def _advice_lines() -> dict[str, Advice]:
    lines = (HERE / "advice.tsv").read_text(encoding="utf-8").splitlines()
    header, *rest = [line.split("\t") for line in lines if not line.startswith("#")]
    if header != ["code", *Advice._fields]:
        raise ValueError("advice.tsv has other columns")
    return {code: Advice(*cells) for code, *cells in rest}


def advice_of(rule: Rule) -> Advice:
    """Return what to do about a finding: for each place what the longest beginning of its code says."""
    known = _advice_lines()
    keys = [key for end in range(5, 2, -1) for key in (f"{rule.code[:end]} {rule.severity}", rule.code[:end])]
    found = [known[key] for key in keys if key in known]
    cells = [next((cell for cell in column if cell), "") for column in zip(*found, strict=True)]
    return Advice(*("" if cell == "-" else cell for cell in cells))


def related(rule: Rule) -> list[Rule]:
    """Return the findings that share the rarest words of their names, or stand beside each other."""
    words = Counter(word for one in rules.ALL for word in _words(one))
    scores = {
        one: sum(1 / words[word] for word in _words(one) & _words(rule))
        for one in rules.ALL
        if one is not rule
    }
    number = int(rule.code[2:])
    for one in scores:
        if one.code[:4] == rule.code[:4]:
            scores[one] += 0.2 / abs(int(one.code[2:]) - number)
    near = sorted((one for one in scores if scores[one] > 0.06), key=lambda one: (-scores[one], one.code))
    return near[:MOST_RELATED]


def _words(rule: Rule) -> set[str]:
    return set(rule.name.split("_"))


def silencers(rule: Rule) -> list[str]:
    """Return what keeps a finding from being told, or from failing a run."""
    if rule.code in ALWAYS_REPORTED:
        if rule.code < "RS1":
            return ["Nothing: it ends the run."]
        return ["Nothing: what `verify` proves, and a row that is lost to the output, is always told."]
    found = []
    if rule.option:
        found.append(f"`{rule.option}` reads the wrong example.")
    if rule.code[2] in "123":
        found.append(
            "In a table `--corrections FILE` decides how the value is read, and the finding is gone."
        )
    advice = advice_of(rule)
    if advice.table or advice.message:
        found.append("`--overrides FILE` takes a reviewed case as it is; what it refuses stays refused.")
        found.append(f"`--ignore {rule.code}` neither tells nor counts it; what it refuses stays refused.")
    if rule.severity == "error":
        found.append("It fails a run with exit code 1; `--exit-zero` does not change what is told.")
    else:
        least = "warning or info" if rule.severity == "warning" else "info"
        found.append(f"It fails no run, unless `--fail-on` says {least}.")
    found.append("In the library it is always among the diagnostics.")
    return found


class Examples:
    """Runs the examples of rules, each command among files of its own. A context manager.

    The folder of the process is another one as long as a command runs.
    """

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp())
        write_example_files(self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)

    def shown(self, rule: Rule, example: str) -> str:
        """Return an example with what comes of it, as a block of text."""
        with as_needed(rule):
            if example.startswith(COMMAND):
                said = self._said(rule, example)
                return "\n".join([example, *said])
            given = options(example) if "=" in example else {"text": example}
            found = [one for one in findings_of(dict(given)) if one.code == rule.code]
        if not found:
            return f"{example}\n{_read_as(given)}".rstrip()
        return "\n".join(
            [*_call(example), *(draw(one, _text_of(one, given), shows_values=True) for one in found)]
        )

    def _said(self, rule: Rule, example: str) -> list[str]:
        with self._own_folder() as folder:
            output = output_of(example.removeprefix(COMMAND)).replace(str(folder), "")
        lines = [
            line for line in output.splitlines() if not line.startswith((" ", "hint:", "most frequent:"))
        ]
        named = [line for line in lines if rule.code in line] or lines[:1]
        return [_cut(line, rule.code) for line in named[:MOST_LINES]] or ["(nothing is said)"]

    @contextmanager
    def _own_folder(self) -> Iterator[Path]:
        before = Path.cwd()
        with tempfile.TemporaryDirectory() as name:
            copy_example_files(self._folder, Path(name))
            os.chdir(name)
            try:
                yield Path(name)
            finally:
                os.chdir(before)


def _cut(line: str, code: str) -> str:
    """Return a line, of a long one what stands around a code."""
    if len(line) <= LONGEST_LINE:
        return line
    start = max(0, line.find(code) - LONGEST_LINE // 2)
    before, after = ("..." if start else ""), ("..." if start + LONGEST_LINE < len(line) else "")
    return f"{before}{line[start : start + LONGEST_LINE]}{after}"


def _call(example: str) -> list[str]:
    return [example] if "=" in example else []


def _text_of(found: Diagnostic, given: dict[str, Any]) -> str:
    """Return the text that a finding stands in; none where it concerns two of them."""
    text = given.get(found.part or "text", "")
    return text if isinstance(text, str) else ""


def _read_as(given: dict[str, Any]) -> str:
    """Return what comes of a right example, where that is one stage."""
    if "diagnosis" in given or "stagings" in given or "encode" in given:
        return ""
    keywords = dict(given)
    text = keywords.pop("text", None)
    reading = rstage.read_parts(**keywords) if text is None else rstage.read(text, **keywords)
    others = [one.code for one in reading.diagnostics]
    return f"read as {reading}" + (f" ({', '.join(others)})" if others else "")


def page(rule: Rule, examples: Examples) -> str:
    """Return the page of a finding."""
    severity = f"**{rule.severity}**" + (f", {rule.otherwise}" if rule.otherwise else "")
    said = _PLACEHOLDER.sub(r"*\1*", _escaped(rule.message))
    parts = [
        f"# {rule.code} {rule.name}",
        f"{said}\n{{ .said }}",
        f"{severity} · printed by `rstage explain {rule.code}`",
        "## Why",
        _escaped(rule.reason),
        f"Source: {_escaped(rule.source)}.",
        "## Wrong",
        _block(examples.shown(rule, rule.wrong)),
        "## Right",
        _block(examples.shown(rule, rule.right)),
        "## What to do",
        *(f"**In a {place}.** {cell}" for place, cell in advice_of(rule)._asdict().items() if cell),
        "## What can silence it",
        "\n".join(f"- {one}" for one in silencers(rule)),
    ]
    if near := related(rule):
        lines = [f"- [{one.code}]({one.code}.md) {_escaped(_plain(one.message))}" for one in near]
        parts += ["## Related", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def index() -> str:
    """Return the page that lists every finding."""
    parts = [
        "# Findings",
        f"The {len(rules.ALL)} codes that rstage knows. A code never changes its meaning.",
        "`rstage explain RS402` prints the beginning of a page of these, `rstage rules` lists them.",
    ]
    for family, title in FAMILIES:
        rows = [
            f"| [{one.code}]({one.code}.md) | {one.severity} | {_cell(_plain(one.message))} |"
            for one in rules.ALL
            if one.code.startswith(family)
        ]
        parts += [
            f"## {family}xx: {title}",
            "\n".join(["| code | severity | what it says |", "|---|---|---|", *rows]),
        ]
    return "\n\n".join(parts) + "\n"


def _plain(message: str) -> str:
    return _PLACEHOLDER.sub("…", message)


def _block(text: str) -> str:
    return f"```text\n{text}\n```"


def _escaped(text: str) -> str:
    """Return a text in which nothing is markup."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", text)


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|")


def finding_pages() -> dict[str, str]:
    """Return the name of each page with its text."""
    with Examples() as examples:
        pages = {f"{rule.code}.md": page(rule, examples) for rule in rules.ALL}
    return {"index.md": index(), **pages}

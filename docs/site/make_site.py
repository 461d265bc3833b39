"""Builds the documentation site: the pages of the repository, one for each finding, and the API.

python docs/site/make_site.py [FOLDER]

The pages come as they stand in the repository, in the same folders, so that a link between two of them
holds in both. What is made goes to FOLDER, `build/site` by default: `pages` has the Markdown, `site` the
HTML, which needs no server and fetches nothing. Any warning, such as of a link to nowhere, ends with exit
code 1. Needs the extras `docs` and `dev`: the examples of the findings are run.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]  # for the examples of the rules, which the tests have

from finding_pages import finding_pages  # noqa: E402

import rstage  # noqa: E402

DEFAULT = ROOT / "build" / "site"
SOURCES = ("docs", "examples", "grammar", "benchmarks", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE")
NOT_COPIED = shutil.ignore_patterns("site", "__pycache__", "make_*.py")
BESIDE = ("site.css", "local-worker.js")
"""What the pages need and no page is."""
API = (
    (
        "Reading",
        (
            "parse",
            "read",
            "parse_parts",
            "read_parts",
            "proposals_of",
            "Reading",
            "ReadOptions",
            "SYSTEMS",
        ),
    ),
    (
        "Stages",
        (
            "Stage",
            "Category",
            "StageGroup",
            "Descriptor",
            "Suffixes",
            "Edition",
            "Method",
            "Timing",
            "Encoded",
        ),
    ),
    (
        "Restaging",
        ("restage", "check_restaging", "verify", "Staging", "Restaging", "RecurrenceType", "History"),
    ),
    ("Links", ("Link", "LinkKey", "LinkKeyError")),
    ("Running text", ("find", "Mention")),
    ("Site tables", ("load_site_table", "SiteTable", "SiteSchema", "SiteTableError")),
    ("Group tables", ("load_group_table", "GroupTable", "GroupTableError")),
    (
        "Findings",
        ("Diagnostic", "Rule", "Severity", "NotationError", "RestagingError", "DialectError"),
    ),
    ("NAACCR 1880", ("recurrence_from_naaccr", "recurrence_to_naaccr", "NaaccrRecurrence")),
    ("Choices", ("DialectName", "FieldName", "Mode", "Policy")),
    ("More", ("json_schema", "clear_caches")),
)
"""The public names by what they are for; a test holds that each stands here once."""
MODULES = (
    ("Columns", ("rstage.columns", "rstage.polars", "rstage.duckdb", "rstage.spark", "rstage.postgresql")),
    ("Tables and messages", ("rstage.tables", "rstage.messages")),
    ("spaCy and pandera", ("rstage.spacy", "rstage.pandera")),
)


def write_pages(folder: Path) -> None:
    """Write the Markdown of the site into a folder that is not there yet."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=NOT_COPIED)
        else:
            shutil.copy(source, folder / name)
    shutil.copy(ROOT / "README.md", folder / "index.md")
    for path in folder.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\]\(((?:\.\./)*)README\.md\)", r"](\1index.md)", text), encoding="utf-8")
    for name in BESIDE:
        shutil.copy(HERE / name, folder / name)
    _write(folder / "docs" / "findings", finding_pages())
    _write(folder / "docs" / "api", api_pages())


def _write(folder: Path, pages: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def api_pages() -> dict[str, str]:
    """Return the name of each page of the API reference with its text."""
    pages, listed = {}, []
    for title, names in (*((title, [f"rstage.{name}" for name in names]) for title, names in API), *MODULES):
        name = f"{title.lower().replace(' ', '-')}.md"
        pages[name] = f"# {title}\n\n" + "\n\n".join(f"::: {one}" for one in names) + "\n"
        listed.append(
            f"- [{title}]({name}): " + ", ".join(f"`{one.removeprefix('rstage.')}`" for one in names)
        )
    begin = f"# Python API\n\nVersion {rstage.__version__}. What is not listed here is no part of it.\n\n"
    pages["index.md"] = begin + "\n".join(listed) + "\n"
    return pages


def build(folder: Path) -> int:
    """Build the site anew into a folder, and return the exit code of what builds it."""
    shutil.rmtree(folder, ignore_errors=True)
    write_pages(folder / "pages")
    shutil.copy(HERE / "zensical.toml", folder)
    shutil.copytree(HERE / "theme", folder / "theme")
    (folder / "src").symlink_to(Path(rstage.__file__).parents[1])
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603  the builder itself


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else DEFAULT))

"""Data flows one way: a module imports only from the layers before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rstage
from rstage._grammar import grammar_text

PACKAGE = Path(rstage.__file__).parent

# text -> tree -> values -> checks -> restaging -> tables and reports -> command line. The values come before
# the tree that becomes them, because a value is what everything speaks of.
LAYERS = (
    ("diagnostics", "_grammar", "topography", "unforeseen"),
    ("rules", "systems", "editions"),
    ("vocabulary", "privacy"),
    ("values",),
    ("category",),
    ("descriptor", "stage_group"),
    ("stage", "site_schema"),
    ("rewriting",),
    ("folding", "parsing", "pieces"),
    ("dialects",),
    ("group_reading", "written"),
    ("prefixes",),
    ("suffixes", "glued", "respelling"),
    ("group_building",),
    ("building",),
    ("checks", "options"),
    ("assembly", "comments"),
    ("repairing",),
    ("interpreting",),
    ("reading",),
    ("parts", "site_files", "finding_patterns", "finding_parts"),
    ("site_algorithm", "finding_context", "finding_left"),
    ("site_tables", "finding_runs"),
    ("encoding", "finding"),
    ("staging", "recurrence"),
    ("link", "wording"),
    ("restaging",),
    ("history",),
    ("history_linking", "finding_restaging"),
    ("stage_words", "missing", "table_errors", "schemas", "presets", "claims"),
    ("report", "inputs", "table_dates", "table_encodings", "selection", "compressing"),
    ("table_findings",),
    ("tables", "outputs", "finding_files"),
    ("excel_tables", "json_tables", "parquet_tables"),
    ("table_columns", "table_batches"),
    ("overrides", "configuration"),
    ("table_append",),
    ("table_cells",),
    (
        "table_check",
        "table_facts",
        "table_normalize",
        "table_pairs",
        "table_polars",
        "table_overrides",
        "table_verify",
    ),
    ("table_parquet",),
    ("table_engines", "table_opening"),
    ("restaging_files", "table_restage", "table_history"),
    ("column_arrow", "column_stages"),
    ("column_restaging", "column_frames"),
    ("columns", "polars", "duckdb", "spark"),
    ("formats",),
    ("cli",),
    ("__main__",),
)
# A stage writes itself in a dialect and reads back what it wrote; whatever reads comes after the values.
EXEMPT = {("stage", "encoding")}
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def imports(path: Path) -> set[str]:
    """Return the modules of the package that a module imports at run time, also inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in typing_only:
            continue
        module = node.module or ""
        if node.level > 1 or (node.level == 1 and path.parent == PACKAGE):
            found.update([module.split(".")[0]] if module else [alias.name for alias in node.names])
        elif module == "rstage":
            found.update(alias.name for alias in node.names)
        elif module.startswith("rstage."):
            found.add(module.split(".")[1])
    return found - {"__version__"}


def owner(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_earlier_layers(path: Path) -> None:
    name = owner(path)
    used = imports(path) - {name}
    later = {one for one in used if LAYER_OF[one] >= LAYER_OF[name]}
    assert not {one for one in later if (name, one) not in EXEMPT}


def test_every_module_has_its_layer() -> None:
    names = {owner(path) for path in modules()}
    assert set(LAYER_OF) == names


def test_no_message_format_knows_another_one() -> None:
    from rstage.formats import FORMATS

    folder = PACKAGE / "formats"
    shared = {
        alias
        for path in folder.glob("*.py")
        for alias in [path.stem]
        if not any(alias.startswith(module.partition("_")[0]) for module in FORMATS.values())
    }
    for module in FORMATS.values():
        stem = module.partition("_")[0]
        for path in folder.glob(f"{stem}*.py"):
            used = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.ImportFrom) and node.level == 1
                for name in ([node.module] if node.module else [alias.name for alias in node.names])
            }
            assert {one for one in used if not one.startswith(stem)} <= shared


def test_lark_ends_in_the_grammar_and_parsing_modules() -> None:
    users = {
        owner(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lark")
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "lark" for alias in node.names))
    }
    assert users == {"_grammar", "parsing"}


def test_only_one_module_reads_the_grammar_folder() -> None:
    users = {owner(path) for path in modules() if '"grammar"' in path.read_text(encoding="utf-8")}
    assert users == {"_grammar"}


def test_the_grammar_holds_no_code() -> None:
    lines = [line for line in grammar_text("tnm.lark").splitlines() if not line.lstrip().startswith("//")]
    assert not [line for line in lines if line.lstrip().startswith(("%import", "%declare")) or "->" in line]

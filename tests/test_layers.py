"""Data flows one way: a module imports only from the layers before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rstage
from rstage._grammar import grammar_text

PACKAGE = Path(rstage.__file__).parent

# text -> tree -> model -> checks -> restaging -> tables -> command line; the values come before the tree that
# becomes them, because a value is what everything speaks of.
LAYERS = (
    ("diagnostics", "_grammar"),
    ("rules", "vocabulary"),
    ("privacy",),
    ("values",),
    ("category",),
    ("descriptor", "stage_group"),
    ("stage",),
    ("folding", "parsing"),
    ("written",),
    ("suffixes", "glued", "respelling"),
    ("building",),
    ("checks", "options"),
    ("assembly",),
    ("interpreting",),
    ("reading",),
    ("staging", "recurrence"),
    ("link", "wording"),
    ("restaging",),
)
# The table layer and the command line stand on everything above; their own order is that of this tuple.
SURFACE = ("report", "cli", "__main__")
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
        if isinstance(node, ast.ImportFrom) and node.level and id(node) not in typing_only:
            if node.module:
                found.add(node.module.split(".")[0])
            else:
                found.update(alias.name for alias in node.names)
    return found - {"__version__"}


def owner(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_earlier_layers(path: Path) -> None:
    name = owner(path)
    used = imports(path) - {name}
    if name in LAYER_OF:
        later = {one for one in used if LAYER_OF.get(one, len(LAYERS)) >= LAYER_OF[name]}
        assert not later - ({"diagnostics"} if path.parent.name == "rules" else set())
    else:
        assert "cli" not in used or name == "__main__"


def test_every_layer_has_its_module() -> None:
    names = {owner(path) for path in modules()}
    assert set(LAYER_OF) <= names


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

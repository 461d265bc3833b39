"""Every small change of a module: operators, comparisons, constants, conditions, results, lost statements."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mult: ast.Add,
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Mutant(NamedTuple):
    """One change.

    Attributes:
        path: the module.
        function: the outermost function it is in, with its class; empty outside of any.
        line: where.
        lines: the first and the last line of the statement that it is in, without the statements in that.
        change: what was there and what is there now; the same once more in one function with [2] behind it.
        number: its place among the changes of the module.
    """

    path: Path
    function: str
    line: int
    lines: tuple[int, int]
    change: str
    number: int


def tree_of(path: Path, number: int) -> ast.Module:
    """Return a module with the change of a number made."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, (_, _, parent, field, index, new) in enumerate(_changes(tree)):
        if place == number:
            if index is None:
                setattr(parent, field, new)
            else:
                getattr(parent, field)[index] = new
            return ast.fix_missing_locations(tree)
    raise IndexError(number)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every change of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: Counter[tuple[str, str]] = Counter()
    for number, (function, lines, parent, field, index, new) in enumerate(_changes(tree)):
        old = getattr(parent, field) if index is None else getattr(parent, field)[index]
        line = getattr(old, "lineno", getattr(parent, "lineno", 0))
        change = f"{_shown(old)} -> {_shown(new)}"
        seen[function, change] += 1
        again = seen[function, change]
        yield Mutant(path, function, line, lines, change if again == 1 else f"{change} [{again}]", number)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 90 else f"{text[:60]} ... {text[-25:]}"


_Lines = tuple[int, int]
_Change = tuple[str, _Lines, ast.AST, str, int | None, ast.AST]


def _changes(tree: ast.Module) -> Iterator[_Change]:
    yield from _inside(tree, "", (0, 0), is_in_function=False)


def _lines_of(node: ast.stmt) -> _Lines:
    """Return the lines of a statement, of one that holds others those of its head."""
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if body else node.end_lineno
    return node.lineno, max(node.lineno, last or 0)


def _inside(node: ast.AST, function: str, lines: _Lines, *, is_in_function: bool) -> Iterator[_Change]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_comment", "type_params", "decorator_list"):
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if not isinstance(child, ast.AST) or _is_silent(child):
                continue
            name, inside = function, is_in_function
            if isinstance(child, (*_FUNCTIONS, ast.ClassDef)) and not inside:
                name = f"{function}.{child.name}" if function else child.name
                inside = isinstance(child, _FUNCTIONS)
            where = name if inside else ""
            here = _lines_of(child) if isinstance(child, ast.stmt) else lines
            for new in _replacements(child, is_set=_is_set(node, field)):
                yield where, here, node, field, index, new
            yield from _inside(child, name, here, is_in_function=inside)


def _is_silent(node: ast.AST) -> bool:
    """Return whether a node is for the reader or the type checker alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True  # of zip: it says that there are as many, and nothing else
    return isinstance(node, (ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Raise))


def _is_set(parent: ast.AST, field: str) -> bool:
    """Return whether a text stands for its characters: what is stripped, searched or gone through."""
    match parent:
        case ast.Call(func=ast.Attribute(attr="strip" | "lstrip" | "rstrip")):
            return field == "args"
        case ast.Call(func=ast.Name(id="set" | "frozenset" | "zip" | "dict")):
            return field == "args"
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return field == "comparators"
        case ast.For() | ast.comprehension():
            return field == "iter"
    return False


def _replacements(node: ast.AST, *, is_set: bool) -> Iterator[ast.AST]:
    if isinstance(node, ast.stmt):
        yield from _other_statement(node)
    elif isinstance(node, ast.Constant):
        yield from _other_constant(node, is_set=is_set)
    elif isinstance(node, ast.expr):
        yield from _other_expression(node)


def _negated(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    # What is a comparison, or negated already, is changed there.
    if not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        made = copy.deepcopy(node)
        made.test = ast.UnaryOp(ast.Not(), made.test)
        yield made


def _other_expression(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in _COMPARISONS:
            made = copy.deepcopy(node)
            made.ops[0] = _COMPARISONS[type(op)]()
            yield made
        case ast.BoolOp():
            made_bool = copy.deepcopy(node)
            made_bool.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield made_bool
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _OPERATORS:
            made_bin = copy.deepcopy(node)
            made_bin.op = _OPERATORS[type(node.op)]()
            yield made_bin
        case ast.IfExp():
            yield from _negated(node)


def _other_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.While():
            yield from _negated(node)
        case ast.Return(value=ast.expr()) if not (isinstance(node.value, ast.Constant)):
            yield ast.copy_location(ast.Return(ast.Constant(None)), node)
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            made_yield = copy.deepcopy(node)
            made_yield.value = ast.IfExp(ast.Constant(value=False), node.value, ast.Constant(None))
            yield made_yield
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield ast.copy_location(ast.Pass(), node)
        case ast.Continue():
            yield ast.copy_location(ast.Break(), node)
        case ast.Break():
            yield ast.copy_location(ast.Continue(), node)


def _other_constant(node: ast.Constant, *, is_set: bool) -> Iterator[ast.AST]:
    value: object = node.value
    new: object
    if isinstance(value, bool):
        new = not value
    elif isinstance(value, int):
        new = value + 1
    elif isinstance(value, str) and len(value) > 1 and is_set:
        new = value[:-1]
    elif isinstance(value, str) and value:
        new = value + "?"
    else:
        return
    yield ast.copy_location(ast.Constant(new), node)

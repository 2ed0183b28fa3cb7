"""The code of a cell: its tree, the names that it binds or changes, and what other cells may need of it."""

from __future__ import annotations

import ast
import builtins
import contextlib
import warnings
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Any


def syntax_tree(code: str) -> ast.Module:
    """Return the tree of a cell, magics and shell commands turned into calls; empty where it is no Python."""
    with contextlib.suppress(SyntaxError, ValueError):
        return _parsed(code)  # what is Python already need not be read word by word
    from IPython.core.inputtransformer2 import TransformerManager  # a slow import, for few cells

    try:
        python: str = TransformerManager().transform_cell(code)
        return _parsed(python)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _parsed(code: str) -> ast.Module:
    """Return a tree without a word of Python's advice: it is for whoever wrote the cell, who reads it at a run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def asks_for_identity(code: str) -> bool:
    """Return whether a test compares by ``is``, but with a constant or a type."""
    compared = [node for node in ast.walk(syntax_tree(code)) if isinstance(node, ast.Compare)]
    parts = [
        (left, right)
        for node in compared
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
        if isinstance(operator, ast.Is | ast.IsNot)
    ]
    return any(not _is_settled(left) and not _is_settled(right) for left, right in parts)


def _is_settled(node: ast.expr) -> bool:
    """Return whether an expression is a constant or the name of a builtin, and one object everywhere."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and hasattr(builtins, node.id))


def bound_names(tree: ast.Module) -> Iterator[str]:
    r"""Yield the names that a cell binds at module level, imports left out.

    Examples
    --------
    >>> sorted(bound_names(ast.parse("import os; x = [i for i in y]\ndef f():\n    z = 1")))
    ['f', 'x']
    """
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def changed_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names whose content a cell may change: stores into them, deletions, calls of their methods."""
    for node in nodes:
        inside = isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)
        method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        base: Any = node if inside else node.func if method and isinstance(node, ast.Call) else None
        while isinstance(base, ast.Subscript | ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name):
            yield base.id


def imported_modules(tree: ast.AST, *, tried: bool = True) -> Iterator[str]:
    r"""Yield the dotted names of modules that a cell imports anywhere.

    Parameters
    ----------
    tree : ast.AST
        The cell.
    tried : bool
        Whether to go into ``try`` statements.

    Examples
    --------
    >>> sorted(imported_modules(ast.parse("import os.path, re\nfrom json import loads\nfrom . import near")))
    ['json', 'os.path', 're']
    """
    if isinstance(tree, ast.Import):
        yield from (alias.name for alias in tree.names)
    elif isinstance(tree, ast.ImportFrom) and tree.module and not tree.level:
        yield tree.module
    for node in ast.iter_child_nodes(tree) if tried or not isinstance(tree, ast.Try) else ():
        yield from imported_modules(node, tried=tried)


@lru_cache(maxsize=1024)  # the tests of a class's notebooks are the same
def definitions(code: str) -> str:
    """Return the imports, functions and classes of a cell: what later cells may need of it."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return "\n".join(ast.unparse(node) for node in syntax_tree(code).body if isinstance(node, kept))


def handed_on(released: str, students: Container[str]) -> str:
    """Return the imports, definitions and literal values of a test's released part, names of the student's left out."""
    kept: list[ast.stmt] = []
    for node in syntax_tree(released).body:
        literal = isinstance(node, ast.Assign) and _is_literal(node.value)
        defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
        names = bound_names(ast.Module([node], []))
        if (literal or defines) and not any(name in students for name in names):
            kept.append(node)
    return ast.unparse(ast.Module(kept, []))


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True

"""Whether what some cells define can matter to a test, by the names that stand in the code between.

A test that does not reach an answer, not through any other cell either, has the same result whatever that answer is.
Where it cannot be told (names made while code runs, files, settings of modules), the answer may matter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from splitgrade.execution.cell_code import bound_names, changed_names, syntax_tree
from splitgrade.sandbox.limits import MAX_REACHED

_WORD = re.compile(r"\w+")
_UNTOLD = frozenset(
    (
        *("globals", "locals", "vars", "eval", "exec", "compile", "dir", "gc", "inspect", "sys", "importlib"),
        *("builtins", "setattr", "delattr", "cache", "lru_cache", "atexit", "threading", "get_ipython", "In", "Out"),
        *("__dict__", "__globals__", "__builtins__", "__import__", "__main__", "setrecursionlimit", "filterwarnings"),
        *("open", "os", "io", "pathlib", "Path", "pickle", "shelve", "tempfile", "load", "save", "savez", "loadtxt"),
        *("savetxt", "genfromtxt", "fromfile", "tofile", "memmap", "imread", "imsave", "savefig", "read", "write"),
        *("seed", "set_state", "setstate", "seterr", "seterrcall", "set_printoptions", "rcParams", "rc", "environ"),
    )
)
"""Names by which code reaches what no name in it tells of."""
_QUIET = frozenset(
    (
        *("__future__", "collections", "copy", "dataclasses", "enum", "fractions", "functools", "itertools", "math"),
        *("matplotlib", "numbers", "numpy", "operator", "PIL", "re", "statistics", "string", "textwrap", "time"),
        *("timeit", "typing"),
    )
)
"""Packages in which a call or an import leaves nothing behind that another answer meets, but by the names above."""


def may_matter(answers: Sequence[str], test: str, cells: Sequence[str]) -> bool:
    """Return whether a test may have another result where some answers are others.

    Parameters
    ----------
    answers : sequence of str
        The code of those answers, as they are and as they would be.
    test : str
        The code of the test.
    cells : sequence of str
        The code of all other cells up to it.

    Examples
    --------
    >>> may_matter(["def size(n): ..."], "area(3)", ["def area(n): return size(n) ** 2"])
    True
    >>> may_matter(["def size(n): ..."], "area(3)", ["def area(n): return n * n", "show(size(3))"])
    False
    """
    texts = (test, *answers, *cells)
    if sum(map(len, texts)) > MAX_REACHED:
        return True
    known = [_names_of(text) for text in texts]
    if any(each is None or not _UNTOLD.isdisjoint(each.mentioned) for each in known):
        return True
    (first, *rest), count = [each for each in known if each is not None], len(answers)
    changed, others = rest[:count], rest[count:]
    imported = frozenset().union(*(each.imported for each in others))
    modules = frozenset().union(*(each.modules for each in others))
    if any(not each.modules <= modules for each in changed):
        return True  # it loads a module that would not be loaded otherwise: no name tells what that does
    loud = frozenset().union(*(each.imported - each.quiet for each in others))
    reached = _reached(first.mentioned, others, imported, loud)
    quiet = imported - loud
    own = (each.bound | (each.touched - quiet) | (each.imported - imported) for each in changed)
    return any(not reached.isdisjoint(names) for names in own)


def _reached(
    names: frozenset[str], cells: Sequence[_Names], imported: frozenset[str], loud: frozenset[str]
) -> set[str]:
    """Return the names that some names lead to by way of cells; what is handed to a loud import comes back from it."""
    reached, pending = set(names), list(cells)
    while True:
        found = [each for each in pending if not reached.isdisjoint(each.bound | (each.touched - imported))]
        pending = [each for each in pending if each not in found]
        new = {name for each in found for name in each.mentioned | each.bound}
        new |= {name for each in pending if not reached.isdisjoint(each.touched & loud) for name in each.touched}
        if new <= reached:
            return reached
        reached |= new


@dataclass(frozen=True)
class _Names:
    """The names of a cell: what it mentions, binds, imports, and what it may change by a call.

    Of its imports also the modules that may keep something, and the names of what comes from those that do not.
    """

    mentioned: frozenset[str]
    bound: frozenset[str]
    touched: frozenset[str]
    imported: frozenset[str]
    modules: frozenset[str]
    quiet: frozenset[str]


@lru_cache(maxsize=512)
def _names_of(code: str) -> _Names | None:
    """Return the names of a cell, None where it is too deep to be looked at."""
    try:
        tree = syntax_tree(code)
        nodes = list(ast.walk(tree))
        bound = {*bound_names(tree), *_bound(nodes)}
        touched = {*changed_names(nodes), *_handed(nodes)}
        imports = dict(_imported(nodes))
        modules = {module for module in imports.values() if module not in _QUIET}
        quiet = {name for name, module in imports.items() if module in _QUIET}
        return _Names(*map(frozenset, (_mentioned(nodes), bound, touched, imports, modules, quiet)))
    except (ValueError, RecursionError, MemoryError):
        return None


def _imported(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield the names that a cell imports, each with the package that it is from."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                yield name, ((node.module or "") if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]


def _bound(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the names that a cell binds in other ways than `bound_names` looks for, or deletes; imports left out."""
    for node in nodes:
        if isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.NamedExpr):
            yield node.target.id
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            yield node.id


def _handed(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the names that a cell calls, or hands to a call or decorator: what stands behind them may be changed."""
    for node in nodes:
        pending = [*(ast.iter_child_nodes(node) if isinstance(node, ast.Call) else _decorators(node))]
        while pending:
            below = pending.pop()
            if isinstance(below, ast.Name):
                yield below.id
            elif not isinstance(below, ast.Call | ast.Lambda):  # another of the nodes; looked up when that is called
                pending += ast.iter_child_nodes(below)


def _decorators(node: ast.AST) -> Sequence[ast.expr]:
    return node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ()


def _mentioned(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield every name in a cell, and the words of its texts, documentation left out."""
    documentation = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from node.name.split(".")
        elif isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from _WORD.findall(node.value)

"""Names of the student's that a test binds or deletes, carried over to the student's process.

A test that deletes ``squares``, or puts a function of its own in its place, wants to see whether another function of
the student's notices. In one kernel both have the same names; here, where the solution needs it, a call behind the
statement carries it over.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

BOUND, DELETED, TYPE = "__splitgrade_bound__", "__splitgrade_deleted__", "__splitgrade_type__"
REPLACEABLE = frozenset({"print", "input", "open", "sum", "sorted", "len", "max", "min"})
"""Builtins that tests put functions of their own in place of, to see who calls them."""
_BLOCKS = ("body", "orelse", "finalbody")


class Carrying(ast.NodeTransformer):
    """Adds the calls to the cells of a test.

    Attributes
    ----------
    names : container of str
        The names that are carried over; none, mostly.
    """

    names: Container[str] = ()

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Return the cell with a call behind each statement that binds or deletes such a name in the notebook."""
        self.generic_visit(node)
        if self.names != ():
            node.body = self._block(node.body)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return ``x.__class__`` as the type that the student's process knows."""
        self.generic_visit(node)
        if node.attr == "__class__" and isinstance(node.ctx, ast.Load):
            return _call(TYPE, node.value)
        return node

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for statement in statements:
            inside = not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            for field in _BLOCKS if inside else ():
                if getattr(statement, field, None):
                    setattr(statement, field, self._block(getattr(statement, field)))
            for handler in getattr(statement, "handlers", ()):
                handler.body = self._block(handler.body)
            found += self._carried(statement)
        return found

    def _carried(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        """Yield a statement and what carries it over."""
        if isinstance(statement, ast.Delete):
            names = [each.id for each in statement.targets if isinstance(each, ast.Name) and each.id in self.names]
            statement.targets = [each for each in statement.targets if getattr(each, "id", None) not in names]
            if statement.targets:
                yield statement
            yield from (ast.Expr(_call(DELETED, ast.Constant(name))) for name in names)
            return
        names = [name for name in _bound(statement) if name in self.names]
        calls = [ast.Expr(_call(BOUND, ast.Constant(name))) for name in names]
        if isinstance(statement, ast.For | ast.With | ast.AsyncFor | ast.AsyncWith):
            statement.body = [*calls, *statement.body]
            yield statement
        else:
            yield from (statement, *calls)


def bound_at_the_top(code: str) -> set[str]:
    r"""Return the names that the statements of a cell bind, imports and those inside blocks left out.

    Examples
    --------
    >>> sorted(bound_at_the_top("import os\nrate, (low, high) = 3, (0, 1)\ndef area(): inner = 2"))
    ['area', 'high', 'low', 'rate']
    """
    try:
        statements = ast.parse(code).body
    except SyntaxError:  # of a line for IPython
        return set()
    kept = (each for each in statements if not isinstance(each, ast.Import | ast.ImportFrom))
    return {name for statement in kept for name in _bound(statement)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement itself binds, those of blocks inside it left out."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.split(".")[0] for alias in statement.names)
    else:
        targets = list(getattr(statement, "targets", ()))
        targets += [each for each in (getattr(statement, "target", None),) if each is not None]
        targets += [item.optional_vars for item in getattr(statement, "items", ()) if item.optional_vars is not None]
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])

"""Small systematic changes of a function's source: each mutant differs from it in one place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from itertools import pairwise

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ATTRIBUTES = {"max": "min", "amax": "amin", "maximum": "minimum", "sum": "max", "prod": "sum", "floor": "ceil"}
LETTERS = ("a", "b", "c", "d")  # of reasons

Replacement = Callable[[ast.AST], ast.AST | None]


def mutants(source: str) -> Iterator[str]:
    """Yield every mutant of a source text once."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for place, node in enumerate(ast.walk(tree)):
        siblings = _siblings(tree)
        for number, _ in enumerate(_replacements(node, siblings)):
            changed = copy.deepcopy(tree)
            target = next(other for other_place, other in enumerate(ast.walk(changed)) if other_place == place)
            replacement = list(_replacements(target, siblings))[number]
            text = ast.unparse(ast.fix_missing_locations(_Swap(target, replacement).visit(changed)))
            if text not in seen:
                seen.add(text)
                yield text


class _Swap(ast.NodeTransformer):
    """Puts a node into the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Visit a node."""
        return self.new if node is self.old else self.generic_visit(node)


def _siblings(tree: ast.AST) -> dict[str, set[str]]:
    """Return for each name its neighbors in tuple assignments and parameters: height and width, row and column."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store):
            names = [part.id for part in node.elts if isinstance(part, ast.Name)]
        elif isinstance(node, ast.arguments):
            names = [argument.arg for argument in node.args]
        else:
            continue
        for one, two in pairwise(names):
            found.setdefault(one, set()).add(two)
            found.setdefault(two, set()).add(one)
    return found


def _replacements(node: ast.AST, siblings: dict[str, set[str]]) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right
        for operator in OPERATORS.get(type(node.op), ()):
            yield ast.BinOp(node.left, operator(), node.right)
    elif isinstance(node, ast.AugAssign):
        yield ast.Pass()
        for operator in OPERATORS.get(type(node.op), ()):
            yield ast.AugAssign(node.target, operator(), node.value)
        if isinstance(node.target, (ast.Name, ast.Subscript)):
            yield ast.Assign([node.target], node.value)
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for comparison in COMPARISONS.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [comparison()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
        yield from node.values
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Set):
        for place in range(len(node.elts) if len(node.elts) > 1 else 0):
            yield ast.Set([*node.elts[:place], *node.elts[place + 1 :]])
    elif isinstance(node, ast.Slice):
        yield from _slices(node)
    elif isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Load):
        yield from _orders(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for name in sorted(siblings.get(node.id, ())):
            yield ast.Name(name, ast.Load())
    elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
        yield ast.Attribute(node.value, ATTRIBUTES[node.attr], node.ctx)
    elif isinstance(node, (ast.If, ast.IfExp)):
        yield from _branches(node)


def _constants(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str) and value in LETTERS:
        yield from (ast.Constant(letter) for letter in LETTERS if letter != value)
    elif isinstance(value, str) and "->" in value:  # an einsum: swap neighboring axes of each part
        for place in range(len(value) - 1):
            if value[place].isalpha() and value[place + 1].isalpha():
                swapped = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
                yield ast.Constant(swapped)


def _slices(node: ast.Slice) -> Iterator[ast.Slice]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)
        yield ast.Slice(node.lower, ast.BinOp(node.upper, ast.Sub(), ast.Constant(1)), node.step)
        yield ast.Slice(node.lower, ast.BinOp(node.upper, ast.Add(), ast.Constant(1)), node.step)
    if node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)


def _orders(node: ast.Tuple | ast.List) -> Iterator[ast.expr]:
    for place in range(len(node.elts) - 1):
        parts = [*node.elts]
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
        yield type(node)(parts, ast.Load())


def _branches(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
        return
    for value in (True, False):
        yield ast.If(ast.Constant(value), node.body, node.orelse)

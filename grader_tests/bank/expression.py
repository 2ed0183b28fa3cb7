"""Expressions of the bank: arithmetic on drawn numbers and calls of listed functions, nothing else.

A key such as ``conv_output_size(n, k, s, p)`` is data in a TOML file. It is read with `ast`, held against a short list
of what may stand in it, and worked out node by node: `eval` is never called; attributes, keywords, strings and
comprehensions do not exist. Division is exact (`fractions.Fraction`), so that a constraint means the same on every
machine.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

Value: TypeAlias = "int | Fraction | float | bool | tuple[Value, ...]"

LONGEST = 400  # characters of an expression
LARGEST_POWER = 64
LARGEST_BASE = 10**6

_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class Expression:
    """An expression that was found to be harmless, ready to be worked out.

    Parameters
    ----------
    text : str
        Such as ``(n + 2*p - k) // s + 1``.
    functions : mapping of str to callable
        What may be called, by name.

    Attributes
    ----------
    names : frozenset of str
        The numbers that it needs.

    Raises
    ------
    ValueError
        When the text is no expression, or holds something that is not on the list; the message names it.

    Examples
    --------
    >>> Expression("(n - k) // s + 1", {})({"n": 7, "k": 3, "s": 2})
    3
    >>> Expression("n / 4", {})({"n": 6})
    Fraction(3, 2)
    >>> Expression("n.__class__", {})
    Traceback (most recent call last):
    ...
    ValueError: Attribute may not stand in an expression: 'n.__class__'
    """

    def __init__(self, text: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        if len(text) > LONGEST:
            raise ValueError(f"an expression has at most {LONGEST} characters, got {len(text)}")
        try:
            self._node: ast.expr = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ValueError(f"no expression: {text!r} ({error})") from None
        self._functions = functions
        self._text = text
        names: set[str] = set()
        self._look(self._node, names)
        self.names = frozenset(names)

    def __call__(self, numbers: Mapping[str, Value]) -> Value:
        """Return the value for the drawn numbers.

        Raises
        ------
        ValueError
            When a number is missing, or the arithmetic is impossible (a division by zero, an impossible layer).
        """
        try:
            found: Value = self._value(self._node, numbers)
        except (ArithmeticError, ValueError, TypeError, IndexError, KeyError) as error:
            shown = ", ".join(f"{name} = {numbers[name]}" for name in sorted(self.names & set(numbers)))
            raise ValueError(f"{self._text!r} cannot be worked out for {shown}: {error}") from error
        return found

    def _look(self, node: ast.expr, names: set[str]) -> None:
        """Refuse every node that is not on the list, and collect the names of numbers."""
        if isinstance(node, ast.Name):
            names.add(node.id)
            return
        if isinstance(node, ast.Constant):
            if type(node.value) not in (int, float):
                raise ValueError(f"only numbers stand in an expression, got {node.value!r}")
            return
        for child in self._parts(node):
            self._look(child, names)

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        """Return what a legal node is made of."""
        if isinstance(node, ast.BinOp) and (type(node.op) in _BINARY or isinstance(node.op, ast.Div | ast.Pow)):
            return [node.left, node.right]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
            return [node.operand]
        if isinstance(node, ast.BoolOp):
            return node.values
        if isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
            return [node.left, *node.comparators]
        if isinstance(node, ast.IfExp):
            return [node.test, node.body, node.orelse]
        if isinstance(node, ast.Tuple):
            return node.elts
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            return [node.value, node.slice]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            if node.func.id not in self._functions:
                raise ValueError(f"no function {node.func.id!r}; legal: {', '.join(sorted(self._functions))}")
            return node.args
        raise ValueError(f"{type(node).__name__} may not stand in an expression: {ast.unparse(node)!r}")

    def _value(self, node: ast.expr, numbers: Mapping[str, Value]) -> Any:
        """Work a node out."""

        def value(part: ast.expr) -> Any:
            return self._value(part, numbers)

        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return numbers[node.id]
            case ast.BinOp():
                return _arithmetic(node.op, value(node.left), value(node.right))
            case ast.UnaryOp():
                return not value(node.operand) if isinstance(node.op, ast.Not) else -value(node.operand)
            case ast.BoolOp():
                parts = (bool(value(part)) for part in node.values)
                return all(parts) if isinstance(node.op, ast.And) else any(parts)
            case ast.Compare():
                sides = [value(part) for part in (node.left, *node.comparators)]
                return all(_COMPARE[type(op)](*sides[at : at + 2]) for at, op in enumerate(node.ops))
            case ast.IfExp():
                return value(node.body if value(node.test) else node.orelse)
            case ast.Tuple():
                return tuple(map(value, node.elts))
            case ast.Subscript():
                return value(node.value)[value(node.slice)]
            case ast.Call(func=ast.Name(id=name)):
                return self._functions[name](*map(value, node.args))
        raise TypeError(f"{type(node).__name__} was not refused")  # pragma: no cover - _parts refuses it


def _arithmetic(op: ast.operator, left: Any, right: Any) -> Any:
    """Return the result of an operation: exact division, powers of a bounded size."""
    if isinstance(op, ast.Div):
        return left / right if isinstance(left, float) or isinstance(right, float) else Fraction(left) / right
    if isinstance(op, ast.Pow):
        if not isinstance(right, int) or not 0 <= right <= LARGEST_POWER or abs(left) > LARGEST_BASE:
            raise ValueError(f"powers go up to {LARGEST_BASE:,} ** {LARGEST_POWER}, got {left} ** {right}")
        return left**right
    return _BINARY[type(op)](left, right)

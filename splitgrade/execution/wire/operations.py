"""What may be done with an object of the student's, by name; each runs in the student's process."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any

_ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
REFLECTED = (*_ARITHMETIC, "and_", "or_", "xor", "lshift", "rshift")
BINARY = (*REFLECTED, "lt", "le", "gt", "ge", "eq", "ne")
UNARY = ("neg", "pos", "abs", "invert")
SPECIALS = (
    *("__len__", "__iter__", "__next__", "__contains__", "__bool__", "__enter__", "__exit__"),
    *("__getitem__", "__setitem__", "__delitem__"),
    *(f"__{name.rstrip('_')}__" for name in BINARY if name not in ("eq", "ne")),
    *(f"__r{name.rstrip('_')}__" for name in REFLECTED),
    *(f"__{name}__" for name in UNARY),
)
"""Methods that Python looks up on a type: a stand-in has those that the type of the student's object has."""


def _call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def _signature(function: Callable[..., Any]) -> list[tuple[str, int, bool, str]]:
    """Return name, kind, whether there is a default, and its text for each parameter."""
    return [
        (p.name, int(p.kind), p.default is not p.empty, repr(p.default)[:200])
        for p in inspect.signature(function).parameters.values()
    ]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "attribute": getattr,
    "set_attribute": setattr,
    "delete_attribute": delattr,
    "item": operator.getitem,
    "set_item": operator.setitem,
    "delete_item": operator.delitem,
    "length": len,
    "iterate": iter,
    "next": next,
    "repr": repr,
    "str": str,
    "bool": bool,
    "contains": operator.contains,
    "isinstance": isinstance,
    "issubclass": issubclass,
    "signature": _signature,
    "enter": lambda manager: manager.__enter__(),
    "exit": lambda manager: manager.__exit__(None, None, None),
    **{name: getattr(operator, name) for name in (*BINARY, *UNARY)},
}

"""What may be done with an object of the student's, by name; each runs in the student's process."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any

from splitgrade.errors import WireError
from splitgrade.execution.wire.encoder import Encoder
from splitgrade.sandbox.limits import MAX_NAMES, MAX_SOURCE

_ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
REFLECTED = (*_ARITHMETIC, "and_", "or_", "xor", "lshift", "rshift")
BINARY = (*REFLECTED, "lt", "le", "gt", "ge", "eq", "ne")
UNARY = ("neg", "pos", "abs", "invert")
SPECIALS = (
    *("__len__", "__iter__", "__next__", "__contains__", "__bool__", "__enter__", "__exit__"),
    *("__int__", "__float__"),
    *("__getitem__", "__setitem__", "__delitem__"),
    *(f"__{name.rstrip('_')}__" for name in BINARY if name not in ("eq", "ne")),
    *(f"__r{name.rstrip('_')}__" for name in REFLECTED),
    *(f"__{name}__" for name in UNARY),
)
"""Methods that Python looks up on a type: a stand-in has those that the type of the student's object has."""


def _call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def _signature(function: Callable[..., Any]) -> list[tuple[str, int, list[Any]]]:
    """Return name and kind of each parameter, and its default: none, a plain value, or the text of any other."""
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, int(p.kind), [] if p.default is p.empty else _default(p.default)) for p in parameters]


def _default(value: Any) -> list[Any]:
    try:
        Encoder().encode(value)
    except WireError:
        return ["text", repr(value)[:200]]
    return ["value", value]


def _directory(value: Any) -> list[str]:
    return [name for name in dir(value) if isinstance(name, str)][:MAX_NAMES]


def _source(value: Any) -> str:
    return inspect.getsource(value)[:MAX_SOURCE]


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
    "int": int,
    "float": float,
    "contains": operator.contains,
    "isinstance": isinstance,
    "issubclass": issubclass,
    "signature": _signature,
    "source": _source,
    "directory": _directory,
    "type": type,
    "enter": lambda manager: manager.__enter__(),
    "exit": lambda manager: manager.__exit__(None, None, None),
    **{name: getattr(operator, name) for name in (*BINARY, *UNARY)},
}

"""Values on their way out: plain data by value, nothing else.

Plain data is None, bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice,
Ellipsis, Fraction, Decimal, NumPy arrays and scalars of plain dtypes, dtypes, the types in `plain.TYPES`, and what
`standard` knows: dates, named tuples, counters and their like, `io.StringIO`, paths. What stands at two places of a
value is one object on the other side, too. An object of a subclass is sent as the data its base class holds, marked as
such; the rest is left to the ``by_reference`` hook of the side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from splitgrade.errors import WireError
from splitgrade.execution.wire.plain import DTYPE, SCALARS, TYPE_NAMES, plain_base
from splitgrade.execution.wire.standard import parts_of
from splitgrade.sandbox.limits import MAX_DEPTH, MAX_FRAME, MAX_INTEGER_BITS, MAX_NODES

ByReference = Callable[[Any], list[Any]]
_INT64 = 1 << 63
_SHARED = frozenset((list, dict, set, np.ndarray))  # where it matters whether two are one
_PACKED_FROM = 64  # shorter lists of numbers are faster as JSON


class Encoder:
    """Turns values into JSON trees and a list of blobs that the trees point into.

    Parameters
    ----------
    by_reference : callable, optional
        Gets an object that is no plain data and returns the tree that stands for it, or raises `WireError`.
    """

    def __init__(self, by_reference: ByReference | None = None) -> None:
        self.blobs: list[bytes | bytearray | memoryview] = []
        self._by_reference = by_reference
        self._nodes = 0
        self._bytes = 0
        self._shared_ones = 0
        self._seen: dict[int, tuple[Any, list[Any], int]] = {}  # of one value: by identity, with its tree and size

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return the tree of ``value``.

        Raises
        ------
        WireError
            When the value is no plain data, too large, nested too deeply or cyclic.
        """
        kind = type(value)
        if kind is float:
            return _number(value)
        if kind in SCALARS:
            return value if kind is not int or -_INT64 <= value < _INT64 else _big_integer(value)
        if depth == 0:
            self._seen.clear()
        if depth > MAX_DEPTH:
            raise WireError(f"a value may be nested {MAX_DEPTH} deep; this one is deeper or contains itself")
        handler = _ENCODERS.get(kind)
        if handler is not None and kind not in _SHARED:
            return handler(self, value, depth)
        if handler is not None:
            met = self._seen.get(id(value))
            if met is not None:
                return self._again(*met[1:])
            before = self._nodes
            tree = handler(self, value, depth)
            self._seen[id(value)] = value, tree, self._nodes - before
            return tree
        if isinstance(value, np.generic) and DTYPE.fullmatch(value.dtype.str):
            return ["g", value.dtype.str, value.tobytes().hex()]
        if isinstance(value, np.dtype) and DTYPE.fullmatch(value.str):
            return ["y", value.str]
        if isinstance(value, type) and value in TYPE_NAMES:
            return ["T", TYPE_NAMES[value]]
        parts = parts_of(value)
        if parts is not None:
            return ["S", self.items(parts, depth)]
        base = plain_base(value)
        if base is not value:
            return ["u", self.encode(base, depth + 1)]
        if self._by_reference is None:
            raise WireError(f"{kind.__module__}.{kind.__qualname__} is no plain data")
        return self._by_reference(value)

    def _again(self, first: list[Any], size: int) -> list[Any]:
        """Return the tree of a container that was met before: its first tree gets a number, which this one names."""
        self._count(size)
        if first[0] != "&":
            self._shared_ones += 1
            first[:] = ["&", self._shared_ones, [*first]]
        return ["=", first[1]]

    def blob(self, data: bytes | bytearray | memoryview) -> int:
        """Add raw data and return its index."""
        self._bytes += len(data)
        if self._bytes > MAX_FRAME:
            raise WireError(f"a value may have {MAX_FRAME} bytes; this one has more")
        self.blobs.append(data)
        return len(self.blobs) - 1

    def items(self, items: Iterable[Any], depth: int) -> list[Any]:
        """Return the trees of the elements of a container."""
        values = list(items)
        self._count(len(values))
        return [self.encode(value, depth + 1) for value in values]

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise WireError(f"a value may have {MAX_NODES} elements; this one has more")

    def sequence(self, value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
        """Return the tree of a list or tuple; long runs of numbers travel as one blob."""
        tag = "l" if type(value) is list else "t"
        if len(value) >= _PACKED_FROM:
            kinds = set(map(type, value))
            if kinds == {float}:
                return ["P", tag, "<f8", self.blob(np.array(value, "<f8").tobytes())]
            if kinds == {int} and min(value) >= -_INT64 and max(value) < _INT64:
                return ["P", tag, "<i8", self.blob(np.array(value, "<i8").tobytes())]
        return [tag, self.items(value, depth)]

    def array(self, value: np.ndarray[Any, Any]) -> list[Any]:
        """Return the tree of an array of a plain dtype."""
        if not DTYPE.fullmatch(value.dtype.str):
            if self._by_reference is None:
                raise WireError(f"an array of dtype {value.dtype} is no plain data")
            return self._by_reference(value)
        if value.nbytes > MAX_FRAME:
            raise WireError(f"an array may have {MAX_FRAME} bytes; shape {value.shape} has {value.nbytes}")
        return ["a", value.dtype.str, list(value.shape), self.blob(value.tobytes())]


def _number(value: float) -> float | list[Any]:
    """Return the tree of a float; JSON has no word for what is not finite."""
    return value if isfinite(value) else ["f", repr(value)]


def _big_integer(value: int) -> list[Any]:
    """Return the tree of an integer that JSON parsers would lose digits of."""
    if value.bit_length() > MAX_INTEGER_BITS:
        raise WireError(f"an integer may have {MAX_INTEGER_BITS} bits; this one has {value.bit_length()}")
    return ["i", format(value, "x")]


_ENCODERS: dict[type, Callable[[Encoder, Any, int], list[Any]]] = {
    list: lambda encoder, value, depth: encoder.sequence(value, depth),
    tuple: lambda encoder, value, depth: encoder.sequence(value, depth),
    dict: lambda encoder, value, depth: ["d", encoder.items(value.keys(), depth), encoder.items(value.values(), depth)],
    set: lambda encoder, value, depth: ["s", encoder.items(value, depth)],
    frozenset: lambda encoder, value, depth: ["z", encoder.items(value, depth)],
    np.ndarray: lambda encoder, value, _: encoder.array(value),
    bytes: lambda encoder, value, _: ["b", encoder.blob(value)],
    bytearray: lambda encoder, value, _: ["B", encoder.blob(bytes(value))],
    complex: lambda _, value, __: ["c", _number(value.real), _number(value.imag)],
    range: lambda encoder, value, depth: ["r", encoder.items((value.start, value.stop, value.step), depth)],
    slice: lambda encoder, value, depth: ["x", encoder.items((value.start, value.stop, value.step), depth)],
    type(Ellipsis): lambda _, __, ___: ["e"],
    Fraction: lambda encoder, value, depth: ["q", encoder.items((value.numerator, value.denominator), depth)],
    Decimal: lambda _, value, __: ["D", str(value)],
}

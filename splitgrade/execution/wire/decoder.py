"""Values on their way in: exact plain objects from trees that anybody may have written.

The decoder never calls code that came over the wire; a tree either is checked data of bounded size or ends in an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

from splitgrade.errors import WireError
from splitgrade.execution.wire.plain import SCALARS, TYPES, plain_dtype
from splitgrade.execution.wire.standard import build
from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_DEPTH, MAX_INTEGER_BITS, MAX_NODES

FromReference = Callable[[list[Any]], Any]


class Decoder:
    """Builds exact plain objects from trees that anybody may have written.

    Parameters
    ----------
    blobs : list of bytearray
        The raw parts of the message. Arrays take them over without a copy.
    from_reference : callable, optional
        Gets a tree whose tag is unknown here and returns its object, or raises `WireError`.
    """

    def __init__(self, blobs: list[bytearray], from_reference: FromReference | None = None) -> None:
        self._blobs = blobs
        self._from_reference = from_reference
        self._bytes = sum(map(len, blobs))
        self.names_fields = True  # else a named tuple is built as a tuple: its fields could be a lying ``shape``
        self.saw_fields = False
        self.saw_subclass = False  # whether something was said to be of a class derived from what it is here
        self._shared: dict[int, tuple[Any, int]] = {}  # of one value: what stands at several places, and its size
        self._nodes = 0

    def decode(self, tree: Any, depth: int = 0) -> Any:
        """Return the value of a tree.

        Raises
        ------
        WireError
            When the tree breaks a rule.
        """
        kind = type(tree)
        if kind is str:
            return clean_text(tree)
        if kind in SCALARS:
            return tree
        if kind is not list or not tree or type(tree[0]) is not str or depth > MAX_DEPTH:
            raise WireError("a value is a scalar or a tagged list of bounded depth")
        if depth == 0:
            self._shared.clear()
        handler = _DECODERS.get(tree[0])
        try:
            if handler is not None:
                return handler(self, tree, depth)
        except WireError:
            raise
        except (ValueError, TypeError, LookupError, OverflowError, MemoryError, InvalidOperation) as error:
            raise WireError(f"a malformed value with tag {tree[0][:1]!r}: {type(error).__name__}") from None
        if self._from_reference is None:
            raise WireError("a value with an unknown tag")
        return self._from_reference(tree)

    def items(self, trees: Any, depth: int) -> list[Any]:
        """Return the values of a list of trees."""
        if type(trees) is not list:
            raise WireError("the elements of a value form a list")
        self._nodes += len(trees)
        return [self.decode(tree, depth + 1) for tree in trees]

    def shared(self, tree: list[Any], depth: int) -> Any:
        """Return what stands at several places, noted under its number; it cannot hold itself."""
        _, number, inner = tree
        before = self._nodes
        value = self.decode(inner, depth + 1)
        self._shared[number] = value, self._nodes - before + 1
        return value

    def again(self, number: int) -> Any:
        """Return what stood at an earlier place; it counts each time, as whoever walks through the value meets it."""
        value, size = self._shared[number]
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise WireError(f"a value may have {MAX_NODES} elements; this one has more")
        return value

    def derived(self, tree: Any, depth: int) -> Any:
        """Return the value of an object of a derived class, and note that there was one."""
        self.saw_subclass = True
        return self.decode(tree, depth + 1)

    def integers(self, trees: Any, depth: int, *, nothing: bool = False) -> list[Any]:
        """Return three or fewer exact integers (or None where that is allowed)."""
        values = self.items(trees, depth)
        if not all(type(value) is int or (nothing and value is None) for value in values):
            raise WireError("integers were expected")
        return values

    def blob(self, index: Any) -> bytearray:
        """Return a raw part by its index; it may be named once, so that no value is larger than its message."""
        if type(index) is not int or not 0 <= index < len(self._blobs):
            raise WireError("a blob is named by its index")
        blob = self._blobs[index]
        self._bytes -= len(blob)
        if self._bytes < 0:
            raise WireError("a blob may be used once")
        return blob

    def standard(self, parts: list[Any]) -> Any:
        """Return a value of the standard library from its parts."""
        value = build(parts)
        if not isinstance(value, tuple):
            return value
        self.saw_fields = True
        return value if self.names_fields else tuple(value)

    def array(self, dtype_text: Any, shape: Any, raw: bytearray) -> np.ndarray[Any, Any]:
        """Return an array over ``raw``, (bytes,) -> shape."""
        dtype = plain_dtype(dtype_text)
        if type(shape) is not list or len(shape) > 64 or not all(type(n) is int and 0 <= n < 1 << 48 for n in shape):
            raise WireError("a shape is a list of at most 64 sizes")
        if math.prod(shape) * dtype.itemsize != len(raw):
            raise WireError(f"an array of shape {shape} and dtype {dtype} has {len(raw)} bytes")
        if not raw:
            return np.zeros(shape, dtype)
        flat = np.frombuffer(raw, "u1" if dtype.kind == "b" else dtype)
        if dtype.kind == "b":
            flat = flat != 0  # any other byte would be a bool that is neither True nor False
        if dtype.kind == "U":
            points = np.frombuffer(raw, dtype.byteorder + "u4")
            if np.any((points > 0x10FFFF) | ((points >= 0xD800) & (points < 0xE000))):
                raise WireError("an array of text holds code points only")
        return flat.reshape(shape)


def _packed(decoder: Decoder, tree: list[Any], depth: int) -> Any:  # noqa: ARG001 - the handlers' common form
    _, tag, dtype, index = tree
    if tag not in ("l", "t") or dtype not in ("<f8", "<i8"):
        raise WireError("packed numbers are int64 or float64 in a list or tuple")
    values = np.frombuffer(decoder.blob(index), dtype).tolist()
    return values if tag == "l" else tuple(values)


def _mapping(decoder: Decoder, tree: list[Any], depth: int) -> dict[Any, Any]:
    keys, values = decoder.items(tree[1], depth), decoder.items(tree[2], depth)
    return dict(zip(keys, values, strict=True))


def _scalar(decoder: Decoder, tree: list[Any], depth: int) -> Any:  # noqa: ARG001
    raw = bytearray.fromhex(tree[2])
    if len(raw) > 1 << 20:
        raise WireError("a scalar has at most 1 MiB")
    return decoder.array(tree[1], [], raw)[()]


def _complex(decoder: Decoder, tree: list[Any], depth: int) -> complex:
    real, imaginary = decoder.items(tree[1:], depth)
    if type(real) is not float or type(imaginary) is not float:
        raise WireError("a complex number has two float parts")
    return complex(real, imaginary)


def _not_finite(decoder: Decoder, tree: list[Any], depth: int) -> float:  # noqa: ARG001
    if tree[1] not in ("inf", "-inf", "nan"):
        raise WireError("what is not finite is an infinity or no number")
    return float(tree[1])


def _hex_integer(decoder: Decoder, tree: list[Any], depth: int) -> int:  # noqa: ARG001
    if type(tree[1]) is not str or len(tree[1]) > MAX_INTEGER_BITS // 4 + 1:
        raise WireError(f"an integer has at most {MAX_INTEGER_BITS} bits")
    return int(tree[1], 16)


def _fraction(decoder: Decoder, tree: list[Any], depth: int) -> Fraction:
    numerator, denominator = decoder.integers(tree[1], depth)
    if denominator < 1 or max(abs(numerator), denominator).bit_length() > 1 << 14:
        raise WireError("a fraction has a positive denominator and at most 16,384 bits")
    return Fraction(numerator, denominator)


def _decimal(decoder: Decoder, tree: list[Any], depth: int) -> Decimal:  # noqa: ARG001
    if type(tree[1]) is not str or len(tree[1]) > 10_000:
        raise WireError("a decimal has at most 10,000 digits")
    return Decimal(tree[1])


def _type(decoder: Decoder, tree: list[Any], depth: int) -> type:  # noqa: ARG001
    if type(tree[1]) is not str or tree[1] not in TYPES:
        raise WireError("a type is one of the plain types")
    return TYPES[tree[1]]


_DECODERS: dict[str, Callable[[Decoder, list[Any], int], Any]] = {
    "l": lambda decoder, tree, depth: decoder.items(tree[1], depth),
    "t": lambda decoder, tree, depth: tuple(decoder.items(tree[1], depth)),
    "s": lambda decoder, tree, depth: set(decoder.items(tree[1], depth)),
    "z": lambda decoder, tree, depth: frozenset(decoder.items(tree[1], depth)),
    "d": _mapping,
    "P": _packed,
    "a": lambda decoder, tree, _: decoder.array(tree[1], tree[2], decoder.blob(tree[3])),
    "g": _scalar,
    "y": lambda _, tree, __: plain_dtype(tree[1]),
    "T": _type,
    "c": _complex,
    "f": _not_finite,
    "i": _hex_integer,
    "b": lambda decoder, tree, _: bytes(decoder.blob(tree[1])),
    "B": lambda decoder, tree, _: decoder.blob(tree[1]),
    "r": lambda decoder, tree, depth: range(*decoder.integers(tree[1], depth)),
    "x": lambda decoder, tree, depth: slice(*decoder.integers(tree[1], depth, nothing=True)),
    "e": lambda _, __, ___: Ellipsis,
    "S": lambda decoder, tree, depth: decoder.standard(decoder.items(tree[1], depth)),
    "&": lambda decoder, tree, depth: decoder.shared(tree, depth),
    "=": lambda decoder, tree, _: decoder.again(tree[1]),
    "u": lambda decoder, tree, depth: decoder.derived(tree[1], depth),
    "q": _fraction,
    "D": _decimal,
}

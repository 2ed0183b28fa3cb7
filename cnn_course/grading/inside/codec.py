"""Values on the wire: plain data by value, nothing else.

Plain data is None, bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice,
Ellipsis, Fraction, Decimal, NumPy arrays and scalars of plain dtypes, dtypes, and the types in `TYPES`. The decoder
builds exact objects of these types from checked data and never calls code that came over the wire. An object of a
subclass is sent as the data its base class holds; everything else is left to the ``by_reference`` hook of the side.
"""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

from cnn_course.grading.inside.wire import MAX_FRAME, MAX_NODES, WireError

MAX_DEPTH = 50
MAX_INTEGER_BITS = 1 << 20
_SCALARS = frozenset({type(None), bool, int, float, str})
_INT64 = 1 << 63
_PACKED_FROM = 64  # shorter lists of numbers are faster as JSON
_DTYPE = re.compile(
    r"[<>|=](b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[SU][1-9]\d{0,4}|[mM]8(\[\d{0,5}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)"
)

_PLAIN_TYPES = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    bytearray,
    list,
    tuple,
    dict,
    set,
    frozenset,
    range,
    slice,
    object,
)
_NUMPY_TYPES = [t for t in set(np.sctypeDict.values()) if issubclass(t, np.number | np.bool_ | np.character)]
TYPES: dict[str, type] = {
    **{t.__name__: t for t in vars(builtins).values() if isinstance(t, type) and issubclass(t, BaseException)},
    **{t.__name__: t for t in (*_PLAIN_TYPES, type(None))},
    **{f"numpy.{t.__name__}": t for t in (*_NUMPY_TYPES, np.ndarray)},
    "fractions.Fraction": Fraction,
    "decimal.Decimal": Decimal,
}
_TYPE_NAMES = {t: name for name, t in TYPES.items()}

ByReference = Callable[[Any], list[Any]]
FromReference = Callable[[list[Any]], Any]


def clean_text(text: str) -> str:
    """Return ``text`` without lone surrogates, which no notebook file can hold.

    Examples
    --------
    >>> clean_text("a" + chr(0xD800)) == "a" + chr(0xFFFD)
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


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

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return the tree of ``value``.

        Raises
        ------
        WireError
            When the value is no plain data, too large, nested too deeply or cyclic.
        """
        kind = type(value)
        if kind in _SCALARS:
            return value if kind is not int or -_INT64 <= value < _INT64 else _big_integer(value)
        if depth > MAX_DEPTH:
            raise WireError(f"a value may be nested {MAX_DEPTH} deep; this one is deeper or contains itself")
        handler = _ENCODERS.get(kind)
        if handler is not None:
            return handler(self, value, depth)
        if isinstance(value, np.generic) and _DTYPE.fullmatch(value.dtype.str):
            return ["g", value.dtype.str, value.tobytes().hex()]
        if isinstance(value, np.dtype) and _DTYPE.fullmatch(value.str):
            return ["y", value.str]
        if isinstance(value, type) and value in _TYPE_NAMES:
            return ["T", _TYPE_NAMES[value]]
        base = plain_base(value)
        if base is not value:
            return self.encode(base, depth)
        if self._by_reference is None:
            raise WireError(f"{kind.__module__}.{kind.__qualname__} is no plain data")
        return self._by_reference(value)

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
        self._nodes += len(values)
        if self._nodes > MAX_NODES:
            raise WireError(f"a value may have {MAX_NODES} elements; this one has more")
        return [self.encode(value, depth + 1) for value in values]

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
        if not _DTYPE.fullmatch(value.dtype.str):
            if self._by_reference is None:
                raise WireError(f"an array of dtype {value.dtype} is no plain data")
            return self._by_reference(value)
        if value.nbytes > MAX_FRAME:
            raise WireError(f"an array may have {MAX_FRAME} bytes; shape {value.shape} has {value.nbytes}")
        return ["a", value.dtype.str, list(value.shape), self.blob(value.tobytes())]


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
    complex: lambda _, value, __: ["c", value.real, value.imag],
    range: lambda encoder, value, depth: ["r", encoder.items((value.start, value.stop, value.step), depth)],
    slice: lambda encoder, value, depth: ["x", encoder.items((value.start, value.stop, value.step), depth)],
    type(Ellipsis): lambda _, __, ___: ["e"],
    Fraction: lambda encoder, value, depth: ["q", encoder.items((value.numerator, value.denominator), depth)],
    Decimal: lambda _, value, __: ["D", str(value)],
}


def plain_base(value: Any) -> Any:
    """Return what the plain base class of ``value`` holds, without calling a method of the subclass.

    Examples
    --------
    >>> class Liar(int):
    ...     def __eq__(self, other): return True
    >>> plain_base(Liar(3)) == 4
    False
    """
    if isinstance(value, np.ndarray):
        return np.ndarray.view(value, np.ndarray) if type(value) is not np.ndarray else value
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return list.__getitem__(value, slice(None))
    if isinstance(value, tuple):
        return tuple.__getitem__(value, slice(None))
    if isinstance(value, dict):
        return dict(dict.items(value))
    if isinstance(value, set):
        return set(set.__iter__(value))
    if isinstance(value, bytes):
        return bytes.__getitem__(value, slice(None))
    return value


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
        if kind in _SCALARS:
            return tree
        if kind is not list or not tree or type(tree[0]) is not str or depth > MAX_DEPTH:
            raise WireError("a value is a scalar or a tagged list of bounded depth")
        handler = _DECODERS.get(tree[0])
        try:
            if handler is not None:
                return handler(self, tree, depth)
        except WireError:
            raise
        except (ValueError, TypeError, IndexError, OverflowError, MemoryError, InvalidOperation) as error:
            raise WireError(f"a malformed value with tag {tree[0][:1]!r}: {type(error).__name__}") from None
        if self._from_reference is None:
            raise WireError("a value with an unknown tag")
        return self._from_reference(tree)

    def items(self, trees: Any, depth: int) -> list[Any]:
        """Return the values of a list of trees."""
        if type(trees) is not list:
            raise WireError("the elements of a value form a list")
        return [self.decode(tree, depth + 1) for tree in trees]

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


def plain_dtype(text: Any) -> np.dtype[Any]:
    """Return a plain dtype from its text.

    Raises
    ------
    WireError
        When the text names any other dtype.
    """
    if type(text) is not str or not _DTYPE.fullmatch(text):
        raise WireError("a dtype is plain: bool, int, uint, float, complex, bytes, text or time")
    return np.dtype(text)


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


def _complex(decoder: Decoder, tree: list[Any], depth: int) -> complex:  # noqa: ARG001
    if type(tree[1]) is not float or type(tree[2]) is not float:
        raise WireError("a complex number has two float parts")
    return complex(tree[1], tree[2])


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
    "i": _hex_integer,
    "b": lambda decoder, tree, _: bytes(decoder.blob(tree[1])),
    "B": lambda decoder, tree, _: decoder.blob(tree[1]),
    "r": lambda decoder, tree, depth: range(*decoder.integers(tree[1], depth)),
    "x": lambda decoder, tree, depth: slice(*decoder.integers(tree[1], depth, nothing=True)),
    "e": lambda _, __, ___: Ellipsis,
    "q": _fraction,
    "D": _decimal,
}

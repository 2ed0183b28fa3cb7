"""What plain data is: the types that cross the wire by value, and their bounds."""

from __future__ import annotations

import builtins
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from splitgrade.errors import WireError

SCALARS = frozenset({type(None), bool, int, float, str})
DTYPE = re.compile(
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
TYPE_NAMES = {t: name for name, t in TYPES.items()}


def plain_dtype(text: Any) -> np.dtype[Any]:
    """Return a plain dtype from its text.

    Raises
    ------
    WireError
        When the text names any other dtype.
    """
    if type(text) is not str or not DTYPE.fullmatch(text):
        raise WireError("a dtype is plain: bool, int, uint, float, complex, bytes, text or time")
    return np.dtype(text)


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

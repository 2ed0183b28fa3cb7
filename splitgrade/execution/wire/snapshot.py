"""Whether the content of a value has changed, NaN and signed zero included."""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from io import StringIO
from typing import Any

import numpy as np

from splitgrade.errors import WireError
from splitgrade.execution.wire.encoder import Encoder

_DICTS = (dict, Counter, OrderedDict, defaultdict)
_MUTABLE = (*_DICTS, list, set, deque, bytearray, np.ndarray, StringIO)


def is_mutable(value: Any) -> bool:
    """Return whether a value crosses by its content and has one that may change."""
    if type(value) is tuple:
        return bool([each for each in value if is_mutable(each)])  # `any` may be the student's
    pandas = sys.modules.get("pandas")
    return type(value) in _MUTABLE or (pandas is not None and type(value) in (pandas.DataFrame, pandas.Series))


def snapshot(value: Any) -> Any:
    """Return something that differs when the content of ``value`` differs.

    Examples
    --------
    >>> snapshot([0.0]) == snapshot([-0.0])
    False
    """
    if type(value) is np.ndarray and not value.dtype.hasobject:
        return value.dtype.str, value.shape, value.tobytes()
    encoder = Encoder(lambda kept: ["h", id(kept)])
    try:
        return repr(encoder.encode(value)), [bytes(blob) for blob in encoder.blobs]
    except WireError:
        return id(value)


def assign(held: Any, value: Any) -> bool:
    """Put new content into an object, where the types still agree; return whether they did.

    Examples
    --------
    >>> held = [1, 2]
    >>> assign(held, [3]), held
    (True, [3])
    """
    if type(held) is not type(value):
        return False
    if type(value) is tuple:
        pairs = list(zip(held, value, strict=False))
        return len(held) == len(value) and all(assign(*pair) for pair in pairs if is_mutable(pair[0]))
    if type(value) in (list, bytearray):
        held[:] = value
    elif type(value) is deque:
        held.clear()
        held.extend(value)
    elif type(value) in (set, *_DICTS):
        held.clear()
        held.update(value)
    elif type(value) is StringIO:
        held.seek(0)
        held.truncate()
        held.write(value.getvalue())
        held.seek(value.tell())
    elif type(value) is np.ndarray and (held.shape, held.dtype) == (value.shape, value.dtype):
        held[...] = value
    elif hasattr(value, "_update_inplace"):  # a table: the way of pandas' own methods with ``inplace``
        held._update_inplace(value)
        held.attrs = value.attrs
        if hasattr(value, "name") and value.ndim == 1:
            held.name = value.name
    else:
        return False
    return True

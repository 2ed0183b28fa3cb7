"""Whether the content of a value has changed, NaN and signed zero included."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np

from splitgrade.errors import WireError
from splitgrade.execution.wire.encoder import Encoder

MUTABLE = (list, dict, set, bytearray, np.ndarray, StringIO)


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
    if type(value) in (list, bytearray):
        held[:] = value
    elif type(value) in (dict, set):
        held.clear()
        held.update(value)
    elif type(value) is StringIO:
        held.seek(0)
        held.truncate()
        held.write(value.getvalue())
        held.seek(value.tell())
    elif type(value) is np.ndarray and (held.shape, held.dtype) == (value.shape, value.dtype):
        held[...] = value
    else:
        return False
    return True

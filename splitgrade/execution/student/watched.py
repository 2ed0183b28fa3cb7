"""Arguments that a call may change in place, in the student's process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from splitgrade.errors import WireError
from splitgrade.execution.wire.encoder import Encoder

_MUTABLE = (list, dict, set, bytearray, np.ndarray)


class Watched:
    """Arguments that a call may change in place.

    Parameters
    ----------
    places : sequence of (place, value)
        Position or name, and the argument.
    """

    def __init__(self, places: Sequence[tuple[int | str, Any]]) -> None:
        self._kept = [(place, value, _snapshot(value)) for place, value in places if type(value) in _MUTABLE]

    def place_of(self, value: Any) -> int | str | None:
        """Return where ``value`` itself was among the arguments."""
        return next((place for place, argument, _ in self._kept if argument is value), None)

    def changed(self) -> list[tuple[int | str, Any]]:
        """Return the places and arguments that hold something else now."""
        return [(place, value) for place, value, before in self._kept if _snapshot(value) != before]


def _snapshot(value: Any) -> Any:
    """Return something that differs when the content of ``value`` differs, NaN and signed zero included."""
    if type(value) is np.ndarray and not value.dtype.hasobject:
        return value.dtype.str, value.shape, value.tobytes()
    encoder = Encoder(lambda kept: ["h", id(kept)])
    try:
        return repr(encoder.encode(value)), [bytes(blob) for blob in encoder.blobs]
    except WireError:
        return id(value)

"""The arguments of a call of a student's function, as the test holds them: found by place, changed in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Arguments:
    """What a test hands to a student's function.

    Parameters
    ----------
    args, kwargs : sequence, mapping
        As in the call; the first of ``args`` is the function itself.
    """

    args: Sequence[Any]
    kwargs: Mapping[str, Any]

    def at(self, place: Any) -> Any:
        """Return the argument at a place that the student's process names.

        Raises
        ------
        TypeError
            When there is no such argument.
        """
        if type(place) is int and 0 < place < len(self.args):
            return self.args[place]
        if type(place) is str and place in self.kwargs:
            return self.kwargs[place]
        raise TypeError("the student's process names an argument that was not given")

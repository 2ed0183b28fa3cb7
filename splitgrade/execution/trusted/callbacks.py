"""Functions of the tests that the student's code was handed and may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from splitgrade.errors import StudentGoneError, WireError
from splitgrade.execution.wire.decoder import Decoder
from splitgrade.execution.wire.encoder import Encoder


class Callbacks:
    """The functions by the number that the student's process knows them by."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., Any]] = []

    def clear(self) -> None:
        """Forget all; a later call by their numbers is refused."""
        self._functions.clear()

    def refer(self, function: Callable[..., Any]) -> list[Any]:
        """Return the tree of a function that is handed over."""
        self._functions.append(function)
        return ["k", len(self._functions) - 1, name_of(function)]

    def at(self, number: Any) -> Callable[..., Any]:
        """Return the function of a number.

        Raises
        ------
        WireError
            When none has it.
        """
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise WireError("no such callback")
        return self._functions[number]


def call(
    function: Callable[..., Any], message: Mapping[str, Any], decoder: Decoder, encoder: Encoder
) -> tuple[dict[str, Any], list[Any]]:
    """Call a function for the student's code; return the answer with its bytes.

    Raises
    ------
    WireError
        When the message is no call, or the process ended meanwhile.
    """
    trees, named = message.get("args"), message.get("kwargs")
    if type(trees) is not list or type(named) is not dict:
        raise WireError("a callback has arguments")
    try:
        args = [decoder.decode(tree) for tree in trees]
        kwargs = {str(name): decoder.decode(tree) for name, tree in named.items()}
        return {"op": "answer", "value": encoder.encode(function(*args, **kwargs))}, encoder.blobs
    except StudentGoneError as error:
        raise WireError(str(error)) from None
    except Exception as error:
        return {"op": "answer", "raised": [type(error).__name__, str(error)[:1000]]}, []


def name_of(function: Callable[..., Any]) -> str:
    """Return what a function is called, for messages."""
    return str(getattr(function, "__name__", "callback"))

"""Objects of the student's that stay in the student's process: numbers that stand for them on the wire."""

from __future__ import annotations

import importlib
import types
from collections.abc import Callable
from typing import Any

from splitgrade.errors import WireError
from splitgrade.execution.wire.operations import SPECIALS
from splitgrade.sandbox.limits import MAX_HANDLES

CallBack = Callable[..., Any]


class Callback:
    """A function of the test, callable from the student's code.

    Parameters
    ----------
    call_back : callable
        Asks the trusted process; gets number, arguments and keyword arguments.
    number : int
        The function's number there.
    name : str
        What it is called.
    """

    def __init__(self, call_back: CallBack, number: int, name: str) -> None:
        self._call_back, self.number, self.__name__ = call_back, number, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it where it lives."""
        return self._call_back(self.number, args, kwargs)


class Handles:
    """The objects that tests have been given references to.

    Parameters
    ----------
    call_back : callable
        What a function of the test asks when the student's code calls it.
    """

    def __init__(self, call_back: CallBack) -> None:
        self._call_back = call_back
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}

    def refer(self, value: Any) -> list[Any]:
        """Return the reference to an object that stays here.

        Raises
        ------
        WireError
            When there are too many.
        """
        if isinstance(value, Callback):
            return ["k", value.number]
        number = self.number(value)
        name = getattr(value, "__name__", "")
        name = name if isinstance(name, str) else ""
        return ["h", number, kind_of(value), type(value).__name__, name, _specials(type(value))]

    def number(self, value: Any) -> int:
        """Return the number of an object, which lives from now on.

        Raises
        ------
        WireError
            When there are too many.
        """
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MAX_HANDLES:
                raise WireError(f"a notebook may hand out {MAX_HANDLES} objects")
            number = len(self._objects)
            self._objects.append(value)  # kept alive, so that its id stays its own
            self._numbers[id(value)] = number
        return number

    def resolve(self, tree: list[Any]) -> Any:
        """Return the object that a reference of the trusted side means.

        Raises
        ------
        WireError
            When it is no reference.
        """
        tag, key = tree[0], tree[1]
        if tag == "h":
            return self._objects[key]
        if tag == "k":
            return Callback(self._call_back, key, tree[2])
        if tag == "m":
            module, _, names = key.partition(":")
            value: Any = importlib.import_module(module)
            for name in names.split("."):
                value = getattr(value, name)
            return value
        raise WireError("a reference is a handle, a callback or an importable name")


def kind_of(value: Any) -> str:
    """Return which kind of object a value is: module, class, function or any other."""
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, type):
        return "class"
    return "function" if callable(value) else "object"


def _specials(kind: type) -> list[str]:
    return [name for name in SPECIALS if getattr(kind, name, None) is not None]

"""What test cells find under `globals`, `locals`, `vars`, `dir` and `type`: the student's names and types among theirs.

In one kernel a test that asks for all names gets the student's too. Here the names alone are asked for, and each value
only when the test wants it. `inspect` reads a student's source code by asking the student's process: what it says is a
claim of the student's, as the code is.
"""

from __future__ import annotations

import builtins
import inspect
import sys
from collections.abc import Callable, Iterator, MutableMapping
from types import FrameType
from typing import Any

from splitgrade.execution.trusted.proxy import Proxy, reference_of, source_of, type_of


class NotebookNames(dict[str, Any]):
    """The global names of the notebook: those of the instructor's cells, and the student's, fetched when asked for.

    Parameters
    ----------
    own : mutable mapping
        The names of the test cells; what is set here is set there.
    students : callable
        Gives the names that the student's notebook has.
    fetch : callable
        Gives the value of one of them, or raises KeyError.
    """

    def __init__(
        self, own: MutableMapping[str, Any], students: Callable[[], list[str]], fetch: Callable[[str], Any]
    ) -> None:
        super().__init__()
        self._own, self._students, self._fetch = own, students, fetch

    def _names(self) -> list[str]:
        return list(dict.fromkeys([*self._own, *self._students()]))

    def __getitem__(self, name: str) -> Any:
        return self._own[name] if name in self._own else self._fetch(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._own[name] = value

    def __delitem__(self, name: str) -> None:
        del self._own[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._students()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a name."""
        return self[name] if name in self else default  # noqa: SIM401 - this is `get`

    def copy(self) -> dict[str, Any]:
        """Return all names with their values."""
        return dict(self.items())

    def keys(self) -> Any:
        """Return the names."""
        return dict.fromkeys(self._names()).keys()

    def items(self) -> Any:
        """Return names and values."""
        return {name: self[name] for name in self._names()}.items()

    def values(self) -> Any:
        """Return the values."""
        return {name: self[name] for name in self._names()}.values()


def reflecting(names: NotebookNames) -> dict[str, Any]:
    """Return what takes the place of five builtins in test cells."""

    def of_notebook(frame: FrameType) -> bool:
        return frame.f_locals is frame.f_globals

    def locals_() -> Any:
        frame = sys._getframe(1)
        return names if of_notebook(frame) else frame.f_locals

    def dir_(*values: Any) -> list[str]:
        frame = sys._getframe(1)
        if values:
            return dir(*values)
        return sorted(names if of_notebook(frame) else frame.f_locals)

    def vars_(*values: Any) -> Any:
        frame = sys._getframe(1)
        if values:
            return values[0].__dict__ if isinstance(values[0], Proxy) else vars(*values)
        return names if of_notebook(frame) else frame.f_locals

    return {"globals": lambda: names, "locals": locals_, "vars": vars_, "dir": dir_, "type": Kind}


class _OfTypes(type):
    """Lets `Kind` stand in for `type`, which compares and tests as ever."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Kind:
            return type_of(args[0]) if len(args) == 1 and not kwargs else builtins.type(*args, **kwargs)
        return builtins.type.__call__(cls, *args, **kwargs)

    def __instancecheck__(cls, value: Any) -> bool:
        if cls is not Kind:
            return builtins.type.__instancecheck__(cls, value)
        return isinstance(value, builtins.type) or (isinstance(value, Proxy) and reference_of(value).kind == "class")

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, builtins.type) if cls is Kind else builtins.type.__subclasscheck__(cls, kind)

    def __eq__(cls, other: object) -> bool:
        return other is cls or (cls is Kind and other is builtins.type)

    def __hash__(cls) -> int:
        return hash(builtins.type) if cls is Kind else builtins.type.__hash__(cls)


class Kind(type, metaclass=_OfTypes):
    """`type` as test cells have it: of a student's object it gives the student's class."""


def read_sources_of_students() -> None:
    """Let `inspect` read the source of a student's function or class; called once, before tests import it."""
    getsource, getsourcelines = inspect.getsource, inspect.getsourcelines

    def source(value: Any) -> str:
        return source_of(value) if isinstance(value, Proxy) else getsource(value)

    def lines(value: Any) -> tuple[list[str], int]:
        return (source_of(value).splitlines(keepends=True), 1) if isinstance(value, Proxy) else getsourcelines(value)

    vars(inspect).update(getsource=source, getsourcelines=lines)

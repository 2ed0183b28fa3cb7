"""Modules that a command's start is spared: half of a start is imports, and a good part of those is of no use to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class Later:
    """What stands for a module, or for something in it, until it is called.

    Parameters
    ----------
    module : str
        Its name.
    path : str
        The names that lead to the thing, from the module on.

    Examples
    --------
    >>> Later("math").sqrt(9)
    3.0
    """

    def __init__(self, module: str, *path: str) -> None:
        self._module, self._path = module, path

    def __getattr__(self, name: str) -> Later:
        if name.startswith("__"):  # Python's own questions, to which a module need have no answer
            raise AttributeError(name)
        return Later(self._module, *self._path, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Import the module and call what is meant."""
        if isinstance(sys.modules.get(self._module), Later):
            del sys.modules[self._module]
        found: Any = import_module(self._module)
        for name in self._path:
            found = getattr(found, name)
        return found(*args, **kwargs)


def _extension(name: str) -> ModuleType:
    """Return what nbgrader imports of one of its extensions of a Jupyter server, which no command here starts."""
    module = ModuleType(f"nbgrader.server_extensions.{name}")
    module.load_jupyter_server_extension = None  # type: ignore[attr-defined]
    return module


# Formats that no schema of notebooks and courses has (a module that is None is not there, and jsonschema leaves its
# format out), the pages of a server, and what nbgrader calls in few of their functions: to ask a hub who
# somebody is, to guess a mistyped name, to unpack an archive.
SPARED: Mapping[str, Any] = {
    **dict.fromkeys(("rfc3987_syntax", "rfc3986_validator", "isoduration")),
    **{
        extension.__name__: extension
        for extension in map(_extension, ("assignment_list", "course_list", "formgrader", "validate_assignment"))
    },
    **{name: Later(name) for name in ("requests", "rapidfuzz", "setuptools.archive_util")},
}


@contextmanager
def spared() -> Iterator[None]:
    """Let imports find what stands for these modules meanwhile, as far as they have not been imported."""
    new = {name: module for name, module in SPARED.items() if name not in sys.modules}
    sys.modules.update(new)
    try:
        yield
    finally:
        for name, module in new.items():
            if name in sys.modules and sys.modules[name] is module:  # else it is the real one by now
                del sys.modules[name]

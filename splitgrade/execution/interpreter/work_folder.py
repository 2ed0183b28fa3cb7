"""The work folder of a fresh child: what is imported from it, and what is not shared with its siblings."""

from __future__ import annotations

import importlib.abc
import os
import random
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

import numpy as np


def enter_work_folder() -> None:
    """Make this child independent of its siblings, and its folder importable, after everything installed."""
    folder = os.getcwd()  # noqa: PTH109 - the text is what sys.path holds
    sys.path[:] = [path for path in sys.path if path not in ("", ".", folder)] + [folder]
    sys.path_importer_cache.pop(folder, None)  # it had other files; all other folders are as they were before the fork
    np.random.seed()  # noqa: NPY002 - the state that students' legacy calls use
    random.seed()


def files_here() -> dict[str, tuple[int, int, int]]:
    """Return the files of the work folder by name, each with what differs once it was written again."""
    found = {}
    for base, folders, names in os.walk("."):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = os.path.join(base, name)  # noqa: PTH118 - texts, as `os.walk` gives them
            about = os.lstat(path)
            found[os.path.relpath(path)] = about.st_ino, about.st_mtime_ns, about.st_size
    return found


class _WorkFolderFirst(importlib.abc.MetaPathFinder):
    """Finds some packages beside the notebook although they are also where Python looks first."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages, self._folder = packages, os.getcwd()  # noqa: PTH109 - the text is what finders take

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002
        return PathFinder.find_spec(name, [self._folder]) if name in self._packages else None


def forget(packages: Sequence[str]) -> None:
    """Make the next import of packages load them anew, from the work folder where they are there."""
    if not packages:
        return
    for name in list(sys.modules):
        if name.split(".")[0] in packages:
            del sys.modules[name]
    sys.meta_path.insert(0, _WorkFolderFirst(packages))

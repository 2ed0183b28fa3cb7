"""What can be seen inside: the interpreter, its libraries, and as little of this project as the role needs."""

from __future__ import annotations

import importlib.metadata
import os
import stat
import sys
from pathlib import Path
from typing import Final, Literal

import cnn_course

Role = Literal["student", "trusted"]

# Not /usr as a whole: in many container images the course itself lies below it.
_SYSTEM: Final = (
    *("/lib", "/lib64", "/bin", "/usr/lib", "/usr/lib64", "/usr/bin", "/usr/local/lib", "/usr/local/bin"),
    *("/usr/share/fonts", "/usr/share/fontconfig", "/usr/share/zoneinfo", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"),
)
_FOR_STUDENTS: Final = (
    *("__init__.py", "grading/__init__.py", "grading/limits.py", "grading/inside", "grading/sandbox"),
)


def import_root() -> Path:
    """Return the folder that holds the packages of this project."""
    return Path(cnn_course.__file__).resolve().parents[1]


def _interpreter() -> list[Path]:
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.base_prefix))}
    # A distribution's own interpreter lies in folders that are visible anyway.
    return [prefix for prefix in prefixes if prefix not in {Path("/usr"), Path("/usr/local")}]


def readable(role: Role) -> list[Path]:
    """Return the files and folders that a role can read.

    Parameters
    ----------
    role
        "student" sees the modules that run inside; "trusted" sees the whole project.
    """
    root = import_root()
    own = [root] if role == "trusted" else [root / "cnn_course" / name for name in _FOR_STUDENTS]
    paths = [*map(Path, _SYSTEM), *_interpreter(), *own]
    return [path for path in paths if os.path.lexists(path)]


def hidden(role: Role) -> list[Path]:
    """Return the folders that a role must not see although they lie inside what is readable.

    These are the packages of an installed project (among them the answers), or a checkout inside the interpreter.
    """
    if role == "trusted":
        return []
    root = import_root()
    folders = [root] if (root / "pyproject.toml").exists() else [root / name for name in _packages()]
    return [folder for folder in folders if any(shown in folder.parents for shown in readable(role))]


def _packages() -> set[str]:
    files = importlib.metadata.files("cnn-course") or []
    return {file.parts[0] for file in files if len(file.parts) > 1 and file.suffix == ".py"} | {"cnn_course"}


def only_root_can_read() -> bool:
    """Say whether the interpreter, its packages or this project lie in a folder closed to other users."""
    folders = {folder for path in (*_interpreter(), import_root()) for folder in (path, *path.parents)}
    return any(not folder.stat().st_mode & stat.S_IXOTH for folder in folders)

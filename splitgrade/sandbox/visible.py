"""What can be seen inside: the interpreter, its libraries, and as little else as the role needs."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import splitgrade

Role = Literal["student", "trusted"]

# Not /usr as a whole: in many container images the course itself lies below it.
_SYSTEM: Final = (
    *("/lib", "/lib64", "/bin", "/usr/lib", "/usr/lib64", "/usr/bin", "/usr/local/lib", "/usr/local/bin"),
    *("/usr/share/fonts", "/usr/share/fontconfig", "/usr/share/zoneinfo", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"),
)
_FOR_STUDENTS: Final = (
    *("__init__.py", "errors.py", "sandbox", "execution/__init__.py"),
    *("execution/wire", "execution/interpreter", "execution/student"),
)


def own_folder() -> Path:
    """Return the folder of this package."""
    return Path(splitgrade.__file__).resolve().parent


def import_root() -> Path:
    """Return the folder that holds this package."""
    return own_folder().parent


def _interpreter() -> list[Path]:
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.base_prefix))}
    # A distribution's own interpreter lies in folders that are visible anyway.
    return [prefix for prefix in prefixes if prefix not in {Path("/usr"), Path("/usr/local")}]


def readable(role: Role) -> list[Path]:
    """Return the files and folders that a role can read.

    Parameters
    ----------
    role
        "student" sees the modules that run inside; "trusted" sees all that lies beside this package, which is the
        whole project where it is a checkout.
    """
    own = [import_root()] if role == "trusted" else [own_folder() / name for name in _FOR_STUDENTS]
    paths = [*map(Path, _SYSTEM), *_interpreter(), *own]
    return [path for path in paths if os.path.lexists(path)]


def hidden(role: Role, private: Sequence[Path] = ()) -> list[Path]:
    """Return the folders that a role must not see although they lie inside what is readable.

    Parameters
    ----------
    role
        Nothing is hidden from "trusted".
    private
        Folders of the course, among them those that hold the answers.
    """
    if role == "trusted":
        return []
    root = import_root()
    own = [root] if (root / "pyproject.toml").exists() else [own_folder()]
    return [folder for folder in (*own, *private) if any(shown in folder.parents for shown in readable(role))]


def closed_folder(further: Sequence[Path] = ()) -> Path | None:
    """Return a folder closed to other users in which the interpreter, its packages or this project lie, if any.

    Parameters
    ----------
    further
        Other files and folders that are to be read.
    """
    folders = {folder for path in (*_interpreter(), import_root(), *further) for folder in (path, *path.parents)}
    return next((each for each in sorted(folders) if each.is_dir() and not each.stat().st_mode & stat.S_IXOTH), None)

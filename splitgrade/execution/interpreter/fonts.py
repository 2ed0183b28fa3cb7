"""The list of installed fonts, kept from one start to the next: reading them all is a quarter of loading libraries."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import matplotlib

_LISTS: Final = "fontlist-*.json"
_OLDEST: Final = 86_400.0  # seconds: fonts come and go


@contextlib.contextmanager
def kept_fonts() -> Iterator[None]:
    """Let matplotlib find the list that an earlier start has made, where this user has one; else keep what it makes.

    The home of the process itself is a new and empty one. What it gets of the user's is this list of names, and only
    where nobody else could have written it.
    """
    ours, kept = Path(matplotlib.get_cachedir()), _folder()
    found = [file for file in kept.glob(_LISTS) if _is_ours(kept) and _is_ours(file) and _is_new(file)]
    for file in found:
        shutil.copyfile(file, ours / file.name)
    yield
    if not found:
        with contextlib.suppress(OSError):  # no home, or none that can be written: the next start makes it again
            kept.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in ours.glob(_LISTS):
                new = kept / f"{os.getpid()}.new"
                shutil.copyfile(file, new)
                new.replace(kept / file.name)


def _folder() -> Path:
    """Return where the list of this environment lies; matplotlib has it by paths."""
    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a user without a name has no home
        return Path(os.devnull, "none")
    of = hashlib.sha256(f"{sys.prefix} {matplotlib.__version__}".encode()).hexdigest()[:16]
    return Path(home, ".cache", "splitgrade", f"fonts-{of}")


def _is_ours(path: Path) -> bool:
    """Say whether nobody but this user can have written it."""
    found = path.lstat()
    return found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode) and not found.st_mode & 0o022


def _is_new(file: Path) -> bool:
    return time.time() - file.lstat().st_mtime < _OLDEST

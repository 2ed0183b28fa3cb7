"""Removing folders that hostile code has filled."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder whose owners have all ended, also where they shut parts of it.

    Raises
    ------
    OSError
        If something in it cannot be removed.
    """
    for path, names, _ in os.walk(folder):
        for name in names:
            inner = Path(path, name)
            if not inner.is_symlink():  # never the target of a link: it may be anybody's
                inner.chmod(0o700)  # before os.walk looks into it
    shutil.rmtree(folder)

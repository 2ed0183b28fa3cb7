"""What nbgrader expects of the process it runs in, where the environment is not activated."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path


def prepare(environment: MutableMapping[str, str] = os.environ) -> None:
    """Put this interpreter's programs first on PATH.

    nbgrader creates its gradebook by starting ``alembic`` by name. Without this, ``.venv/bin/nbgrader`` in a shell that
    has not activated ``.venv`` leaves a gradebook behind that no later command can open.

    Parameters
    ----------
    environment : mutable mapping of str to str, optional
        What is changed; the environment of this process by default.

    Examples
    --------
    >>> import sys
    >>> from pathlib import Path
    >>> environment = {"PATH": "/bin"}
    >>> prepare(environment)
    >>> environment["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    True
    """
    programs = str(Path(sys.executable).parent)  # not resolved: the link in .venv/bin is the one beside alembic
    before = [folder for folder in environment.get("PATH", "").split(os.pathsep) if folder and folder != programs]
    environment["PATH"] = os.pathsep.join([programs, *before])

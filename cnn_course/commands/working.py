"""What a command is doing while it takes more than a second: a spinner in a terminal, one line in a pipe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

PATIENCE = 1.0  # seconds before a pipe is told


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say on standard error what is going on, so that standard output holds results only.

    Parameters
    ----------
    what : str
        Such as "building source/".
    """
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(f"{what} ..."):
            yield
        return
    timer = threading.Timer(PATIENCE, lambda: console.print(f"{what} ...", markup=False))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

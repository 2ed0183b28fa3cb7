"""What a notebook says where a cell was stopped for taking too long."""

from __future__ import annotations

TIMEOUT = "CellTimeoutError"  # the name of the error, as nbclient has it


def timeout_error(seconds: int) -> dict[str, object]:
    """Return the error that stands in for the output of a cell that was stopped.

    Parameters
    ----------
    seconds : int
        The limit for one cell, in seconds.

    Examples
    --------
    >>> timeout_error(30)["evalue"]
    'the cell took longer than 30 s and was stopped'
    """
    says = f"the cell took longer than {seconds} s and was stopped"
    return {"ename": TIMEOUT, "evalue": says, "traceback": [f"{TIMEOUT}: {says}"]}

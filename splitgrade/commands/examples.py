"""Examples below a command's ``--help``, one a line."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Return an epilog for click that keeps its lines; PROGRAM stands for the name of the command line.

    Examples
    --------
    >>> examples("cnn-course due cnn_quiz").splitlines()[1:]
    ['Examples:', '  cnn-course due cnn_quiz']
    """
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])

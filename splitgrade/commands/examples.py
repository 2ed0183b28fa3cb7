"""Examples below a command's ``--help``, one a line."""

from __future__ import annotations

COLUMNS = 70  # as a terminal has them, less the indent and what the program's own name may have more than PROGRAM


def examples(*lines: str) -> str:
    """Return an epilog for click that keeps its lines; PROGRAM stands for the name of the command line.

    Examples
    --------
    >>> examples("cnn-course due cnn_quiz").splitlines()[1:]
    ['Examples:', '  cnn-course due cnn_quiz']
    """
    return "\n".join(["\b", "Examples:", *(f"  {part}" for line in lines for part in _folded(line))])


def _folded(line: str) -> list[str]:
    """Return a command line as a shell reads it from several lines, broken before options to fit a terminal."""
    parts = [""]
    for number, word in enumerate(line.split(" --")):
        word = f" --{word}" if number else word
        if parts[-1] and len(parts[-1] + word) > COLUMNS:
            parts[-1] += " \\"
            word = f"   {word}"
            parts.append("")
        parts[-1] += word
    return parts

"""``python -m student_kit ex41.ipynb``: the public checks of notebooks in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from student_kit.terminal import UNREADABLE, run_checks


def main(words: list[str]) -> int:
    """Check each notebook that is named; return the largest exit status."""
    if not words or {"-h", "--help"} & set(words):
        print("usage: python -m student_kit NOTEBOOK.ipynb ...")
        print(
            "Runs your notebooks and their public checks. Exit status: 0 right so far, 1 open or wrong, 2 unreadable."
        )
        return UNREADABLE if not words else 0
    return max(run_checks(Path(word), sys.stdout) for word in words)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

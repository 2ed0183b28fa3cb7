"""How long ``--help`` of each command takes, and as a ratio to a bare ``python -c "import click"`` of the same run.

``python benchmarks/start.py [--rounds 3]`` prints one line of JSON: the slowest command's CPU seconds, the bare
import's, and the ratio of each command. The exit status is 1 where one takes half a second or more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from cnn_course.commands.main import COMMANDS
from splitgrade.commands.main import COMMANDS as OF_ANY_COURSE

MOST = 0.5  # seconds
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="the quickest of so many counts")
    rounds = parser.parse_args().rounds
    programs = {"cnn-course": ("cnn_course", COMMANDS), "splitgrade": ("splitgrade", OF_ANY_COURSE)}
    commands = {
        f"{program} {name}".strip(): ("-m", package, *name.split(), "--help")
        for program, (package, table) in programs.items()
        for name in ("", *table)
        if name != "test"  # its words, --help too, go to pytest
    }
    bare = seconds(("-c", "import click"), rounds)
    found = {name: seconds(words, rounds) for name, words in commands.items()}
    slowest = max(found, key=lambda name: found[name])
    ratios = {name: round(each / bare, 2) for name, each in found.items()}
    print(json.dumps({"click": bare, "slowest": slowest, "seconds": found[slowest], "ratios": ratios}))
    return int(found[slowest] >= MOST)


def seconds(words: tuple[str, ...], rounds: int) -> float:
    """Return the CPU seconds that an interpreter takes for some words, the quickest of several."""
    quickest = []
    for _ in range(rounds):
        before = sum(os.times()[2:4])
        subprocess.run([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        quickest.append(sum(os.times()[2:4]) - before)
    return round(min(quickest), 3)


if __name__ == "__main__":
    sys.exit(main())

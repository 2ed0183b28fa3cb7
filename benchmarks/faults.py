"""Faults from outside while a class is graded: kills, signals, full disks, locks, clocks; nothing may be lost or left.

Run ``.venv/bin/python benchmarks/faults.py [--rounds 200 | --minutes N] [--seed 1] [--lock-seconds 100]
[--only KIND ...]``, as root where disks are to be filled and folders made read-only; a clock that jumps needs a C
compiler. Each round grades a small class once or more while something happens to it at a random moment, then once
undisturbed, and compares gradebook and files with those of a class that nothing happened to. The last line is JSON:
``identical`` must be ``rounds``, ``left_behind`` and ``tracebacks`` 0; ``inside_expected`` counts the rounds whose
faults a run has to survive by itself, ``inside`` those in which it did.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.splitgrade.grading.fault_rounds import FAULTS, REPAIRED_INSIDE, FaultRounds


def main() -> None:
    """Run the rounds, say what is not as it should be, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no round after that")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lock-seconds", type=float, default=100.0)
    parser.add_argument("--only", nargs="*", choices=sorted(FAULTS), help="these kinds, one a round")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - moments, not secrets
    counts, kinds = Counter[str](rounds=0, identical=0, left_behind=0, tracebacks=0), Counter[str]()
    end = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        rounds = FaultRounds(Path(folder), options.seed, options.lock_seconds)
        known = options.only or rounds.kinds()
        for number in itertools.takewhile(lambda _: time.monotonic() < end, range(options.rounds)):
            # Each kind comes up equally often; every third round has two of them.
            faults = [known[number % len(known)], *([chance.choice(known)] if number % 3 == 2 else [])]
            done = rounds.round(faults)
            kinds.update(faults)
            counts.update(
                rounds=1, identical=not done.differences, left_behind=len(done.left), tracebacks=len(done.said)
            )
            if set(faults) <= REPAIRED_INSIDE:
                counts.update(inside_expected=1, inside=done.inside)
            print(
                f"{number + 1:4} {', '.join(faults):45} {done.statuses}{' inside' if done.inside else ''}", flush=True
            )
            for line in (*done.differences, *done.left, *done.said, *done.endings):
                print(f"     {line}", flush=True)
    print(json.dumps({**counts, "kinds": dict(sorted(kinds.items()))}))
    raise SystemExit(counts["identical"] < counts["rounds"] or counts["left_behind"] > 0 or counts["tracebacks"] > 0)


if __name__ == "__main__":
    main()

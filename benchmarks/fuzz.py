"""Grade classes made by chance for as long as wanted, and print every seed whose class was not graded as it has to be.

Run ``.venv/bin/python benchmarks/fuzz.py [--minutes 10] [--students 12] [--seed N]``. Each class stands between two
honest students and is graded twice; ``tests/attacks/fuzzing.py`` says what is changed. The last line is JSON; the exit
status is 1 where something was found. A seed repeats its class.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests are no installed package

from tests.attacks.course import write_course  # noqa: E402 - needs the line above
from tests.attacks.fuzzing import fuzz_class  # noqa: E402


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    seed, found = options.seed, {}
    while seed == options.seed or time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            wrong = fuzz_class(write_course(Path(folder) / "course"), Random(seed), options.students)  # noqa: S311
        if wrong:
            found[seed] = wrong
            print(f"seed {seed}:", *wrong, sep="\n  ", flush=True)
        seed += 1
    classes = seed - options.seed
    print(json.dumps({"classes": classes, "students": classes * options.students, "seeds_found": sorted(found)}))
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()

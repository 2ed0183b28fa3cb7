"""Honest submissions beside greedy ones: points that neighbours lose, and how much longer they take.

Run ``.venv/bin/python benchmarks/fairness.py``. A small course is graded with two workers: first honest submissions
alone, then each kind of greed with honest ones beside it. An honest answer needs four of the ten seconds of processor
time that a cell has. The last line is JSON; ``points_lost_by_neighbours`` must be 0.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from nbgrader.converters import GenerateAssignment

from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

CELL_SECONDS, HONEST_SECONDS, WORKERS = 10, 4.0, 2
HONEST = f"""
def add(a, b):
    import time
    end = time.process_time() + {HONEST_SECONDS} / 2  # two cases call it
    while time.process_time() < end:
        pass
    return a + b
"""
GREED = {
    "58 spinning processes": "for _ in range(58):\n    if os.fork() == 0:\n        while True: pass\nwhile True: pass",
    "58 spinning threads": (
        "import threading\ndef spin():\n    while True: pass\n"
        "for _ in range(58): threading.Thread(target=spin, daemon=True).start()\nspin()"
    ),
    "processes without end": (
        "while True:\n    try:\n        if os.fork() == 0:\n            while True: pass\n    except OSError: pass"
    ),
    "memory": "held = []\nwhile True: held.append(bytearray(1 << 24))",
    "output": "while True: print('x' * 10_000)",
    "files": "n = 0\nwhile True:\n    n += 1\n    open(f'{n}', 'wb').write(b'x' * 1_000_000)",
    "sleep": "import time\ntime.sleep(3600)",
}
GREEDY = "import os\ndef add(a, b):\n{}\n    return a + b"


def graded(submissions: dict[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """Grade a class; return the points of each student's first question and the seconds of each submission."""
    with tempfile.TemporaryDirectory() as name:
        root = make_course(Path(name) / "course")
        convert(GenerateAssignment, load_config(root, root), ASSIGNMENT)
        for student, code in submissions.items():
            hand_in(root, student, one_add=code, two_add=PLUS_RIGHT)
        config = load_config(root, root)
        config.SplitExecute.limits = {"cell_seconds": CELL_SECONDS}
        run = GradingRun(Grader.of(root, config, ASSIGNMENT), sorted(submissions), seed=1, workers=WORKERS)
        list(run.outcomes())
        with open_gradebook(root, config) as gradebook:
            points = {
                student: sum(
                    grade.auto_score or 0.0
                    for notebook in gradebook.find_submission(ASSIGNMENT, student).notebooks
                    for grade in notebook.grades
                )
                for student in submissions
            }
        return points, run.seconds


def main() -> None:
    """Grade, compare, print."""
    alone, seconds = graded({"honest-a": HONEST, "honest-b": HONEST})
    right, usual = alone["honest-a"], max(seconds.values())
    lost, slowest = 0.0, {}
    for kind, code in GREED.items():
        indented = "\n".join(f"    {line}" for line in code.splitlines())
        # By name: the greedy one first, the honest ones beside it on the other worker.
        points, seconds = graded({"a-greedy": GREEDY.format(indented), "honest-a": HONEST, "honest-b": HONEST})
        neighbours = ("honest-a", "honest-b")
        lost += sum(right - points[student] for student in neighbours)
        slowest[kind] = round(max(seconds[student] for student in neighbours) / usual, 2)
        print(f"{kind:24} neighbours {[points[each] for each in neighbours]} of {right}, {slowest[kind]} times as long")
    print(json.dumps({"points_lost_by_neighbours": lost, "slowest_ratio": max(slowest.values()), "ratios": slowest}))


if __name__ == "__main__":
    main()

"""A course on pandas and matplotlib, three lines of configuration: ``nbgrader autograde`` against ``splitgrade grade``.

    python benchmarks/any_course.py [--submissions 40] [--stock 5] [--workers 2]

The course is written here: one notebook that makes a table, groups it and draws it. Nothing says which packages it
uses: they are found from the imports of ``source/`` and loaded before the first notebook. Stock nbgrader grades the
first ``--stock`` submissions. Seconds are wall time from start to end of each command; the ratio is that of the seconds
a submission. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.grading import Measured, measure

CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'tables'\n"
THREE_LINES = "from splitgrade.nbgrader import configure\nconfigure(c)\n"
SETUP = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\n"
    "sales = pd.DataFrame({'shop': list('abab'), 'sold': [1, 2, 3, 4]})"
)
QUESTIONS = {
    "totals": (
        "def totals(frame):\n    return frame.groupby('shop')['sold'].sum()",
        "from pandas.testing import assert_series_equal\n"
        "wanted = pd.Series([4, 6], index=pd.Index(['a', 'b'], name='shop'), name='sold')\n"
        "assert_series_equal(totals(sales), wanted)",
    ),
    "best": (
        "def best(frame):\n    return frame.loc[frame['sold'].idxmax(), 'shop']",
        "assert best(sales) == 'b' and best(sales[:1]) == 'a'",
    ),
    "picture": (
        "figure, axes = plt.subplots()\naxes.bar(totals(sales).index, totals(sales))\nplt.show()\n"
        "heights = [bar.get_height() for bar in axes.patches]",
        "assert heights == [4, 6]",
    ),
}


def marks(name: str, **flags: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell."""
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**plain, "grade_id": name, **flags}}


def make_course(folder: Path, submissions: int) -> None:
    """Write the course, release it, and hand in right and wrong answers."""
    cells = [new_code_cell(SETUP, metadata=marks("setup", locked=True))]
    for name, (solution, test) in QUESTIONS.items():
        answer = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        cells += [
            new_code_cell(answer, metadata=marks(name, solution=True)),
            new_code_cell(test, metadata=marks(f"{name}-test", grade=True, locked=True, points=1)),
        ]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    (folder / "source" / "tables").mkdir(parents=True)
    nbformat.write(notebook, folder / "source" / "tables" / "tables.ipynb")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    measure(folder, "-m", "nbgrader", "generate_assignment", "tables")
    released = nbformat.read(folder / "release" / "tables" / "tables.ipynb", as_version=4)
    for number in range(submissions):
        handed_in = nbformat.from_dict(released)
        for cell in handed_in.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in QUESTIONS:
                solution = QUESTIONS[name][0]
                cell.source = solution if number % 3 else solution.replace("sum()", "max()")
        place = folder / "submitted" / f"s{number:04}" / "tables"
        place.mkdir(parents=True)
        nbformat.write(handed_in, place / "tables.ipynb")


def scores(folder: Path, students: list[str]) -> dict[str, float]:
    """Return the score of each student."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {student: gradebook.find_submission("tables", student).score for student in students}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--stock", type=int, default=5, help="how many of them stock nbgrader grades")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "course"
        make_course(folder, options.submissions)
        first = [f"s{number:04}" for number in range(options.stock)]
        later = Path(temporary) / "later"
        later.mkdir()
        for place in sorted((folder / "submitted").iterdir())[options.stock :]:
            place.rename(later / place.name)
        stock = measure(folder, "-m", "nbgrader", "autograde", "tables")
        by_stock = scores(folder, first)
        for place in later.iterdir():
            place.rename(folder / "submitted" / place.name)
        (folder / "nbgrader_config.py").write_text(CONFIG + THREE_LINES)
        workers = str(options.workers)
        ours = measure(folder, "-m", "splitgrade", "grade", "tables", "--workers", workers)
        equal = by_stock == scores(folder, first)
    each = {"stock": stock.wall / options.stock, "splitgrade": ours.wall / options.submissions}
    show("nbgrader autograde", options.stock, stock)
    show("splitgrade grade", options.submissions, ours)
    ratio = each["stock"] / each["splitgrade"]
    print(f"{ratio:.1f} times as fast a submission; scores {'equal' if equal else 'DIFFER'}")
    print(
        json.dumps(
            {**{name: round(value, 3) for name, value in each.items()}, "ratio": round(ratio, 1), "equal": equal}
        )
    )


def show(label: str, count: int, measured: Measured) -> None:
    """Print a row."""
    print(f"{label:20} {count:4} submissions {measured.wall:7.1f} s {measured.cpu:7.1f} CPU-s {measured.memory:6} MB")


if __name__ == "__main__":
    main()

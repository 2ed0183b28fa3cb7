"""What running a notebook costs: this engine against nbgrader's own Execute, the same notebooks, one after another.

Run ``.venv/bin/python benchmarks/engine.py [--rounds N] [--notebooks ex41,ex44]``. Each notebook of ``source/`` is run
as a submission that holds the instructor's solutions. The two ways take turns, so that a busy machine slows both.
The last line is JSON. What nbgrader does around the run (gradebook, files) is not part of it.
"""

from __future__ import annotations

import argparse
import copy
import json
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore

ROOT = Path(__file__).resolve().parents[1]


def points(notebook: NotebookNode) -> float:
    """Return the points of the tests: both ways must come to the same."""
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return sum(determine_grade(cell)[0] or 0.0 for cell in graded)


def measured(run: Callable[[NotebookNode], None], notebook: NotebookNode) -> tuple[float, float]:
    """Return seconds and points of one run."""
    notebook = copy.deepcopy(notebook)
    started = time.perf_counter()
    run(notebook)
    return time.perf_counter() - started, points(notebook)


def stock(instructor: InstructorNotebook, folder: Path) -> Callable[[NotebookNode], None]:
    """Return nbgrader's way of running a notebook, in the folder of the instructor's files."""
    execute = Execute(timeout=60, startup_timeout=120)

    def run(notebook: NotebookNode) -> None:
        result, _ = execute.preprocess(notebook, {"metadata": {"path": str(folder)}, "unique_key": instructor.name})
        notebook.cells = result.cells

    return run


def main() -> None:
    """Measure, and print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description="Seconds a notebook: nbgrader's Execute against this engine.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--notebooks", default="", help="names, with commas; all by default")
    options = parser.parse_args()
    wanted = set(filter(None, options.notebooks.split(",")))
    paths = [path for path in sorted((ROOT / "source").glob("*/*.ipynb")) if not wanted or path.stem in wanted]
    rows = {}
    started = time.perf_counter()
    with Engine(EngineOptions(Limits(), copy_back="always")) as engine:
        engine.start()
        startup = time.perf_counter() - started
        for path in paths:
            instructor = read_instructor_notebook(path)
            engine.calibration(instructor)
            notebook = restore(instructor, instructor.notebook).notebook
            ways = {
                "stock": stock(instructor, path.parent),
                "ours": lambda nb, instructor=instructor: engine.run(nb, instructor, instructor.files),
            }
            runs = [{name: measured(run, notebook) for name, run in ways.items()} for _ in range(options.rounds)]
            rows[path.stem] = {name: statistics.median(run[name][0] for run in runs) for name in ways}
            same = len({round(run[name][1], 6) for run in runs for name in ways}) == 1
            seconds = rows[path.stem]
            ratio = seconds["stock"] / seconds["ours"]
            print(
                f"{path.stem:8} stock {seconds['stock']:6.2f} s  ours {seconds['ours']:6.3f} s  ratio {ratio:5.1f}  "
                f"{'same points' if same else 'POINTS DIFFER'}",
                flush=True,
            )
    totals = {name: sum(row[name] for row in rows.values()) for name in ("stock", "ours")}
    print(
        json.dumps(
            {
                "stock_seconds_per_notebook": round(totals["stock"] / len(rows), 3),
                "ours_seconds_per_notebook": round(totals["ours"] / len(rows), 3),
                "ratio_wall": round(totals["stock"] / totals["ours"], 1),
                "startup_seconds": round(startup, 2),
                "peak_memory_mb_of_a_process": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()

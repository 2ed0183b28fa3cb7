"""Measure Run All of each released notebook, blank as a student gets it: seconds after the kernel has started.

Run ``.venv/bin/python benchmarks/notebooks.py [--repeat 3] [--only ex41] [--limit 5]``. Each notebook is run by a
kernel of its own in a copy of its folder; the kernel's start is not part of it, the imports of its first cell are. The
best of the runs counts: a busy machine makes the others slower. The last line is JSON; the exit status is 1 where a
notebook takes longer than the limit or a cell of it fails.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 5.0


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="", metavar="NAME", help="one notebook, such as ex41")
    parser.add_argument("--limit", type=float, default=SECONDS, help="seconds that a notebook may take")
    options = parser.parse_args()
    paths = [path for path in sorted((ROOT / "release").glob("*/*.ipynb")) if options.only in ("", path.stem)]
    if not paths:
        parser.error(f"--only must name a notebook of release/, got {options.only!r}")
    if options.repeat < 1:
        parser.error(f"--repeat must be at least 1, got {options.repeat}")
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        runs = [run_all(path) for _ in range(options.repeat)]
        seconds, errors = min(run[0] for run in runs), max(run[1] for run in runs)
        slowest = max(runs[0][2], key=lambda each: each[1])
        found[path.stem] = {"seconds": round(seconds, 2), "errors": errors, "slowest_cell": slowest[0]}
        print(f"{path.stem:<10} {seconds:6.2f} s   slowest: {slowest[0]} {slowest[1]:.2f} s", flush=True)
    bad = sorted(name for name, each in found.items() if each["seconds"] > options.limit or each["errors"])
    print(json.dumps({"limit": options.limit, "notebooks": found, "over": bad}))
    raise SystemExit(1 if bad else 0)


def run_all(path: Path) -> tuple[float, int, list[tuple[str, float]]]:
    """Return seconds, number of errors, and the seconds of each code cell of one run."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(path.parent, Path(scratch) / path.parent.name))
        notebook = nbformat.read(folder / path.name, as_version=4)
        client = NotebookClient(notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}})
        cells: list[tuple[str, float]] = []
        with client.setup_kernel():
            begin = time.perf_counter()
            for index, cell in enumerate(notebook.cells):
                before = time.perf_counter()
                client.execute_cell(cell, index)
                if cell.cell_type == "code":
                    cells.append((cell.id, time.perf_counter() - before))
            seconds = time.perf_counter() - begin
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return seconds, sum(output.output_type == "error" for output in outputs), cells


if __name__ == "__main__":
    main()

"""The floor of grading: the same cells of the same submissions, run in one warm interpreter without any wall.

Run by ``benchmarks/grading.py``: ``python benchmarks/floor.py COURSE ASSIGNMENT``. Tests and set-up cells have the
instructor's text, as they have in grading; nothing is kept, nothing is protected, and a namespace is emptied between
two notebooks. The last line is JSON: CPU seconds in the cells of all submissions, and how many these were.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook, role_of
from splitgrade.execution.interpreter.shell import CellShell, make_shell, run_cell, warm_up
from splitgrade.execution.setting import SEED_VARIABLE
from splitgrade.sandbox.fork_server import import_all
from splitgrade.submission.restore import restore

PACKAGES = ("student_kit", "grader_tests")  # what grading keeps warm


def submissions(course: Path, assignment: str) -> Iterator[list[list[str]]]:
    """Yield the code cells of each submission, notebook by notebook."""
    paths = sorted((course / "source" / assignment).glob("*.ipynb"))
    instructors = [read_instructor_notebook(path) for path in paths]
    for student in sorted((course / "submitted").iterdir()):
        folder = student / assignment
        found = [instructor for instructor in instructors if (folder / f"{instructor.name}.ipynb").is_file()]
        yield [cells_of(instructor, folder / f"{instructor.name}.ipynb") for instructor in found]


def cells_of(instructor: InstructorNotebook, path: Path) -> list[str]:
    """Return the code that grading runs of a notebook."""
    cells = []
    for cell in restore(instructor, nbformat.read(path, as_version=4)).notebook.cells:
        if cell.cell_type == "code":
            known = instructor.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            cells.append(cell.source if known is None or role_of(known) == "answer" else known.source)
    return cells


def main() -> None:
    """Run all cells and print what they took, the first submission's once before: warming up leaves out some things."""
    course, assignment = Path(sys.argv[1]), sys.argv[2]
    os.environ[SEED_VARIABLE] = "5"
    every = list(submissions(course, assignment))
    shell, said = make_shell(CellShell), sys.__stdout__
    warm_up(shell)
    shell.reset(new_session=True)
    for package in PACKAGES:
        import_all(package)
    os.chdir(course / "source" / assignment)
    for timed in (every[:1], every):
        spent = 0.0
        for notebooks in timed:
            for cells in notebooks:
                before = time.process_time()
                for code in cells:
                    run_cell(shell, code)
                spent += time.process_time() - before
                shell.reset(new_session=True)
    print(json.dumps({"cpu_seconds": round(spent, 3), "submissions": len(every)}), file=said)


if __name__ == "__main__":
    main()

"""How commands grow with the class: the same small class, copied to any size, and CPU seconds of each step.

Run ``.venv/bin/python benchmarks/growth.py [--sizes 300,3000] [--db-url URL]``. Three submissions are graded in
earnest; the rest of the class are copies of one of them in gradebook, folders and record. Steps that look at a whole
class are given for each thousand students, steps that look at one student for one. The last line is JSON: ``growth`` is
what a student costs in the largest class over what one costs in the smallest: 1 is linear, none may be above 1.5.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from nbgrader.converters import GenerateAssignment
from sqlalchemy import insert, select

from cnn_course.commands.export import export_command
from cnn_course.commands.grade import grade_command
from cnn_course.commands.report import report_command
from cnn_course.marking.answers import count_waiting, read_groups
from cnn_course.marking.marks import write_mark
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading import fingerprints
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record_file import RecordFile, read_record
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

MODEL, QUESTION, SOME, MARKED, MOST = "ada", "one-why", 10, 200, 1.5


def make_class(root: Path, url: str) -> Path:
    """Grade three submissions."""
    make_course(root)
    if url:
        with (root / "nbgrader_config.py").open("a") as stream:
            stream.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    config = load_config(root)
    made = convert(GenerateAssignment, config, ASSIGNMENT)
    if not made.success:
        raise RuntimeError(made.log)
    hand_in(root, MODEL, one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="The order does not matter.")
    hand_in(root, "bob", one_add=ADD_WRONG, two_add=PLUS_RIGHT, one_why="Because.")
    hand_in(root, "cyd")
    list(GradingRun(Grader.of(root, config, ASSIGNMENT), (MODEL, "bob", "cyd"), 5).outcomes())
    return root


def grow(root: Path, first: int, last: int) -> None:
    """Add copies of the model student, with numbers from ``first`` on."""
    names = [f"s{number:07}" for number in range(first, last)]
    state = fingerprints.read_state(fingerprints.state_path(root, ASSIGNMENT, MODEL))
    record = read_record(root, ASSIGNMENT)
    if state is None or record is None:
        raise RuntimeError("the model submission was not graded")
    with open_gradebook(root) as gradebook, RecordFile(root, ASSIGNMENT, record.seed, record.unplaced) as file:
        keys = _copy_rows(gradebook, names)
        for name in names:
            for folder in ("submitted", "autograded"):
                shutil.copytree(root / folder / MODEL, root / folder / name, copy_function=os.link)
            path = fingerprints.state_path(root, ASSIGNMENT, name)
            fingerprints.write_state(path, replace(state, submission_id=keys[name]))
            file.add(name, record.submissions[MODEL])


def _copy_rows(gradebook: Any, names: list[str]) -> dict[str, str]:
    """Copy the model's rows for other students; return the keys of their submissions."""
    model = gradebook.find_submission(ASSIGNMENT, MODEL)
    rows: dict[type, list[dict[str, Any]]] = {
        table: [] for table in (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
    }
    keys = {name: new_uuid() for name in names}
    for number, (name, key) in enumerate(keys.items()):
        rows[Student].append({"id": name, "first_name": f"First{number}", "last_name": f"Özlast{number % 997}"})
        rows[SubmittedAssignment].append({"id": key, "assignment_id": model.assignment_id, "student_id": name})
        for notebook in model.notebooks:
            book = new_uuid()
            rows[SubmittedNotebook].append({"id": book, "assignment_id": key, "notebook_id": notebook.notebook_id})
            for table, fields in ((Grade, ("auto_score", "needs_manual_grade")), (Comment, ("auto_comment",))):
                own = select(table.__table__).where(table.notebook_id == notebook.id)
                for each in gradebook.db.execute(own).mappings():
                    values = {field: each[field] for field in fields}
                    if table is Grade:  # the model may have been marked by now
                        values["needs_manual_grade"] = each["auto_score"] is None
                    rows[table].append({"id": new_uuid(), "cell_id": each["cell_id"], "notebook_id": book, **values})
    for table, values in rows.items():
        for some in itertools.batched(values, 1000) if hasattr(itertools, "batched") else [values]:
            gradebook.db.execute(insert(table), list(some))
    gradebook.db.commit()
    return keys


@contextlib.contextmanager
def measured(into: dict[str, float], step: str, divisor: float) -> Iterator[None]:
    """Note the CPU seconds of a step, of this process and of its children that have ended."""
    started = _cpu_seconds()
    yield
    into[step] = (_cpu_seconds() - started) / divisor


def _cpu_seconds() -> float:
    """Return what this process and its children that have ended have used; `os.times` counts in steps of 10 ms."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def steps(root: Path, size: int) -> dict[str, float]:
    """Return the CPU seconds of each step."""
    found: dict[str, float] = {}
    thousands, config = size / 1000, load_config(root)

    def command(step: str, what: click.Command, *words: str) -> None:
        with measured(found, step, thousands):
            done = CliRunner().invoke(what, [ASSIGNMENT, *words])
        if done.exit_code not in (0, 3):
            raise RuntimeError(f"{step}: {done.output}{done.exception!r}")

    command("grade, nothing changed", grade_command)
    command("report", report_command)
    command("report --html", report_command, "--html")
    command("export", export_command, "--to", "csv", "--partial")
    with open_gradebook(root) as gradebook:
        with measured(found, "mark, the list of questions", thousands):
            count_waiting(gradebook, root, ASSIGNMENT)
        with measured(found, "mark, one question", thousands):
            groups = read_groups(gradebook, root, ASSIGNMENT, QUESTION)
        several = groups[0].answers[:MARKED]
        with measured(found, "mark, one answer", len(several)):
            write_mark(gradebook, several, 1.0, "")
    some = [f"s{number:07}" for number in range(SOME)]
    with measured(found, "feedback, one student", SOME):
        list(write_feedback(root, config, ASSIGNMENT, some))
    fresh = [f"s{number:07}" for number in range(SOME)]
    for name in fresh:
        path = root / "submitted" / name / ASSIGNMENT / "one.ipynb"
        text = re.sub(r"The order does not matter\.|Size \d+\.", f"Size {size}.", path.read_text())
        path.unlink()  # one file in the folders of all
        path.write_text(text)
    with measured(found, "grade, one student", SOME):
        list(GradingRun(Grader.of(root, config, ASSIGNMENT), fresh, 5, workers=1).outcomes())
    return found


def main() -> None:
    """Measure each size, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="300,3000", help="numbers of students, growing")
    parser.add_argument("--db-url", default="", help="an empty database instead of SQLite")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    results: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        root = make_class(Path(folder) / "course", options.db_url)
        os.chdir(root)
        grow(root, 0, SOME)
        steps(root, SOME)  # what is loaded and compiled once
        for sooner, size in itertools.pairwise([SOME, *sizes]):
            started = time.monotonic()
            grow(root, sooner, size)
            results[size] = steps(root, size)
            print(f"{size} students, made and measured in {time.monotonic() - started:.0f} s")
        os.chdir("/")
    growth = {step: round(results[sizes[-1]][step] / max(first, 1e-3), 2) for step, first in results[sizes[0]].items()}
    for step in growth:
        numbers = "".join(f"{results[size][step]:10.3f}" for size in sizes)
        print(f"{step:32}{numbers}   {growth[step]:5.2f}")
    seconds = {str(size): {step: round(each, 4) for step, each in results[size].items()} for size in sizes}
    print(json.dumps({"sizes": sizes, "growth": growth, "cpu_seconds": seconds}))
    raise SystemExit(any(each > MOST for each in growth.values()))


if __name__ == "__main__":
    main()

"""The report on a large class, and the search for code that is alike: seconds, and ratios to a peer of the same run.

``python benchmarks/report.py [--students 3000] [--seed 1]`` writes a class into a gradebook: graded notebooks of this
course with the results that its checks give to right and wrong answers, and in each a cell of the student's own code.
One student in a hundred has another's code under other names. It prints one line of JSON: for ``report --html`` and
``similar`` seconds and CPU seconds of the whole command, and the ratio of these to a plain ``json.load`` of every
graded notebook, which is the least that reading a class costs; and how many of the copies were found. The exit status
is 1 where the report takes more than ten seconds and more than 2.5 times the CPU time of reading the notebooks, where a
copy was not found, or a pair that is none was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import orjson
from instructor import ASSIGNMENT, NOTEBOOKS, copy_course, run
from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from sqlalchemy import insert

import grader_tests
from grader_tests.answers import right_answers, wrong_answers
from grader_tests.grading import MIME_TYPE
from grader_tests.render import as_html, as_text
from splitgrade.nbgrader.session import open_gradebook

MOST = 10.0  # seconds for a report; a slow machine may take longer, but no more than this often
MOST_RATIO = 2.5  # what reading the class takes
ONE_IN = 100  # students who have another's code
FORMS = (
    "for {a} in {b}:\n    {c} = {c} {o} {a}[{n}]",
    "if {a} {o} {n} > {b}:\n    {c}.append({a})",
    "{a} = [{b} {o} {n} for {b} in {c}]",
    "while {a} < {n}:\n    {a} = {a} {o} {b}.size",
    "{a}, {b} = {b}[{n}:], {c}[:-{n}]",
    "{a} = {b}({c}, axis={n}) {o} {c}.shape[0]",
    "{a} = ({b} {o} {c}) % {n}",
    "assert {a} is not {b}, {c}[{n}]",
    "{a}[{b} {o} {n}, ...] = {c}.T @ {b}",
    "try:\n    {a} = {b}[{c} {o} {n}]\nexcept KeyError:\n    {a} = None",
    "{a} = lambda {b}: {b} {o} {c}({n})",
    "{a} = {{{b}: {c} {o} {n} for {b} in {a}}}",
)
Graded = Mapping[str, list[tuple[float, dict[str, Any]]]]  # question -> points and output of some answers


def main() -> int:
    """Make the class, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        root = Path(folder)
        copies = make_class(root, draw, [f"s{number:04}" for number in range(options.students)])
        found: dict[str, dict[str, float]] = {}
        with measured(found, "read"):
            for path in root.glob(f"autograded/*/{ASSIGNMENT}/*.ipynb"):
                with path.open(encoding="utf-8") as source:
                    json.load(source)
        with measured(found, "report"):
            run(root, "report", ASSIGNMENT, "--html")
        with measured(found, "similar"):
            said = json.loads(run(root, "similar", ASSIGNMENT, "--json"))["pairs"]
        page = (root / "exports" / f"report-{ASSIGNMENT}.html").stat().st_size
    pairs = {(each["notebook"], each["first"], each["second"]) for each in said}
    for name in ("report", "similar"):
        found[name]["ratio"] = round(found[name]["cpu"] / found["read"]["cpu"], 2)
    counts = {"copies": len(copies), "copies_found": len(copies & pairs), "other_pairs": len(pairs - copies)}
    print(json.dumps({"students": options.students, "seed": options.seed, **found, "page_bytes": page, **counts}))
    slow = found["report"]["seconds"] > MOST and found["report"]["ratio"] > MOST_RATIO
    return int(slow or pairs != copies)


def make_class(root: Path, draw: random.Random, students: list[str]) -> set[tuple[str, str, str]]:
    """Write folders and gradebook of a class; return notebook, and whose two are copies."""
    copy_course(root)
    graded, copies = some_answers(), set()
    codes: dict[tuple[str, str], str] = {}
    books = {name: nbformat.read(root / "source" / ASSIGNMENT / f"{name}.ipynb", as_version=4) for name in NOTEBOOKS}
    rows: dict[type, list[dict[str, Any]]] = {
        table: [] for table in (Student, SubmittedAssignment, SubmittedNotebook, Grade)
    }
    with open_gradebook(root) as gradebook:
        cells = enter_assignment(gradebook, books)
        assignment = gradebook.find_assignment(ASSIGNMENT)
        keys = {notebook.name: notebook.id for notebook in assignment.notebooks}
        for place, student in enumerate(students):
            key = new_uuid()
            rows[Student].append({"id": student, "first_name": f"First{place}", "last_name": f"Özlast{place % 997}"})
            rows[SubmittedAssignment].append({"id": key, "assignment_id": assignment.id, "student_id": student})
            for name, book in books.items():
                before = students[place - 1]
                copied = place % ONE_IN == ONE_IN - 1
                codes[name, student] = renamed(codes[name, before]) if copied else own_code(draw)
                if copied:
                    copies.add((name, before, student))
                points = write_notebook(root, draw, student, name, book, codes[name, student], graded)
                submitted = new_uuid()
                rows[SubmittedNotebook].append({"id": submitted, "assignment_id": key, "notebook_id": keys[name]})
                rows[Grade] += [
                    {
                        "id": new_uuid(),
                        "cell_id": cells[question],
                        "notebook_id": submitted,
                        "auto_score": score,
                        "needs_manual_grade": score is None,
                    }
                    for question, score in points.items()
                ]
        for table, values in rows.items():
            gradebook.db.execute(insert(table), values)
        gradebook.db.commit()
    return copies


def enter_assignment(gradebook: Any, books: Mapping[str, Any]) -> dict[str, str]:
    """Enter the assignment; return the key of each graded cell."""
    found = {}
    gradebook.add_assignment(ASSIGNMENT)
    for name, book in books.items():
        gradebook.add_notebook(name, ASSIGNMENT)
        for cell in book.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade"):
                values = {"max_score": marks["points"], "cell_type": cell.cell_type}
                found[marks["grade_id"]] = gradebook.add_grade_cell(marks["grade_id"], name, ASSIGNMENT, **values).id
    return found


def some_answers() -> Graded:
    """Return what the checks say of two right and two wrong answers to each question."""
    found: dict[str, list[tuple[float, dict[str, Any]]]] = {}
    for known in (right_answers(), wrong_answers()):
        seen: dict[str, int] = {}
        for each in known.values():
            seen[each.question] = seen.get(each.question, 0) + 1
            if each.question[:4] in NOTEBOOKS and seen[each.question] <= 2:
                question = grader_tests.QUESTIONS[each.question]
                names: dict[str, Any] = {"np": np}
                exec(question.source(each.answer, each.needs), names)  # noqa: S102 - our own
                result = grader_tests.examine(question.id, lambda names=names, name=question.name: names[name], seed=1)
                data = {"text/plain": as_text(result), "text/html": as_html(result), MIME_TYPE: result.as_dict()}
                output = {"output_type": "display_data", "metadata": {}, "data": data}
                found.setdefault(each.question, []).append((result.score, output))
    return found


def write_notebook(
    root: Path, draw: random.Random, student: str, name: str, book: Any, code: str, graded: Graded
) -> dict[str, float | None]:
    """Write one graded notebook, and return its points; answers in words wait."""
    points: dict[str, float | None] = {}
    for cell in book.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            question = marks["grade_id"].removesuffix("-test")
            points[marks["grade_id"]] = None
            if question in graded:
                points[marks["grade_id"]], output = draw.choice(graded[question])
                cell.outputs = [output]
    own: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": code}
    path = root / "autograded" / student / ASSIGNMENT / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps({**book, "cells": [own, *book.cells]}, option=orjson.OPT_INDENT_2))
    return points


def own_code(draw: random.Random) -> str:
    """Return about forty lines that nobody else has."""
    lines = []
    for _ in range(30):
        fields = dict(zip("abc", draw.sample(("left", "right", "image", "total", "value"), 3), strict=True))
        lines.append(draw.choice(FORMS).format(o=draw.choice("+-*/"), n=draw.randrange(1, 9), **fields))
    return "\n".join(lines)


def renamed(code: str) -> str:
    """Return code under other names."""
    return re.sub(r"\b(left|right|image|total|value)\b", r"my_\1", code)


@contextmanager
def measured(into: dict[str, dict[str, float]], step: str) -> Iterator[None]:
    """Note the seconds of a step, and the CPU seconds of this process and of its children that have ended."""
    started, cpu = time.perf_counter(), sum(os.times()[:4])
    yield
    into[step] = {
        "seconds": round(time.perf_counter() - started, 2),
        "cpu": round(sum(os.times()[:4]) - cpu, 2),
    }


if __name__ == "__main__":
    sys.exit(main())

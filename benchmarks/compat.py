"""Other people's nbgrader courses, graded by stock nbgrader and by this engine: which cells agree, and why not.

    python benchmarks/compat.py FOLDER [--broken 3] [--seconds 20]

FOLDER holds one course, or notebooks in any folders: every notebook with answers and tests is taken, with the files
beside it; what they import is loaded once for all. Each is graded with the instructor's own solution, blank, and with
some answers broken in turn (by their stub, and by a small change of the code). Cells count where stock nbgrader gives
the instructor's own solution full points. Stock means nbgrader's `Execute` and `determine_grade`: the instructor's code
is run without any sandbox.

The last line is JSON. "full_for_wrong" are cells that only this engine gives full points for a broken or blank answer.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from splitgrade.execution.cell_code import syntax_tree
from splitgrade.execution.course_packages import CoursePackages
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.instructor import InstructorNotebook, read_instructor_notebook, role_of
from splitgrade.nbgrader.course_imports import imports_of
from splitgrade.nbgrader.marks import waits_for_a_person
from splitgrade.nbgrader.strict_results import StrictResults
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore

Scores = dict[str, float | None]


@dataclass
class Tally:
    """What was counted."""

    cells: Counter[str] = field(default_factory=Counter)  # by kind of submission
    equal: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    where: Counter[str] = field(default_factory=Counter)
    full_for_wrong: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: {"stock": 0.0, "splitgrade": 0.0})


def instructors_notebooks(folder: Path) -> Iterator[tuple[Path, InstructorNotebook]]:
    """Yield every notebook below a folder that has Python answers with a solution, and tests of them."""
    for path in sorted(folder.rglob("*.ipynb")):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                notebook = read_instructor_notebook(path)
        except Exception as error:  # files of any kind lie in repositories
            print(f"left out: {path.relative_to(folder)}: {type(error).__name__}: {str(error)[:120]}", flush=True)
            continue
        roles = [role_of(cell) for cell in notebook.notebook.cells]
        language = notebook.notebook.metadata.get("kernelspec", {}).get("language", "python")
        has_solution = any(
            notebook.released[name] != cell.source for name, cell in notebook.cells.items() if role_of(cell) == "answer"
        )
        if "test" in roles and has_solution and language == "python":
            yield path, notebook


def submissions(instructor: InstructorNotebook, broken: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield kinds of submissions and what the answers are: the solution, the stubs, and broken ones in turn."""
    answers = {
        name: cell.source
        for name, cell in instructor.cells.items()
        if role_of(cell) == "answer" and cell.cell_type == "code"
    }
    yield "solution", answers
    yield "blank", {name: instructor.released[name] for name in answers}
    for name in list(answers)[:broken]:
        yield "broken", {**answers, name: instructor.released[name]}
        changed = mutant(answers[name])
        if changed is not None:
            yield "broken", {**answers, name: changed}


def mutant(code: str) -> str | None:
    """Return an answer with one operator or number changed, None where it has none."""
    tree = syntax_tree(code)
    other = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Lt: ast.GtE, ast.Gt: ast.LtE}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and type(node.op) in other:
            node.op = other[type(node.op)]()
            return ast.unparse(tree)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in other:
            node.ops[0] = other[type(node.ops[0])]()
            return ast.unparse(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value += 1
            return ast.unparse(tree)
    return None


def submitted(instructor: InstructorNotebook, answers: dict[str, str]) -> Any:
    """Return a notebook with these answers and the instructor's tests."""
    notebook = copy.deepcopy(instructor.notebook)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def by_stock(instructor: InstructorNotebook, notebook: Any, seconds: int) -> Scores:
    """Return what nbgrader's own steps make of a notebook; nothing where its kernel died."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name, content in instructor.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        execute = Execute(timeout=seconds, startup_timeout=120, extra_arguments=[], kernel_name="python3")
        try:
            notebook, _ = execute.preprocess(notebook, {"metadata": {"path": folder}})
        except (CellTimeoutError, DeadKernelError):
            return {}
    return scores_of(instructor, notebook)


def by_splitgrade(engine: Engine, instructor: InstructorNotebook, notebook: Any) -> tuple[Scores, Any]:
    """Return what this engine makes of it, and the graded notebook."""
    graded = restore(instructor, notebook).notebook
    engine.run(graded, instructor, instructor.files)
    waiting = {name for name, cell in _tests(instructor, graded) if waits_for_a_person(cell)}
    graded, _ = StrictResults().preprocess(graded, {})
    return {name: None if name in waiting else score for name, score in scores_of(instructor, graded).items()}, graded


def scores_of(instructor: InstructorNotebook, notebook: Any) -> Scores:
    """Return what nbgrader makes of the outputs of each test; a score that it refuses counts as none."""
    found: Scores = {}
    for name, cell in _tests(instructor, notebook):
        try:
            found[name] = determine_grade(cell)[0]
        except ValueError:
            found[name] = None
    return found


def _tests(instructor: InstructorNotebook, notebook: Any) -> Iterator[tuple[str, Any]]:
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in instructor.cells and role_of(instructor.cells[name]) == "test":
            yield name, cell


def compare(path: str, instructor: InstructorNotebook, engine: Engine, tally: Tally, broken: int, seconds: int) -> None:
    """Grade the submissions of one notebook both ways and count."""
    known, counted = engine.calibration(instructor), list[str]()
    for kind, answers in submissions(instructor, broken):
        notebook = submitted(instructor, answers)
        started = time.perf_counter()
        stock = by_stock(instructor, copy.deepcopy(notebook), seconds)
        tally.seconds["stock"] += time.perf_counter() - started
        started = time.perf_counter()
        ours, graded = by_splitgrade(engine, instructor, notebook)
        tally.seconds["splitgrade"] += time.perf_counter() - started
        if kind == "solution":
            points = {name: float(cell.metadata.nbgrader["points"]) for name, cell in _tests(instructor, notebook)}
            counted = [name for name in points if points[name] and stock.get(name) == points[name]]
            tally.left_out["the solution does not pass under stock"] += len(points) - len(counted)
            tally.where.update(known.apart[name].how if name in known.apart else "apart" for name in counted)
            if not counted:
                return
        if not stock:  # nothing to compare with, and no grade that anybody would get
            tally.left_out["the kernel of stock ended"] += len(counted)
            continue
        for name in counted:
            tally.cells[kind] += 1
            if ours[name] == stock.get(name):
                tally.equal[kind] += 1
                continue
            apart = known.apart.get(name)
            how, why = ("apart", "") if apart is None else (apart.how, f" (in split processes it {apart.why[:160]})")
            cause = f"{kind}, {how}{why}: {stock.get(name)} under stock, {ours[name]} here: {_error(graded, name)}"
            tally.causes[cause] += 1
            print(f"{path}, {name}: {cause}", flush=True)
            if kind != "solution" and ours[name] == points[name]:
                tally.full_for_wrong.append(f"{path}, {name}")


def _error(notebook: Any, name: str) -> str:
    """Return the error of a test, shortly."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            found = [f"{each.ename}: {each.evalue[:80]}" for each in cell.outputs if each.output_type == "error"]
            return found[0] if found else "no error"
    return "no such cell"


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--broken", type=int, default=3, help="how many answers of a notebook are broken in turn")
    parser.add_argument("--seconds", type=int, default=20, help="the limit of a cell")
    options = parser.parse_args()
    tally, folder = Tally(), options.folder.resolve()
    found = list(instructors_notebooks(folder))
    packages = CoursePackages(warm=tuple(sorted({name for _, each in found for name in imports_of(each.notebook)})))
    with Engine(EngineOptions(Limits(cell_seconds=options.seconds), packages=packages)) as engine:
        engine.start()
        for path, instructor in found:
            where = path.relative_to(folder).as_posix()
            try:
                compare(where, instructor, engine, tally, options.broken, options.seconds)
                print(f"{where}: {sum(tally.equal.values())} of {sum(tally.cells.values())} equal so far", flush=True)
            except KeyboardInterrupt:
                print("stopped: what follows is of the notebooks until here")
                break
            except Exception as error:  # of any course: said, and the others go on
                tally.left_out[f"{type(error).__name__}"] += 1
                print(f"left out: {where}: {type(error).__name__}: {str(error)[:200]}", flush=True)
    cells, equal = sum(tally.cells.values()), sum(tally.equal.values())
    for cause, count in tally.causes.most_common():
        print(f"{count:5} {cause}")
    print(
        json.dumps(
            {
                "notebooks": len(found),
                "cells": cells,
                "equal": equal,
                "share": round(equal / cells, 4) if cells else None,
                "by_kind": {kind: [tally.equal[kind], tally.cells[kind]] for kind in tally.cells},
                "where": tally.where,
                "full_for_wrong": len(tally.full_for_wrong),
                "left_out": tally.left_out,
                "seconds": {name: round(value, 1) for name, value in tally.seconds.items()},
            }
        )
    )


if __name__ == "__main__":
    main()

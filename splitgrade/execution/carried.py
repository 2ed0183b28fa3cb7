"""Carried errors: a test is run again with the instructor's answers in place of the earlier ones that it builds on.

A test cell names the answers that it follows from, in its metadata: ``{"splitgrade": {"follows": ["ex41-size"]}}``.
Where it lost points, and a test of one of those answers did too, the notebook's cells are run once more in a fresh
student's process in which those answers are the instructor's, as code without text. The better score counts. Of the
second run nothing is kept but that number: what it prints, draws, writes or raises is dropped with its processes.

Tests that want the same answers share a run. A test that does not reach those answers by any name (`influence`) is not
run again: it would end as it did.
"""

from __future__ import annotations

import ast
import base64
import marshal
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from splitgrade.execution.calibrate import Calibration
from splitgrade.execution.cell_code import syntax_tree
from splitgrade.execution.endings import Ending, read_ending
from splitgrade.execution.influence import may_matter
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.session import GradedCell, Session
from splitgrade.execution.wire.outputs import CARRIED, Output

METADATA = "splitgrade"
FOLLOWS = "follows"


@dataclass(frozen=True)
class Again:
    """A test to be run again, the answers that are the instructor's then, and those of them that lost points."""

    test: str
    answers: frozenset[str]
    at_fault: frozenset[str]


def follows(cell: Any) -> frozenset[str]:
    """Return the answers that a test cell says it follows from; none where it says nothing that can be used."""
    noted = cell.metadata.get(METADATA, {})
    names = noted.get(FOLLOWS, ()) if isinstance(noted, Mapping) else ()
    return (
        frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list | tuple) else frozenset()
    )


def earned(outputs: Sequence[Any], points: float) -> float:
    """Return what nbgrader makes of a test's outputs: nothing after an error, its number, or else all points."""
    if any(output["output_type"] == "error" for output in outputs):
        return 0.0
    for output in outputs:
        if output["output_type"] == "execute_result":
            try:
                return min(max(float(output["data"].get("text/plain", "")), 0.0), points)
            except ValueError:
                return 0.0
    return points


def to_run_again(notebook: NotebookNode, instructor: InstructorNotebook, apart: Container[str] = ()) -> list[Again]:
    """Return the tests of a graded notebook that an earlier fault may have cost points.

    Parameters
    ----------
    notebook : NotebookNode
        With the outputs of its run.
    instructor : InstructorNotebook
        Says which test follows from which answers, and what each is worth.
    apart : container of str
        Tests that do not run in split processes; they are left as they are.
    """
    shown = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.get("outputs", []) for cell in notebook.cells}
    lost = {
        name: earned(shown.get(name, []), float(cell.metadata.nbgrader["points"])) < cell.metadata.nbgrader["points"]
        for name, cell in instructor.cells.items()
        if role_of(cell) == "test" and name not in apart
    }
    tests_of = dict(_tests_of_answers(instructor))
    again = []
    for name in lost:
        before = follows(instructor.cells[name])
        if lost[name] and before <= set(tests_of):
            at_fault = frozenset(answer for answer in before if any(lost.get(test) for test in tests_of[answer]))
            if at_fault and _may_gain(notebook, instructor, name, before):
                again.append(Again(name, before, at_fault))
    return again


def run_again(
    notebook: NotebookNode,
    instructor: InstructorNotebook,
    known: Calibration,
    start: Callable[[], Session],
) -> None:
    """Run tests again that an earlier fault may have cost points, and keep the better score of each.

    Parameters
    ----------
    notebook : NotebookNode
        With the outputs of its run; a test that is better off gets its new number, and a note of where it came from.
    instructor : InstructorNotebook
        Whose answers stand in.
    known : Calibration
        What the solutions gave.
    start : callable
        Gives a session of fresh processes.
    """
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    every = to_run_again(notebook, instructor, known.apart)
    for answers in dict.fromkeys(again.answers for again in every):
        tests = {again.test: again for again in every if again.answers == answers}
        with start() as session:
            found = _replay(notebook, instructor, known.records, tests, session)
            session.hand_on()
        for name, outputs in found.items():
            cell, points = cells[name], float(instructor.cells[name].metadata.nbgrader["points"])
            first = earned(cell.outputs, points)
            second = earned(read_ending(outputs, known.endings.get(name, Ending.NOTHING)), points)
            if second > first:
                better = _better(cell.outputs, tests[name], first, second, cell.execution_count)
                cell.outputs = [nbformat.from_dict(output) for output in better]


def _may_gain(notebook: NotebookNode, instructor: InstructorNotebook, test: str, answers: Container[str]) -> bool:
    """Return whether a test may end in another way with the instructor's answers, as far as names tell."""
    replaced, others = list[str](), list[str]()
    for name, cell in takewhile(lambda each: each[0] != test, _named(notebook)):
        source = instructor.cells.get(name)
        if source is None or role_of(source) == "answer":
            (replaced if name in answers else others).append(cell.source)
        else:
            others.append(source.source if role_of(source) == "locked" else instructor.for_students[name])
        if source is not None and name in answers:
            replaced.append(source.source)
    return may_matter(replaced, instructor.cells[test].source, others)


def _named(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Yield the code cells of a notebook, each with its name or its place."""
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        yield cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {number}", cell


def _tests_of_answers(instructor: InstructorNotebook) -> Iterator[tuple[str, list[str]]]:
    """Yield each answer with its tests: those that stand between it and the next answer."""
    answer: tuple[str, list[str]] | None = None
    for name, cell in instructor.cells.items():
        if role_of(cell) == "answer":
            if answer is not None:
                yield answer
            answer = name, []
        elif role_of(cell) == "test" and answer is not None:
            answer[1].append(name)
    if answer is not None:
        yield answer


def _replay(
    notebook: NotebookNode,
    instructor: InstructorNotebook,
    records: Mapping[str, Mapping[str, Any]],
    tests: Mapping[str, Again],
    session: Session,
) -> dict[str, list[Output]]:
    """Run the cells in front of tests, some answers by the instructor's, and the tests; return what these showed."""
    answers = next(iter(tests.values())).answers
    found: dict[str, list[Output]] = {}
    for name, cell in _named(notebook):
        source = instructor.cells.get(name)
        if source is not None and name in answers:
            session.run_solution(name, compiled(source.source))
        elif source is None or role_of(source) == "answer":
            session.run_student(name, cell.source)
        elif role_of(source) == "locked":
            session.run_locked(name, source.source)
        elif name in tests:
            students = instructor.for_students[name]
            found[name] = session.run_test(GradedCell.of(name, source, records, students=students))[0]
            if len(found) == len(tests):
                break
        else:
            session.define(name, source.source, instructor.for_students[name])
    return found


def compiled(code: str) -> str:
    """Return an answer as code without text: no source, no comments, no docstrings, no name of a file.

    Parameters
    ----------
    code : str
        The instructor's cell.

    Returns
    -------
    str
        A marshalled code object in base64.
    """
    tree = syntax_tree(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body[0] = ast.copy_location(ast.Pass(), first)
    return base64.b64encode(marshal.dumps(compile(tree, "<answer>", "exec"))).decode()


def _better(outputs: Sequence[Any], again: Again, first: float, second: float, count: int) -> list[Output]:
    """Return the outputs of a test with the better score and a note of where it came from."""
    names = sorted(again.at_fault)
    note = {"version": 1, "follows": names, "first": first, "second": second}
    text = f"with the right answer to {', '.join(names)}: {second:g} points instead of {first:g}"
    kept = [output for output in outputs if output["output_type"] not in ("error", "execute_result")]
    noted: Output = {"output_type": "display_data", "data": {CARRIED: note, "text/plain": text}, "metadata": {}}
    number: Output = {
        "output_type": "execute_result",
        "data": {"text/plain": repr(second)},
        "metadata": {},
        "execution_count": count,
    }
    return [*kept, noted, number]

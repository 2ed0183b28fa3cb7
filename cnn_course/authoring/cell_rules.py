"""Rules for a single cell."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from fractions import Fraction

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.regions import HIDDEN, SOLUTION, Split, read_rubric, released_code, split_regions
from cnn_course.errors import Problem

_Report = Callable[[str, str, str], Problem]  # rule, what was found, what to do


def check_cell(page: Page, cell: Cell) -> Iterator[Problem]:
    """Yield every rule that a cell breaks.

    Parameters
    ----------
    page : Page
        The notebook that the cell belongs to; it names the place.
    cell : Cell
        The cell.
    """

    def report(rule: str, found: str, next_step: str) -> Problem:
        return Problem(page.where(cell), f"cell {cell.name}", rule, found, next_step)

    solution, hidden = split_regions(cell.source, SOLUTION), split_regions(cell.source, HIDDEN)
    yield from _check_region(cell, SOLUTION, solution, Kind.ANSWER, report)
    yield from _check_region(cell, HIDDEN, hidden, Kind.TEST, report)
    if cell.kind in (Kind.ANSWER, Kind.TEST) and solution.balanced and hidden.balanced:
        yield from _check_release(cell, report)
    if cell.kind is Kind.TEST and hidden.balanced:
        yield from _check_call(cell, hidden.outside, "check", "public", report)
        yield from _check_call(cell, hidden.inside, "grade", "hidden", report)
    if cell.kind is Kind.WRITTEN:
        yield from _check_written(cell, report)


def say(points: Fraction | None) -> str:
    """Return points as people read them.

    Examples
    --------
    >>> say(Fraction(3, 4))
    '0.75'
    """
    return f"{float(points or 0):g}"


def _check_region(cell: Cell, name: str, split: Split, owner: Kind, report: _Report) -> Iterator[Problem]:
    """Make sure that markers come in pairs, in the right kind of cell, with something between them."""
    if not split.balanced:
        found = ", ".join(f"{cell.source.count(f'{side} {name}')} {side}" for side in ("BEGIN", "END"))
        yield report(f"BEGIN {name} and END {name} come in pairs", found, "add or remove a marker")
    elif split.places and cell.kind is not owner:
        yield report(f"a {name} region lies in a cell of its kind: {owner.value}", cell.kind.value, "move the region")
    elif cell.kind is owner and not "".join(split.inside).strip():
        next_step = f"put the lines between ### BEGIN {name} and ### END {name}"
        yield report(f"a cell of the kind {owner.value} has a {name} region", "nothing to take out", next_step)


def _check_release(cell: Cell, report: _Report) -> Iterator[Problem]:
    """Make sure that a blank notebook can be run: what is left of the cell is Python."""
    try:
        ast.parse(released_code(cell.source))
    except SyntaxError as error:
        found = f"line {error.lineno} of the released cell: {error.msg}"
        next_step = "give functions a docstring outside the region, variables a value such as ..."
        yield report("a cell is still Python when its region is taken out", found, next_step)


def _check_call(cell: Cell, lines: tuple[str, ...], function: str, part: str, report: _Report) -> Iterator[Problem]:
    """Make sure that one part of a test cell asks about the cell's own question, once."""
    asked = _first_arguments("\n".join(lines), function)
    if asked != [cell.question]:
        found = ", ".join(map(repr, asked)) or f"no call of {function}"
        rule = f"the {part} part of a test cell calls {function}() once, with the id of its question"
        yield report(rule, found, f'write {function}("{cell.question}", ...)')


def _first_arguments(source: str, function: str) -> list[str | None]:
    """Return the first argument of every call of a function, None where it is no text; [] where it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # reported by _check_release, or as a missing call
        return []
    found: list[str | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == function:
            first = node.args[0] if node.args else None
            found.append(first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None)
    return found


def _check_written(cell: Cell, report: _Report) -> Iterator[Problem]:
    """Make sure that a written answer has a model answer and a rubric that adds up."""
    rubric = read_rubric(cell.source)
    if rubric is None:
        yield report("a written answer has a rubric", "no line **Rubric**", "add the line and list items below it")
        return
    if not rubric.model_answer:
        yield report("a written answer begins with a model answer", "none", "write one above **Rubric**")
    if rubric.strays:
        rule = "below **Rubric** there are only list items"
        yield report(rule, rubric.strays[0], "write - 0.25: what earns it")
    if rubric.points != cell.points:
        found = f"{say(rubric.points)}, the cell is worth {say(cell.points)}"
        yield report("the rubric's points add up to the points of the cell", found, "change the items or the points")

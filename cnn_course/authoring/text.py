"""Notebook text (py:percent) to cells, and cells back to text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.errors import BuildError, Problem

NAME = re.compile(r"(?=.{1,64}\Z)[a-z][a-z0-9]*(-[a-z0-9]+)*")  # nbformat allows 64 characters
_MARKER = re.compile(r"# %%(?!%)")
# The options that make a cell what it is; id comes on top of each.
_OPTIONS: Mapping[tuple[str, frozenset[str]], Kind] = {
    ("markdown", frozenset()): Kind.TEXT,
    ("code", frozenset()): Kind.STUDENT,
    ("code", frozenset({"locked"})): Kind.SETUP,
    ("code", frozenset({"solution"})): Kind.ANSWER,
    ("code", frozenset({"points"})): Kind.TEST,
    ("code", frozenset({"points", "follows"})): Kind.TEST,
    ("markdown", frozenset({"written", "points"})): Kind.WRITTEN,
}
_LEGAL = (
    'legal: id="name", and on code cells locked=true, solution=true or points=N (with follows=["other-id"]), '
    "on [markdown] written=true points=N"
)
_GAP = "lines_to_next_cell"
_JUPYTEXT_ONLY = {_GAP, "lines_to_end_of_cell_marker"}  # layout, no option


def read_page(path: Path, file: str) -> Page:
    """Return the cells of a notebook that is kept as py:percent text.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        What the file is called in messages.

    Raises
    ------
    BuildError
        When the file is missing, or a cell has no name or an option that is not legal; all such cells are named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        problem = Problem(file, "", "the text of the notebook is a UTF-8 file", str(error), "create or convert it")
        raise BuildError(file, [problem]) from error
    return parse_page(text, path.stem, file)


def parse_page(text: str, name: str, file: str) -> Page:
    r"""Return the cells of py:percent text; as `read_page`, for text that is at hand.

    Examples
    --------
    >>> page = parse_page('# %% id="ex1-try"\nx = 1\n', "ex1", "ex1.py")
    >>> page.cells[0].name, page.cells[0].line
    ('ex1-try', 1)
    """
    if not _MARKER.match(text):
        first = text.split("\n", 1)[0]
        problem = Problem(f"{file}:1", "", "the text begins with a cell marker", first, "take the header out")
        raise BuildError(file, [problem])
    notebook = jupytext.reads(text, fmt="py:percent")
    problems: list[Problem] = []
    cells: list[Cell] = []
    for raw, line in zip(notebook.cells, _lines(text, notebook.cells), strict=True):
        found = _problems(raw, file, line)
        problems.extend(found)
        if not found:
            cells.append(_cell(raw, line))
    if problems:
        raise BuildError(file, problems)
    return Page(name, file, tuple(cells))


def write_text(cells: Iterable[Cell]) -> str:
    """Return cells as py:percent text, the one way it is written.

    Examples
    --------
    >>> print(write_text([Cell("ex1-try", Kind.STUDENT, "x = 1")]), end="")
    # %% id="ex1-try"
    x = 1
    """
    raws = []
    for cell in cells:
        new = new_markdown_cell if cell.is_markdown else new_code_cell
        gap = {} if cell.gap is None else {_GAP: cell.gap}
        raws.append(new(cell.source, metadata={**_options(cell), **gap}))
    notebook = new_notebook(cells=raws, metadata={"jupytext": {"notebook_metadata_filter": "-all"}})
    text: str = jupytext.writes(notebook, fmt="py:percent")
    return text


def plain_number(points: Fraction) -> int | float:
    """Return points as nbgrader stores them: a whole number as int, else a float.

    Examples
    --------
    >>> plain_number(Fraction(3)), plain_number(Fraction(3, 4))
    (3, 0.75)
    """
    return points.numerator if points.denominator == 1 else float(points)


def _options(cell: Cell) -> dict[str, Any]:
    """Return what stands in the marker of a cell."""
    options: dict[str, Any] = {"id": cell.name}
    flag = {Kind.SETUP: "locked", Kind.ANSWER: "solution", Kind.WRITTEN: "written"}.get(cell.kind)
    if flag is not None:
        options[flag] = True
    if cell.points is not None:
        options["points"] = plain_number(cell.points)
    if cell.follows:
        options["follows"] = list(cell.follows)
    return options


def _lines(text: str, raws: Sequence[Any]) -> list[int]:
    """Return the line of each cell's marker: the next one that carries the cell's name, else the next one."""
    markers = [(number, line) for number, line in enumerate(text.split("\n"), 1) if _MARKER.match(line)]
    found, start = [], 0
    for raw in raws:
        wanted = f'id="{raw.metadata.get("id")}"'
        rest = range(start, len(markers))
        position = next((i for i in rest if wanted in markers[i][1]), min(start, len(markers) - 1))
        found.append(markers[position][0])
        start = position + 1
    return found


def _problems(raw: Any, file: str, line: int) -> list[Problem]:
    """Return what is wrong with the marker of one cell."""
    where, name = f"{file}:{line}", raw.metadata.get("id")
    item = f"cell {name}" if name is not None else "cell without a name"
    options = {key: value for key, value in raw.metadata.items() if key not in _JUPYTEXT_ONLY and key != "id"}

    def problem(rule: str, value: object, next_step: str) -> Problem:
        return Problem(where, item, rule, str(value), next_step)

    if "incorrectly_encoded_metadata" in options:
        broken = options["incorrectly_encoded_metadata"]
        return [problem("options are written name=value, texts in double quotes", broken, _LEGAL)]
    problems = []
    if not isinstance(name, str) or not NAME.fullmatch(name):
        problems.append(
            problem("every cell has a name: up to 64 small letters, digits, hyphens", name, 'write id="ex41-conv2d"')
        )
    unknown = sorted(set(options) - {"locked", "solution", "written", "points", "follows"})
    if unknown:
        problems.append(problem("only known options are used", ", ".join(unknown), _LEGAL))
    elif (raw.cell_type, frozenset(options)) not in _OPTIONS:
        found = f"[{raw.cell_type}] {' '.join(f'{key}={value}' for key, value in options.items())}"
        problems.append(problem("the options make one kind of cell", found, _LEGAL))
    for flag in {"locked", "solution", "written"} & set(options):
        if options[flag] is not True:
            problems.append(problem(f"{flag} is true where it is given", options[flag], f"write {flag}=true"))
    points = options.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < float("inf"):
        problems.append(problem("points are a positive number", points, "write points=1 or points=0.25"))
    follows = options.get("follows", ["one"])
    if not isinstance(follows, list) or not follows or not all(isinstance(name, str) for name in follows):
        rule = "follows is a list of names of answer cells"
        problems.append(problem(rule, follows, 'write follows=["ex41-conv2d"]'))
    return problems


def _cell(raw: Any, line: int) -> Cell:
    """Return a cell whose marker was found to be right."""
    options = frozenset(key for key in raw.metadata if key not in _JUPYTEXT_ONLY and key != "id")
    points = raw.metadata.get("points")
    return Cell(
        name=raw.metadata["id"],
        kind=_OPTIONS[raw.cell_type, options],
        source=raw.source,
        points=None if points is None else Fraction(str(points)),
        follows=tuple(raw.metadata.get("follows", ())),
        line=line,
        gap=raw.metadata.get(_GAP),
    )

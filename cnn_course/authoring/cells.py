"""The kinds of cells of a course."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

TEST_SUFFIX = "-test"
STEP_SUFFIX = "-check"  # of the cell below a step: an answer that is tried in public and earns nothing


class Kind(Enum):
    """The six kinds of cells."""

    TEXT = "text"
    STUDENT = "code cell of the student"
    SETUP = "set-up cell"
    ANSWER = "answer cell"
    TEST = "test cell"
    WRITTEN = "written answer"


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook, free of any file format.

    Parameters
    ----------
    name : str
        Cell id and grade_id at once.
    kind : Kind
        What the cell is for.
    source : str
        The text, solutions and hidden tests included.
    points : Fraction or None
        The points of a test cell or of a written answer, else None.
    line : int
        The line of the cell's marker in the text it came from; 0 where there is none.
    follows : tuple of str
        The answer cells that the question of a test cell follows from.
    gap : int or None
        The blank lines that follow the cell in the text, where they are not the usual ones.

    Examples
    --------
    >>> Cell("ex41-conv2d-test", Kind.TEST, "check(...)", Fraction(1)).question
    'ex41-conv2d'
    """

    name: str
    kind: Kind
    source: str
    points: Fraction | None = None
    line: int = 0
    follows: tuple[str, ...] = ()
    gap: int | None = None

    @property
    def question(self) -> str | None:
        """Return the id of the question that the cell answers, tests or is, else None."""
        if self.kind is Kind.TEST:
            return self.name.removesuffix(TEST_SUFFIX)
        return self.name if self.kind in (Kind.ANSWER, Kind.WRITTEN) else None

    @property
    def step(self) -> str | None:
        """Return the id of the step that a student's cell tries in public, else None."""
        of_a_step = self.kind is Kind.STUDENT and self.name.endswith(STEP_SUFFIX)
        return self.name.removesuffix(STEP_SUFFIX) if of_a_step else None

    @property
    def is_markdown(self) -> bool:
        """Say whether the cell holds Markdown rather than code."""
        return self.kind in (Kind.TEXT, Kind.WRITTEN)


@dataclass(frozen=True)
class Page:
    """The cells of one notebook, and the file that people edit to change them.

    Parameters
    ----------
    name : str
        The notebook's name without a suffix.
    file : str
        The text or TOML file, relative to the course.
    cells : tuple of Cell
        In order.
    """

    name: str
    file: str
    cells: tuple[Cell, ...]

    def where(self, cell: Cell) -> str:
        """Return the file of a cell, with its line where the cell has one."""
        return f"{self.file}:{cell.line}" if cell.line else self.file

"""The regions that a release leaves out, and the rubric of a written answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
RUBRIC_HEADING = "**Rubric**"
CODE_STUB = "# YOUR CODE HERE"
TEXT_STUB = "YOUR ANSWER HERE"

_RUBRIC_ITEM = re.compile(r"^- (?P<points>\d+(?:\.\d+)?): (?P<text>\S.*)$")


@dataclass(frozen=True)
class Split:
    """A cell's text, taken apart at one kind of region.

    Parameters
    ----------
    outside : tuple of str
        The lines that stay; where a region was, one entry None marks its place in `places`.
    inside : tuple of str
        The lines of all regions, without the markers.
    places : tuple of (int, str)
        For each region: how many lines of `outside` precede it, and its marker's indentation.
    balanced : bool
        Whether every region is opened once and closed once.
    """

    outside: tuple[str, ...]
    inside: tuple[str, ...]
    places: tuple[tuple[int, str], ...]
    balanced: bool


def split_regions(source: str, name: str) -> Split:
    r"""Take a text apart at the regions between ``### BEGIN name`` and ``### END name``.

    Parameters
    ----------
    source : str
        The text of a cell.
    name : str
        `SOLUTION` or `HIDDEN`.

    Examples
    --------
    >>> split_regions("a\n### BEGIN SOLUTION\nb\n### END SOLUTION", SOLUTION).inside
    ('b',)
    """
    outside: list[str] = []
    inside: list[str] = []
    places: list[tuple[int, str]] = []
    opened, balanced = False, True
    for line in source.split("\n"):
        if f"BEGIN {name}" in line:
            balanced = balanced and not opened
            opened = True
            places.append((len(outside), line[: len(line) - len(line.lstrip())]))
        elif f"END {name}" in line:
            balanced = balanced and opened
            opened = False
        else:
            (inside if opened else outside).append(line)
    return Split(tuple(outside), tuple(inside), tuple(places), balanced and not opened)


def released_code(source: str) -> str:
    r"""Return the text of a code cell as students get it: no hidden test, a comment for each solution.

    This is an independent statement of what nbgrader must have done; the leak scan compares the two.

    Examples
    --------
    >>> print(released_code("x = ...\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION"))
    x = ...
    # YOUR CODE HERE
    """
    solution = split_regions(source, SOLUTION)
    lines = list(solution.outside)
    for position, indentation in reversed(solution.places):
        lines.insert(position, indentation + CODE_STUB)
    return "\n".join(split_regions("\n".join(lines), HIDDEN).outside)


@dataclass(frozen=True)
class Rubric:
    """How a written answer is marked.

    Parameters
    ----------
    model_answer : str
        What a full answer says.
    items : tuple of (Fraction, str)
        Points, and what earns them.
    strays : tuple of str
        Lines below the heading that are no rubric item.
    """

    model_answer: str
    items: tuple[tuple[Fraction, str], ...]
    strays: tuple[str, ...]

    @property
    def points(self) -> Fraction:
        """Return the sum of the items' points."""
        return sum((points for points, _ in self.items), Fraction(0))


def read_rubric(source: str) -> Rubric | None:
    r"""Return model answer and rubric of a written answer, or None where the heading is missing.

    Examples
    --------
    >>> read_rubric("It slides.\n\n**Rubric**\n\n- 0.25: says that it slides").points
    Fraction(1, 4)
    """
    lines = source.split("\n")
    if RUBRIC_HEADING not in lines:
        return None
    heading = lines.index(RUBRIC_HEADING)
    items: list[tuple[Fraction, str]] = []
    strays: list[str] = []
    for line in filter(str.strip, lines[heading + 1 :]):
        match = _RUBRIC_ITEM.match(line)
        if match:
            items.append((Fraction(match["points"]), match["text"]))
        elif items and line.startswith("  "):  # an item that goes on in the next line
            points, text = items[-1]
            items[-1] = (points, f"{text} {line.strip()}")
        else:
            strays.append(line)
    return Rubric("\n".join(lines[:heading]).strip(), tuple(items), tuple(strays))

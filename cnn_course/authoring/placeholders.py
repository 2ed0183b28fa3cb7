"""Places in a text that the build fills: points, numbers of questions, public examples.

=================  ==============================================================
written            becomes
=================  ==============================================================
{points:NAME}      the points of a notebook or question: 0.75
{worth:NAME}       the same with its unit: 0.75 points, 1 point
{questions:NAME}   how many questions a notebook has
{examples:NAME}    the public examples of a question, as a list
=================  ==============================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from fractions import Fraction

from cnn_course.authoring.cell_rules import say
from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.errors import BuildError, Problem

PLACE = re.compile(r"\{(?P<what>[a-z]+):(?P<name>[a-z][a-z0-9_-]*)\}")
Values = Mapping[tuple[str, str], str]  # what and name -> text


def values_of(pages: Sequence[Page], examples: Mapping[str, str]) -> Values:
    """Return what every place of a course is filled with.

    Parameters
    ----------
    pages : sequence of Page
        All notebooks.
    examples : mapping of str to str
        The public examples of each question, in Markdown.
    """
    found = {("examples", name): text for name, text in examples.items()}
    for page in pages:
        points = {str(cell.question): cell.points for cell in page.cells if cell.points is not None}
        found["questions", page.name] = str(len(points))
        for name, worth in {**points, page.name: sum(points.values(), Fraction(0))}.items():
            found["points", name] = say(worth)
            found["worth", name] = f"{say(worth)} point{'' if worth == 1 else 's'}"
    return found


def fill(page: Page, values: Values) -> Page:
    """Return a notebook with its places filled.

    Raises
    ------
    BuildError
        When a text asks for something that is not there; all such places are named.
    """
    problems = [problem for cell in page.cells for problem in _unknown(page, cell, values)]
    if problems:
        raise BuildError(page.file, problems)
    return replace(page, cells=tuple(replace(cell, source=_filled(cell, values)) for cell in page.cells))


def unfill(source: str, old: Cell, values: Values) -> str:
    r"""Return an edited text with the places of its old text put back, wherever their lines are as they were.

    Examples
    --------
    >>> old = Cell("ex1-intro", Kind.TEXT, "# One ({worth:ex1})\n\nRead.")
    >>> unfill("# One (3 points)\n\nWrite.", old, {("worth", "ex1"): "3 points"})
    '# One ({worth:ex1})\n\nWrite.'
    """
    if old.kind is not Kind.TEXT:
        return source
    blocks = [(line, _insert(line, values).split("\n")) for line in old.source.split("\n")]
    filled = [line for _, block in blocks for line in block]
    edited, kept = source.split("\n"), []
    places = {}  # line of the filled text -> line of the edited one, where they are equal
    for match in SequenceMatcher(None, filled, edited, autojunk=False).get_matching_blocks():
        places.update({match.a + step: match.b + step for step in range(match.size)})
    start, end = 0, 0
    for written, block in blocks:
        found = [places.get(line) for line in range(start, start + len(block))]
        start += len(block)
        if found[0] is None or found != list(range(found[0], found[0] + len(block))):
            continue
        kept += [*edited[end : found[0]], written]
        end = found[0] + len(block)
    return "\n".join([*kept, *edited[end:]])


def _filled(cell: Cell, values: Values) -> str:
    return _insert(cell.source, values) if cell.kind is Kind.TEXT else cell.source


def _insert(text: str, values: Values) -> str:
    return PLACE.sub(lambda match: values.get((match["what"], match["name"]), match[0]), text)


def _unknown(page: Page, cell: Cell, values: Values) -> Iterator[Problem]:
    if cell.kind is not Kind.TEXT:
        return
    for match in PLACE.finditer(cell.source):
        if (match["what"], match["name"]) in values:
            continue
        legal = "points, worth, questions or examples, then the name of a notebook or question"
        rule = "a place in a text names something that the build knows"
        yield Problem(page.where(cell), f"cell {cell.name}", rule, match[0], f"legal: {legal}")

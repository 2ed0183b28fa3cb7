"""Which submitted cell is which of the instructor's: by nbgrader's marks, by cell id, by text, name and place.

Editors, converters and cleaners take metadata away; students delete a cell and type it again. Work that is there is
found. Nothing is won by it: of a test or a locked cell only the place is ever taken from a submission, never the text.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from nbformat.notebooknode import NotebookNode

from splitgrade.execution.cell_code import bound_names, syntax_tree
from splitgrade.execution.instructor import InstructorNotebook, grade_id_of, role_of
from splitgrade.sandbox.limits import MAX_MATCHED_CELLS, MAX_PARSED, MAX_PARSED_CELLS
from splitgrade.submission.cells import SubmittedCell
from splitgrade.submission.identity import plain, plain_given

FEW_WORDS = 3  # a cell for code with fewer is a trial
SHORT = 4_000  # characters of a cell whose names are kept
How = Literal["marks", "id", "text", "name", "place"]
_REMARKS: dict[How, str] = {
    "id": "nbgrader's marks were gone: known by its cell id",
    "text": "nbgrader's marks were gone: known by its text",
    "name": "the cell was gone: a cell of the student's that defines the same name is taken",
    "place": "the cell was gone: what the student wrote in its place is taken",
}


@dataclass
class Matching:
    """What belongs together.

    Parameters
    ----------
    known : dict of str to int
        grade_id -> number of the submitted cell.
    how : dict of str to str
        How each is known.
    elsewhere : dict of str to str
        Blank answers -> the name that another cell of the student's defines: a stub must not come after it.
    handed_out : set of int
        Numbers of the cells that are the instructor's plain cells, edited or not.
    """

    known: dict[str, int] = field(default_factory=dict)
    how: dict[str, How] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    handed_out: set[int] = field(default_factory=set)

    def remark(self, grade_id: str) -> str:
        """Return what is to be said of how a cell is known, an empty text where there is nothing to say."""
        return _REMARKS.get(self.how.get(grade_id, "marks"), "")


def match_cells(
    instructor: InstructorNotebook, cells: Sequence[SubmittedCell], *, by_marks_only: bool = False
) -> Matching:
    """Return which submitted cell is which of the instructor's.

    Parameters
    ----------
    instructor : InstructorNotebook
        What was handed out.
    cells : sequence of SubmittedCell
        What came back.
    by_marks_only : bool
        Look at nothing but nbgrader's marks: of a notebook that was restored before they say all.
    """
    matcher = _Matcher(instructor, cells)
    return matcher.by_marks() if by_marks_only else matcher.run()


def names_in_code(code: str) -> frozenset[str]:
    r"""Return the names that a cell binds at module level; of a cell with an error in it, as far as can be seen.

    Examples
    --------
    >>> sorted(names_in_code("def f(x:\n  y = 1\nz = 2"))
    ['f', 'z']
    """
    return _names_in_short(code) if len(code) <= SHORT else _names_in(code)


def _names_in(code: str) -> frozenset[str]:
    found = frozenset[str]()
    if len(code) <= MAX_PARSED:
        # What is no Python, or more than Python can parse, is looked at as text.
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            found = frozenset(bound_names(syntax_tree(code)))
    return found or _names_at_line_starts(code)


_names_in_short = lru_cache(maxsize=4096)(_names_in)  # most cells of a class are as they were handed out


def _names_at_line_starts(code: str) -> frozenset[str]:
    """Return what lines define, as far as they tell: a call is no definition."""
    found = re.findall(r"^(?:def|class)[ ]+([^\W\d]\w*)|^([^\W\d]\w*)[ ]*[:=](?!=)", code[:100_000], re.MULTILINE)
    return frozenset(defined or bound for defined, bound in found)


def words_as_code(text: str) -> str:
    """Return the text of a cell for code that holds sentences: comments, quoted or printed text, or no Python.

    Examples
    --------
    >>> words_as_code("# A sum has no order."), words_as_code("x = 1  # one more trial")
    ('# A sum has no order.', '')
    """
    tree = syntax_tree(text) if len(text) <= MAX_PARSED else None
    plain_text = tree is not None and all(isinstance(each, ast.Expr) and _is_text(each.value) for each in tree.body)
    return text if plain_text and len(re.findall(r"\w{2,}", text)) >= FEW_WORDS else ""


def _is_text(value: ast.expr) -> bool:
    """Return whether an expression is a text, or prints some."""
    printed = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print"
    parts = value.args if printed and isinstance(value, ast.Call) else [value]
    return all(isinstance(each, ast.Constant) for each in parts)


def is_stub(instructor: InstructorNotebook, name: str, cell: SubmittedCell) -> bool:
    """Return whether a cell holds nothing but what was handed out for an answer; comments in code are nothing."""
    text, released = plain(cell.text), plain_given(instructor.released[name])
    return text in ("", released) or (
        cell.kind == "code" and _without_comments(text) in ("", _without_comments(released))
    )


def _without_comments(code: str) -> str:
    lines = code.split("\n")
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))


class _Matcher:
    """One notebook; each step takes what the one before has left."""

    def __init__(self, instructor: InstructorNotebook, cells: Sequence[SubmittedCell]) -> None:
        self._instructor, self._cells = instructor, cells
        self._rows: list[NotebookNode] = instructor.notebook.cells
        self._named = [grade_id_of(cell) for cell in self._rows]
        self._row_of = {name: row for row, name in enumerate(self._named) if name is not None}
        self._found = Matching()
        self._names_seen: dict[int, frozenset[str]] = {}
        self._anchors: dict[int, int] = {}  # row of the instructor's notebook -> number of the submitted cell

    def run(self) -> Matching:
        found = self.by_marks()
        for number, cell in enumerate(self._cells):  # ids that were kept where metadata were not
            name = cell.cell_id
            if isinstance(name, str) and name in self._row_of and name not in found.known and self._is_free(number):
                self._take(name, number, "id")
        self._by_text()
        for name in [each for each in self._row_of if each not in found.known and self._is_answer(each)]:
            self._by_place(name)
        for name in self._row_of:
            if self._is_code_answer(name) and self._is_blank(name):
                self._look_elsewhere(name)
        return found

    # ---- the steps

    def by_marks(self) -> Matching:
        """Take the first cell of each grade_id, or the first that is not blank."""
        for number, cell in enumerate(self._cells):
            name = cell.grade_id
            if name is None or name not in self._row_of:
                continue
            if name not in self._found.known or (
                self._is_answer(name) and self._is_blank(name) and not is_stub(self._instructor, name, cell)
            ):
                self._take(name, number, "marks")
        return self._found

    def _by_text(self) -> None:
        """Lay the two notebooks side by side: what has the same text in the same order is the same."""
        ids = {cell.get("id"): row for row, cell in enumerate(self._rows) if self._named[row] is None}
        numbers = {number: self._row_of[name] for name, number in self._found.known.items()}
        for number, cell in enumerate(self._cells):
            if self._is_free(number) and isinstance(cell.cell_id, str) and ids.get(cell.cell_id) is not None:
                numbers.setdefault(number, ids.pop(cell.cell_id))
        theirs = {row: number for number, row in numbers.items()}
        mine = [("row", str(numbers[n])) if n in numbers else self._key(cell, n) for n, cell in self._some_cells()]
        rows = [("row", str(row)) if row in theirs else self._key_of_row(row) for row in range(len(self._rows))]
        places = [number for number, _ in self._some_cells()]
        for start, row, size in SequenceMatcher(None, mine, rows, autojunk=False).get_matching_blocks():
            for step in range(size):
                self._anchors[row + step] = places[start + step]
        for row, number in self._anchors.items():
            name = self._named[row]
            if name is not None and name not in self._found.known:
                self._take(name, number, "text")
        self._found.handed_out = {
            *(number for number, row in numbers.items() if self._named[row] is None),
            *(number for row, number in self._anchors.items() if self._named[row] is None),
        }

    def _by_place(self, name: str) -> None:
        """Find a retyped answer between its neighbors: code by the name that it defines, words by being words."""
        first, last = self._between(name)
        near = [number for number in range(first, last) if self._may_be_work(number)]
        if self._rows[self._row_of[name]].cell_type != "code":
            words = [number for number in near if self._cells[number].kind != "code"]
            words = words or [number for number in near if words_as_code(self._cells[number].text)]
            if words:
                self._take(name, words[0], "place")
            return
        wanted = self._names(name)
        near = [number for number in near if self._cells[number].kind == "code"]
        named = [number for number in near if wanted & self._names_of(number)]
        if named:  # the last one counts for Python, too
            best = max(named, key=lambda number: (len(wanted & self._names_of(number)), number))
            self._take(name, best, "name")
        elif near and not wanted:
            self._take(name, near[0], "place")

    def _look_elsewhere(self, name: str) -> None:
        """Let no stub come after a definition of the student's that stands in another cell, whichever that is."""
        wanted = names_in_code(self._released(name)) or self._names(name)
        later = {place for each, place in self._found.known.items() if self._row_of[each] > self._row_of[name]}
        rows = {number: row for row, number in self._anchors.items()}
        rows |= {number: self._row_of[each] for each, number in self._found.known.items()}
        others = {
            number: shared
            for number, cell in self._some_cells()
            if cell.kind == "code"
            and number not in later
            and (shared := wanted & self._written_into(number, rows.get(number)))
        }
        first, _ = self._between(name)
        last = min((place for place in later if place >= first), default=len(self._cells))
        before = [number for number in others if number < last]
        own = [number for number in others if self._may_be_work(number)]
        if before:
            self._found.elsewhere[name] = sorted(others[before[-1]])[0]
        elif own:
            self._take(name, own[-1], "name")

    # ---- what they ask

    def _take(self, name: str, number: int, how: How) -> None:
        self._found.known[name], self._found.how[name] = number, how

    def _is_free(self, number: int) -> bool:
        return number not in self._found.known.values()

    def _may_be_work(self, number: int) -> bool:
        cell = self._cells[number]
        return self._is_free(number) and number not in self._found.handed_out and bool(cell.text.strip())

    def _is_answer(self, name: str) -> bool:
        return role_of(self._rows[self._row_of[name]]) == "answer"

    def _is_code_answer(self, name: str) -> bool:
        return self._is_answer(name) and self._rows[self._row_of[name]].cell_type == "code"

    def _is_blank(self, name: str) -> bool:
        number = self._found.known.get(name)
        return number is None or is_stub(self._instructor, name, self._cells[number])

    def _released(self, name: str) -> str:
        return plain_given(self._instructor.released[name])

    def _names(self, name: str) -> frozenset[str]:
        """Return the names that an answer is to define."""
        row = self._rows[self._row_of[name]]
        return names_in_code(row.source) | names_in_code(self._instructor.released[name])

    def _names_of(self, number: int) -> frozenset[str]:
        """Return the names that a submitted cell binds, found once."""
        if number not in self._names_seen:
            text = self._cells[number].text
            few = len(self._names_seen) < MAX_PARSED_CELLS
            self._names_seen[number] = names_in_code(text) if few else _names_at_line_starts(text)
        return self._names_seen[number]

    def _written_into(self, number: int, row: int | None) -> frozenset[str]:
        """Return the names that a student defines in a cell, without those for which its row was handed out."""
        if row is None:
            return self._names_of(number)
        name = self._named[row]
        if name is None or self._found.known.get(name) != number:
            return self._names_of(number) - names_in_code(self._rows[row].source)
        return self._names_of(number) - self._names(name) if self._is_code_answer(name) else frozenset()

    def _between(self, name: str) -> tuple[int, int]:
        """Return where the neighbors of a cell of the instructor's stand in the submission."""
        row = self._row_of[name]
        places = {**self._anchors, **{self._row_of[each]: number for each, number in self._found.known.items()}}
        before = [number for place, number in places.items() if place < row]
        after = [number for place, number in places.items() if place > row]
        first = max(before, default=-1) + 1
        return first, min((number for number in after if number >= first), default=len(self._cells))

    def _some_cells(self) -> list[tuple[int, SubmittedCell]]:
        """Return the cells that are looked at, with their numbers: all but what floods a notebook."""
        marked = set(self._found.known.values())
        return [each for each in enumerate(self._cells) if each[0] < MAX_MATCHED_CELLS or each[0] in marked]

    def _key(self, cell: SubmittedCell, number: int) -> tuple[str, str]:
        text = plain(cell.text)
        return (cell.kind, text) if text else ("empty", str(number))

    def _key_of_row(self, row: int) -> tuple[str, str]:
        cell, name = self._rows[row], self._named[row]
        text = plain_given(cell.source if name is None else self._instructor.released[name])
        return (cell.cell_type, text) if text else ("row", str(row))

"""Words of a student's that stand in no cell for an answer: each finds its way to a marker."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.submission.cells import SubmittedCell
from splitgrade.submission.changes import Change
from splitgrade.submission.identity import plain, plain_given
from splitgrade.submission.matching import Matching, words_as_code

READ_IT = "read it, too"  # ends what is said to the marker
FAR_TEXT = 40  # characters of a text that may be the answer to a question that it does not stand beside


def give_to_a_marker(
    instructor: InstructorNotebook, cells: Sequence[SubmittedCell], matching: Matching
) -> tuple[dict[str, SubmittedCell], set[int], list[Change]]:
    """Put words that stand in cells of the student's own into the answer that they belong to, where that is blank.

    Parameters
    ----------
    instructor : InstructorNotebook
        What was handed out.
    cells : sequence of SubmittedCell
        What came back.
    matching : Matching
        Which is which.

    Returns
    -------
    answers : dict of str to SubmittedCell
        The written answers that got words.
    used : set of int
        Numbers of the cells that need not be kept as the student's own.
    changes : list of Change
        A remark for each; one that names the text where the answer holds other words already.
    """
    written = [
        name for name, cell in instructor.cells.items() if role_of(cell) == "answer" and cell.cell_type == "markdown"
    ]
    blank = [name for name in written if _is_blank(instructor, cells, matching, name)]
    answers: dict[str, list[SubmittedCell]] = {}
    used: set[int] = set()
    changes = []
    beside_blank = {place + step for name, place in matching.known.items() if name in blank for step in (-1, 1)}
    for number, cell in enumerate(cells) if written else ():
        text = _own_words(instructor, cell, number, matching)
        if cell.kind == "code" and number in beside_blank - {*matching.known.values()} - matching.handed_out:
            text = words_as_code(cell.text)
        if not text:
            continue
        before, after = _neighbors(number, cells, matching)
        near = [name for name in (before, after) if name in written]
        name = next((each for each in near if each in blank), None)
        if name is None and not near and len(text) >= FAR_TEXT and number not in matching.handed_out:
            name = _nearest(number, blank, list(instructor.cells), matching)
        if name is not None:
            answers.setdefault(name, []).append(dataclasses.replace(cell, text=text))
            used |= {number} - matching.handed_out if cell.kind != "code" else set()
        elif near and number not in matching.handed_out and text not in plain(cells[matching.known[near[0]]].text):
            says = f"a further text of the student's stands beside it: {text[:60]!r}; {READ_IT}"
            changes.append(Change("place", near[0], says))
    says = "it was blank: words that the student wrote in another cell were put here"
    changes += [Change("place", name, says) for name in answers]
    return {name: _joined(parts) for name, parts in answers.items()}, used, changes


def _own_words(instructor: InstructorNotebook, cell: SubmittedCell, number: int, matching: Matching) -> str:
    """Return what a student wrote into a cell that is no answer; of an edited question what was added to it."""
    if cell.kind == "code" or number in matching.known.values():
        return ""
    if number not in matching.handed_out:
        return plain(cell.text) if any(not line.startswith("#") for line in plain(cell.text).splitlines()) else ""
    texts = [plain(each.source).splitlines() for each in instructor.notebook.cells if each.get("id") == cell.cell_id]
    lines = {line for text in texts for line in text}
    return plain("\n".join(line for line in plain(cell.text).splitlines() if line not in lines)) if texts else ""


def _is_blank(instructor: InstructorNotebook, cells: Sequence[SubmittedCell], matching: Matching, name: str) -> bool:
    number = matching.known.get(name)
    return number is None or plain(cells[number].text) in ("", plain_given(instructor.released[name]))


def _neighbors(number: int, cells: Sequence[SubmittedCell], matching: Matching) -> tuple[str, str]:
    """Return the known cells before and after one, as far as no question stands between."""
    names = {place: name for name, place in matching.known.items()}
    found = []
    for places in (range(number - 1, -1, -1), range(number + 1, len(cells))):
        place = next((each for each in places if each in names or each in matching.handed_out), None)
        found.append(names.get(place, "") if place is not None else "")
    return found[0], found[1]


def _nearest(number: int, blank: Sequence[str], order: Sequence[str], matching: Matching) -> str | None:
    """Return the blank answer that comes last before a place, else the first one after it."""
    known = {name: place for name, place in matching.known.items() if place < number}
    last = max((order.index(name) for name in known), default=-1)
    before = [name for name in blank if order.index(name) <= last]
    return before[-1] if before else next(iter(blank), None)


def _joined(parts: Sequence[SubmittedCell]) -> SubmittedCell:
    """Return several texts as one, with the pictures of all."""
    pictures: dict[str, object] = {}
    for part in parts:
        pictures |= part.attachments if isinstance(part.attachments, Mapping) else {}
    text = "\n\n".join(part.text for part in parts)
    return dataclasses.replace(parts[0], kind="markdown", text=text, attachments=pictures, flags={}, tags=[])

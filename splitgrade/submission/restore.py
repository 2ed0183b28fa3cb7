"""Rebuilds a submitted notebook from the instructor's: students own their answers and their own cells, nothing else."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_CHANGES, MAX_OWN_CELLS, MAX_RENDERED
from splitgrade.submission.additions import with_additions_apart
from splitgrade.submission.cells import SubmittedCell, claimed_points, is_as_released, read_cells
from splitgrade.submission.changes import Change, changes_of, mapping
from splitgrade.submission.identity import plain, plain_given
from splitgrade.submission.inert import inert_text
from splitgrade.submission.matching import Matching, is_stub, match_cells
from splitgrade.submission.rendered import LOOKS_LIKE_HTML, shown_markdown
from splitgrade.submission.stray_text import give_to_a_marker

__all__ = ["MAX_OWN_CELLS", "Restored", "changes_of", "restore"]

_FLAGS = ("grade", "solution", "locked", "task", "points", "schema_version", "cell_type")
ELSEWHERE = "# The answer stands in another cell."
_FENCE = re.compile(r"\s*```\w*\n([^`]*)\n```\s*")  # code as it is shown in Markdown
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True)
class Restored:
    """A notebook whose tests, order, points and metadata are the instructor's.

    Parameters
    ----------
    notebook : NotebookNode
        Ready to be run. Its metadata hold the changes under ``splitgrade``.
    changes : tuple of Change
        What was put right.
    """

    notebook: NotebookNode
    changes: tuple[Change, ...]


def restore(instructor: InstructorNotebook, submitted: NotebookNode) -> Restored:
    """Return the notebook that is run and graded in place of the submitted one, which stays as it is.

    Parameters
    ----------
    instructor : InstructorNotebook
        What was handed out, with solutions and hidden tests.
    submitted : NotebookNode
        The notebook as it was handed in; any cell of it may be malformed.

    Returns
    -------
    Restored
        The instructor's cells in their order, answers filled in as `match_cells` finds them, and the student's own
        cells after the cells they followed, without metadata.
    """
    earlier = changes_of(submitted)
    cells, changes = read_cells(submitted)
    restored_before = "splitgrade" in mapping(submitted.get("metadata"))  # all has its place then
    if not restored_before:
        cells = with_additions_apart(instructor, cells)
    matching = match_cells(instructor, cells, by_marks_only=restored_before)
    words, used, remarks = ({}, set(), []) if restored_before else give_to_a_marker(instructor, cells, matching)
    own = _own_cells(instructor, cells, matching, used, changes)
    restored = copy.deepcopy(NotebookNode({**instructor.notebook, "cells": []}))
    answers = {**{name: cells[number] for name, number in matching.known.items()}, **words}
    _Builder(instructor, restored, answers, matching, changes).build(own)
    changes += remarks
    _check_order(instructor, cells, changes)
    _check_kernel(instructor, submitted, changes)
    every = tuple(dict.fromkeys([*earlier, *changes]))[:MAX_CHANGES]
    restored.metadata["splitgrade"] = {"changes": [asdict(change) for change in every]}
    return Restored(restored, every)


def _own_cells(
    instructor: InstructorNotebook,
    cells: Sequence[SubmittedCell],
    matching: Matching,
    used: set[int],
    changes: list[Change],
) -> dict[str, list[SubmittedCell]]:
    """Return the student's own cells by the grade_id that they come after."""
    names = {number: name for name, number in matching.known.items()}
    own: dict[str, list[SubmittedCell]] = {}
    place, count = "", 0
    for number, cell in enumerate(cells):
        if number in names:
            place = names[number]
            continue
        if cell.grade_id is not None and cell.grade_id in instructor.cells:
            changes.append(Change("duplicate", cell.grade_id, "there again: it counts as the student's own"))
            if role_of(instructor.cells[cell.grade_id]) == "answer" and is_stub(instructor, cell.grade_id, cell):
                continue  # a blank copy behind the answer would take the answer's place
        elif cell.grade_id is not None:
            changes.append(
                Change(
                    "foreign",
                    clean_text(cell.grade_id[:100]),
                    "this notebook has no such cell: it counts as the student's own",
                )
            )
        elif cell.flags.get("grade") or cell.flags.get("solution"):
            changes.append(Change("foreign", "", "a cell of the student's was marked as graded"))
        count += 1
        if count <= MAX_OWN_CELLS and number not in used:
            own.setdefault(place, []).append(cell)
    if count > MAX_OWN_CELLS:
        says = f"{count} cells of the student's own; the first {MAX_OWN_CELLS} are kept"
        changes.append(Change("cells", "", says))
    return own


class _Builder:
    """Puts the cells of the restored notebook together."""

    def __init__(
        self,
        instructor: InstructorNotebook,
        notebook: NotebookNode,
        known: Mapping[str, SubmittedCell],
        matching: Matching,
        changes: list[Change],
    ) -> None:
        self._instructor, self._notebook, self._known, self._changes = instructor, notebook, known, changes
        self._matching = matching
        self._has_ids = (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
        self._room = MAX_RENDERED
        self._used_ids = {cell.get("id") for cell in instructor.cells.values()}

    def build(self, own: Mapping[str, Iterable[SubmittedCell]]) -> None:
        """Fill the notebook."""
        self._add_own(own.get("", ()))
        for grade_id, cell in self._instructor.cells.items():
            self._notebook.cells.append(self._known_cell(grade_id, cell))
            self._add_own(own.get(grade_id, ()))

    def _known_cell(self, grade_id: str, source: NotebookNode) -> NotebookNode:
        """Return the instructor's cell, with the student's answer where it is one for answers."""
        cell = from_dict({**source, "outputs": []} if source.cell_type == "code" else source)  # a copy of all of it
        if cell.cell_type == "code":
            cell["execution_count"] = None
        submitted = self._known.get(grade_id)
        is_answer = role_of(source) == "answer"
        # For an answer the text that was handed out, never the solution that the instructor's notebook holds.
        released = self._instructor.released[grade_id]
        if is_answer:
            cell.source = released
        if submitted is None:
            self._note(grade_id, "missing", "the cell was not in the submission and was put back")
        else:
            self._compare(grade_id, source, submitted, is_answer=is_answer)
            if isinstance(submitted.flags.get("checksum"), str):
                # nbgrader writes the gradebook's over it; by that, an answer in words that is still blank is known.
                cell.metadata.nbgrader["checksum"] = clean_text(submitted.flags["checksum"])
            if is_answer and plain(submitted.text) != plain_given(released):
                fenced = _FENCE.fullmatch(submitted.text) if cell.cell_type == "code" != submitted.kind else None
                cell.source = submitted.text if fenced is None else fenced[1]
                self._make_inert(cell, submitted)
        if grade_id in self._matching.elsewhere:
            name = self._matching.elsewhere[grade_id]
            cell.source = ELSEWHERE
            self._note(
                grade_id, "moved", f"blank here: another cell of the student's defines {name[:60]!r}, and counts"
            )
        return cell

    def _make_inert(self, cell: NotebookNode, submitted: SubmittedCell) -> None:
        """Leave in a text of the student's what a browser only shows."""
        if cell.cell_type == "code":
            return
        grade_id = submitted.grade_id or ""
        if cell.cell_type == "raw":
            cell.source = inert_text(submitted.text)
            if cell.source != submitted.text:
                self._note(grade_id, "markup", f"{LOOKS_LIKE_HTML} is shown as text")
            return
        handed_out = self._instructor.prose.get(submitted.text)
        if handed_out is not None:  # the instructor's own text and pictures, and the most of any notebook
            if "attachments" in handed_out:
                cell.attachments = copy.deepcopy(handed_out.attachments)
            return
        shown = shown_markdown(submitted.text, submitted.attachments, self._instructor.files, self._room)
        self._room -= len(submitted.text)
        cell.source = shown.text
        if shown.pictures:
            cell.attachments = shown.pictures
        for remark in shown.remarks:
            self._note(grade_id, "markup", remark)

    def _compare(self, grade_id: str, source: NotebookNode, submitted: SubmittedCell, *, is_answer: bool) -> None:
        """Note what is not as it was handed out."""
        if remark := self._matching.remark(grade_id):
            self._note(grade_id, "identity", remark)
        if submitted.kind != source.cell_type:
            self._note(grade_id, "kind", f"a {source.cell_type} cell came back as {submitted.kind}")
        texts = (plain_given(self._instructor.released[grade_id]), plain_given(source.source))
        # As released by whichever version: nothing that a student changed.
        if not is_answer and plain(submitted.text) not in texts and not is_as_released(submitted):
            self._note(grade_id, "edited", "the text was changed; the instructor's is used")
        marks = source.metadata.nbgrader
        # The points of an answer in words may have changed since it was handed out, and nothing tells who did that.
        flags = [flag for flag in _FLAGS if flag in marks and not (flag == "points" and is_answer)]
        wrong = [flag for flag in flags if submitted.flags.get(flag) != marks[flag]]
        if wrong and submitted.flags and not is_as_released(submitted):
            self._note(grade_id, "flags", f"changed: {', '.join(wrong)}; the instructor's are used")
        if role_of(source) == "test" and (points := claimed_points(submitted)):
            self._note(grade_id, "outputs", f"it came with a result, {points}; the test was run anew, and that counts")
        if submitted.flags and list(submitted.tags) != list(source.metadata.get("tags", [])):
            self._note(
                grade_id, "tags", f"changed to {clean_text(str(submitted.tags)[:100])}; the instructor's are used"
            )

    def _note(self, grade_id: str, rule: str, says: str) -> None:
        self._changes.append(Change(rule, grade_id, says))

    def _add_own(self, cells: Iterable[SubmittedCell]) -> None:
        """Add cells of the student's, bare of whatever metadata they came with."""
        for submitted in cells:
            # Not by nbformat's new_..._cell, which checks each against the schema: the whole notebook is, once.
            cell = NotebookNode(cell_type=submitted.kind, metadata=NotebookNode(), source=submitted.text)
            if submitted.kind == "code":
                cell.update(outputs=[], execution_count=None)
            self._make_inert(cell, submitted)
            if self._has_ids:
                cell.id = self._free_id(submitted.cell_id)
            self._notebook.cells.append(cell)

    def _free_id(self, wanted: Any) -> str:
        name = wanted if isinstance(wanted, str) and _CELL_ID.fullmatch(wanted) else "own"
        number, found = 1, name
        while found in self._used_ids:
            number += 1
            found = f"{name[:56]}-{number}"
        self._used_ids.add(found)
        return found


def _check_order(instructor: InstructorNotebook, cells: Sequence[SubmittedCell], changes: list[Change]) -> None:
    """Note the first cell that came before one it was handed out behind."""
    positions = {grade_id: position for position, grade_id in enumerate(instructor.cells)}
    ids = dict.fromkeys(cell.grade_id for cell in cells if cell.grade_id in positions)
    order = [positions[grade_id] for grade_id in ids if grade_id is not None]
    for before, after, grade_id in zip(order, order[1:], list(ids)[1:], strict=False):
        if after < before:
            changes.append(Change("moved", grade_id or "", "the order of cells was changed; the instructor's is used"))
            return


def _check_kernel(instructor: InstructorNotebook, submitted: NotebookNode, changes: list[Change]) -> None:
    """Note a kernel of another language; another name for the same one is nobody's business."""
    ours, theirs = (mapping(mapping(nb.get("metadata")).get("kernelspec")) for nb in (instructor.notebook, submitted))
    info = mapping(mapping(submitted.get("metadata")).get("language_info"))
    ran = info.get("name") if "version" in info else None  # a kernel that ran it wrote that, whatever it is called
    language = theirs.get("language") or ran or theirs.get("name")
    if not ours or not isinstance(language, str) or language in (ours.get("language"), ours.get("name")):
        return
    if str(ours.get("language", "python")) not in language.casefold():
        says = f"the notebook asks for the kernel {clean_text(language[:60])!r}; the assignment's is used"
        changes.append(Change("kernel", "", says))

"""The cells of a submitted notebook, read without trust in their shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_CELL_TEXT
from splitgrade.submission.changes import Change, mapping

_POINTS = re.compile(r"(?=.*[1-9])\d{1,9}(\.\d{1,9})?", re.ASCII)  # more than nothing
_AS_WORDS = re.compile(r"\s*%{1,2}(?:md|markdown)\b[^\n]*\n?")  # how Databricks and Jupyter write words into code
KINDS = frozenset({"code", "markdown", "raw"})


@dataclass
class SubmittedCell:
    """One cell, as far as it makes sense; ``flags`` are nbgrader's metadata."""

    kind: str
    text: str
    grade_id: str | None
    flags: Mapping[str, Any]
    tags: Sequence[Any]
    attachments: Any
    cell_id: Any
    outputs: Any = None


def read_cells(notebook: Any) -> tuple[list[SubmittedCell], list[Change]]:
    """Return the submitted cells as far as they make sense."""
    changes: list[Change] = []
    cells = []
    listed = notebook.get("cells")
    for cell in listed if isinstance(listed, list) else []:
        kind, source = mapping(cell).get("cell_type"), mapping(cell).get("source")
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if not isinstance(kind, str) or kind not in KINDS or not isinstance(source, str):
            changes.append(Change("text", "", "a cell without a known type or text was left out"))
            continue
        if kind == "code" and (words := _AS_WORDS.match(source)) is not None:
            kind, source = "markdown", source[words.end() :]
        metadata = mapping(cell.get("metadata"))
        flags, tags = mapping(metadata.get("nbgrader")), metadata.get("tags")
        grade_id = flags.get("grade_id")
        text = clean_text(source[:MAX_CELL_TEXT])
        if text != source:  # line ends that an editor changed are no change of the text
            what = "was cut off" if len(source) > MAX_CELL_TEXT else "held characters that no file can hold"
            changes.append(Change("text", grade_id if isinstance(grade_id, str) else "", f"the text {what}"))
        cells.append(
            SubmittedCell(
                kind,
                text.replace("\r\n", "\n").replace("\r", "\n"),
                grade_id if isinstance(grade_id, str) else None,
                flags,
                tags if isinstance(tags, list) else [],
                cell.get("attachments"),
                cell.get("id"),
                cell.get("outputs"),
            )
        )
    return cells, changes


def is_as_released(cell: SubmittedCell) -> bool:
    """Return whether a cell is as some release made it: its checksum fits text, kind, flags and points.

    Who can compute a checksum can deceive this; what is graded is the instructor's text all the same.
    """
    copied = NotebookNode(cell_type=cell.kind, source=cell.text, metadata=NotebookNode(nbgrader=dict(cell.flags)))
    try:
        return isinstance(cell.flags.get("checksum"), str) and cell.flags["checksum"] == compute_checksum(copied)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):  # of metadata of any kind
        return False


def claimed_points(cell: SubmittedCell) -> str:
    """Return the points that the outputs of a submitted test cell claim, an empty text where they claim none."""
    for output in cell.outputs if isinstance(cell.outputs, list) else []:
        data = mapping(mapping(output).get("data"))
        if any(isinstance(kind, str) and kind.startswith("application/vnd.splitgrade.") for kind in data):
            return "a grader's result"
        text = data.get("text/plain")
        text = text[0] if isinstance(text, list) and text else text
        if mapping(output).get("output_type") == "execute_result" and isinstance(text, str) and _POINTS.fullmatch(text):
            return text
    return ""

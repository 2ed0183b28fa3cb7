"""The cells of a submitted notebook, read without trust in their shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from splitgrade.execution.wire.plain import clean_text
from splitgrade.submission.findings import Finding, mapping

MAX_TEXT = 1 << 20
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


def read_cells(notebook: Any) -> tuple[list[SubmittedCell], list[Finding]]:
    """Return the submitted cells as far as they make sense."""
    findings: list[Finding] = []
    cells = []
    listed = notebook.get("cells")
    for cell in listed if isinstance(listed, list) else []:
        kind, source = mapping(cell).get("cell_type"), mapping(cell).get("source")
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if kind not in KINDS or not isinstance(source, str):
            findings.append(Finding("text", "", "a cell without a known type or text was left out"))
            continue
        metadata = mapping(cell.get("metadata"))
        flags, tags = mapping(metadata.get("nbgrader")), metadata.get("tags")
        grade_id = flags.get("grade_id")
        text = clean_text(source[:MAX_TEXT])
        if text != source:
            what = "was cut off" if len(source) > MAX_TEXT else "held characters that no file can hold"
            findings.append(Finding("text", grade_id if isinstance(grade_id, str) else "", f"the text {what}"))
        cells.append(
            SubmittedCell(
                kind,
                text,
                grade_id if isinstance(grade_id, str) else None,
                flags,
                tags if isinstance(tags, list) else [],
                cell.get("attachments"),
                cell.get("id"),
            )
        )
    return cells, findings

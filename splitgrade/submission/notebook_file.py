"""A file that was handed in, read as a notebook; what is none is refused with the reason."""

from __future__ import annotations

import codecs
import contextlib
import json
import re
import warnings
from collections.abc import Mapping
from typing import Any

import nbformat
import nbformat.reader
from nbformat.reader import NotJSONError

from splitgrade.errors import RefusedNotebookError
from splitgrade.sandbox.limits import MAX_NOTEBOOK_BYTES, MAX_NOTEBOOK_PARTS
from splitgrade.submission.snapshot import File

_TEXT_IN_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


def read_notebook(file: File) -> Any:
    """Return the notebook in a file that a student handed in.

    Raises
    ------
    RefusedNotebookError
        When the file is no regular file, too large, empty, or not a notebook.
    """
    if file.kind != "file":
        raise RefusedNotebookError(file.why or "the file is a link, a folder or a device, not a regular file")
    if file.size > MAX_NOTEBOOK_BYTES:
        size, most = file.size // 1_000_000, MAX_NOTEBOOK_BYTES // 1_000_000
        raise RefusedNotebookError(f"the file has {size} MB; at most {most} MB are read")
    if file.content is None:
        raise RefusedNotebookError(file.why)
    if not file.content.strip():
        raise RefusedNotebookError("the file is empty")
    return _parse(file.content)


def _parse(content: bytes) -> Any:
    _check_parts(content)
    try:
        # Windows writes a mark before the text, or two bytes for each character.
        utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        # A crash leaves zeros behind the end.
        text = content.decode("utf-16" if utf_16 else "utf-8").strip("\ufeff\0 \r\n\t")
    except UnicodeDecodeError:
        raise RefusedNotebookError("not a notebook: the file is not UTF-8 text") from None
    try:
        return _read(text)
    except RefusedNotebookError as error:
        try:
            return _read(_filled_in(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # a RefusedNotebookError, too
            raise error from None  # of the file as it was handed in


def _read(text: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of double or missing cell ids: dealt with later, not printed
            notebook = nbformat.convert(nbformat.reader.reads(text), 4)
            if not _tells_cells_apart(notebook):
                _give_ids(notebook)
    except RecursionError:
        raise RefusedNotebookError("not a notebook: it is nested too deeply") from None
    except NotJSONError:
        raise RefusedNotebookError("not a notebook: the file is not JSON") from None
    except Exception as error:  # nbformat lets KeyError, AttributeError and others of damaged files through
        has_cells = '"cells"' in text or '"worksheets"' in text  # nbformat takes what has none for version 1
        why = _first_line(error) if has_cells else "it has no list of cells with text"
        raise RefusedNotebookError(f"not a notebook: {why}") from None
    _check_cells(notebook)
    return notebook


def _tells_cells_apart(notebook: Any) -> bool:
    """Return whether each cell has an id of its own, or the notebook's version knows none."""
    minor = notebook.get("nbformat_minor", 0)
    if type(minor) is not int:
        return False
    ids = [cell.get("id") for cell in notebook.cells] if minor >= 5 else []
    return all(isinstance(each, str) for each in ids) and len(ids) == len(set(ids))


def _give_ids(notebook: Any) -> None:
    """Do what `nbformat.reads` does for a notebook of any kind: what it finds wrong is no matter, that comes later."""
    with contextlib.suppress(nbformat.ValidationError):
        nbformat.validate(notebook)


def _filled_in(text: str) -> str:
    """Return a notebook with what a converter has left out or made null, where that can mean one thing only."""
    notebook = json.loads(text)
    cells = notebook["cells"]
    if not isinstance(notebook.get("nbformat"), int):
        minor = 5 if any("id" in cell for cell in cells) else 4
        notebook |= {"nbformat": 4, "nbformat_minor": minor}
    for each in (notebook, *cells):
        each["metadata"] = {} if each.get("metadata") is None else each["metadata"]
    for cell in cells:
        cell["source"] = "" if cell.get("source") is None else cell["source"]
        if cell.get("cell_type") == "code" and cell.get("outputs") is None:
            cell["outputs"] = []
    return json.dumps(notebook)


def _check_parts(content: bytes) -> None:
    """Refuse what would fill the memory as Python objects: 20 MB of JSON can hold ten million empty lists."""
    brackets = content.count(b"[") + content.count(b"{")
    if brackets > MAX_NOTEBOOK_PARTS:  # in text they cost nothing, and that may be most of a notebook
        structure = _TEXT_IN_JSON.sub(b"", content)
        brackets = structure.count(b"[") + structure.count(b"{")
    if brackets > MAX_NOTEBOOK_PARTS:
        most = f"at most {MAX_NOTEBOOK_PARTS} are read"
        raise RefusedNotebookError(f"not a notebook: the file has {brackets} lists and objects; {most}")


def _check_cells(notebook: Any) -> None:
    """Refuse what nbformat reads but nothing else can use."""
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell.get("source"), str) for cell in cells):
        raise RefusedNotebookError("not a notebook: it has no list of cells with text")
    if not all(isinstance(cell.get("metadata"), Mapping) for cell in cells):
        raise RefusedNotebookError("not a notebook: a cell has no metadata")


def _first_line(error: Exception) -> str:
    """Return what an error says, shortly."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:160]

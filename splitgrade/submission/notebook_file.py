"""A file that was handed in, read as a notebook; what is none is refused with the reason."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

import nbformat
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of double or missing cell ids: dealt with later, not printed
            notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
    except UnicodeDecodeError:
        raise RefusedNotebookError("not a notebook: the file is not UTF-8 text") from None
    except RecursionError:
        raise RefusedNotebookError("not a notebook: it is nested too deeply") from None
    except NotJSONError:
        raise RefusedNotebookError("not a notebook: the file is not JSON") from None
    except Exception as error:  # nbformat lets KeyError, AttributeError and others of damaged files through
        raise RefusedNotebookError(f"not a notebook: {_first_line(error)}") from None
    _check_cells(notebook)
    return notebook


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

"""Pictures inside a released notebook: one that travels without its folder still shows them."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import nbformat

from cnn_course.authoring.pictures import FOLDER

_PICTURE = re.compile(rf"(!\[(?:\\.|[^\]\\])*\]\(){FOLDER}/([\w.-]+\.png)(?=\))")


def attached(text: str) -> str:
    """Return Markdown whose pictures are attachments of its cell instead of files beside the notebook.

    Examples
    --------
    >>> attached("![a dot](images/dot.png) and ![a link](https://example.org/dot.png)")
    '![a dot](attachment:dot.png) and ![a link](https://example.org/dot.png)'
    """
    return _PICTURE.sub(r"\1attachment:\2", text)


def attach_pictures(folder: Path) -> None:
    """Put the pictures of a released assignment into the text cells of its notebooks.

    Cells that nbgrader watches are left alone: their checksums are in the gradebook.

    Parameters
    ----------
    folder : Path
        The released folder.

    Raises
    ------
    FileNotFoundError
        When a text names a picture that is not there.
    """
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            names = [name for _, name in _PICTURE.findall(cell.source)]
            if cell.cell_type == "markdown" and "nbgrader" not in cell.metadata and names:
                cell.attachments = {name: {"image/png": _encoded(folder / FOLDER / name)} for name in names}
                cell.source = attached(cell.source)
        path.write_text(f"{nbformat.writes(notebook, version=4)}\n", encoding="utf-8")


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode("ascii")

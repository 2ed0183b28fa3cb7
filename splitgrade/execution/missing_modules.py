"""Modules that an instructor's notebook imports and that are nowhere where grading runs: one sentence for each."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import PurePath
from typing import Final

from splitgrade.execution.cell_code import imported_modules, syntax_tree
from splitgrade.execution.instructor import InstructorNotebook, grade_id_of

_DISTRIBUTIONS: Final = {
    "Bio": "biopython",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Module -> the package that has it, where the names differ."""


def missing_modules(instructor: InstructorNotebook) -> dict[str, str]:
    """Return, by name, what to say of each module that a notebook imports and that is neither installed nor beside it.

    An import that a ``try`` surrounds is left out: such a notebook does without.

    Parameters
    ----------
    instructor : InstructorNotebook
        The notebook, with the files beside it.
    """
    beside = {part for name in instructor.files for part in PurePath(name).with_suffix("").parts}
    said: dict[str, str] = {}
    for number, cell in enumerate(instructor.notebook.cells, start=1):
        tree = syntax_tree(cell.source if cell.cell_type == "code" else "")
        for top in sorted({name.partition(".")[0] for name in imported_modules(tree, tried=False)}):
            if top not in beside and top not in said and not _is_there(top):
                said[top] = _sentence(instructor.name, grade_id_of(cell) or f"cell {number}", top)
    return said


def _is_there(top: str) -> bool:
    if top in sys.modules:
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def _sentence(notebook: str, cell: str, top: str) -> str:
    """Return what is missing, where, and what to do.

    Examples
    --------
    >>> _sentence("ps1", "setup", "sklearn").split(":")[0]
    'ps1.ipynb, setup, imports sklearn, which is not installed where grading runs'
    """
    package = _DISTRIBUTIONS.get(top, top)
    return (
        f"{notebook}.ipynb, {cell}, imports {top}, which is not installed where grading runs: install the package that "
        f"has it ({sys.executable} -m pip install {package}, if that is its name), or put {top}.py beside the notebook "
        "in source/"
    )

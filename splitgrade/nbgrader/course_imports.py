"""What the notebooks of a course import of the installed packages: worth loading before the first of them runs."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat import converter, reader

from splitgrade.execution.cell_code import imported_modules, syntax_tree

_PLACES = tuple(Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib"))
_KNOWN = frozenset({"splitgrade", "IPython", "ipywidgets", "nbgrader", "pytest"})  # there already, or not for forks


def imports_of_course(source: Path) -> tuple[str, ...]:
    """Return the dotted names of installed modules that the notebooks below a folder import.

    Parameters
    ----------
    source : Path
        The course's ``source/``.
    """
    paths = sorted(source.glob("*/*.ipynb"))
    return _imports(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=8)
def _imports(notebooks: tuple[tuple[Path, int], ...]) -> tuple[str, ...]:
    found: set[str] = set()
    for path, _ in notebooks:
        try:
            notebook = reader.reads(path.read_text(encoding="utf-8"))  # not checked: it is only looked through
            found.update(imports_of(converter.convert(notebook, 4)))
        except Exception:  # noqa: S112 - of a damaged file, in many kinds: grading says so
            continue
    return tuple(sorted(found))


def imports_of(notebook: Any) -> tuple[str, ...]:
    """Return the dotted names of installed modules that a notebook imports anywhere."""
    return tuple(sorted(name for name in set(_in_notebook(notebook)) if _is_installed(name)))


def _in_notebook(notebook: Any) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "code" and "import" in cell.source:
            yield from imported_modules(syntax_tree(cell.source))


def _is_installed(name: str) -> bool:
    """Return whether a module lies in the environment, where students' code may read it anyway."""
    top = name.split(".")[0]
    if top in sys.stdlib_module_names or top in _KNOWN:
        return False
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return False
    return (
        spec is not None and spec.origin is not None and any(p in Path(spec.origin).resolve().parents for p in _PLACES)
    )

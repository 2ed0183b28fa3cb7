"""What an attack is: a recipe that makes a submission, and what has to come of it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.attacks.course import FULL, NOTEBOOK, RIGHT

Recipe = Callable[[Path], None]
Kind = Literal["verdict", "file", "fault", "leak", "protocol"]
MARK = "LEAKS"  # hostile code shows what it found behind this word; it is put together at run time


@dataclass(frozen=True)
class Attack:
    """A hostile submission and what has to come of it.

    Parameters
    ----------
    name : str
        Unique; also the name of the student.
    kind : str
        Which list it belongs to.
    recipe : callable
        Changes a folder that holds a complete, right submission.
    scores : dict of str to float
        The points of each graded cell.
    state : str
        What the run's record says of the notebook.
    says : tuple of str
        Text that the feedback, or for a refused submission the reason, must hold.
    notes : tuple of str
        Text that the tamper report must hold.
    host : bool
        Whether stock nbgrader, which has no walls, may be shown this attack on a machine that people use.
    """

    name: str
    kind: Kind
    recipe: Recipe
    scores: dict[str, float]
    state: str = "graded"
    says: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    host: bool = True


def scores(**lost: float) -> dict[str, float]:
    """Return full marks but for the questions named, without their ``-test``."""
    return {**FULL, **{f"{name}-test": points for name, points in lost.items()}}


NOTHING = dict.fromkeys(FULL, 0.0)


# ---- recipes


def answers(**code: str) -> Recipe:
    """Put code into answer cells; the others stay right."""
    return edited(lambda nb: [_fill(nb, name, textwrap.dedent(text).strip()) for name, text in code.items()])


def edited(change: Callable[[Any], object]) -> Recipe:
    """Change the notebook as JSON, the way a text editor could."""

    def recipe(folder: Path) -> None:
        path = folder / f"{NOTEBOOK}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return recipe


def raw(change: Callable[[bytes], bytes]) -> Recipe:
    """Change the bytes of the notebook's file."""

    def recipe(folder: Path) -> None:
        path = folder / f"{NOTEBOOK}.ipynb"
        path.write_bytes(change(path.read_bytes()))

    return recipe


def beside(name: str, content: bytes | str) -> Recipe:
    """Put a file beside the notebook."""

    def recipe(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return recipe


def both(*recipes: Recipe) -> Recipe:
    """Follow several recipes, one after the other."""

    def recipe(folder: Path) -> None:
        for each in recipes:
            each(folder)

    return recipe


def cell(notebook: Any, grade_id: str) -> Any:
    """Return a cell of a notebook in JSON by grade_id."""
    return next(each for each in notebook["cells"] if _marks(each).get("grade_id") == grade_id)


def remove(notebook: Any, grade_id: str) -> None:
    """Take a cell out of a notebook in JSON."""
    notebook["cells"].remove(cell(notebook, grade_id))


def marks(notebook: Any, grade_id: str) -> Any:
    """Return nbgrader's metadata of a cell of a notebook in JSON."""
    return cell(notebook, grade_id)["metadata"]["nbgrader"]


def own_cell(source: str, **metadata: Any) -> dict[str, Any]:
    """Return a code cell as a student adds one."""
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def fill_in(notebook: Any, wanted: dict[str, str] = RIGHT) -> None:
    """Put answers into a released notebook in JSON."""
    for name, text in wanted.items():
        _fill(notebook, name, text)


def _fill(notebook: Any, grade_id: str, text: str) -> None:
    cell(notebook, grade_id)["source"] = text


def _marks(each: Any) -> Any:
    return each.get("metadata", {}).get("nbgrader", {})

"""docs/engine.md, followed to the letter in a fresh folder with nbgrader's own example course."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.course_fixture import REPOSITORY

PAGE = (REPOSITORY / "docs" / "engine.md").read_text(encoding="utf-8")
SQUARES = "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i * i for i in range(1, n + 1)]"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
SUM_ALONE = "def sum_of_squares(n):\n    return sum(i * i for i in range(1, n + 1))"


def blocks(kind: str) -> list[str]:
    """Return the blocks of a language in the page."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> str:
    """Run a line as the page has it, with the programs of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def hand_in(root: Path, student: str, **answers: str) -> None:
    """Put a submission beside the one that the page hands in."""
    folder = root / "submitted" / student / "ps1"
    folder.mkdir(parents=True)
    for path in sorted((root / "release" / "ps1").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        (folder / path.name).write_text(json.dumps(notebook), encoding="utf-8")


def scores(root: Path, student: str) -> dict[str, float | None]:
    """Return what the tests of the code cells gave, as the gradebook has it."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook("problem1", "ps1", student).grades
        return {grade.name: grade.auto_score for grade in grades if grade.cell.cell_type == "code"}


@pytest.mark.long
def test_the_page_works_as_it_stands(tmp_path: Path) -> None:
    """Quickstart, two lines, release, doctor, grade, feedback; two more students are graded as stock would."""
    [configuration] = blocks("python")
    assert configuration == "from splitgrade.nbgrader import configure\nconfigure(c)\n"
    [lines] = blocks("sh")
    root, said = tmp_path, {}
    for line in lines.splitlines():
        if line.startswith("cd "):
            root = root / line.removeprefix("cd ")
            continue
        if line == "splitgrade grade ps1":
            hand_in(root, "bob", squares=SQUARES, sum_of_squares=SUM)
            hand_in(root, "cyd", squares=SQUARES, sum_of_squares=SUM_ALONE)
        said[line] = run(line, root)
    assert configuration in (root / "nbgrader_config.py").read_text()
    assert "problem1: " in said["splitgrade doctor ps1"]
    full = {
        "correct_squares": 1,
        "squares_invalid_input": 1,
        "correct_sum_of_squares": 0.5,
        "sum_of_squares_uses_squares": 0.5,
        "sum_of_squares_application": None,
    }
    assert scores(root, "ada") == dict.fromkeys(full, 0)
    assert scores(root, "bob") == {**full, "sum_of_squares_application": 0}
    assert scores(root, "cyd") == {**full, "sum_of_squares_application": 0, "sum_of_squares_uses_squares": 0}
    pages = sorted(path.relative_to(root).as_posix() for path in (root / "feedback").rglob("problem*.html"))
    assert pages == [f"feedback/{who}/ps1/problem{n}.html" for who in ("ada", "bob", "cyd") for n in (1, 2)]

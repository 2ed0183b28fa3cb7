"""A released folder stands alone: manifest, instructions, pictures inside the notebooks, an import that explains."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cnn_course.authoring.attachments import attach_pictures, attached
from cnn_course.course import load_course
from tests.course_fixture import REPOSITORY

COURSE = load_course(REPOSITORY)
NOTEBOOKS = [(name, notebook) for name, assignment in COURSE.assignments.items() for notebook in assignment.notebooks]


def released(assignment: str, notebook: str) -> nbformat.NotebookNode:
    """Return a released notebook."""
    return nbformat.read(REPOSITORY / "release" / assignment / f"{notebook}.ipynb", as_version=4)


@pytest.mark.parametrize(("assignment", "notebook"), NOTEBOOKS)
def test_the_manifest_lists_exactly_the_questions(assignment: str, notebook: str) -> None:
    """Each cell with points is one entry, in order, with an answer that its check looks up, and a title."""
    manifest = json.loads((REPOSITORY / "release" / assignment / "questions.json").read_text())["notebooks"]
    cells = [cell for cell in released(assignment, notebook).cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [entry["id"] for entry in manifest[notebook]] == [cell.id.removesuffix("-test") for cell in cells]
    for entry, cell in zip(manifest[notebook], cells, strict=True):
        assert entry["title"]
        assert bool(entry["answer"]) == (cell.cell_type == "code")
        assert f"lambda: {entry['answer']})" in cell.source or not entry["answer"]
    assert set(manifest) == set(COURSE.assignments[assignment].notebooks)


@pytest.mark.parametrize(("assignment", "notebook"), NOTEBOOKS)
def test_a_notebook_shows_its_pictures_alone(assignment: str, notebook: str) -> None:
    """No text points at a file; every attachment is used and is the picture of the folder."""
    for cell in released(assignment, notebook).cells:
        assert "](images/" not in cell.source
        for name, kinds in cell.get("attachments", {}).items():
            assert f"(attachment:{name})" in cell.source
            picture = (REPOSITORY / "release" / assignment / "images" / name).read_bytes()
            assert base64.b64decode(kinds["image/png"]) == picture


def test_only_pictures_of_the_assignment_are_attached(tmp_path: Path) -> None:
    """Links, other addresses, watched cells and code stay as they are; a picture that is missing is an error."""
    text = "![a \\] b](images/a.png) [text](images/a.png) ![c](https://example.org/images/a.png) `images/a.png`"
    assert attached(text) == text.replace("![a \\] b](images/a.png)", "![a \\] b](attachment:a.png)")
    watched = nbformat.v4.new_markdown_cell("![a](images/a.png)", metadata={"nbgrader": {}})
    plain = nbformat.v4.new_markdown_cell("![a](images/a.png)")
    nbformat.write(nbformat.v4.new_notebook(cells=[watched, plain]), tmp_path / "one.ipynb")
    with pytest.raises(FileNotFoundError):
        attach_pictures(tmp_path)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(b"dots")
    attach_pictures(tmp_path)
    cells = nbformat.read(tmp_path / "one.ipynb", as_version=4).cells
    assert [cell.source for cell in cells] == ["![a](images/a.png)", "![a](attachment:a.png)"]
    assert cells[1].attachments == {"a.png": {"image/png": "ZG90cw=="}}


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_instructions_name_every_notebook(assignment: str) -> None:
    """START-HERE.md has its places filled; what the kit needs can be installed from beside it."""
    folder = REPOSITORY / "release" / assignment
    text = (folder / "START-HERE.md").read_text()
    assert all(f"`{name}.ipynb`" in text for name in COURSE.assignments[assignment].notebooks)
    assert "{" not in text
    assert {"numpy", "pillow", "jupyterlab"} <= {
        line.split(">")[0] for line in (folder / "requirements.txt").read_text().splitlines()
    }


@pytest.mark.slow
def test_a_lone_notebook_says_what_is_missing(tmp_path: Path) -> None:
    """Without the kit the first cell says what to put where."""
    shutil.copy(REPOSITORY / "release" / "cnn_quiz" / "quiz.ipynb", tmp_path)
    code = next(cell.source for cell in released("cnn_quiz", "quiz").cells if cell.cell_type == "code")
    command = [sys.executable, "-I", "-S", "-c", code]  # no package of this machine, the kit among them
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "START-HERE.md" in done.stderr.splitlines()[-1]

"""Tests that nbgrader writes at release are graded as it wrote them; a header is part of every notebook."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import GenerateAssignment

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.instructor import with_cell_ids
from splitgrade.nbgrader.execute import read_once
from splitgrade.nbgrader.session import convert, load_config
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore
from tests.splitgrade.conftest import Graded, answer, answered, marks

SQUARES = "def squares(n):\n    return [scale * i * i for i in range(1, n + 1)]"
TEST = (
    "### AUTOTEST squares(3)\n### BEGIN HIDDEN TESTS\n### HASHED AUTOTEST squares(4)[-1]\n### END HIDDEN TESTS\n"
    "assert offset == 7"
)


def course(root: Path) -> Path:
    """Write a course of nbformat 4.4 with a header, and nbgrader's own templates of tests."""
    (root / "source" / "ps1").mkdir(parents=True)
    templates = Path(nbgrader.__file__).parent / "tests" / "apps" / "files" / "autotests.yml"
    shutil.copy(templates, root / "autotests.yml")
    test = new_code_cell(TEST, metadata=marks("squares-test", grade=True, locked=True, points=1))
    task = new_markdown_cell("Draw it.", metadata=marks("drawing", task=True, locked=True, points=2))
    header = new_code_cell("scale, offset = 1, 7", metadata=marks("header", locked=True))
    for path, cells in {
        root / "source" / "ps1" / "one.ipynb": [answer("squares", SQUARES), test, task],
        root / "source" / "header.ipynb": [header],
    }.items():
        notebook = new_notebook(cells=cells)
        notebook.nbformat_minor = 4
        notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
        for cell in notebook.cells:
            cell.pop("id", None)
        nbformat.write(notebook, path)
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.IncludeHeaderFooter.header = 'source/header.ipynb'\n"
        "from splitgrade.nbgrader import configure\nconfigure(c)\n"
    )
    return root


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader's
def test_tests_come_from_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the release the notebook is refused by name; after it a blank answer has nothing, a right one all."""
    root = course(tmp_path / "course")
    monkeypatch.chdir(root)
    config = load_config(root)
    path = (root / "source" / "ps1" / "one.ipynb").resolve()
    with pytest.raises(ValueError, match=r"squares-test hold ### AUTOTEST lines"):
        read_once(path, config)
    outcome = convert(GenerateAssignment, config, "ps1")
    assert outcome.success, outcome.log
    gc.collect()  # the sockets of the kernel that nbgrader has left open: here, where nobody minds
    instructor = read_once(path, config)
    assert list(instructor.cells) == ["header", "squares", "squares-test", "drawing"]
    assert "AUTOTEST" not in instructor.cells["squares-test"].source
    assert "sha1" in instructor.cells["squares-test"].source  # the hashed one, which students do not get
    assert "HIDDEN" not in instructor.released["squares-test"]
    wrong = SQUARES.replace("i * i", "i")
    with Engine(EngineOptions(Limits(cell_seconds=10), policy="none")) as engine:
        assert engine.calibration(instructor).apart == {}
        for code, points in ((SQUARES, 1), (wrong, 0), ("", 0)):
            notebook = restore(instructor, answered(instructor, squares=code)).notebook
            engine.run(notebook, instructor, instructor.files)
            scores = {cell: score for cell, score in Graded(notebook).scores.items() if cell == "squares-test"}
            assert scores == {"squares-test": points}
            nbformat.validate(notebook)


def test_cells_of_older_formats_have_the_same_ids_every_time() -> None:
    """They are called by grade_id, failing that by place; a notebook of 4.5 keeps its own."""
    cells = [answer("a", "x = 1"), new_markdown_cell("text"), answer("b", "x = 2")]
    for cell in (cells[0], cells[2]):
        cell.metadata.nbgrader["grade_id"] = "a b/c"
    old = new_notebook(cells=cells)
    old.nbformat_minor = 0
    for cell in old.cells:
        cell.pop("id", None)
    assert [cell["id"] for cell in with_cell_ids(old).cells] == ["a-b-c", "cell-2", "a-b-c-3"]
    assert (old.nbformat, old.nbformat_minor) == (4, 5)
    nbformat.validate(old)
    new = new_notebook(cells=[new_markdown_cell("text", id="mine")])
    assert with_cell_ids(new).cells[0]["id"] == "mine"

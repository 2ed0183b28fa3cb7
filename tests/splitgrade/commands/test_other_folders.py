"""A course that has nothing where nbgrader puts it by default: other folders, a root elsewhere, files to ignore, R."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from click.testing import CliRunner, Result
from nbformat.v4 import new_notebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import GenerateAssignment
from nbgrader.server_extensions.validate_assignment.handlers import ValidateAssignmentHandler

from splitgrade.commands.main import cli
from splitgrade.errors import CourseError
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.splitgrade.conftest import answer
from tests.splitgrade.conftest import tests_of as hidden_tests

SETTINGS = """
c = get_config()
from splitgrade.nbgrader import configure
configure(c)
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "teachers"
c.CourseDirectory.release_directory = "handout"
c.CourseDirectory.submitted_directory = "handed_in"
c.CourseDirectory.autograded_directory = "marked"
c.CourseDirectory.feedback_directory = "pages"
c.CourseDirectory.assignment_id = "ps1"
c.CourseDirectory.ignore = ["*.secret", ".ipynb_checkpoints"]
"""
R_KERNEL = {"name": "ir", "language": "R", "display_name": "R"}
PYTHON = {"name": "python3", "language": "python", "display_name": "Python 3"}
SOLUTION = "import os\nseen = sorted(os.listdir('parts')) + [name for name in os.listdir() if 'key' in name]"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return the folder of the configuration; the course lies in another one."""
    (tmp_path / "settings").mkdir()
    text = SETTINGS.format(root=str(tmp_path / "course"))
    (tmp_path / "settings" / "nbgrader_config.py").write_text(text)
    return tmp_path / "settings"


def run(settings: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run a command beside the configuration."""
    monkeypatch.chdir(settings)
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    return done


@pytest.mark.long
def test_the_folders_that_the_configuration_names_are_used(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor, grade and feedback find and fill them; an ignored file is nowhere, what is written in R waits."""
    root = settings.parent / "course"
    source = root / "teachers" / "ps1"
    (source / "parts").mkdir(parents=True)
    (source / "parts" / "table.csv").write_text("1")
    (source / "key.secret").write_text("42")
    cells = [answer("see", SOLUTION), hidden_tests("see-test", "assert seen == ['table.csv']", 2)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": PYTHON}), source / "look.ipynb")
    nbformat.write(new_notebook(cells=cells), source / "parts" / "inner.ipynb")
    in_r = [answer("add", "add <- function(a) a + 1"), hidden_tests("add-test", "stopifnot(add(1) == 2)", 3)]
    nbformat.write(new_notebook(cells=in_r, metadata={"kernelspec": R_KERNEL}), source / "more.ipynb")
    config = load_config(settings)
    assert convert(GenerateAssignment, config, "ps1").success
    for student, text in (("ada", SOLUTION), ("bob", "seen = []")):
        shutil.copytree(root / "handout" / "ps1", root / "handed_in" / student / "ps1")
        path = root / "handed_in" / student / "ps1" / "look.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source = text
        nbformat.write(notebook, path)
    said = run(settings, monkeypatch, "doctor", "ps1").output
    assert "look: 1 apart from students' code" in said
    assert "more: 1 by a person" in said
    assert "written in R, and only Python is run here" in said
    said = run(settings, monkeypatch, "grade", "ps1").output
    assert "more: the notebook is written in R; only Python is run here" in said
    assert str(root / "marked") in said
    with open_gradebook(root, config) as gradebook:
        for student, score in (("ada", 2), ("bob", 0)):
            [looked] = gradebook.find_submission_notebook("look", "ps1", student).grades
            [added] = gradebook.find_submission_notebook("more", "ps1", student).grades
            assert (looked.auto_score, looked.needs_manual_grade) == (score, False)
            assert (added.auto_score, added.needs_manual_grade) == (None, True)
    assert str(root / "pages") in run(settings, monkeypatch, "feedback", "ps1").output
    pages = sorted(path.relative_to(root).as_posix() for path in (root / "pages").rglob("*.html"))
    assert {"pages/ada/ps1/look.html", "pages/bob/ps1/more.html"} <= {*pages}
    assert sorted(each.name for each in root.iterdir() if not each.name.startswith(".")) == [
        *("gradebook.db", "handed_in", "handout", "marked", "pages", "teachers")
    ]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own queries
def test_the_buttons_of_formgrader_and_validate_use_them(settings: Path) -> None:
    """Generate, autograde and feedback as formgrader calls them, and validate's handler on two notebooks."""
    root, config = settings.parent / "course", load_config(settings)
    for folder, expected in (("teachers/ps1", 2), ("source/ps1", 3)):  # the second is none of the course's
        (root / folder).mkdir(parents=True)
        cells = [answer("two", "two = 2"), hidden_tests("two-test", "")]
        cells[1].source = f"assert two == {expected}"
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": PYTHON}), root / folder / "sum.ipynb")
    formgrader = NbGraderAPI(config=config)
    assert formgrader.generate_assignment("ps1")["success"]
    for student, text in (("ada", "two = 1 + 1"), ("bob", "two = 3")):
        shutil.copytree(root / "handout" / "ps1", root / "handed_in" / student / "ps1")
        path = root / "handed_in" / student / "ps1" / "sum.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source = text
        nbformat.write(notebook, path)
        done = formgrader.autograde("ps1", student)
        assert done["success"], done
        done = formgrader.generate_feedback("ps1", student)
        assert done["success"], done
    with open_gradebook(root, config) as gradebook:
        found = {who: gradebook.find_submission_notebook("sum", "ps1", who).score for who in ("ada", "bob")}
    assert found == {"ada": 1, "bob": 0}
    assert (root / "marked" / "bob" / "ps1" / "sum.ipynb").is_file()
    assert (root / "pages" / "ada" / "ps1" / "sum.html").is_file()
    button = SimpleNamespace(root_dir=str(root), load_config=lambda: load_config(settings), log=logging.getLogger())
    for place, says in (("teachers/ps1", set()), ("handed_in/bob/ps1", {"failed"})):
        said = ValidateAssignmentHandler.validate_notebook(button, f"{place}/sum.ipynb")
        assert said["success"], said["value"]
        assert said["value"].keys() == says


def test_other_orders_of_folders_are_refused(settings: Path) -> None:
    """What would be searched in the wrong place is said instead."""
    config = load_config(settings)
    config.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
    with pytest.raises(CourseError, match="directory_structure is"):
        CourseFolders.of(config)

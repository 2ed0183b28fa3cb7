"""``cnn-course check``: an exit status that tells, and no student's code outside the sandbox."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.preprocessors import Execute

from cnn_course.commands.check import check_command
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, REPOSITORY, hand_in
from tests.splitgrade.nbgrader.conftest import cell, change

pytestmark = pytest.mark.usefixtures("kept_servers")


@pytest.fixture
def course(released: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a released course; nbgrader's own Execute, which has no sandbox, must never be used."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("run outside the sandbox")

    monkeypatch.setattr(Execute, "preprocess", refuse)
    monkeypatch.chdir(released)
    return released


def test_a_solved_notebook_passes(course: Path) -> None:
    """Exit status 0 and one line."""
    folder = hand_in(course, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
    done = CliRunner().invoke(check_command, [str(folder / "two.ipynb")])
    assert done.exit_code == 0, done.output
    assert "two.ipynb: all checks pass" in done.output


def test_a_notebook_that_fails_says_what(course: Path) -> None:
    """Exit status 1, with the error of the cell."""
    path = course / "source" / ASSIGNMENT / "two.ipynb"
    change(path, lambda nb: cell(nb, "two-add").update(source=cell(nb, "two-add").source.replace("a + b", "a - b")))
    done = CliRunner().invoke(check_command, [str(path)])
    assert done.exit_code == 1
    assert "two.ipynb: 1 to look at" in done.output


def test_an_open_question_fails_with_the_words_of_the_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The released quiz as it is: every question is open, and says so in its own words."""
    monkeypatch.chdir(REPOSITORY)
    path = REPOSITORY / "release" / "cnn_quiz" / "quiz.ipynb"
    done = CliRunner().invoke(check_command, [str(path)])
    assert done.exit_code == 1
    tests = [cell for cell in nbformat.read(path, as_version=4).cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert f"quiz.ipynb: {len(tests)} to look at" in done.output
    assert "q01: not answered yet." in done.output
    assert "Partial credit" not in done.output


def test_what_belongs_to_no_assignment_is_not_run(course: Path, tmp_path: Path) -> None:
    """A stranger's notebook is refused before any of its code runs; so is no notebook, or one not there: status 2."""
    trace = tmp_path / "executed"
    strange = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"open({str(trace)!r}, 'w')")])
    nbformat.write(strange, tmp_path / "strange.ipynb")
    (tmp_path / "text.ipynb").write_text("no notebook")
    for name, words in (("strange", "shares no cell"), ("text", "cannot be read"), ("nosuch", "does not exist")):
        done = CliRunner().invoke(check_command, [str(tmp_path / f"{name}.ipynb")])
        assert done.exit_code == 2
        assert words in done.stderr
        assert done.stdout == ""
    assert not trace.exists()

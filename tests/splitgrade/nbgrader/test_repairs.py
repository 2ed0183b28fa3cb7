"""nbgrader's own commands take names as names, and say before they write that an assignment is not released."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from splitgrade.errors import CourseError
from splitgrade.nbgrader.session import convert, load_config
from tests.course_fixture import ASSIGNMENT, make_course

pytestmark = pytest.mark.usefixtures("kept_servers")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Write a course that nobody has released into a folder whose path is a pattern."""
    return make_course(tmp_path / "Teaching [2026] *" / "course")


def _found(root: Path, **traits: str) -> dict[str, int]:
    """Return whose submissions nbgrader would convert, and how many notebooks of each."""
    config = load_config(root)
    converter = Autograde(coursedir=CourseDirectory(config=config, assignment_id=ASSIGNMENT, **traits), config=config)
    converter.init_notebooks()
    return {Path(folder).parent.name: len(found) for folder, found in converter.assignments.items()}


@pytest.fixture
def released(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hand in for four students; whether the gradebook knows the assignment is not asked here."""
    monkeypatch.setattr("splitgrade.nbgrader.repairs._check_released", lambda course: None)
    for student in ("[ab]", "a", "*", "line\nend"):
        shutil.copytree(course / "source" / ASSIGNMENT, course / "submitted" / student / ASSIGNMENT)
    return course


def test_a_pattern_leaves_out_names_and_nothing_else(course: Path) -> None:
    """The instructor's notebooks are left out whatever the folder above them is called."""
    load_config(course)
    found = find_all_files(str(course / "source"), ["*.ipynb", "images"])
    assert found == []
    assert [Path(name).name for name in find_all_files(str(course / "source"), ["*.ipynb"])] == ["dots.png"]


@pytest.mark.parametrize(("student", "wanted"), [("[ab]", {"[ab]": 2}), ("a", {"a": 2})])
def test_the_very_name_goes_before_a_pattern(released: Path, student: str, wanted: dict[str, int]) -> None:
    """A student ``[ab]`` is that student, not everybody called a or b."""
    assert _found(released, student_id=student) == wanted


def test_all_are_found_but_who_cannot_be_named(released: Path) -> None:
    """A folder with a line end in its name is refused by itself; nbgrader would end the run at it."""
    assert _found(released) == {"[ab]": 2, "a": 2, "*": 2}


def test_an_assignment_that_is_not_released_leaves_no_folder(course: Path) -> None:
    """Formgrader's button before the release: one sentence, and nothing is written."""
    shutil.copytree(course / "source" / ASSIGNMENT, course / "submitted" / "ada" / ASSIGNMENT)
    outcome = convert(Autograde, load_config(course), ASSIGNMENT, "ada")
    assert (outcome.success, outcome.error) == (False, CourseError.__name__)
    assert "release it first" in outcome.reason
    assert not (course / "autograded" / "ada").exists()

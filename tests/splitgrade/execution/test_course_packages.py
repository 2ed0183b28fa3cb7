"""Packages that are imported before the first notebook comes."""

from pathlib import Path

import pytest

from splitgrade.execution.course_packages import CoursePackages
from tests.splitgrade.conftest import answer, answered, instructor_notebook
from tests.splitgrade.conftest import tests_of as hidden_tests

ROOT = Path(__file__).resolve().parents[3]
KIT = CoursePackages(travelling=("student_kit",))


def kit_files() -> dict[str, str | bytes]:
    """Return the kit of this course as it travels with an assignment."""
    every = (path for path in (ROOT / "student_kit").rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in every}


def test_an_assignment_with_the_same_kit_uses_the_one_that_is_loaded(grade, tmp_path):
    """Nothing is imported again, and what lies beside the notebook is there."""
    code = "import os, sys\nloaded = 'student_kit.check' in sys.modules and 'check.py' in os.listdir('student_kit')"
    test = hidden_tests("kit-test", "float(loaded)")
    instructor = instructor_notebook(tmp_path, answer("kit", code), test, files=kit_files())
    assert KIT.other_than(instructor.files) == ()
    assert grade(instructor, answered(instructor, kit=code)).scores == {"kit-test": 1}


@pytest.mark.parametrize("change", ["other text", "one module more", "one module less", "other data"])
def test_an_assignment_with_another_kit_uses_its_own(grade, tmp_path, change):
    """Students tried their answers with the kit that was handed out: that one is imported, whole."""
    files = kit_files()
    if change == "other text":
        files["student_kit/__init__.py"] = "AGE = 'old'\n"
    elif change == "other data":
        files["student_kit/explorers/page.css"] = ""
        files["student_kit/__init__.py"] = (ROOT / "student_kit/__init__.py").read_bytes() + b"\nAGE = 'old'\n"
    elif change == "one module more":
        files["student_kit/more.py"] = "AGE = 'old'\n"
    else:
        files = {"student_kit/__init__.py": "AGE = 'old'\n"}
    where = "student_kit.more" if change == "one module more" else "student_kit"
    test = hidden_tests("kit-test", "float(seen == 'old')")
    instructor = instructor_notebook(tmp_path, answer("kit", f"import {where}\nseen = {where}.AGE"), test, files=files)
    assert KIT.other_than(instructor.files) == ("student_kit",)
    assert grade(instructor, answered(instructor, kit=f"import {where}\nseen = {where}.AGE")).scores == {"kit-test": 1}

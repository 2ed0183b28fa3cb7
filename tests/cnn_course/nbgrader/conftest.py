"""A released tiny course with a small class, graded once for all tests that only look."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback

from cnn_course.nbgrader.session import convert, load_config
from tests.course_fixture import ASSIGNMENT, hand_in, make_course

RIGHT = "def add(a, b):\n    return a + b"
WRONG = "def add(a, b):\n    return a - b"


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """Return a released course without submissions."""
    root = make_course(tmp_path / "course")
    outcome = convert(GenerateAssignment, load_config(root), ASSIGNMENT)
    assert outcome.success, outcome.log
    return root


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with three graded students and their feedback; for reading only."""
    root = make_course(tmp_path_factory.mktemp("graded") / "course")
    config = load_config(root)
    assert convert(GenerateAssignment, config, ASSIGNMENT).success
    hand_in(root, "ada", one_add=RIGHT, two_add=RIGHT.replace("add", "plus"), one_why="The order does not matter.")
    hand_in(root, "bob", one_add=WRONG, two_add="def plus(a, b):\n    raise KeyError('mine')")
    hand_in(root, "cyd")
    for student in ("ada", "bob", "cyd"):
        for converter in (Autograde, GenerateFeedback):
            outcome = convert(converter, config, ASSIGNMENT, student)
            assert outcome.success, outcome.log
    return root

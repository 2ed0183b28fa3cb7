"""The demo class, run once: released, handed in, graded, with feedback."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from cnn_course.course import Course, load_course
from cnn_course.demo.recipes import DemoClass, read_class
from cnn_course.demo.run import demo_config, run_demo
from cnn_course.reporting.class_report import read_graded
from cnn_course.reporting.table import GradedAssignment
from tests.course_fixture import REPOSITORY


@dataclass(frozen=True)
class Demo:
    """What the demo left behind: exit status, what it printed, recipes, results."""

    course: Course
    folder: Path
    status: int
    printed: str
    recipes: DemoClass
    graded: tuple[GradedAssignment, ...]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo in a folder of its own; for reading only."""
    course = load_course(REPOSITORY)
    folder = tmp_path_factory.mktemp("demo") / "course"
    text = io.StringIO()
    status = run_demo(course, folder, Console(file=text, width=120))
    recipes = read_class(REPOSITORY)
    graded = tuple(read_graded(folder, recipes.assignments, demo_config(course, folder, recipes)))
    return Demo(course, folder, status, text.getvalue(), recipes, graded)

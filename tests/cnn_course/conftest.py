"""A small course with one exercise, one quiz, one picture and a kit, made anew for each test."""

from __future__ import annotations

import itertools
import os
import textwrap
from pathlib import Path

import pytest

NUMBERS = itertools.count()

EXERCISE = '''\
# %% [markdown] id="ex1-intro"
# # One exercise
#
# ![a window](images/ex1-window.png)

# %% id="ex1-setup" locked=true
import numpy as np
from small_kit import check, progress

# %% id="ex1-size" solution=true
def size(n):
    """Return the size."""
    ### BEGIN SOLUTION
    answer = int(np.floor(n / 2)) + 1
    return answer
    ### END SOLUTION

# %% id="ex1-try"
size(3)

# %% id="ex1-size-test" points=1
check("ex1-size", lambda: size)
### BEGIN HIDDEN TESTS
import CHECKS; CHECKS.grade("ex1-size", lambda: size)
### END HIDDEN TESTS

# %% [markdown] id="ex1-why-prompt"
# Why is that so?

# %% [markdown] id="ex1-why" written=true points=0.75
# Half of the places are skipped, and the first one counts too.
#
# **Rubric**
#
# - 0.5: says that half of the places are skipped
# - 0.25: says that the first place counts

# %% [markdown] id="ex1-examples"
# The size is worth {worth:ex1-size} of {points:ex1}.
#
# {examples:ex1-size}

# %% id="ex1-progress"
progress()
'''

QUIZ = """\
title = "Small quiz"
intro = "Two items."

[[items]]
id = "q01"
title = "Sliding"
prompt = "What slides?"
type = "letter"
key = "b"
points = 1
why = "The filter is what moves over the picture."

[items.options]
a = "the picture"
b = "the filter"

[items.hints]
a = "Think about which of the two is the smaller one."

[[items]]
id = "q02"
title = "Counting"
prompt = "How many weights has a filter of 3 by 3?"
type = "number"
key = 9
points = 0.5
why = "Three rows of three weights are nine weights."
"""

COURSE = """\
title = "Small course"
course_id = "small"
checks = "CHECKS"
private = ["secret_reference"]
student_files = ["small_kit"]

[assignments.exercises]
points = { ex1 = 1.75 }

[assignments.quiz_week]
quiz = "quiz.toml"
points = { quiz = 1.5 }
"""

CHECKS = """\
from fractions import Fraction
from types import SimpleNamespace

QUESTIONS = {
    name: SimpleNamespace(id=name, points=Fraction(points))
    for name, points in {"ex1-size": "1", "q01": "1", "q02": "0.5"}.items()
}


def grade(question_id, answer):
    return 0.0
"""

PICTURES = """\
import numpy as np
from matplotlib.image import imsave


def draw(folder):
    imsave(folder / "ex1-window.png", np.arange(48, dtype=float).reshape(6, 8))
"""

KIT = '''\
"""What students get."""


def check(question_id, answer):
    """Say whether a question is answered."""
    try:
        print(question_id, "is not answered yet" if answer() in (..., None) else "is answered")
    except Exception as error:
        print(question_id, error)


def progress(notebook=""):
    """Say where the student stands."""
    print("hidden tests exist")
'''


EXAMPLES = '''\
"""What students may try."""

from types import SimpleNamespace

FUNCTIONS = {"ex1-size": SimpleNamespace(as_markdown=lambda: "- `size(5)` gives **3**.")}
FORMS = {"q01": SimpleNamespace(options="ab"), "q02": SimpleNamespace()}
'''


class Files:
    """The folder of a course, with what the tests do to it."""

    def __init__(self, root: Path, checks: str) -> None:
        self.root = root
        self.checks = checks

    def write(self, name: str, text: str) -> None:
        """Write a file, the name of the checks package filled in."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("CHECKS", self.checks), encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace text that occurs exactly once in a file."""
        path = self.root / name
        text, old = path.read_text(encoding="utf-8"), old.replace("CHECKS", self.checks)
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new.replace("CHECKS", self.checks)), encoding="utf-8")
        changed = path.stat().st_mtime + 2  # Python takes a module of the same second and size for what it has compiled
        os.utime(path, (changed, changed))

    def snapshot(self, folder: str) -> dict[str, bytes]:
        """Return the bytes of every file below a folder."""
        top = self.root / folder
        return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def make_course(root: Path) -> Files:
    """Write a small course that builds."""
    found = Files(root, f"small_checks_{next(NUMBERS)}")  # a new name each time: modules are imported once
    found.write("authoring/course.toml", COURSE)
    found.write("authoring/exercises/ex1.py", EXERCISE)
    found.write("authoring/exercises/pictures.py", PICTURES)
    found.write("authoring/exercises/images/ex1-window.txt", "a window\n")
    found.write("authoring/quiz_week/quiz.toml", QUIZ)
    found.write(f"{found.checks}/__init__.py", CHECKS)
    found.write("small_kit/__init__.py", KIT)
    found.write("small_kit/examples.py", EXAMPLES)
    found.write("small_kit/__pycache__/litter.pyc", "litter")
    found.write(
        "nbgrader_config.py",
        textwrap.dedent(
            """\
            from pathlib import Path

            c = get_config()
            c.CourseDirectory.course_id = "small"
            c.CourseDirectory.root = str(Path(__file__).resolve().parent)
            c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
            """
        ),
    )
    return found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Return a small course that builds."""
    return make_course(tmp_path)


@pytest.fixture(scope="session")
def make_files(tmp_path_factory):
    """Return a function that makes a small course for tests that share one."""
    return lambda: make_course(tmp_path_factory.mktemp("course"))

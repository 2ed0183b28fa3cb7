"""What students may try before they hand in, as the build sees it: public examples and forms of answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from cnn_course.authoring.checks import importable
from cnn_course.course import COURSE_FILE, Course
from cnn_course.errors import BuildError, Problem


@dataclass(frozen=True)
class Kit:
    """The package that travels with every assignment.

    Parameters
    ----------
    name : str
        The package.
    examples : mapping of str to str
        Question to its public examples, in Markdown.
    forms : mapping of str to str
        Question to the letters that are legal; "" where the answer is no letter.
    """

    name: str
    examples: Mapping[str, str]
    forms: Mapping[str, str]


def kit_name(course: Course) -> str:
    """Return the first package among the students' files: notebooks take check and progress from it.

    Raises
    ------
    BuildError
        When there is none.
    """
    packages = [Path(name).name for name in course.student_files if (course.root / name / "__init__.py").is_file()]
    if not packages:
        rule, next_step = "a course needs a package among the student_files", "name one that has check and progress"
        raise BuildError(COURSE_FILE, [Problem(COURSE_FILE, "student_files", rule, "none", next_step)])
    return packages[0]


def load_kit(course: Course) -> Kit:
    """Return the public examples and the forms of answers of a course.

    Parameters
    ----------
    course : Course
        The first package among its student_files has a module ``examples`` with FUNCTIONS, a mapping of question to
        an object with ``as_markdown()``, and FORMS, a mapping of question to a form.

    Raises
    ------
    BuildError
        When there is no such package or module.
    """
    name = kit_name(course)
    folder = next(course.root / file for file in course.student_files if Path(file).name == name)
    with importable(folder.parent), _afresh(name):
        try:
            found = import_module(f"{name}.examples")
            examples = {question: str(public.as_markdown()) for question, public in found.FUNCTIONS.items()}
            forms = {question: str(getattr(form, "options", "")) for question, form in found.FORMS.items()}
        except Exception as error:  # whatever the import of someone's package raises is news for the author
            rule = f"{name}.examples can be imported and has FUNCTIONS and FORMS"
            step = f"try: python -c 'import {name}.examples'"
            problem = Problem(COURSE_FILE, "student_files", rule, f"{type(error).__name__}: {error}", step)
            raise BuildError(f"public examples of {course.title}", [problem]) from error
    return Kit(name, examples, forms)


@contextmanager
def _afresh(package: str) -> Iterator[None]:
    """Import a package as it lies in this course, whichever one was imported before, and put that one back."""
    names = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    before = {name: sys.modules.pop(name) for name in names}
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]
        sys.modules.update(before)

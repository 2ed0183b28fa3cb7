"""A new course on another topic: the machinery of this one, and none of its questions.

The packages of checks and of what students get are copied as far as a question needs them, under names of their own.
Which modules that are is read from their imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from cnn_course.authoring.kit import kit_name
from cnn_course.course import COURSE_FILE, Course
from cnn_course.errors import BuildError, Problem

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# What the texts of `new_texts` use; everything else that is copied follows from these.
_CHECKS = ("grading", "registry", "cases", "question", "function_question", "value_questions", "choice_question")
_KIT = ("check", "progress", "example", "form", "inputs", "slips")
_EMPTY = ("questions", "wrong_answers", "right_answers", "examples")  # folders whose modules are found by themselves
_QUIZ = "questions/quiz.py"  # reads the items from authoring/: the same in every course

_CONFIG = Template('''\
"""How nbgrader runs this course: the engine, and what is this course's own."""

import sys
from pathlib import Path

from cnn_course.exporting.nbgrader_plugin import QuotedCsvExport
from splitgrade.nbgrader import configure

HERE = Path(__file__).parent.resolve()
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # the packages of checks and kit lie here

c = get_config()  # noqa: F821 - given by traitlets, which reads this file

configure(
    c,
    checks=["$checks"],
    travelling=["$kit"],
    private=["cnn_course"],
    check_data=[HERE / "authoring"],  # keys and hints of the quizzes
    after_grades=["cnn_course.reporting.settle.ApplyDecisions"],  # decisions.toml, on every path of grading
)

c.CourseDirectory.course_id = "$name"  # also in authoring/course.toml
c.CourseDirectory.root = str(HERE)
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.SplitExecute.copy_back = "always"  # the checks compute expected values from private copies
c.SplitExecute.refusals = "raise"  # the checks take no error for a right answer, and go on with the next case
c.ExportApp.plugin_class = QuotedCsvExport  # nbgrader's own writes names with commas unquoted
''')

_COURSE = Template("""\
# The course: which notebooks there are, what they are worth, where their checks are.
title = "$title"
course_id = "$name"          # also in nbgrader_config.py
checks = "$checks"           # the package of hidden checks
student_files = ["$kit"]     # travels with every assignment

[assignments]
""")

_INIT_CHECKS = Template('''\
"""Hidden checks: the cases that are tried, the comparison, and the messages to the student."""

from $checks.grading import examine, grade
from $checks.registry import QUESTIONS

__all__ = ["QUESTIONS", "examine", "grade"]
''')

_INIT_KIT = Template('''\
"""What a student may have: checks with staged messages, and an overview."""

from $kit.check import check
from $kit.inputs import example
from $kit.progress import progress
from $kit.slips import forgive

__all__ = ["check", "example", "progress"]

forgive()  # a slip in one cell costs that cell only
''')

_PRICES = """\
# What a known mistake costs: the share of the question's points, by the kind of question, or by question and mistake.

[defaults]
function = 0.5
entries = 0.5
form = 0.2  # right counts that are floats
number = { costs = 1, why_more = "The number is the whole answer." }
letters = { costs = 1, why_more = "The letter is the whole answer." }
"""


def new_course(model: Course, folder: Path, name: str, title: str) -> list[Path]:
    """Write a course without assignments; `new_assignment` adds the first.

    Parameters
    ----------
    model : Course
        The course whose machinery is copied.
    folder : Path
        Where; empty, or not there yet.
    name, title : str
        What nbgrader and what people call it. The packages are called ``NAME_checks`` and ``NAME_kit``.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    BuildError
        When the name is none, or the folder holds something; nothing is written then.
    """
    if not _NAME.fullmatch(name):
        raise _stop("a course has a name of small letters, digits and _, a letter first", repr(name), "choose another")
    if folder.exists() and any(folder.iterdir()):
        raise _stop("a new course gets an empty folder", f"{folder} holds something", "choose another folder")
    words = {"name": name, "title": title.replace("\\", "").replace('"', "'"), "checks": f"{name}_checks"}
    words["kit"] = f"{name}_kit"
    files = {
        folder / "nbgrader_config.py": _CONFIG.substitute(words),
        folder / COURSE_FILE: _COURSE.substitute(words),
        folder / words["checks"] / "__init__.py": _INIT_CHECKS.substitute(words),
        folder / words["checks"] / "prices.toml": _PRICES,
        folder / words["kit"] / "__init__.py": _INIT_KIT.substitute(words),
    }
    names = {model.checks: words["checks"], kit_name(model): words["kit"]}
    for path in _machinery(model):
        package, *below = path.relative_to(model.root).parts
        files[folder.joinpath(names[package], *below)] = _renamed(path.read_text(encoding="utf-8"), names)
    for text in ("START-HERE.md", "requirements.txt"):
        if (model.authoring / text).is_file():
            files[folder / "authoring" / text] = _renamed((model.authoring / text).read_text(encoding="utf-8"), names)
    for target, content in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return list(files)


def _machinery(model: Course) -> list[Path]:
    """Return the files of checks and kit that questions need, none that holds a question."""
    checks, kit = model.root / model.checks, model.root / kit_name(model)
    todo = [*(checks / f"{name}.py" for name in _CHECKS), *(kit / f"{name}.py" for name in _KIT), checks / _QUIZ]
    found: dict[Path, None] = {}
    while todo:
        path = todo.pop()
        if path in found or (path.parent in (checks, kit) and path.name == "__init__.py"):
            continue
        found[path] = None
        todo += _imported(model, path)
    empty = [checks / name / "__init__.py" for name in _EMPTY] + [kit / name / "__init__.py" for name in _EMPTY]
    # Beside Python: what a module that is copied shows, such as choices.js beside choices.py.
    beside = [path.with_suffix(".js") for path in found]
    return [path for path in dict.fromkeys([*found, *empty, *beside]) if path.is_file()]


def _imported(model: Course, path: Path) -> Iterator[Path]:
    """Yield the modules of checks and kit that a module imports; those of single questions are left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            place = model.root.joinpath(*name.split("."))
            for found in (place.with_suffix(".py"), place / "__init__.py"):
                if name.split(".")[0] in (model.checks, kit_name(model)) and found.is_file():
                    yield found


def _renamed(text: str, names: dict[str, str]) -> str:
    """Return a text with the packages' new names."""
    for old, new in names.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
    return text


def _stop(rule: str, value: str, step: str) -> BuildError:
    return BuildError("new course", [Problem(COURSE_FILE, "", rule, value, step)])

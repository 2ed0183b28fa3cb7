"""New assignments, exercises and quiz items: written where the build looks for them, and never over what is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

import tomlkit

from cnn_course.authoring import new_texts
from cnn_course.authoring.kit import kit_name
from cnn_course.course import COURSE_FILE, Assignment, Course
from cnn_course.errors import BuildError, Problem

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ITEM = re.compile(r"[a-z]+\d{2,}")


def new_assignment(course: Course, name: str, notebook: str, title: str, *, quiz: bool = False) -> list[Path]:
    """Add an assignment with one notebook of one question, or with a quiz of one item.

    Parameters
    ----------
    course : Course
        It gets a table in ``course.toml``.
    name, notebook, title : str
        Of the assignment; the notebook has the same title.
    quiz : bool
        Whether it is a quiz.

    Returns
    -------
    list of Path
        The files that were written or changed.

    Raises
    ------
    BuildError
        When a name is none, or something of this name is there; nothing is written then.
    """
    _check_name("an assignment", name)
    _check_name("a notebook", notebook)
    _check_new(course, notebook)
    if name in course.assignments:
        raise _stop(name, "an assignment has a name of its own", "it is there already", "choose another name")
    content: Any = _course_file(course)
    table = tomlkit.table()
    if title != name:
        table["title"] = title
    if quiz:
        table["quiz"] = f"{notebook}.toml"
    points = tomlkit.inline_table()
    points[notebook] = 1
    table["points"] = points
    content["assignments"][name] = table
    files = {course.root / COURSE_FILE: tomlkit.dumps(content)}
    if quiz:
        assignment = Assignment(name, title, {}, quiz=f"{notebook}.toml")
        item = _next_item(course)
        words = {"title": title, "notebook": notebook, "item": item}
        text = new_texts.QUIZ.substitute(words) + new_texts.ITEM.substitute(words)
        files[course.authoring / name / f"{notebook}.toml"] = text
        files.update(_form(course, assignment, item))
    else:
        files.update(_exercise(course, name, notebook, title))
    return _write(files, may_change={course.root / COURSE_FILE})


def new_exercise(course: Course, assignment: str, notebook: str, title: str) -> list[Path]:
    """Add a notebook of one question to an assignment; parameters, result and errors as in `new_assignment`."""
    found = course.assignment(assignment)
    _check_name("a notebook", notebook)
    _check_new(course, notebook)
    if found.quiz is not None or found.variants is not None:
        step = "name another assignment, or `cnn-course new item` for the quiz"
        raise _stop(assignment, "an exercise is added to an assignment of exercises", "a quiz", step)
    files = {course.root / COURSE_FILE: _with_points(course, assignment, notebook)}
    files.update(_exercise(course, assignment, notebook, title))
    return _write(files, may_change={course.root / COURSE_FILE})


def new_item(course: Course, assignment: str, item: str | None = None) -> list[Path]:
    """Add an item of one point to a quiz; the next free number where no id is given; otherwise as `new_assignment`."""
    found = course.assignment(assignment)
    if found.quiz is None or found.quiz_notebook is None:
        quizzes = ", ".join(name for name, each in course.assignments.items() if each.quiz) or "none"
        raise _stop(assignment, "an item is added to a quiz", "no quiz", f"the quizzes are: {quizzes}")
    known = _items(course)
    item = item or _next_item(course)
    if not _ITEM.fullmatch(item):
        raise _stop(item, "an item's id is letters and two digits", item, f"write {_next_item(course)}")
    if item in known:
        raise _stop(item, "an id is used once in a course", f"it is in {known[item]}", f"write {_next_item(course)}")
    quiz = course.authoring / assignment / found.quiz
    text = quiz.read_text(encoding="utf-8").rstrip("\n") + "\n" + new_texts.ITEM.substitute(item=item)
    files = {course.root / COURSE_FILE: _with_points(course, assignment, found.quiz_notebook), quiz: text}
    files.update(_form(course, found, item))
    return _write(files, may_change=set(files))


def _exercise(course: Course, assignment: str, notebook: str, title: str) -> dict[Path, str]:
    """Return text, check and public examples of a new exercise."""
    kit, checks = _package(course, kit_name(course)), _package(course, course.checks)
    words = {"notebook": notebook, "prefix": notebook.replace("_", "-"), "title": title, "function": "first"}
    words |= {"question": "first", "kit": kit.name, "checks": checks.name}
    places: Mapping[Path, Template] = {
        course.authoring / assignment / f"{notebook}.py": new_texts.EXERCISE,
        checks / "questions" / f"{notebook}.py": new_texts.CHECK,
        kit / "examples" / f"{notebook}.py": new_texts.EXAMPLES,
    }
    return {path: template.substitute(words) for path, template in places.items()}


def _form(course: Course, assignment: Assignment, item: str) -> dict[Path, str]:
    """Return the module of forms with one more."""
    kit = _package(course, kit_name(course))
    path = kit / "examples" / f"{assignment.name}.py"
    if path.is_file():
        text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    else:
        text = new_texts.FORMS.substitute(assignment=assignment.name, kit=kit.name)
    if not re.search(r"^from \S+ import .*\bLetters\b", text, re.MULTILINE):
        start = "from __future__ import annotations\n"
        text = text.replace(start, f"{start}\nfrom {kit.name}.form import Letters\n", 1)
    return {path: f"{text}\n{new_texts.FORM.substitute(item=item)}"}


def _with_points(course: Course, assignment: str, notebook: str) -> str:
    """Return ``course.toml`` with one more point for a notebook."""
    content: Any = _course_file(course)
    table = content["assignments"][assignment]
    table["points"][notebook] = table["points"].get(notebook, 0) + 1
    if notebook not in table.get("notebooks", [notebook]):
        table["notebooks"].append(notebook)
    return tomlkit.dumps(content)


def _course_file(course: Course) -> tomlkit.TOMLDocument:
    return tomlkit.parse((course.root / COURSE_FILE).read_text(encoding="utf-8"))


def _items(course: Course) -> dict[str, str]:
    """Return the id of every item of every quiz, and the file it is in."""
    found: dict[str, str] = {}
    for name, assignment in course.assignments.items():
        for file in filter(None, (assignment.quiz, assignment.variants)):
            path = course.authoring / name / file
            items = tomllib.loads(path.read_text(encoding="utf-8")).get("items", [])
            found.update({str(each.get("id", "")): f"authoring/{name}/{file}" for each in items})
    return found


def _next_item(course: Course) -> str:
    """Return the next free number of a quiz item."""
    used = [int(name[1:]) for name in _items(course) if re.fullmatch(r"q\d+", name)]
    return f"q{max(used, default=0) + 1:02}"


def _package(course: Course, name: str) -> Path:
    """Return the folder of one of the course's own packages.

    Raises
    ------
    BuildError
        When it does not lie in the course.
    """
    folder = course.root / name
    if not (folder / "__init__.py").is_file():
        raise _stop(
            name, "the package lies in the course's folder", f"no {name}/__init__.py", "write the files by hand"
        )
    return folder


def _check_name(what: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        rule = f"{what} has a name of small letters, digits and _, a letter first"
        raise _stop(name, rule, repr(name), "choose another name")


def _check_new(course: Course, notebook: str) -> None:
    """Refuse a notebook that another assignment has: ids begin with its name."""
    for name, assignment in course.assignments.items():
        if notebook in assignment.notebooks:
            raise _stop(notebook, "a notebook has a name of its own", f"{name} has one", "choose another name")


def _write(files: Mapping[Path, str], may_change: set[Path]) -> list[Path]:
    """Write all files, or none where one would write over another."""
    there = [path for path in files if path.exists() and path not in may_change]
    if there:
        found = ", ".join(map(str, there))
        raise _stop("new", "nothing is written over", f"{found} is there", "choose another name or remove it")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _stop(item: str, rule: str, value: str, step: str) -> BuildError:
    return BuildError("new", [Problem(COURSE_FILE, item, rule, value, step)])

"""Make ``source/`` from ``authoring/``: all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cnn_course.authoring.checks import load_checks
from cnn_course.authoring.companions import write_companions
from cnn_course.authoring.folders import copy_clean, differences, keep_equal_pictures, scratch_folder, swap
from cnn_course.authoring.kit import load_kit
from cnn_course.authoring.notebook import to_json
from cnn_course.authoring.pages import Pages, check_pages, collect, fill_pages, read_items, read_pages
from cnn_course.authoring.pictures import make_images, names_only
from cnn_course.authoring.shown_keys import find_shown_keys, released_texts
from cnn_course.course import Course
from cnn_course.errors import BuildError, Problem


def build(course: Course) -> Pages:
    """Write ``source/`` anew; the old folder stays in place until the new one is complete.

    Parameters
    ----------
    course : Course
        What to build.

    Returns
    -------
    mapping of str to tuple of Page
        The notebooks of each assignment.

    Raises
    ------
    BuildError
        When any rule is broken; all that were found are named and nothing is written.
    """
    with scratch_folder(course.source) as folder:
        pages = build_into(course, folder)
        keep_equal_pictures(course.source, folder)
        swap(folder, course.source)
    return pages


def outdated(course: Course) -> list[str]:
    """Return one line for each file of ``source/`` that is not what the texts say.

    Raises
    ------
    BuildError
        When any rule is broken.
    """
    with scratch_folder(course.source) as folder:
        build_into(course, folder)
        return differences(course.source, folder)


def build_into(course: Course, folder: Path) -> Pages:
    """Write what belongs into ``source/`` into another, empty folder.

    Raises
    ------
    BuildError
        When any rule is broken; notebooks are then not written.
    """
    pages = read_pages(course)
    problems: list[Problem] = []
    pictures: dict[str, Mapping[str, str]] = {}
    for name in course.assignments:
        make = partial(make_images, course.authoring / name, folder / name, f"authoring/{name}")
        pictures[name] = collect(problems, make) or names_only(folder / name)
    kit = load_kit(course)
    checks = collect(problems, partial(load_checks, course))
    images = {name: frozenset(found) for name, found in pictures.items()}
    problems.extend(check_pages(course, pages, images, checks, kit))
    filled = collect(problems, partial(fill_pages, pages, kit))
    if checks is not None and filled is not None:
        texts = released_texts(course, filled, pictures)
        shown = collect(problems, partial(find_shown_keys, course, filled, texts, checks, read_items(course)))
        problems.extend(shown or ())
    if problems or filled is None:
        raise BuildError("build", problems)
    for name, found in filled.items():
        for page in found:
            (folder / name / f"{page.name}.ipynb").write_text(to_json(page), encoding="utf-8")
        write_companions(course, course.assignments[name], found, folder / name)
        for student_file in course.student_files:
            copy_clean(course.root / student_file, folder / name)
    return pages

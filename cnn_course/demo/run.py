"""The demo run: a class of students is handed in and graded, apart from your own gradebook."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from shutil import copytree

from nbgrader.converters import GenerateAssignment
from nbgrader.utils import parse_utc, rmtree
from rich.console import Console
from rich.progress import track
from traitlets.config import Config

from cnn_course.course import Course
from cnn_course.demo.recipes import CLASS_FILE, DemoClass, hand_in, read_class
from cnn_course.reporting.class_report import class_summary, read_graded
from cnn_course.reporting.table import results_table
from splitgrade.commands.feedback import whose_pages
from splitgrade.commands.grade import grade_with_progress
from splitgrade.errors import CourseError
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading.class_run import Grader
from splitgrade.grading.record import SubmissionRecord, faults
from splitgrade.grading.told import told_of
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from splitgrade.nbgrader.timeout import timeout_error


def run_demo(course: Course, scratch: Path, console: Console) -> int:
    """Run the demo and print what an instructor sees.

    Parameters
    ----------
    course : Course
        Whose assignments and recipes are used.
    scratch : Path
        A folder that is emptied and becomes the demo's course folder.
    console : Console
        Where to print.

    Returns
    -------
    int
        The exit status.
    """
    demo = read_class(course.root)
    config = demo_config(course, scratch, demo)
    if scratch.exists():
        rmtree(str(scratch))
    console.print(f"[bold]{course.title}[/]: a demo class of {len(demo.students)} students ({CLASS_FILE})")
    with console.status("releasing the assignments"):
        release_into(course, scratch, config, demo)
    hand_in(course, scratch, demo)
    graded = grade_all(scratch, config, demo, console)
    failed = _feedback(scratch, config, demo, console)
    results = read_graded(scratch, demo.assignments, config)
    console.print()
    console.print(results_table(results, "Gradebook"))
    console.print(class_summary(results, _from_here(scratch / "feedback")))
    return 1 if failed or any(faults(each.values()) for each in graded) else 0


def demo_config(course: Course, scratch: Path, demo: DemoClass) -> Config:
    """Return the course's own configuration with folders and gradebook of the demo, and its shorter time for a cell."""
    config = load_config(course.root, scratch)
    for name in [name for name in config.CourseDirectory if name.endswith("_directory") or name == "db_url"]:
        del config.CourseDirectory[name]
    config.SplitExecute.limits = {**config.SplitExecute.get("limits", {}), "cell_seconds": demo.cell_seconds}
    config.Execute.timeout = demo.cell_seconds
    config.Execute.error_on_timeout = timeout_error(demo.cell_seconds)
    return config


def release_into(course: Course, scratch: Path, config: Config, demo: DemoClass) -> None:
    """Release the demo's assignments in the scratch folder, enter the class into its gradebook.

    Raises
    ------
    CourseError
        When there is no ``source/`` of an assignment, or nbgrader cannot release it.
    """
    for name in demo.assignments:
        if not (course.source / name).is_dir():
            raise CourseError(f"{course.source / name} is not there; run: cnn-course build")
        copytree(course.source / name, scratch / "source" / name)
        outcome = convert(GenerateAssignment, config, name)
        if not outcome.success:
            raise CourseError(f"nbgrader cannot release {name}: {outcome.reason}")
    with open_gradebook(scratch, config) as gradebook:
        for name in demo.assignments:
            gradebook.update_or_create_assignment(name, duedate=parse_utc(demo.due))
        for recipe in demo.students:
            first, _, last = recipe.name.partition(" ")
            email = f"{recipe.id}@example.org"
            gradebook.update_or_create_student(recipe.id, first_name=first, last_name=last, email=email)


def grade_all(scratch: Path, config: Config, demo: DemoClass, console: Console) -> list[dict[str, SubmissionRecord]]:
    """Grade the class in every assignment of the demo."""
    graded = []
    for name in demo.assignments:
        grader = Grader.of(scratch, config, name)
        graded.append(grade_with_progress(grader, grader.students(), console, demo.seed))
    return graded


def _feedback(scratch: Path, config: Config, demo: DemoClass, console: Console) -> int:
    """Make all feedback pages; return how many students got none."""
    failed = 0
    for name in demo.assignments:
        wanted = whose_pages(CourseFolders.of(config), name)
        pages = write_feedback(scratch, config, name, wanted, told=partial(told_of, scratch, name))
        for student, outcome in track(pages, f"feedback for {name}", total=len(wanted), console=console):
            if not outcome.success:
                failed += 1
                console.print(f"{student}: no feedback: {outcome.reason}", style="red")
    return failed


def _from_here(path: Path) -> Path:
    """Return a path the way a person in this folder would type it."""
    return Path(os.path.relpath(path))

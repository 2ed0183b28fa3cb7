"""Where each test of an assignment runs: what the instructor's solutions gave, and what an instructor may change."""

from __future__ import annotations

from rich.console import Console
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.execution.calibrate import Calibration
from splitgrade.execution.engine import Engine
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.execute import SplitExecute, read_once

_HOW = {
    "shared": "runs in the student's own sandboxed process; its author could forge it",
    "waits": "is decided by a person",
}


def say_where_tests_run(config: Config, assignment: str, console: Console) -> None:
    """Run the solutions of an assignment and print each test that does not run apart from students' code.

    Parameters
    ----------
    config : Config
        nbgrader's configuration.
    assignment : str
        Its name.
    console : Console
        Where to print.

    Raises
    ------
    CourseError
        When there is no such assignment, or a notebook cannot be read.
    SandboxError
        When the sandbox does not start.
    """
    folder = CourseFolders.of(config).require(assignment)
    with Engine(SplitExecute(config=config).options) as engine:
        for path in sorted(folder.glob("*.ipynb")):
            try:
                notebook = read_once(path.resolve(), config)
            except (ValueError, OSError) as error:
                raise CourseError(f"{path.name} cannot be read: {error}") from error
            for line in lines_of(notebook, engine.calibration(notebook)):
                console.print(line, markup=False, highlight=False, soft_wrap=True)


def lines_of(notebook: InstructorNotebook, known: Calibration) -> list[str]:
    """Return what there is to say about a notebook, a line each."""
    tests = [name for name, cell in notebook.cells.items() if role_of(cell) == "test"]
    counts = [(len(tests) - len(known.apart), "apart from students' code")]
    counts += [(len(known.having("shared")), "in the student's process"), (len(known.having("waits")), "by a person")]
    said = ", ".join(f"{number} {how}" for number, how in counts if number) or "no tests"
    lines = [f"{notebook.name}: {said}"]
    for name, apart in known.apart.items():
        lines += [f"  {name} {_HOW[apart.how]}", f"    in split processes the solution {apart.why}"]
        lines += [f"    what to change: {apart.advice}"]
    others = [text for text in known.warnings if not any(f", {name}: " in text for name in known.apart)]
    return [*lines, *(f"  {text}" for text in others)]

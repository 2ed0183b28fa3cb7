"""``cnn-course check``: the checks of one notebook in a terminal, with an exit status that tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from cnn_course.commands.working import working
from splitgrade.commands.examples import examples

if TYPE_CHECKING:
    from cnn_course.course import Course

_KINDS = {
    "type_changed": "This cell has become one of another type, so it cannot be checked:",
    "changed": "The text of this locked cell was changed; grading puts it right:",
}


@click.command(
    "check",
    epilog=examples("cnn-course check ex41.ipynb", "cnn-course check source/cnn_exercises/ex41.ipynb --json"),
)
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON and nothing else.")
def check_command(notebook: Path, as_json: bool) -> None:
    """Run the checks of NOTEBOOK in the sandbox: of a submission those that students have, of source/ all.

    Exit status: 0 where all pass, 1 where one fails or a locked cell was changed, 2 where there is no such notebook, or
    it cannot be read or belongs to no assignment. (`nbgrader validate` ends with 0 whatever it finds.)
    """
    from cnn_course.course import load_course

    course, console = load_course(), Console()
    ids = _question_cells(notebook)
    if not any(ids & _question_cells(path) for path in course.source.glob("*/*.ipynb")):
        raise click.UsageError(f"{notebook} shares no cell with a notebook of {course.source}: run it yourself instead")
    with working(f"running {notebook.name}"):
        found = _validated(course, notebook)
    count = sum(map(len, found.values()))
    if as_json:
        click.echo(json.dumps({"notebook": str(notebook), "to_look_at": count, "found": found}, indent=1, default=str))
        raise SystemExit(1 if count else 0)
    for kind, cells in found.items():
        for cell in cells:
            console.print(_KINDS.get(kind, ""), cell.get("raw_error") or cell["source"], markup=False, highlight=False)
    console.print(f"{notebook.name}: {f'{count} to look at' if count else 'all checks pass'}", markup=False)
    raise SystemExit(1 if count else 0)


def _validated(course: Course, notebook: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what nbgrader's validator finds with the configuration of the course."""
    from nbgrader.validator import Validator

    from splitgrade.nbgrader.session import load_config

    validator = Validator(config=load_config(course.root))
    results: dict[str, list[dict[str, Any]]] = validator.validate(str(notebook.resolve()))
    return results


def _question_cells(path: Path) -> set[str]:
    """Return the grade_ids of a notebook.

    Raises
    ------
    click.UsageError
        When the file is no notebook.
    """
    import nbformat

    try:
        cells = nbformat.read(path, as_version=4).cells
        named = (cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells)
        return {name for name in named if isinstance(name, str)}
    except Exception as error:  # anything may lie there under the name of a notebook
        raise click.UsageError(f"{path} cannot be read as a notebook: {error}") from error

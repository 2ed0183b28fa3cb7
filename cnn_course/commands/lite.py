"""The command ``cnn-course lite``."""

from __future__ import annotations

import click
from rich.console import Console

from cnn_course.authoring.lite import build_site
from cnn_course.commands.examples import examples
from cnn_course.course import load_course


@click.command("lite", epilog=examples("cnn-course lite", "cnn-course lite cnn_quiz --pyodide pyodide-0.29.tar.bz2"))
@click.argument("assignments", nargs=-1)
@click.option(
    "--pyodide", default="", metavar="FILE", help="A Pyodide distribution (.tar.bz2) to put into the site: no CDN then."
)
def lite_command(assignments: tuple[str, ...], pyodide: str) -> None:
    """Make lite/, a static site in which students work and install nothing; all assignments where none is named.

    Put the folder on any web server. Answers stay in the student's browser until the notebook is downloaded. Unless a
    distribution is given, the browser loads Python and NumPy from a public address (cdn.jsdelivr.net).
    """
    course, console = load_course(), Console()
    with console.status("JupyterLite builds the site ..."):
        site = build_site(course, assignments, pyodide)
    console.print(f"The site lies in {site}. To look at it: python -m http.server -d {site}", markup=False)

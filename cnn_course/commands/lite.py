"""The command ``cnn-course lite``."""

from __future__ import annotations

import json

import click

from cnn_course.commands.working import working
from splitgrade.commands.examples import examples


@click.command("lite", epilog=examples("cnn-course lite", "cnn-course lite cnn_quiz --pyodide pyodide-0.29.tar.bz2"))
@click.argument("assignments", nargs=-1)
@click.option(
    "--pyodide", default="", metavar="FILE", help="A Pyodide distribution (.tar.bz2) to put into the site: no CDN then."
)
@click.option("--json", "as_json", is_flag=True, help="Print the site's folder as JSON and nothing else.")
def lite_command(assignments: tuple[str, ...], pyodide: str, as_json: bool) -> None:
    """Make lite/, a static site in which students work and install nothing; all assignments where none is named.

    Put the folder on any web server. Answers stay in the student's browser until the notebook is downloaded. Unless a
    distribution is given, the browser loads Python and NumPy from a public address (cdn.jsdelivr.net).

    The exit status is 0, or 1 where the site could not be made.
    """
    from cnn_course.authoring.lite import build_site
    from cnn_course.course import load_course

    course = load_course()
    with working("JupyterLite builds the site"):
        site = build_site(course, assignments, pyodide)
    if as_json:
        click.echo(json.dumps({"site": str(site)}))
        return
    click.echo(f"The site lies in {site}. To look at it: python -m http.server -d {site}")

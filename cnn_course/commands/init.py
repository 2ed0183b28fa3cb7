"""``cnn-course init``: the course in a folder of your own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cnn_course.course_files import unpack
from splitgrade.commands.examples import examples


@click.command("init", epilog=examples("cnn-course init cnn", "cnn-course init ~/teaching/cnn-2027"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what lies there as JSON and nothing else.")
def init(folder: Path, *, as_json: bool) -> None:
    """Unpack the course into FOLDER: texts, notebooks, checks, configuration, demo class.

    The folder is a course of its own: its checks, reference and kit are copies, so that a later version of this program
    grades it by its own rules.

    The exit status is 0, or 1 where the folder is there already: then nothing was written.
    """
    parts = unpack(folder)
    if as_json:
        click.echo(json.dumps({"folder": str(folder.absolute()), "parts": [part.name for part in parts]}))
        return
    click.echo(f"{folder} holds the course: {', '.join(part.name for part in parts)}.")
    click.echo(f"Go on there: cd {folder}; cnn-course doctor; cnn-course demo")

"""``cnn-course demo``: the demo class, graded."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from splitgrade.commands.examples import examples

FOLDER = Path(".cnn-course") / "demo"


@click.command("demo", epilog=examples("cnn-course demo"))
def demo_command() -> None:
    """Build, release and grade the demo class in .cnn-course/demo; your gradebook is not touched.

    The exit status is 0 where every submission was graded or refused for a fault of its own, else 1.
    """
    from cnn_course.course import load_course
    from cnn_course.demo.run import run_demo

    course = load_course()
    console = Console()
    raise SystemExit(run_demo(course, course.root / FOLDER, console))

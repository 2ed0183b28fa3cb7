"""``cnn-course mark``: the marking page."""

from __future__ import annotations

import socket

import click
import uvicorn

from cnn_course.commands.examples import examples
from cnn_course.course import load_course
from cnn_course.marking.answers import count_waiting
from cnn_course.marking.app import MarkingPage
from splitgrade.errors import CourseError
from splitgrade.nbgrader.session import open_gradebook


@click.command("mark", epilog=examples("cnn-course mark cnn_exercises", "cnn-course mark cnn_exercises --port 8765"))
@click.argument("assignment")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port on this machine; a free one by default."
)
def mark_command(assignment: str, port: int) -> None:
    """Mark the written answers of ASSIGNMENT in a browser: one question across all students, names hidden.

    Equal answers are marked together, rubric lines are buttons with keys. Marks go into nbgrader's gradebook:
    formgrader shows the same, and may be used at the same time. The page is on this machine only and needs the printed
    address. Ctrl-C ends it; every mark is saved at once.
    """
    course = load_course()
    name = course.assignment(assignment).name
    with open_gradebook(course.root) as gradebook:
        if name not in {each.name for each in gradebook.assignments}:
            raise CourseError(f"{name} was not released yet: `cnn-course release {name}` comes first")
        waiting = sum(each[0] for each in count_waiting(gradebook, name).values())
        page = MarkingPage(course.root, name, gradebook)
        with _listen(port) as listener:
            click.echo(f"{waiting} answers wait. Open this address; Ctrl-C ends it:")
            click.echo(f"  http://127.0.0.1:{listener.getsockname()[1]}/?token={page.token}")
            server = uvicorn.Server(uvicorn.Config(page.app(), log_level="warning", access_log=False))
            server.run([listener])


def _listen(port: int) -> socket.socket:
    """Return a socket on this machine's own address.

    Raises
    ------
    CourseError
        When the port is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise CourseError(f"port {port} cannot be used: {error.strerror}; choose another with --port") from None
    return listener

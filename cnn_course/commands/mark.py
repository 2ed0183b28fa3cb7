"""``cnn-course mark``: the marking page."""

from __future__ import annotations

import json
import socket

import click

from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError


@click.command("mark", epilog=examples("cnn-course mark cnn_exercises", "cnn-course mark cnn_exercises --port 8765"))
@click.argument("assignment")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port on this machine; a free one by default."
)
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON, in one line, and serve.")
def mark_command(assignment: str, port: int, as_json: bool) -> None:
    """Mark the written answers of ASSIGNMENT in a browser: one question across all students, names hidden.

    Equal answers are marked together, rubric lines are buttons with keys. Marks go into nbgrader's gradebook:
    formgrader shows the same, and may be used at the same time. The page is on this machine only and needs the printed
    address. Ctrl-C ends it; every mark is saved at once.

    The exit status is 0, or 1 where the page cannot be served.
    """
    import uvicorn

    from cnn_course.course import load_course
    from cnn_course.marking.answers import count_waiting
    from cnn_course.marking.app import MarkingPage
    from splitgrade.nbgrader.session import open_gradebook

    course = load_course()
    name = course.assignment(assignment).name
    with open_gradebook(course.root) as gradebook:
        if name not in {each.name for each in gradebook.assignments}:
            raise CourseError(f"{name} was not released yet: `cnn-course release {name}` comes first")
        waiting = sum(each[0] for each in count_waiting(gradebook, course.root, name).values())
        page = MarkingPage(course.root, name, gradebook)
        with _listen(port) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/?token={page.token}"
            if as_json:
                click.echo(json.dumps({"waiting": waiting, "address": address}))
            else:
                click.echo(f"{waiting} answers wait. Open this address; Ctrl-C ends it:\n  {address}")
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
        listener.listen(128)  # who reads the address may ask at once
    except OSError as error:
        listener.close()
        raise CourseError(f"port {port} cannot be used: {error.strerror}; choose another with --port") from None
    return listener

"""A gradebook on a PostgreSQL server: grading, feedback, report, export, marking and formgrader as with SQLite."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from click.testing import CliRunner
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import parse_utc
from sqlalchemy import create_engine, text

from cnn_course.commands.export import export_command
from cnn_course.commands.report import report_command
from cnn_course.marking.answers import read_groups
from cnn_course.marking.marks import write_mark
from splitgrade.commands.feedback import feedback_command
from splitgrade.commands.grade import grade_command
from splitgrade.errors import CourseError
from splitgrade.nbgrader import gradebook_faults
from splitgrade.nbgrader.gradebook_faults import when_free
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course
from tests.splitgrade.grading.conftest import rows

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
START_SECONDS = 60
DUE = "2026-01-10 12:00:00 UTC"

pytestmark = [
    pytest.mark.usefixtures("kept_servers"),
    pytest.mark.skipif(  # in CI they fail without it
        not PROGRAMS and "CI" not in os.environ, reason="needs a PostgreSQL server (Debian: apt-get install postgresql)"
    ),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server of an unprivileged user in a folder of its own, without a port; return the URL of its database."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path has to be short
    root = os.geteuid() == 0
    user = pwd.getpwnam("postgres") if root else pwd.getpwuid(os.geteuid())
    os.chown(folder, user.pw_uid, user.pw_gid)
    who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if root else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
    data, programs = folder / "data", PROGRAMS[-1]
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "cnn", "-A", "trust", "-E", "UTF8", "-N"], check=True, **quiet
    )
    options = ["-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    process = subprocess.Popen([programs / "postgres", "-D", data, *options], **quiet)
    try:
        url = f"postgresql://cnn@/cnn?host={folder}"
        engine = create_engine(url.replace("/cnn?", "/postgres?"), isolation_level="AUTOCOMMIT")
        _until(lambda: engine.connect().close())
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE cnn"))
        engine.dispose()
        yield url
    finally:
        process.terminate()
        process.wait(START_SECONDS)
        shutil.rmtree(folder)


def _until(what: Any) -> Any:
    """Do something until it works."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return what()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="module")
def courses(server: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return two equal courses that were not graded, the gradebook of one on the server."""
    found = {}
    for kind in ("sqlite", "postgres"):
        root = found[kind] = make_course(tmp_path_factory.mktemp(kind) / "course")
        if kind == "postgres":
            with (root / "nbgrader_config.py").open("a") as stream:
                stream.write(f"\nc.CourseDirectory.db_url = {server!r}\n")
        config = load_config(root)
        made = convert(GenerateAssignment, config, ASSIGNMENT)
        assert made.success, made.log
        with open_gradebook(root, config) as gradebook:
            gradebook.update_or_create_assignment(ASSIGNMENT, duedate=parse_utc(DUE))
        hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="The order does not matter.")
        hand_in(root, "bob", one_add=ADD_WRONG, two_add=PLUS_RIGHT, one_why="The order does not matter.")
        (root / "submitted" / "bob" / ASSIGNMENT / "timestamp.txt").write_text("2026-01-11 10:00:00 UTC")
        (hand_in(root, "Zoë [2]", one_add=ADD_RIGHT) / "two.ipynb").unlink()
        (hand_in(root, "eve") / "one.ipynb").write_text("no notebook")
    return found


def walk(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Grade, mark, grade again, make feedback, report and export; return what each gave."""
    monkeypatch.chdir(root)
    run, found = CliRunner(), {}

    def command(what: Any, *words: str, status: int = 0) -> Any:
        done = run.invoke(what, list(words))
        assert done.exit_code == status, (done.output, done.exception)
        return done

    graded = command(grade_command, ASSIGNMENT, "--seed", "5", "--json", status=3)
    found["graded"] = {name: each["notebooks"] for name, each in json.loads(graded.stdout)["submissions"].items()}
    with open_gradebook(root) as gradebook:
        group = max(read_groups(gradebook, root, ASSIGNMENT, "one-why"), key=lambda each: len(each.answers))
        done = write_mark(gradebook, group.answers, 0.5, "Say why.")
        found["marked"] = len(done.step.before), done.conflicts
    again = command(grade_command, ASSIGNMENT, "--json", status=3)
    found["unchanged"] = json.loads(again.stdout)["submissions_unchanged"]
    command(feedback_command, ASSIGNMENT)
    found["pages"] = sorted(path.relative_to(root).as_posix() for path in (root / "feedback").rglob("*.html"))
    report = command(report_command, ASSIGNMENT)
    found["report"] = report.stdout  # where it takes long, a line on stderr says what is under way
    command(export_command, ASSIGNMENT, "--to", "csv", "--partial", status=3)
    found["exports"] = {path.name: path.read_text() for path in sorted((root / "exports").iterdir())}
    found["rows"] = rows(root)
    return found


def test_every_command_gives_what_it_gives_with_sqlite(
    courses: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same points, marks, pages, report and file of grades; what was graded is left alone, and marks stay."""
    ours, theirs = (walk(courses[kind], monkeypatch) for kind in ("postgres", "sqlite"))
    assert not (courses["postgres"] / "gradebook.db").exists()
    for what in theirs:
        assert ours[what] == theirs[what], what
    assert theirs["marked"] == (2, 0)
    assert theirs["unchanged"] == 4
    assert ("one-why", None, 0.5, False) in theirs["rows"]["bob"]["one"]["grades"]


def test_formgrader_reads_and_marks(courses: dict[str, Path], tmp_path: Path) -> None:
    """Its own server lists the submissions, and a mark that is given there is in the database."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    extensions = "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"
    where = ["--ServerApp.ip=127.0.0.1", f"--port={address.rpartition(':')[2]}"]
    command = [sys.executable, "-m", "jupyter_server", *options, extensions, *where]
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "JUPYTER_CONFIG_DIR": str(tmp_path),
        "JUPYTER_PLATFORM_DIRS": "1",
    }

    def ask(path: str, **content: Any) -> Any:
        data = json.dumps(content).encode() if content else None
        request = urllib.request.Request(
            f"http://{address}/formgrader/api/{path}", data, method="PUT" if data else "GET"
        )
        with urllib.request.urlopen(request, timeout=START_SECONDS) as response:  # noqa: S310 - our own server
            return json.loads(response.read())

    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=courses["postgres"], env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            try:
                listed = _until(lambda: ask(f"submissions/{ASSIGNMENT}"))
            except URLError as error:
                raise AssertionError((tmp_path / "log").read_text()[-3000:]) from error
            assert {each["student"] for each in listed if each["autograded"]} >= {"ada", "bob", "Zoë [2]"}
            with open_gradebook(courses["postgres"]) as gradebook:
                submission = gradebook.find_submission_notebook("one", ASSIGNMENT, "bob").id
            grades = {each["name"]: each for each in ask(f"grades?submission_id={submission}")}
            assert ask(f"grade/{grades['one-why']['id']}", manual_score=1.0)["manual_score"] == 1.0
        finally:
            process.terminate()
            process.wait(START_SECONDS)
    assert ("one-why", None, 1.0, False) in rows(courses["postgres"])["bob"]["one"]["grades"]


def test_what_is_wrong_with_the_server_is_one_sentence(courses: dict[str, Path], server: str) -> None:
    """No such database, nobody who answers, a table that another program holds: named, without the password."""
    config = load_config(courses["postgres"])
    for url, says in (
        (server.replace("/cnn?", "/nothing?"), 'database "nothing" does not exist'),
        ("postgresql://cnn:secret@/cnn?host=/nowhere", "No such file or directory"),
    ):
        config.CourseDirectory.db_url = url
        with pytest.raises(CourseError, match=says) as error, open_gradebook(courses["postgres"], config):
            raise AssertionError
        assert "secret" not in str(error.value)
        assert "\n" not in str(error.value)
    holder = create_engine(server)
    with holder.connect() as connection, open_gradebook(courses["postgres"]) as gradebook:
        connection.execute(text("LOCK TABLE grade"))

        def read() -> None:
            with gradebook.engine.connect() as reader:
                reader.execute(text("SET lock_timeout = 100"))
                reader.execute(text("SELECT count(*) FROM grade"))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(gradebook_faults, "_PAUSE_SECONDS", 0.05)
            with pytest.raises(CourseError, match="held by another program"):
                when_free(read, patience=0.5)
    holder.dispose()

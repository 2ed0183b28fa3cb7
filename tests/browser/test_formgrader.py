"""Formgrader in a real browser: results are listed, the autograde button works, the marker sees the rubric."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError

import pytest
from nbgrader.converters import GenerateAssignment
from playwright.sync_api import Page, expect, sync_playwright

from splitgrade.nbgrader.session import convert, load_config
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PATIENCE = 60_000  # milliseconds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(  # in CI they fail without it
        not CHROMIUM.exists() and "CI" not in os.environ,
        reason=f"needs {CHROMIUM} (Debian: apt-get install chromium)",
    ),
]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a released course with one submission that was not graded yet."""
    root = make_course(tmp_path_factory.mktemp("formgrader") / "course")
    assert convert(GenerateAssignment, load_config(root), ASSIGNMENT).success
    hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="The order does not matter.")
    return root


@pytest.fixture(scope="module")
def server(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab's server with nbgrader's extensions in the course folder; return its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=",
    ]
    extensions = "{'nbgrader.server_extensions.formgrader': True}"
    command = [sys.executable, "-m", "jupyter_server", *options, f"--ServerApp.jpserver_extensions={extensions}"]
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_PLATFORM_DIRS": "1"}
    log = (home / "log").open("w")
    process = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, home / "log")
        yield address
    finally:
        process.terminate()
        process.wait(30)
        log.close()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Return a page of the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()


def test_formgrader_lists_the_released_assignment(server: str, page: Page) -> None:
    """The assignment is there with its one submission."""
    page.goto(f"{server}/formgrader/manage_assignments")
    row = page.locator("tr", has_text=ASSIGNMENT)
    expect(row).to_be_visible(timeout=PATIENCE)
    expect(row.locator("td.num-submissions")).to_have_text("1")


def test_the_autograde_button_grades_with_our_configuration(server: str, page: Page) -> None:
    """One click gives the points that ``nbgrader autograde`` gives."""
    page.goto(f"{server}/formgrader/manage_submissions/{ASSIGNMENT}")
    row = page.locator("tr", has_text="ada")
    row.locator("td.autograde a").click()
    expect(page.locator(".modal-title", has_text="Success")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{server}/formgrader/manage_students/ada")
    expect(page.locator("tr", has_text=ASSIGNMENT)).to_contain_text(re.compile(r"3\s*/\s*4"), timeout=PATIENCE)


def test_the_marker_sees_the_rubric_below_the_answer(server: str, page: Page) -> None:
    """The grading view shows the student's words, then model answer and rubric."""
    page.goto(f"{server}/formgrader/gradebook/{ASSIGNMENT}/one")
    page.locator("a", has_text="Submission #1").click()
    expect(page.locator("body")).to_contain_text("The order does not matter.", timeout=PATIENCE)
    expect(page.locator("body")).to_contain_text("For the marker")
    expect(page.locator("body")).to_contain_text("says that the order does not matter")


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    for _ in range(120):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=5):  # noqa: S310 - our own address
                return
        except URLError:
            time.sleep(0.5)
    pytest.fail(f"the server did not start:\n{log.read_text()}")

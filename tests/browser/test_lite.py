"""The release as a static site: it builds, has every file of the release, and opens without a network."""

from __future__ import annotations

import dataclasses
import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from playwright.sync_api import Browser, Route, expect

from cnn_course.authoring.lite import build_site
from cnn_course.course import Course, load_course
from splitgrade.errors import CourseError
from tests.course_fixture import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with two released assignments."""
    course = dataclasses.replace(load_course(REPOSITORY), root=tmp_path_factory.mktemp("lite"))
    for name in ("cnn_quiz", "cnn_exercises"):
        shutil.copytree(REPOSITORY / "release" / name, course.release / name)
    return course


@pytest.fixture(scope="module")
def site(course: Course) -> Path:
    """Return the built site."""
    return build_site(course, ["cnn_quiz", "cnn_exercises"])


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Serve the site as any web server would."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def listed(site: Path, folder: str) -> set[str]:
    """Return the files that the site lists in a folder and below."""
    found = set()
    for entry in json.loads((site / "api" / "contents" / folder / "all.json").read_text())["content"]:
        found |= listed(site, entry["path"]) if entry["type"] == "directory" else {entry["path"]}
    return found


def test_the_site_has_every_file_of_the_release(site: Path) -> None:
    """Listed and there, byte for byte; only the extension of the kernel, none that asks a server."""
    for name in ("cnn_quiz", "cnn_exercises"):
        folder = REPOSITORY / "release" / name
        files = {each.relative_to(folder.parent).as_posix() for each in folder.rglob("*") if each.is_file()}
        wanted = {each for each in files if "__pycache__" not in each}
        assert listed(site, name) == wanted
        assert all((site / "files" / each).read_bytes() == (folder.parent / each).read_bytes() for each in wanted)
    extensions = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]["federated_extensions"]
    assert [each["name"] for each in extensions] == ["@jupyterlite/pyodide-kernel-extension"]


def test_what_is_not_released_is_named(course: Course, site: Path) -> None:
    """The next step is said, and the site that is there stays."""
    with pytest.raises(CourseError, match="cnn_claims is not released; run: cnn-course release cnn_claims"):
        build_site(course, ["cnn_claims"])
    assert (site / "index.html").is_file()


def test_a_distribution_that_is_not_there_is_named(course: Course, tmp_path: Path) -> None:
    """Nothing is built for minutes before that is said."""
    with pytest.raises(CourseError, match="there is no file"):
        build_site(course, ["cnn_quiz"], str(tmp_path / "pyodide.tar.bz2"))


def test_a_notebook_opens_without_a_network(address: str, browser: Browser) -> None:
    """Text, picture and answer cell are there; of all that is not this machine, Pyodide alone is asked for.

    That cells run is not held here: the kernel's package has no Pyodide, and npm's has no NumPy, see docs/student.md.
    """
    pyodide = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE_VERSION}/full/"
    context = browser.new_context()
    page = context.new_page()
    asked = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    with page.expect_request(f"{pyodide}*", timeout=60_000):
        page.goto(f"{address}/notebooks/index.html?path=cnn_quiz/quiz.ipynb")
    expect(page.get_by_role("heading", name="Which filter was it?")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("q01 = ...").first).to_be_visible()
    assert [url for url in asked if not url.startswith(pyodide)] == []
    context.close()

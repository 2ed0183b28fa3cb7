"""Formgrader in a real browser: whoever marks a submission asks no server for anything that a student chose."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from nbgrader.converters import GenerateAssignment
from playwright.sync_api import Page, expect

from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config
from tests.browser.test_formgrader import CHROMIUM, PATIENCE, page, server
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course

__all__ = ["page", "server"]  # fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("kept_servers"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM} (Debian: apt-get install chromium)"),
]
ASKS = (
    "![a](/logout?md)",
    "![a][r]\n\n[r]: /logout?reference",
    "![r]\n\n[r]: <../../../logout?short>",
    "![a](images/../../../../logout?dots)",
    "![a](images/%2e%2e/%2e%2e/%2E%2E/%2e%2e/logout)",
    "![a](<\t/logout?tab>) ![a](&#9;/logout?entity) ![a](<images/.\t./.\t./.\t./.\t./logout?inside>)",
    "![a](/formgrader/api/gradebook/tiny)",
    "![a](//127.0.0.1:9/logout) ![a](http://127.0.0.1:9/logout)",
    "![a](two.ipynb) ![a](.) ![a](?logout)",
    "<img src='/logout?html'> <input type=image src='/logout?input'> <video poster='/logout?poster'></video>",
    "[![a](/logout?link)](https://example.org)",
    "`![a](/logout?code)` and $![a](/logout?math)$",
    "| ![a](/logout?table) |\n|---|\n| ![b](/logout?cell) |",
)
SHOWN = "![the figure](images/dots.png)"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with one graded submission: all requests in the written answer and in cells of its own."""
    root = make_course(tmp_path_factory.mktemp("requests") / "course")
    config = load_config(root)
    assert convert(GenerateAssignment, config, ASSIGNMENT).success
    folder = hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT, one_why="\n\n".join(ASKS))
    content = json.loads((folder / "one.ipynb").read_text())
    own = [{"cell_type": "markdown", "id": f"own-{n}", "metadata": {}, "source": text} for n, text in enumerate(ASKS)]
    shown = [{"cell_type": "markdown", "id": "shown", "metadata": {}, "source": f"The last cell. {SHOWN}"}]
    content["cells"] += own + shown
    (folder / "one.ipynb").write_text(json.dumps(content))
    [(_, record)] = GradingRun(Grader.of(root, config, ASSIGNMENT), ["ada"], seed=1).outcomes()
    assert record.notebooks["one"].state == "graded"
    return root


def test_a_marker_asks_for_nothing_that_the_student_chose(server: str, page: Page) -> None:
    """Of all pictures the assignment's own is asked for, and no other address of the student's in any way."""
    asked = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{server}/formgrader/gradebook/{ASSIGNMENT}/one")
    page.locator("a", has_text="Submission #1").click()
    expect(page.locator("body")).to_contain_text("The last cell.", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    pictures = {urlsplit(request.url).path for request in asked if request.resource_type == "image"}
    ours = {path for path in pictures if path.startswith(("/formgrader/submissions/", "/logout", "/formgrader/api/"))}
    assert {path.rpartition("/")[2] for path in ours} == {"dots.png"}
    assert [request.url for request in asked if "logout" in request.url or ":9/" in request.url] == []
    assert page.locator('img[alt="the figure"]').first.evaluate("image => image.naturalWidth") > 0

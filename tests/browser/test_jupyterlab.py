"""A released assignment in JupyterLab, as a student opens it: run all, choices that write, explorers that live."""

from __future__ import annotations

import json
import os
import shutil
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
from playwright.sync_api import Browser, Page, expect

from tests.course_fixture import REPOSITORY

pytestmark = pytest.mark.browser
PATIENCE = 90_000  # milliseconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the released quiz and exercises, and nothing else of the course."""
    folder = tmp_path_factory.mktemp("student")
    for name in ("cnn_quiz", "cnn_exercises"):
        shutil.copytree(REPOSITORY / "release" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab in the student's folder; return its address."""
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
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONSAFEPATH": "",
    }
    log = (home / "log").open("w")
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        *options,
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            assert process.poll() is None, (home / "log").read_text()
            try:
                with urllib.request.urlopen(f"{address}/api", timeout=5):  # noqa: S310 - our own address
                    break
            except URLError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(30)
        log.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that waits long: a kernel has to start."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def run_all(page: Page, address: str, path: str) -> None:
    """Open a notebook and run all its cells."""
    page.goto(f"{address}/lab/tree/{path}?reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=PATIENCE)
    choose = page.get_by_role("dialog").get_by_role("button", name="Select Kernel")
    if choose.count():  # a slow machine: the kernel came after the question for it
        choose.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def test_a_click_writes_the_line_of_the_answer(lab: str, page: Page, folder: Path) -> None:
    """The button puts the letter into the answer cell; after saving, the plain line is in the file."""
    run_all(page, lab, "cnn_quiz/quiz.ipynb")
    options = page.locator('[data-choices^="q01-"]')
    options.locator('[data-letter="b"]').click()
    expect(options.get_by_role("status")).to_contain_text('Written: q01 = "b"')
    page.keyboard.press("Control+s")
    path = folder / "cnn_quiz" / "quiz.ipynb"
    for _ in range(60):
        cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]}
        if cells["q01"].startswith('q01 = "b"'):
            break
        time.sleep(0.5)
    assert cells["q01"].splitlines()[0] == 'q01 = "b"  # one letter in quotes, such as "a"'
    assert cells["q02"].startswith("q02 = ...")


def test_an_explorer_lives_in_a_run_notebook(lab: str, page: Page) -> None:
    """Run all reaches the end of a blank notebook, and the explorer answers to the keyboard."""
    run_all(page, lab, "cnn_exercises/ex42.ipynb")
    expect(page.locator(".card .title").first).to_contain_text("1 × 1")
    cell = page.locator('[data-board="output"] [tabindex="0"]')
    cell.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card .says")).to_contain_text("Row 1, column 3")

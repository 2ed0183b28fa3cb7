"""A page of a real browser for the tests of this folder, and a JupyterLab as a student starts it."""

from __future__ import annotations

import json
import os
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
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.lab import PATIENCE, Lab
from tests.course_fixture import REPOSITORY

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FAILURES = Path(tempfile.gettempdir()) / "cnn-course-failures"
# A notebook's outputs are all on the page, also those that nobody has scrolled to; nothing is asked of the network.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's chromium, without a window; no test can go to the network by its own updates."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM} (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return one context for the pages of a file that keep nothing."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def window(context: BrowserContext) -> Page:
    """Return the one page of that context: each new one costs most of a second."""
    return context.new_page()


@pytest.fixture
def tab(window: Page) -> Iterator[Page]:
    """Return that page, blank, with nothing of what was on it before."""
    window.goto("about:blank")
    window.set_viewport_size({"width": 1000, "height": 900})
    window.emulate_media(color_scheme="light")
    yield window
    window.unroute_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keep a picture of the page of a test that fails, and say where."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and isinstance(page, Page):
        FAILURES.mkdir(exist_ok=True)
        target = FAILURES / f"{item.name.replace('/', '-')}.png"
        page.screenshot(path=target, full_page=True)
        report.sections.append(("screenshot", str(target)))
    return report


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start one JupyterLab for all tests, in a student's folder."""
    folder, home = tmp_path_factory.mktemp("student"), tmp_path_factory.mktemp("home")
    for each in (REPOSITORY / "release").iterdir():
        shutil.copytree(each, folder / each.name)
    for name, content in SETTINGS.items():
        file = home / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content))
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=",
    ]
    options += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONSAFEPATH": "",
    }
    log = (home / "log").open("w")
    command = [sys.executable, "-m", "jupyterlab", *options]
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
        yield Lab(address, folder)
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

"""README's "You teach" walked: every command in a shell, every page in chromium, in its order, for a class of twelve.

The marking page alone, with three answers, is the short form.

With ``TEACH_PICTURES=docs/images/teach`` in the environment the walk also writes README's pictures.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from html import escape
from pathlib import Path
from queue import Queue
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from nbgrader.api import Gradebook
from playwright.sync_api import Page, ViewportSize, expect

from cnn_course.marking.app import MarkingPage
from splitgrade.sandbox import layers
from tests.cnn_course.marking.test_marking import course, made, scores
from tests.course_fixture import REPOSITORY

__all__ = ["course", "made"]  # fixtures

pytestmark = pytest.mark.browser
NAMES = (
    "Ada Okafor",
    "Ben de la Cruz",
    "Chi Nakamura",
    "Dana Özdemir",
    "Eva Lindqvist",
    "Finn O'Neil",
    "Gita Rao",
    "Hugo Álvarez",
    "Ines Costa",
    "Jun Park",
    "Kofi Mensah",
    "Lea Fischer",
)
LATE, MISSING = {"Ada": timedelta(hours=5), "Kofi": timedelta(hours=30)}, "Hugo"
ODD = {"Eva": "broken", "Lea": "zipped", "Finn": "renamed", "Gita": "nested", "Kofi": "beside"}
WORDS = {
    "ex39-words": (
        "With padding a filter reaches the border as often as the middle, and the size stays. At stride 2 most of\n"
        "what comes out would be computed from zeros only, and says nothing about the image.",
        "Padding keeps the size, so that many layers fit one after the other. At stride 2 the size halves anyway.",
    ),
    "ex40-words": (
        "A unit reads 180 numbers instead of 5,120. Sharing lets 256 units use the same 181, instead of 46,336 of\n"
        "their own. In return, no unit can compare places that are far apart.",
        "It looks at a small block only, and all units use the same weights, which saves memory.",
    ),
}
PROGRESS = re.compile(r".* \.\.\.|grading \S+: \d+ of \d+")  # a pipe gets lines where a terminal has one that moves
SIZE: ViewportSize = {"width": 1000, "height": 780}
SHELL = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; background: #1c1f26 } pre { display: inline-block; margin: 0; padding: 14px 18px; color: #dfe3ea;
font: 13px/1.35 "DejaVu Sans Mono", monospace } b { color: #8fd694 }</style><pre>"""


class Shell:
    """A shell in the course: runs README's commands, and notes which, and what they print."""

    def __init__(self, course: Path, page: Page) -> None:
        self.course, self.page, self.ran = course, page, set[str]()
        self.pictures = Path(os.environ["TEACH_PICTURES"]).resolve() if "TEACH_PICTURES" in os.environ else None
        self.environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "80"}
        self._lines: list[str] = []

    def run(self, *words: str, status: int = 0) -> str:
        """Run a command; its exit status is part of what README promises."""
        self.ran.add(words[0])
        command = [sys.executable, "-m", "cnn_course", *words]
        options: dict[str, Any] = {"cwd": self.course, "env": self.environment, "text": True}
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
        assert done.returncode == status, (words, done.stdout)
        said: str = done.stdout.replace(f"{self.course}/", "")
        shown = " ".join(f'"{word}"' if " " in word else word for word in words)
        kept = [escape(line) for line in said.rstrip().splitlines() if not PROGRESS.fullmatch(line)]
        self._lines += [f"<b>$ cnn-course {escape(shown)}</b>", *kept, ""]
        return said

    def forget(self) -> None:
        """Leave what was printed since the last picture out of the next one."""
        self._lines.clear()

    def picture(self, name: str) -> None:
        """Write a picture of what was printed since the last one."""
        lines, self._lines = self._lines, []
        if self.pictures is not None:
            self.page.set_content(SHELL + "\n".join(lines[:-1]) + "</pre>")
            self.page.locator("pre").screenshot(path=self.pictures / f"{name}.png")

    def screen(self, name: str, height: int) -> None:
        """Write a picture of the page."""
        if self.pictures is not None:
            self.page.set_viewport_size({"width": 1000, "height": height})
            self.page.screenshot(path=self.pictures / f"{name}.png")
            self.page.set_viewport_size(SIZE)


@pytest.fixture(scope="module")
def drawing() -> ModuleType:
    """Return the benchmark of this way, which draws a class and packs it as Moodle does."""
    spec = importlib.util.spec_from_file_location("instructor_way", REPOSITORY / "benchmarks" / "instructor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def shell(drawing: ModuleType, tmp_path: Path, page: Page) -> Shell:
    """Return a shell in a copy of the course, with the download of a class of twelve."""
    page.set_viewport_size(SIZE)
    shell = Shell(tmp_path / "course", page)
    shell.course.mkdir()
    drawing.copy_course(shell.course)
    people = drawing.draw_class(random.Random(4), len(NAMES))  # noqa: S311 - no secret
    for number, (one, name) in enumerate(zip(people, NAMES, strict=True)):
        one.first, _, one.last = name.partition(" ")
        one.late, one.missing, one.odd = LATE.get(one.first, -timedelta(hours=3)), one.first == MISSING, ""
        one.odd = ODD.get(one.first, "")
        one.cells.update({question: texts[number % len(texts)] for question, texts in WORDS.items()})
    drawing.pack(shell.course, people)
    return shell


@pytest.fixture
def address(course: Path) -> Iterator[str]:
    """Serve the marking page for a class of four, of whom three wait."""
    servers = Queue[uvicorn.Server]()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
                app = MarkingPage(course, "tiny", gradebook, "secret").app()
                servers.put(uvicorn.Server(uvicorn.Config(app, log_level="warning")))
                servers.queue[0].run([listener])

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/?token=secret"
        servers.get().should_exit = True
        thread.join()


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own queries
def test_keys_of_the_marking_page_mark(address: str, course: Path, page: Page) -> None:
    """Two equal answers cost a rubric line and Enter; the gradebook has them; what a student wrote is text."""
    page.goto(address)
    expect(page.locator("#left")).to_have_text("0 of 3 marked, 2 different answers")
    expect(page.locator("#answer strong")).to_have_text("commutes")
    page.locator("#answer").focus()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#left")).to_have_text("2 of 3 marked, 2 different answers")
    expect(page.locator("#answer")).to_contain_text("a guess")
    assert page.locator("#answer script, #answer [src]").count() == 0
    found = scores(course)
    assert found["ada"] == found["ben"] == (0.5, False, None)
    assert found["cyd"] == (None, True, None)


@pytest.mark.long
@pytest.mark.skipif(layers.probe().isolation == "none", reason="this machine has no sandbox")
def test_the_way_of_readme(shell: Shell, page: Page) -> None:
    """Roster, release, collect, grade, mark, decide, report, give back: each says and leaves what README shows."""
    shell.run("roster", "participants.csv")
    shell.run("roster", "worksheet.csv")
    assert "de la Cruz, Ben" in shell.run("roster")
    shell.run("due", "cnn_exercises", "2026-11-20 23:00 Europe/Vienna")
    shell.picture("roster")
    assert "nothing given away" in shell.run("release", "cnn_exercises")
    assert (shell.course / "handouts" / "cnn_exercises.zip").is_file()
    shell.picture("release")
    assert "all checks pass" in shell.run("check", "source/cnn_exercises/ex43.ipynb")
    assert "to look at" in shell.run("check", "release/cnn_exercises/ex43.ipynb", status=1)
    shell.forget()
    said = shell.run("collect", "download.zip", "--zone", "Europe/Vienna", status=3)
    assert "Nobody Known" in said
    assert not (shell.course / "submitted" / "s0007").exists()
    shell.picture("collect")
    said = shell.run("grade", "cnn_exercises", status=3)
    assert "ex44: refused: not a notebook" in said
    late = re.findall(r"^ *([^:,\n]+), [^:\n]*\blate\b", said, re.MULTILINE)
    assert late == ["Mensah", "Okafor"]
    shell.picture("grade")
    mark(shell, page)
    shell.run("decide", "void", "cnn_exercises", "ex41-conv-parameters", "--why", "its picture was wrong")
    shell.run("decide", "late", "cnn_exercises", "10", "--most", "50", "--why", "syllabus")
    assert "10 % a day" in shell.run("decide", "list")
    shell.picture("decide")
    shell.run("report", "cnn_exercises", "--html")
    page.goto((shell.course / "exports" / "report-cnn_exercises.html").as_uri())
    expect(page.get_by_role("heading", name="Who needs help")).to_be_attached()
    shell.screen("report", 780)
    assert "Feedback for 11 students" in shell.run("feedback", "cnn_exercises")
    page.goto((shell.course / "feedback" / "s0001" / "cnn_exercises" / "index.html").as_uri())
    expect(page.locator("h1")).to_be_visible()
    shell.forget()
    words = ("export", "cnn_exercises", "--to", "moodle", "--for", "worksheet.csv")
    assert "nothing was written" in shell.run(*words, "--scale", status=1)
    shell.run(*words, "--scale", "--partial", status=3)
    shell.picture("export")
    with (shell.course / "exports" / "grades-cnn_exercises-for-moodle.csv").open(encoding="utf-8-sig") as source:
        grades = {row["Full name"]: row["Grade"] for row in csv.DictReader(source)}
    assert [name for name in NAMES if not grades[name]] == ["Hugo Álvarez"]
    teach = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("## You teach")[1].split("\n## ")[0]
    assert set(re.findall(r"`cnn-course (\w+)", teach)) == shell.ran


def mark(shell: Shell, page: Page) -> None:
    """Mark every answer in words with the keys of the page, and end it with Ctrl-C."""
    shell.ran.add("mark")
    command = [sys.executable, "-m", "cnn_course", "mark", "cnn_exercises", "--json"]
    with subprocess.Popen(
        command, cwd=shell.course, env=shell.environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            page.goto(json.loads(server.stdout.readline())["address"])
            for question, texts in WORDS.items():
                page.locator("#question").select_option(question)
                expect(page.locator("#left")).to_have_text("0 of 11 marked, 2 different answers")
                page.locator("#answer").focus()
                for text, marked in zip(texts, ("^6 of 11", "^11 of 11"), strict=True):  # the commonest answer first
                    expect(page.locator("#answer")).to_contain_text(text[:25])
                    expect(page.locator("body")).to_have_attribute("aria-busy", "false")
                    page.keyboard.press("1")
                    expect(page.locator("#rubric button").first).to_have_attribute("aria-pressed", "true")
                    if text == WORDS["ex39-words"][0]:
                        shell.screen("mark", 580)
                    page.keyboard.press("Enter")
                    expect(page.locator("#left")).to_have_text(re.compile(marked))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)

"""A released assignment in JupyterLab, as a student opens it: run all, choices that write, explorers that live."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab

pytestmark = pytest.mark.browser


def test_a_click_writes_the_line_of_the_answer(lab: Lab, page: Page) -> None:
    """The button puts the letter into the answer cell; after saving, the plain line is in the file."""
    lab.run_all(page, "cnn_quiz/quiz.ipynb")
    options = page.locator('[data-choices^="q01-"]')
    options.locator('[data-letter="b"]').click()
    expect(options.get_by_role("status")).to_contain_text('Written: q01 = "b"')
    page.keyboard.press("Control+s")
    path = lab.folder / "cnn_quiz" / "quiz.ipynb"
    cells: dict[str, str] = {}
    for _ in range(60):
        with contextlib.suppress(ValueError):  # read in the midst of a save
            cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]}
        if cells.get("q01", "").startswith('q01 = "b"'):
            break
        time.sleep(0.5)
    assert cells["q01"].splitlines()[0] == 'q01 = "b"  # one letter in quotes, such as "a"'
    assert cells["q02"].startswith("q02 = ...")


def test_an_explorer_lives_in_a_run_notebook(lab: Lab, page: Page) -> None:
    """Run all reaches the end of a blank notebook, and the explorer answers to the keyboard."""
    lab.run_all(page, "cnn_exercises/ex42.ipynb")
    expect(page.locator(".card .title").first).to_contain_text("1 × 1")
    cell = page.locator('[data-board="output"] [tabindex="0"]')
    cell.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card .says")).to_contain_text("Row 1, column 3")

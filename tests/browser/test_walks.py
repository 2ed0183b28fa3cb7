"""A student's hour in a real JupyterLab: each notebook run, told, validated; handed in, and its feedback read."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.auth import Authenticator
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeFetchAssignment,
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)
from nbgrader.utils import get_username
from playwright.sync_api import Page, expect

from grader_tests.answers import wrong_answers_of
from grader_tests.bank import variant_of
from grader_tests.function_question import FunctionQuestion
from grader_tests.questions.variants import VariantQuestion
from grader_tests.registry import QUESTIONS
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config
from student_kit.call import Outcome
from tests.browser.lab import PATIENCE, Lab
from tests.course_fixture import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RELEASE = REPOSITORY / "release"
NOTEBOOKS = sorted(path.relative_to(RELEASE) for path in RELEASE.glob("*/*.ipynb"))
# The others are long forms. One notebook with functions, one with letters; one assignment.
IN_SHORT = ("ex41", "quiz", "cnn_quiz")


def walks(places: Iterable[Path]) -> list[Any]:
    """Return notebooks or assignments as cases; most of them in the long form only."""
    return [
        pytest.param(place, id=place.stem, marks=() if place.stem in IN_SHORT else pytest.mark.long) for place in places
    ]


@dataclass(frozen=True)
class Answers:
    """Answers to two questions of a notebook.

    Parameters
    ----------
    cells : mapping of str to str
        The answer cells by id.
    right, wrong : str
        Which question is answered right, and which wrong.
    told : tuple of str
        What the checks of the two say.
    """

    cells: Mapping[str, str]
    right: str
    wrong: str
    told: tuple[str, str]

    def write(self, path: Path) -> None:
        """Write them into a notebook, as a student who saved it."""
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = self.cells.get(cell.id, cell.source)
        nbformat.write(notebook, path)


def answers_to(place: Path) -> Answers:
    """Return answers to a notebook: two functions where it has them, else letters or numbers."""
    manifest = json.loads((RELEASE / place.parent / "questions.json").read_text())["notebooks"]
    names = {entry["id"]: entry["answer"] for entry in manifest[place.stem] if entry["answer"]}
    functions = [QUESTIONS[name] for name in names if isinstance(QUESTIONS[name], FunctionQuestion)]
    first = functions[0].id if functions else next(iter(names))
    cells = {first: _solution(place, first)}
    said = f"✓ {first}: right so far" if functions else f"● {first}: answered, not judged here"
    for question in functions[1:]:
        for mistake in wrong_answers_of(question.id):
            case = question.reveal(Outcome(mistake.answer))
            if case is not None and case["example"]:
                cells[question.id] = question.source(mistake.answer, mistake.needs)
                return Answers(cells, first, question.id, (said, f"✗ {question.id}: not there yet"))
    second = next(name for name in names if name != first)
    cells[second] = f'{names[second]} = "zzz"'
    return Answers(cells, first, second, (said, f"✗ {second}: not there yet"))


def _solution(place: Path, question: str) -> str:
    """Return the instructor's answer, without the markers; with own numbers, that of whoever hands in."""
    own = QUESTIONS[question]
    if isinstance(own, VariantQuestion):
        key = variant_of(own.course_id, own.assignment, question, get_username())[1].key
        return f"{question} = ({', '.join(key)})"
    notebook = nbformat.read(REPOSITORY / "source" / place, as_version=4)
    [source] = [cell.source for cell in notebook.cells if cell.id == question]
    return "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("###"))


def choose(page: Page, path: Path) -> None:
    """Hold that a button puts its letter into the answer cell, and that the plain line is in the file after saving."""
    options = page.locator('[data-choices^="q03-"]')
    options.locator('[data-letter="b"]').click()
    expect(options.get_by_role("status")).to_contain_text('Written: q03 = "b"')
    page.keyboard.press("Control+s")
    cells: dict[str, str] = {}
    for _ in range(60):
        with contextlib.suppress(ValueError):  # read in the midst of a save
            cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]}
        if cells.get("q03", "").startswith('q03 = "b"'):
            break
        time.sleep(0.5)
    assert cells["q03"].splitlines()[0] == 'q03 = "b"  # one letter in quotes, such as "a"'
    assert cells["q04"].startswith("q04 = ...")


def explore(page: Page) -> None:
    """Hold that the explorer of a run notebook answers to the keyboard."""
    expect(page.locator(".card .title").first).to_contain_text("Convolution")
    page.locator('[data-board="output"] [tabindex="0"]').focus()
    page.keyboard.press("Home")
    expect(page.locator(".card .says")).to_contain_text("Output row 2, column 1")


@pytest.mark.parametrize("place", walks(NOTEBOOKS))
def test_each_notebook_runs_answers_are_told_and_validated(lab: Lab, page: Page, place: Path) -> None:
    """Opened and run in JupyterLab with one right and one wrong answer: both are told, the end is reached, no error.

    A button of a choice writes the line of the answer, and an explorer lives. nbgrader's button Validate says the same
    of the wrong one, in our words, and has nothing against the right one.
    """
    answers = answers_to(place)
    shutil.copy(RELEASE / place, lab.folder / place)
    answers.write(lab.folder / place)
    lab.run_all(page, place.as_posix())
    outputs = page.locator(".jp-OutputArea-output")
    expect(outputs.filter(has_text=" open, of ").last).to_be_visible(timeout=PATIENCE)
    told = "\n".join(outputs.all_inner_texts())
    assert [line for line in answers.told if line not in told] == []
    assert "Traceback" not in told
    errors = '.jp-OutputArea-output[data-mime-type*="error"], .jp-RenderedText[data-mime-type*="stderr"]'
    assert page.locator(errors).count() == 0
    if place.stem == "quiz":
        choose(page, lab.folder / place)
    if place.stem == "ex41":
        explore(page)
    page.get_by_role("button", name="Validate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(answers.told[1][2:], timeout=PATIENCE)
    expect(dialog).not_to_contain_text(f"{answers.right}: ")
    expect(dialog).not_to_contain_text("Partial credit")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader's
@pytest.mark.parametrize("assignment", walks(sorted({Path(place.parent) for place in NOTEBOOKS})))
def test_feedback_on_what_was_handed_in_is_read(
    lab: Lab, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assignment: Path
) -> None:
    """Fetched from the exchange, answered, submitted, graded; each notebook's page comes back and is read.

    They are read where nbgrader puts them, in JupyterLab and from the disk; there each leads to the others.
    """
    name, root, home = assignment.name, tmp_path / "course", lab.folder / f"fetched-{assignment.name}"
    home.mkdir()
    shutil.copytree(REPOSITORY / "authoring", root / "authoring")
    shutil.copytree(REPOSITORY / "source" / name, root / "source" / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    config = load_config(root)
    for folder in ("exchange", "cache"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder).chmod(0o777)
    config.Exchange.root, config.Exchange.cache = str(tmp_path / "exchange"), str(tmp_path / "cache")
    assert convert(GenerateAssignment, config, name).success

    def step(kind: type, where: Path) -> None:
        monkeypatch.chdir(where)
        config.Exchange.assignment_dir = str(home)
        coursedir = CourseDirectory(config=config, assignment_id=name)
        kind(coursedir=coursedir, authenticator=Authenticator(config=config), config=config).start()

    step(ExchangeReleaseAssignment, root)
    step(ExchangeFetchAssignment, home)
    given = {place.stem: answers_to(place) for place in NOTEBOOKS if place.parent == assignment}
    for notebook, answers in given.items():
        answers.write(home / name / f"{notebook}.ipynb")
    step(ExchangeSubmit, home)
    step(ExchangeCollect, root)
    [student] = [path.name for path in (root / "submitted").iterdir()]
    [(_, record)] = GradingRun(Grader.of(root, config, name), [student], seed=3).outcomes()
    assert {notebook.state for notebook in record.notebooks.values()} == {"graded"}
    [(_, outcome)] = write_feedback(root, config, name, [student])
    assert outcome.success, outcome.log
    step(ExchangeReleaseFeedback, root)
    step(ExchangeFetchFeedback, home)
    fetched = {path.stem: path for path in (home / name / "feedback").rglob("*.html")}
    assert set(fetched) == set(given)
    for notebook, answers in given.items():
        address = f"{lab.address}/files/{fetched[notebook].relative_to(lab.folder).as_posix()}"
        page.goto(address, referer=f"{lab.address}/lab")  # as its file browser opens it
        expect(page.locator(f"#{answers.right}-test .chip").first).to_have_class("chip full")
        wrong = page.locator(f"#{answers.wrong}-test")
        expect(wrong.locator(".chip").first).to_have_class(re.compile("none|part"))
        expect(wrong).to_contain_text("What was looked at")
    first, *others = fetched
    page.goto(fetched[first].as_uri())  # JupyterLab lets no page lead to another one, a folder on disk does
    for notebook in others:
        page.locator("details.whole > summary").click()
        page.locator(f'details.whole td a[href="{notebook}.html"]').click()
        expect(page).to_have_url(re.compile(f"/{notebook}.html$"))

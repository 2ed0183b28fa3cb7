"""A student's hour in a real JupyterLab: each notebook, right and wrong answers, handing in, feedback read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
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
from playwright.sync_api import Page, expect

from grader_tests.answers import right_answers, wrong_answers_of
from grader_tests.function_question import FunctionQuestion
from grader_tests.registry import QUESTIONS
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config
from student_kit.call import Outcome
from tests.browser.lab import PATIENCE, Lab
from tests.course_fixture import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IN_SHORT = ("ex41", "quiz", "systems")  # one with functions, one with letters, one of the bonus
NOTEBOOKS = sorted(path.relative_to(REPOSITORY / "release") for path in (REPOSITORY / "release").glob("*/*.ipynb"))


def _walk(place: Path) -> Any:
    """Return a notebook as a case; most of them in the long form only."""
    return pytest.param(place, id=place.stem, marks=() if place.stem in IN_SHORT else pytest.mark.long)


def fill(path: Path, answers: Mapping[str, str]) -> None:
    """Write answers into a notebook, as a student who saved it."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, path)


def one_right_one_wrong(questions: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return answers to two questions of a notebook, and the lines that their checks have to say."""
    answers: dict[str, str] = {}
    for name in questions:
        question = QUESTIONS[name]
        if isinstance(question, FunctionQuestion) and not answers:
            right = next(each for each in right_answers().values() if each.question == name)
            answers[name] = question.source(right.answer, right.needs)
            said = [f"✓ {name}: right so far"]
        elif isinstance(question, FunctionQuestion):
            for wrong in wrong_answers_of(name):
                case = question.reveal(Outcome(wrong.answer))
                if case is not None and case["example"]:
                    return {**answers, name: question.source(wrong.answer, wrong.needs)}, [
                        *said,
                        f"✗ {name}: not there",
                    ]
    if answers:
        return answers, said
    first, second = [name for name in questions if QUESTIONS[name].kind in ("letters", "number")][:2]
    number = "(3, 4)" if getattr(QUESTIONS[first], "asks", ()) else "3"
    fitting = '"a"' if QUESTIONS[first].kind == "letters" else number
    lines = [f"● {first}: answered, not judged here", f"✗ {second}: not there yet"]
    answers = {first: f"{first} = {fitting}", second: f'{second} = "zzz"'}
    return {**answers, "variants-id": 'student = "ada"'}, lines


@pytest.mark.parametrize("place", [_walk(place) for place in NOTEBOOKS])
def test_each_notebook_runs_and_answers_are_told(lab: Lab, page: Page, place: Path) -> None:
    """Opened and run in JupyterLab with one right and one wrong answer: both are told, the end is reached, no error."""
    manifest = json.loads((REPOSITORY / "release" / place.parent / "questions.json").read_text())["notebooks"]
    questions = [entry["id"] for entry in manifest[place.stem] if entry["answer"]]
    answers, said = one_right_one_wrong(questions)
    shutil.copy(REPOSITORY / "release" / place, lab.folder / place)
    fill(lab.folder / place, answers)
    lab.run_all(page, place.as_posix())
    outputs = page.locator(".jp-OutputArea-output")
    expect(outputs.filter(has_text=f"of {len(questions)} questions.").last).to_be_visible(timeout=PATIENCE)
    told = "\n".join(outputs.all_inner_texts())
    assert [line for line in said if line not in told] == []
    assert "Traceback" not in told
    assert (
        page.locator(
            '.jp-OutputArea-output[data-mime-type*="error"], .jp-RenderedText[data-mime-type*="stderr"]'
        ).count()
        == 0
    )


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader's
def test_the_quiz_is_validated_handed_in_and_its_feedback_read(
    lab: Lab, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetched from the exchange, answered, validated by nbgrader's button, submitted, graded; the pages come back."""
    root, home = tmp_path / "course", lab.folder / "fetched"
    home.mkdir()
    for name in ("source", "authoring"):
        ignored = shutil.ignore_patterns("cnn_exercises", "cnn_claims", "cnn_arch*", "cnn_quiz_variants", "images")
        shutil.copytree(REPOSITORY / name, root / name, ignore=ignored if name == "source" else None)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    config = load_config(root)
    for folder in ("exchange", "cache"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder).chmod(0o777)
    config.Exchange.root, config.Exchange.cache = str(tmp_path / "exchange"), str(tmp_path / "cache")
    assert convert(GenerateAssignment, config, "cnn_quiz").success

    def step(kind: type, where: Path) -> None:
        monkeypatch.chdir(where)
        config.Exchange.assignment_dir = str(home)
        coursedir = CourseDirectory(config=config, assignment_id="cnn_quiz")
        kind(coursedir=coursedir, authenticator=Authenticator(config=config), config=config).start()

    step(ExchangeReleaseAssignment, root)
    step(ExchangeFetchAssignment, home)
    fill(home / "cnn_quiz" / "quiz.ipynb", {"q01": 'q01 = "c"', "q02": 'q02 = "d"', "q03": 'q03 = "zzz"'})
    lab.run_all(page, "fetched/cnn_quiz/quiz.ipynb")
    expect(page.locator(".jp-OutputArea-output").filter(has_text="of 14 questions.").last).to_be_visible()
    page.get_by_role("button", name="Validate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("q03: not there yet", timeout=PATIENCE)
    dialog.get_by_role("button").last.click()
    step(ExchangeSubmit, home)
    step(ExchangeCollect, root)
    [student] = [path.name for path in (root / "submitted").iterdir()]
    [(_, record)] = GradingRun(Grader.of(root, config, "cnn_quiz"), [student], seed=3).outcomes()
    assert record.notebooks["quiz"].state == "graded"
    [(_, outcome)] = write_feedback(root, config, "cnn_quiz", [student])
    assert outcome.success, outcome.log
    step(ExchangeReleaseFeedback, root)
    step(ExchangeFetchFeedback, home)
    [fetched] = (home / "cnn_quiz" / "feedback").rglob("*.html")
    page.goto(fetched.as_uri())
    expect(page.get_by_role("heading", name="Look at first")).to_be_visible()
    expect(page.locator("#q01-test")).to_contain_text("1 / 1")
    expect(page.locator("#q02-test")).to_contain_text("(d) is not the right choice.")
    expect(page.locator("#q02-test")).to_contain_text('practice("sharing")')
    expect(page.locator("#q03-test")).to_contain_text("Legal answers are one letter")

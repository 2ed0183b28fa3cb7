"""A failing case on a page: of the pool that may be shown, by a process that met no test; explanations by date."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.feedback.advice import Advice
from splitgrade.feedback.case_view import case_of
from splitgrade.feedback.explaining import date_of
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader.session import convert, load_config
from splitgrade.sandbox import layers
from splitgrade.sandbox.limits import MAX_CASE_PLANES, MAX_CASE_SIDE, MAX_CASE_TEXT
from tests.course_fixture import REPOSITORY, marked, notebook

pytestmark = pytest.mark.skipif(layers.probe().isolation == "none", reason="this machine has no sandbox")

LAB, QUESTION = "lab", "ex41-conv-output-size"
RIGHT = "def conv_output_size(size, kernel_size, stride=1, padding=0):\n"
RIGHT += "    if stride < 1 or padding < 0 or size + 2 * padding < kernel_size: raise ValueError\n"
RIGHT += "    return (size + 2 * padding - kernel_size) // stride + 1"
WRONG = RIGHT.replace("2 * padding - ", "padding - ")
# Right but for a size that no public example has.
RARE = RIGHT.replace("    return", "    if size > 20: return 0\n    return")
# Keeps what it is called with wherever it can, and answers with how much that is.
KEEPS = """kept = []
def conv_output_size(size, kernel_size, stride=1, padding=0):
    import os
    kept.append((size, kernel_size, stride, padding))
    for place in ('.', '/tmp', '/dev/shm', '/var/tmp'):
        try: open(place + '/kept', 'a').write('x')
        except OSError: pass
    found = [p + '/kept' for p in ('.', '/tmp', '/dev/shm', '/var/tmp') if os.path.exists(p + '/kept')]
    lengths = map(os.path.getsize, found)
    return 1000 * len(kept) + max(lengths, default=0)"""
FORGES = """from IPython.display import display
value = {"name": "forged", "note": "", "text": "forged", "planes": []}
case = {"version": 1, "call": "forged", "yours": value, "expected": value}
def conv_output_size(size, kernel_size, stride=1, padding=0):
    display({"application/vnd.splitgrade.case+json": case}, raw=True)
    return 0
conv_output_size(1, 1)"""
ANSWERS = {
    "ada": WRONG,
    "rare": RARE,
    "right": RIGHT,
    "keeps": KEEPS,
    "forges": FORGES,
    "loops": "def conv_output_size(size, kernel_size, stride=1, padding=0):\n    while True: pass",
    "blank": "",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graded course with one question of the real ones."""
    root = tmp_path_factory.mktemp("revealed") / "course"
    (root / "source" / LAB).mkdir(parents=True)
    test = marked(f"{QUESTION}-test", grade=True, locked=True, points=0.5)
    source = f'import grader_tests; grader_tests.grade("{QUESTION}", lambda: conv_output_size)'
    head, body = RIGHT.split("\n", 1)
    solution = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    cells = notebook(
        new_markdown_cell("# Lab\n\n## 1. The size"),
        new_code_cell(solution, metadata=marked(QUESTION, solution=True)),
        new_code_cell(f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS", metadata=test),
    )
    nbformat.write(cells, root / "source" / LAB / f"{LAB}.ipynb")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "authoring").mkdir()
    (root / "authoring" / "course.toml").write_text(
        f'title = "Lab"\ncourse_id = "cnn"\nchecks = "grader_tests"\n[assignments.{LAB}]\npoints = {{ {LAB} = 0.5 }}\n'
    )
    config = configuration(root)
    assert convert(GenerateAssignment, config, LAB).success
    for student, answer in ANSWERS.items():
        folder = root / "submitted" / student / LAB
        shutil.copytree(root / "release" / LAB, folder)
        content = nbformat.read(folder / f"{LAB}.ipynb", as_version=4)
        content.cells[1].source = answer
        nbformat.write(content, folder / f"{LAB}.ipynb")
    for student, record in GradingRun(Grader.of(root, config, LAB), sorted(ANSWERS), seed=5).outcomes():
        assert record.notebooks[LAB].state == "graded", (student, record)
    return root


def configuration(root: Path) -> Config:
    """Return nbgrader's configuration with short limits."""
    config = load_config(root)
    config.SplitExecute.limits = {"cell_seconds": 2, "notebook_seconds": 10}
    return config


def page(root: Path, student: str, config: Config | None = None) -> Tag:
    """Make the page of a student and return it."""
    [(_, outcome)] = write_feedback(root, config or configuration(root), LAB, [student])
    assert outcome.success, outcome.log
    text = (root / "feedback" / student / LAB / f"{LAB}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def case(soup: Tag) -> str:
    """Return what a page says in its revealed case, nothing where it has none."""
    found = soup.select_one(".case")
    return " ".join(found.get_text(" ").split()) if found else ""


def test_a_wrong_answer_sees_a_public_example_first(root: Path) -> None:
    """Call, own result, the right one, and what to practice."""
    soup = page(root, "ada")
    assert "conv_output_size(5, 3, stride=2, padding=1)" in case(soup)
    assert "your result 2 expected 3" in case(soup)
    assert "one of the public examples, number 1" in case(soup)
    assert 'practice("sizes")' in soup.get_text()


def test_where_the_public_examples_hold_a_case_is_drawn(root: Path) -> None:
    """It says that the tests used others; a right answer has none, and nothing to practice; nor has a blank one."""
    shown = case(page(root, "rare"))
    assert "your result 0" in shown
    assert "This case was drawn for this page; the tests used others." in shown
    right = page(root, "right")
    assert case(right) == ""
    assert "practice(" not in right.get_text()
    assert case(page(root, "blank")) == ""


def test_a_function_that_keeps_its_inputs_has_met_no_test_there(root: Path) -> None:
    """In the process of the case it has been called once, by that case, and finds no file of an earlier run."""
    assert "your result 1001 expected 3" in case(page(root, "keeps"))


def test_a_case_that_a_student_displays_is_none(root: Path) -> None:
    """What looks like a case among a student's outputs is not shown as one."""
    soup = page(root, "forges")
    assert "conv_output_size(5, 3" in case(soup)
    assert "forged" not in case(soup)


def test_an_endless_loop_costs_nothing_else(root: Path) -> None:
    """It is stopped and named; the page is made."""
    assert "took longer than" in case(page(root, "loops"))


def test_explanations_come_from_their_date_on(root: Path) -> None:
    """Before, the date is told and no word of the answer; from then on the model answer stands there."""
    config = configuration(root)
    model = "size + 2 * padding < kernel_size"
    assert model not in str(page(root, "ada", config))
    config.RedactFeedback.explain_from = {LAB: "2999-12-20 18:00"}
    soup = page(root, "blank", config)
    assert "Pages made after 20 December 2999, 18:00 explain" in soup.get_text()
    assert "2 * padding" not in soup.get_text()
    config.RedactFeedback.explain_from = {LAB: (datetime.now(UTC) - timedelta(seconds=1)).isoformat()}
    soup = page(root, "blank", config)
    why = soup.select_one("details.why")
    assert why is not None
    assert "return (size + 2 * padding - kernel_size) // stride + 1" in why.get_text()
    assert "SOLUTION" not in soup.get_text()


def test_what_is_no_date_is_told(root: Path) -> None:
    """The rule, what came, and what is legal; and a module of advice that cannot be used."""
    config = configuration(root)
    config.RedactFeedback.explain_from = {LAB: "after Christmas"}
    [(_, outcome)] = write_feedback(root, config, LAB, ["ada"])
    assert not outcome.success
    assert "must be a date such as '2026-12-20'" in outcome.reason
    assert date_of({}, LAB) is None
    for module, says in (("no_such_module", "cannot be imported"), ("json", "needs the functions topic")):
        with pytest.raises(CourseError, match=says):
            Advice(module)
    assert Advice("").topic("x") == ""


def test_the_page_reads_known_fields_within_bounds_only() -> None:
    """Whatever the data is: text, small planes, or no case at all."""
    plane: dict[str, Any] = {
        "caption": "c",
        "rows": [["1"] * 99] * 99,
        "marked": [[0, 1], [5], "x", [0, "1"], [98, 98]],
    }
    value = {"name": "n" * 99_999, "note": 3, "text": None, "planes": [plane] * 50, "script": "<script>"}
    shown = case_of({"yours": value, "expected": value, "inputs": [value] * 50, "example": "1", "code": ["x"]})
    assert shown is not None
    assert set(shown) == {*("what", "call", "code", "message", "example", "inputs", "yours", "expected", "difference")}
    assert (shown["example"], shown["code"], shown["difference"]) == (0, "", None)
    assert len(shown["yours"]["name"]) == MAX_CASE_TEXT
    assert len(shown["yours"]["planes"]) == MAX_CASE_PLANES
    rows = shown["yours"]["planes"][0]["rows"]
    assert (len(rows), len(rows[0])) == (MAX_CASE_SIDE, MAX_CASE_SIDE)
    assert [place for place, (_, marked) in enumerate(rows[0]) if marked] == [1]
    for data in (None, [], "case", {}, {"yours": value}, {"yours": 1, "expected": 2}):
        assert case_of(data) is None

"""The report as a whole: evidence out of graded notebooks, what is counted, and a page that only shows."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from cnn_course.course import Assignment, Course
from cnn_course.reporting import evidence
from cnn_course.reporting.evidence import read_evidence, reading_evidence, written_value
from cnn_course.reporting.full_report import Report, make_report
from cnn_course.reporting.report_files import report_csv, report_json, report_page
from cnn_course.reporting.table import GradedAssignment
from splitgrade.execution.wire.outputs import RESULT
from splitgrade.grading.record import NotebookRecord, RunRecord, SubmissionRecord
from tests.cnn_course.small_class import book, results, student

QUIZ = """\
[[items]]
id = "a"
key = "b"
[items.options]
a = "one <i>"
b = "two"
"""


def code(grade_id: str, source: str = "", result: dict | None = None, **marks) -> dict:
    """Return a code cell with nbgrader's marks, and a result among its outputs."""
    outputs = [] if result is None else [{"output_type": "display_data", "metadata": {}, "data": {RESULT: result}}]
    metadata = {"nbgrader": {"grade_id": grade_id, "grade": False, "solution": False, "locked": False, **marks}}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": outputs, "execution_count": None}


def shown(held: bool, *, answered: bool = True, named: tuple[str, ...] = ()) -> dict:
    """Return what a test cell shows."""
    aspects = [{"name": "sign", "held": held}, {"name": "size", "held": True}]
    return {"answered": answered, "aspects": aspects, "misconceptions": list(named), "hint": "look <b>again</b>"}


def graded_notebook(choice: str, result: dict) -> str:
    """Return a graded notebook with one question."""
    cells = [
        code("a", f"a = {choice}", solution=True),
        code("a-test", "check", result, grade=True, locked=True),
        code("own", "display(...)", {**shown(False), "misconceptions": ["FORGED"]}),
        code("b-test", "mine", {**shown(False), "misconceptions": ["FORGED"]}, grade=True),
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Return the report on a class of 13: ten right, one wrong, one blank, one not read; one handed nothing in."""
    tiny = Assignment("tiny", "Tiny <script>", {"one": Fraction(3)}, "one.toml")
    course = Course(tmp_path, "Course", "c", "checks", (), (), {"tiny": tiny})
    (tmp_path / "authoring/tiny").mkdir(parents=True)
    (tmp_path / "authoring/tiny/one.toml").write_text(QUIZ)
    (tmp_path / "source/tiny").mkdir(parents=True)
    source = [
        {"cell_type": "markdown", "metadata": {}, "source": "# All\n\n### 1. Which one? (2 points)\n"},
        code("a-test", grade=True, locked=True),
        {"cell_type": "markdown", "metadata": {}, "source": ["## 2. Why\n", "text"]},
        code("b", grade=True, solution=True),
    ]
    (tmp_path / "source/tiny/one.ipynb").write_text(json.dumps({"cells": source}))
    people = [student(f"s{n}", book(2.0, 1.0 - n / 10), last=f"Name{n}") for n in range(10)]
    people += [
        student("wrong", book(0.0, 0.0), last="=cmd", late=5000.0),
        student("blank", book(0.0, 0.0)),
        student("unread", book(0.0, 0.0)),
        student("zoe", last="<img src=x onerror=alert(1)>"),
    ]
    answers = {each.student: graded_notebook("'b'", shown(True)) for each in people[:10]}
    answers["wrong"] = graded_notebook("'A) '", shown(False, named=("E1-sign", "E2-x")))
    answers["blank"] = graded_notebook("...", shown(False, answered=False))
    for name, content in answers.items():
        (tmp_path / f"autograded/{name}/tiny").mkdir(parents=True)
        (tmp_path / f"autograded/{name}/tiny/one.ipynb").write_text(content)
    states = {"unread": "unread"}
    records = {
        each.student: SubmissionRecord({"one": NotebookRecord(states.get(each.student, "graded"), "why")})  # type: ignore[arg-type]
        for each in people[:-1]
    }
    graded = GradedAssignment(results(*people), RunRecord("tiny", 1, records))
    with reading_evidence(tmp_path / "autograded", "tiny") as found:
        return make_report(course, graded, found())


def test_questions_have_titles_difficulty_and_what_was_chosen(report: Report) -> None:
    """Twelve read answers: ten of 2 points, two of 0; what was not read counts nowhere."""
    item = report.items[0]
    assert (item.question.title, item.question.key, item.students) == ("Which one?", "b", 12)
    assert item.difficulty == pytest.approx(10 / 12)
    assert item.blank == pytest.approx(1 / 12)
    assert item.chosen == {"b": 10, "a": 1}
    assert item.aspects == {"sign": pytest.approx(10 / 11), "size": 1.0}
    assert report.items[1].question.title == "Why"


def test_mistakes_are_counted_with_their_questions(report: Report) -> None:
    """Each with the students who show it; what a student displays himself is not believed."""
    found = {each.name: (each.students, dict(each.questions)) for each in report.misconceptions}
    assert found == {"E1-sign": (1, {"a-test": 1}), "E2-x": (1, {"a-test": 1})}


def test_students_are_counted_by_state_and_named_where_they_need_help(report: Report) -> None:
    """Below half, blank, nothing handed in; the unread one is unfinished, not failing."""
    assert report.counts == {"final": 12, "unfinished": 1, "missing": 1, "refused": 0, "late": 1}
    helped = {line.student.student: line.help for line in report.lines if line.help}
    assert set(helped) == {"wrong", "blank", "zoe"}
    assert helped["blank"] == ("below 50% of the points", "1 of 1 questions left blank")
    assert helped["zoe"] == ("nothing handed in",)


def test_the_page_shows_texts_and_runs_none(report: Report) -> None:
    """Names, titles and options are escaped; nothing is loaded from anywhere."""
    page = report_page(report, {"s1": "A"}, ["a <b>decision</b>"])
    body = page[page.index("<body>") : page.index("<script nonce")]
    assert "<img" not in body
    assert "<i>" not in body
    assert "<b>" not in body
    assert "&lt;img src=x onerror=alert(1)&gt;" in body
    assert "look &lt;b&gt;again&lt;/b&gt;" in body
    assert not re.search(r"""(src|href)=["'](?!#)""", page)
    assert "n/a" not in report_page(report, {}).split("Questions</h2>")[0].split("</dl>")[0]


def test_a_small_class_says_not_available(report: Report) -> None:
    """With two students neither reliability nor discrimination is printed."""
    small = Report(**{**vars(report), "alpha": None})
    assert "<dd>n/a</dd>" in report_page(small, {})


def test_json_and_csv_say_the_same(report: Report) -> None:
    """Null and an empty field are n/a."""
    data = json.loads(report_json(report))
    rows = list(csv.DictReader(io.StringIO(report_csv(report))))
    assert data["questions"][0]["mean_share"] == pytest.approx(float(rows[0]["mean_share"]), abs=1e-6)
    assert data["students"][-1]["points"] is None
    assert data["questions"][1]["blank"] is None
    assert rows[1]["blank"] == ""


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('q = "B"', "b"),
        ("q = 'b)'\n", "b"),
        ("q = ...\nq = 3", "3"),
        ('x = q = "d"', "d"),
        ("q = [1]", None),
        ("q = 'b'  # \\d\nunit = '\\d'", "b"),
        ("q = f()", None),
        ("q == 'a'", None),
        ("q = 'c", None),
        ("", None),
        ("q = " + "(" * 500, None),
    ],
)
def test_the_value_that_was_written(source: str, value: str | None) -> None:
    """The last plain value; nothing where it is something else or does not parse."""
    assert written_value(source, "q") == value


def test_a_folder_that_is_not_there_shows_nothing(tmp_path: Path) -> None:
    """A student without graded notebooks."""
    assert read_evidence(tmp_path / "nobody") == {}


def test_several_processes_read_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By student, where there are many; nobody has handed in another assignment."""
    for name, choice in zip("klmn", "abcd", strict=True):
        folder = tmp_path / name / "tiny"
        folder.mkdir(parents=True)
        (folder / "one.ipynb").write_text(graded_notebook(f"'{choice}'", shown(choice == "b")))
    (tmp_path / "o" / "other").mkdir(parents=True)
    with reading_evidence(tmp_path, "tiny") as found:
        alone = found()
    choices = {name: each["a-test"].choice if each else None for name, each in alone.items()}
    assert choices == {"k": "a", "l": "b", "m": "c", "n": "d", "o": None}
    monkeypatch.setattr(evidence, "MANY", 1)
    monkeypatch.setattr(evidence, "AT_ONCE", 2)
    with reading_evidence(tmp_path, "tiny") as found:
        assert found() == alone


def test_nobody_waits_for_evidence_after_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong meanwhile is what is said."""
    (tmp_path / "k").mkdir()
    monkeypatch.setattr(evidence, "MANY", 1)
    with pytest.raises(RuntimeError, match="meanwhile"), reading_evidence(tmp_path, "tiny"):
        raise RuntimeError("meanwhile")

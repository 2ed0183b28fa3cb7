"""The marking page: equal answers together, names hidden, nobody's mark lost, nothing of a student runs."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from starlette.testclient import TestClient

from cnn_course.marking import answers
from cnn_course.marking.answers import count_waiting, read_groups
from cnn_course.marking.app import MarkingPage
from cnn_course.marking.marks import take_back, write_mark
from cnn_course.marking.questions import RubricLine, split_rubric, written_questions
from splitgrade.nbgrader.environment import prepare

ANSWERS = {
    "ada": "Because it **commutes**.",
    "ben": "Because it **commutes**.  \n",
    "cyd": "<script>alert(1)</script><img src=/logout> a guess",
    "dan": "",
}
MARKS = {"grade_id": "why", "grade": True, "solution": True, "locked": False}
MODEL = "Addition commutes.\n\n**Rubric**\n\n- 0.5: says that it commutes\n- 0.25: gives an example\n"


def markdown(source: str, **marks: Any) -> dict[str, Any]:
    """Return a markdown cell."""
    return {"cell_type": "markdown", "metadata": {"nbgrader": marks} if marks else {}, "source": source}


pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own queries


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the course."""
    return shutil.copytree(made, tmp_path / "course")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course in which two equal answers and a bad one wait, and a blank one has its 0."""
    prepare()
    tmp_path = tmp_path_factory.mktemp("made")
    source = tmp_path / "source" / "tiny"
    source.mkdir(parents=True)
    cells = [markdown("## Why?"), markdown(MODEL, **MARKS)]
    (source / "one.ipynb").write_text(json.dumps({"cells": cells}))
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        warnings.simplefilter("ignore")
        gradebook.add_assignment("tiny")
        gradebook.add_notebook("one", "tiny")
        gradebook.add_grade_cell("why", "one", "tiny", max_score=1.0, cell_type="markdown")
        gradebook.add_solution_cell("why", "one", "tiny")
        for student, text in ANSWERS.items():
            give(gradebook, tmp_path, student, text)
    return tmp_path


def give(gradebook: Gradebook, root: Path, student: str, text: str) -> None:
    """Have a student's answer graded."""
    gradebook.add_student(student)
    gradebook.add_submission("tiny", student)
    grade = gradebook.find_grade("why", "one", "tiny", student)
    grade.needs_manual_grade, grade.auto_score = (True, None) if text else (False, 0.0)
    gradebook.db.commit()
    folder = root / "autograded" / student / "tiny"
    folder.mkdir(parents=True)
    (folder / "one.ipynb").write_text(json.dumps({"cells": [markdown(text, **MARKS)]}))


@pytest.fixture
def gradebook(course: Path) -> Iterator[Gradebook]:
    """Open the gradebook."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as opened:
        yield opened


def scores(course: Path) -> dict[str, tuple[float | None, bool, str | None]]:
    """Return what nbgrader, and so formgrader, says of each student: score by hand, waiting, comment."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as fresh:
        found = {}
        for student in ANSWERS:
            grade = fresh.find_grade("why", "one", "tiny", student)
            comment = fresh.find_comment("why", "one", "tiny", student)
            found[student] = grade.manual_score, bool(grade.needs_manual_grade), comment.manual_comment
        return found


def test_equal_answers_are_one_group(course: Path, gradebook: Gradebook) -> None:
    """Blanks at line ends do not count; what has its 0 already is not there."""
    groups = read_groups(gradebook, course, "tiny", "why")
    assert [(len(group.answers), group.waiting) for group in groups] == [(2, 2), (1, 1)]
    assert count_waiting(gradebook, course, "tiny") == {"why": (3, 3)}


def test_of_a_notebook_that_was_refused_nobody_marks_a_blank(course: Path, gradebook: Gradebook) -> None:
    """Nothing was graded there: the answer is not shown, not counted, and still waits in the gradebook."""
    (course / "autograded" / "cyd" / "tiny" / "one.ipynb").unlink()
    assert [len(group.answers) for group in read_groups(gradebook, course, "tiny", "why")] == [2]
    assert count_waiting(gradebook, course, "tiny") == {"why": (2, 2)}
    assert scores(course)["cyd"] == (None, True, None)


@pytest.mark.parametrize(
    ("look", "each"),
    [(count_waiting, {"stat": 1}), (partial(read_groups, question="why"), {"stat": 1, "lstat": 1, "loads": 1})],
)
def test_one_more_in_the_class_costs_one_more_look(
    course: Path, gradebook: Gradebook, monkeypatch: pytest.MonkeyPatch, look: Callable[..., Any], each: dict[str, int]
) -> None:
    """Whether the file is there; for a question's own page it is read, once; and no query more for anybody."""
    calls: Counter[str] = Counter()

    def counted(name: str, called: Callable[..., Any], *words: Any, **named: Any) -> Any:
        calls[name] += 1
        return called(*words, **named)

    def cost() -> dict[str, int]:
        calls.clear()
        look(gradebook, course, "tiny")
        return dict(calls)

    for module, name in ((os, "stat"), (os, "lstat"), (answers.orjson, "loads")):
        monkeypatch.setattr(module, name, partial(counted, name, getattr(module, name)))
    event.listen(gradebook.db.bind, "before_cursor_execute", lambda *_: calls.update(["query"]))
    small = cost()
    for number in range(10):
        give(gradebook, course, f"s{number}", "I do not know.")
    assert cost() == {name: count + 10 * each.get(name, 0) for name, count in small.items()}
    assert small["query"] <= 3


def test_a_mark_goes_to_all_of_a_group_as_formgrader_would_write_it(course: Path, gradebook: Gradebook) -> None:
    """Score, comment, nothing waits any more; the others are untouched."""
    groups = read_groups(gradebook, course, "tiny", "why")
    assert write_mark(gradebook, groups[0].answers, 0.5, "well said").conflicts == 0
    found = scores(course)
    assert found["ada"] == found["ben"] == (0.5, False, "well said")
    assert found["cyd"] == (None, True, None)
    assert found["dan"] == (None, False, None)


def test_two_markers_lose_nothing(course: Path, gradebook: Gradebook) -> None:
    """The second marker of an answer hears of the first; only the other answer gets the second mark."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as formgrader:
        group = read_groups(gradebook, course, "tiny", "why")[0]
        gradebook.db.rollback()
        grade = formgrader.find_grade("why", "one", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        formgrader.db.commit()
        done = write_mark(gradebook, group.answers, 0.25, "")
    assert (len(done.step.before), done.conflicts) == (1, 1)
    found = scores(course)
    assert (found["ada"][0], found["ben"][0]) == (1.0, 0.25)


def test_a_comment_of_somebody_else_is_kept_too(course: Path, gradebook: Gradebook) -> None:
    """A comment counts as something that the marker has not seen."""
    group = read_groups(gradebook, course, "tiny", "why")[1]
    gradebook.db.rollback()
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as formgrader:
        formgrader.find_comment("why", "one", "tiny", "cyd").manual_comment = "see me"
        formgrader.db.commit()
    assert write_mark(gradebook, group.answers, 0.0, "no").conflicts == 1
    assert scores(course)["cyd"] == (None, True, "see me")


def test_a_step_is_taken_back_where_nobody_touched_it_since(course: Path, gradebook: Gradebook) -> None:
    """What waited waits again; a later mark of somebody else stays."""
    group = read_groups(gradebook, course, "tiny", "why")[0]
    step = write_mark(gradebook, group.answers, 0.5, "well said").step
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as formgrader:
        formgrader.find_grade("why", "one", "tiny", "ben").manual_score = 0.75
        formgrader.db.commit()
    assert take_back(gradebook, step) == 1
    found = scores(course)
    assert found["ada"] == (None, True, None)
    assert found["ben"] == (0.75, False, "well said")


@pytest.mark.parametrize("score", [-0.1, 1.01, 99.0])
def test_scores_outside_the_question_are_refused(course: Path, gradebook: Gradebook, score: float) -> None:
    """Nothing is written then."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        write_mark(gradebook, read_groups(gradebook, course, "tiny", "why")[0].answers, score, "")
    assert scores(course)["ada"] == (None, True, None)


@pytest.fixture
def client(course: Path, gradebook: Gradebook) -> TestClient:
    """Return a browser with the token."""
    page = MarkingPage(course, "tiny", gradebook, "secret")
    client = TestClient(page.app(), base_url="http://127.0.0.1:8000")
    assert client.get("/?token=secret").status_code == 200
    client.headers["x-marker"] = "one"
    return client


def test_the_page_marks_and_takes_back(course: Path, client: TestClient) -> None:
    """A question, its groups, a mark, an undo, as a browser does it."""
    [question] = client.get("/api/questions").json()["questions"]
    assert question == {"name": "why", "notebook": "one", "waiting": 3, "all": 3}
    data = client.get("/api/groups/why").json()
    assert data["rubric"][0] == {"points": 0.5, "text": "says that it commutes"}
    assert data["most"] == 1.0
    key = data["groups"][0]["key"]
    assert "<strong>commutes</strong>" in client.get(f"/api/answer/why/{key}").json()["html"]
    body = {"question": "why", "key": key, "score": 0.5, "comment": ""}
    assert client.post("/api/mark", json=body).json() == {"marked": 2, "conflicts": 0}
    assert scores(course)["ben"][0] == 0.5
    assert client.post("/api/undo", json={}).json() == {"undone": 2, "conflicts": 0}
    assert client.post("/api/undo", json={}).json() == {"undone": 0, "conflicts": 0}
    assert scores(course)["ben"] == (None, True, None)


def test_a_click_costs_its_own_group_and_shows_what_holds_now(
    course: Path, gradebook: Gradebook, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The class is read once; marks of formgrader are seen all the same, and what was graded again is read anew."""
    read: list[str] = []
    original = answers._cell
    monkeypatch.setattr(
        answers, "_cell", lambda path, name: [read.append(path.split("/")[-3]), original(path, name)][1]
    )
    keys = [each["key"] for each in client.get("/api/groups/why").json()["groups"]]
    assert sorted(read) == ["ada", "ben", "cyd"]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as formgrader:
        grade = formgrader.find_grade("why", "one", "tiny", "cyd")
        grade.manual_score, grade.needs_manual_grade = 0.25, False
        formgrader.db.commit()
    assert [client.get(f"/api/answer/why/{key}").json()["waiting"] for key in keys] == [2, 0]
    assert client.get(f"/api/answer/why/{keys[1]}").json()["score"] == 0.25
    assert sorted(read) == ["ada", "ben", "cyd"]
    path = course / "autograded" / "ada" / "tiny" / "one.ipynb"
    path.write_text(path.read_text().replace("commutes", "is Abelian"))
    assert client.get(f"/api/answer/why/{keys[0]}").json()["size"] == 1  # ben alone still says so
    assert len(read) == 6


def test_two_windows_are_two_markers(course: Path, client: TestClient) -> None:
    """Both have seen an answer; the second to save hears of a conflict, and undoes nothing of the first."""
    key = client.get("/api/groups/why").json()["groups"][0]["key"]
    body = {"question": "why", "key": key, "comment": ""}
    for marker in ("one", "two"):
        client.get(f"/api/answer/why/{key}", headers={"x-marker": marker})
    assert client.post("/api/mark", json={**body, "score": 1}, headers={"x-marker": "one"}).json()["marked"] == 2
    second = client.post("/api/mark", json={**body, "score": 0}, headers={"x-marker": "two"}).json()
    assert second == {"marked": 0, "conflicts": 2}
    assert client.post("/api/undo", json={}, headers={"x-marker": "two"}).json()["undone"] == 0
    assert scores(course)["ada"][0] == 1.0


def test_nothing_of_a_student_runs_and_nobody_is_named(client: TestClient) -> None:
    """No script, no address that the marker's browser would ask; no id of a student in any answer."""
    texts = [client.get("/api/questions").text, client.get("/api/groups/why").text]
    for group in client.get("/api/groups/why").json()["groups"]:
        texts.append(client.get(f"/api/answer/why/{group['key']}").text)
    for text in texts:
        assert "<script" not in text
        assert "/logout" not in text
        assert not [student for student in ANSWERS if f'"{student}"' in text]
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("path", ["/", "/api/questions", "/api/groups/why", "/?token=wrong", "/?token=\u00fc"])
def test_without_the_token_there_is_nothing(course: Path, gradebook: Gradebook, path: str) -> None:
    """No cookie, or a wrong token: 403."""
    app = MarkingPage(course, "tiny", gradebook, "secret").app()
    assert TestClient(app, base_url="http://127.0.0.1:8000").get(path).status_code == 403


def test_other_pages_and_other_names_of_this_machine_get_nothing(client: TestClient) -> None:
    """A foreign Host (a name that leads here), a foreign Origin, a form: 403."""
    assert client.get("/api/questions", headers={"host": "evil.example:8000"}).status_code == 403
    assert client.post("/api/undo", json={}, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post("/api/undo", content="{}", headers={"content-type": "text/plain"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [({"score": "1"}, 400), ({"score": True}, 400), ({"score": 7}, 400), ({"key": "nope"}, 404), ({"comment": 3}, 400)],
)
def test_what_makes_no_sense_is_refused(client: TestClient, change: dict[str, Any], status: int) -> None:
    """A status and a sentence, no traceback."""
    key = client.get("/api/groups/why").json()["groups"][0]["key"]
    client.get(f"/api/answer/why/{key}")
    answer = client.post("/api/mark", json={"question": "why", "key": key, "score": 1, "comment": "", **change})
    assert answer.status_code == status
    assert answer.json()["error"]


def test_rubrics_are_read_from_the_instructors_cell(course: Path) -> None:
    """Points and texts; a cell without one has none."""
    question = written_questions(course / "source" / "tiny")["why"]
    assert (question.prompt, question.model) == ("## Why?", "Addition commutes.")
    assert list(question.rubric) == [RubricLine(0.5, "says that it commutes"), RubricLine(0.25, "gives an example")]
    assert split_rubric("No rubric.") == ("No rubric.", [])

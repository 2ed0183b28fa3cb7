"""Carried errors: an earlier fault costs its own question, and nothing of the second run is kept."""

from __future__ import annotations

import base64
import marshal
from typing import Any

import pytest

from splitgrade.execution import carried
from splitgrade.execution.carried import _replay as replay
from splitgrade.execution.carried import compiled, earned, to_run_again
from splitgrade.execution.wire.outputs import CARRIED
from tests.splitgrade.conftest import answer, answered, instructor_notebook, locked
from tests.splitgrade.conftest import tests_of as hidden_tests

SIZE = '''def size(n):
    """Return the secret size."""
    return n + 1  # the right way'''
AREA = "def area(n):\n    return size(n) ** 2"
POINTS = "cases = [size(n) == n + 1 for n in (1, 2)]\nfloat(sum(cases) / 2)"
AREA_POINTS = "cases = [area(n) == (n + 1) ** 2 for n in (1, 2)]\nfloat(sum(cases) / 2)"
WRONG_SIZE = "def size(n):\n    return n"


def follow(cell: Any, *names: str) -> Any:
    """Let a test say which answers it follows from."""
    cell.metadata["splitgrade"] = {"follows": list(names)}
    return cell


@pytest.fixture
def instructor(tmp_path):
    """Give a notebook whose second question builds on the first."""
    return instructor_notebook(
        tmp_path,
        locked("setup", "limit = 3"),
        answer("size", SIZE),
        hidden_tests("size-test", POINTS),
        answer("area", AREA),
        follow(hidden_tests("area-test", AREA_POINTS), "size"),
    )


def notes(graded: Any, name: str) -> list[dict[str, Any]]:
    """Return what the engine notes of a carried error."""
    return [out["data"][CARRIED] for out in graded.cell(name).outputs if CARRIED in out.get("data", {})]


def test_an_earlier_fault_costs_its_own_question_only(grade, instructor):
    """The second answer is right but for what it builds on: it has all of its points, and both scores are on record."""
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area=AREA))
    assert graded.scores == {"size-test": 0, "area-test": 1}
    assert notes(graded, "area-test") == [{"version": 1, "follows": ["size"], "first": 0.0, "second": 1.0}]


def test_a_fault_of_its_own_is_not_forgiven(grade, instructor):
    """Where the second answer is wrong too, it stays wrong, and nothing is noted."""
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area="def area(n):\n    return size(n)"))
    assert graded.scores == {"size-test": 0, "area-test": 0}
    assert notes(graded, "area-test") == []


def test_the_better_score_counts(grade, instructor):
    """An answer that is right only with the student's own earlier one keeps its first score."""
    own = "def area(n):\n    return size(n) ** 2 if size(1) == 1 else 0\n"
    right_with_wrong = own.replace("size(n) ** 2", "(n + 1) ** 2")
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area=right_with_wrong))
    assert graded.scores == {"size-test": 0, "area-test": 1}
    assert notes(graded, "area-test") == []


def test_an_earlier_cell_that_stops_is_carried_too(grade, instructor):
    """A name that is missing because its cell stopped is the instructor's in the second run."""
    graded = grade(instructor, answered(instructor, size="import nothing_of_this_name", area=AREA))
    assert graded.scores == {"size-test": 0, "area-test": 1}


def test_a_right_notebook_is_run_once(grade, instructor, monkeypatch):
    """It costs time only where points were lost."""
    monkeypatch.setattr("splitgrade.execution.carried._replay", lambda *_: pytest.fail("run again"))
    assert grade(instructor, answered(instructor, size=SIZE, area=AREA)).scores == {"size-test": 1, "area-test": 1}


def test_a_test_that_follows_from_nothing_wrong_is_not_run_again(grade, instructor):
    """The first answer is right: the second one's fault is its own."""
    graded = grade(instructor, answered(instructor, size=SIZE, area="def area(n):\n    return 0"))
    assert graded.scores == {"size-test": 1, "area-test": 0}
    assert to_run_again(graded.notebook, instructor) == []


def test_what_does_not_build_on_the_fault_is_not_run_again(grade, instructor):
    """An answer that is not written, or goes its own way, would end as it did."""
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area="def area(n):\n    return n"))
    assert graded.scores == {"size-test": 0, "area-test": 0}
    assert to_run_again(graded.notebook, instructor) == []


def test_tests_that_want_the_same_answers_share_a_run(grade, tmp_path, monkeypatch):
    """Two questions build on the first: both are run again in one pair of processes, each for its own points."""
    double = "def double(n):\n    return 2 * size(n)"
    instructor = instructor_notebook(
        *(tmp_path, answer("size", SIZE), hidden_tests("size-test", POINTS), answer("area", AREA)),
        *(follow(hidden_tests("area-test", AREA_POINTS), "size"), answer("double", double)),
        follow(hidden_tests("double-test", "float(double(1) == 4)"), "size"),
    )
    runs = []
    monkeypatch.setattr(carried, "_replay", lambda *given: runs.append(given) or replay(*given))
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area=AREA, double="double = lambda n: size(n)"))
    assert graded.scores == {"size-test": 0, "area-test": 1, "double-test": 0}
    assert len(runs) == 1


SPIES = {
    "prints what the other function gives": "print('leak', size(10), size.__code__.co_consts)",
    "draws it": "import matplotlib.pyplot as plt; plt.plot([size(10)]); plt.title(str(size.__code__.co_code))",
    "raises it": "raise ValueError(f'leak {size(10)} {size.__code__.co_names}')",
    "writes it": "open('leak.txt', 'w').write(str(size(10)))",
    "displays it": "from IPython.display import display, HTML; display(HTML(f'leak {size(10)}'))",
}


@pytest.mark.parametrize("name", SPIES)
def test_nothing_of_the_second_run_is_kept(grade, instructor, name):
    """Whatever code shows, writes or raises while it meets the instructor's answer, the notebook holds none of it."""
    spy = f"def area(n):\n    if size(1) == 2:\n        {SPIES[name]}\n    return size(n) ** 2"
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area=spy))
    shown = [graded.text(cell) for cell in ("size", "size-test", "area", "area-test")]
    assert not [text for text in shown if "leak" in text or "11" in text]
    assert all(kind != "image/png" for kind in graded.kinds("area-test"))


def test_the_first_question_gains_nothing(grade, instructor):
    """A student cannot have the earlier answer's points by what the second run holds."""
    thief = "def area(n):\n    globals()['size'].__code__ = globals()['size'].__code__\n    return size(n) ** 2"
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area=thief))
    assert graded.scores["size-test"] == 0


def test_a_forged_note_is_not_believed(grade, instructor):
    """What a student displays under the engine's own type is dropped."""
    forged = f"from IPython.display import display\ndisplay({{{CARRIED!r}: {{'second': 1}}}}, raw=True)\n{WRONG_SIZE}"
    graded = grade(instructor, answered(instructor, size=forged, area="def area(n): return 0"))
    assert all(notes(graded, name) == [] for name in ("size", "size-test", "area", "area-test"))


def test_an_answer_without_its_text():
    """Neither docstrings nor comments nor the name of a file travel with the code."""
    code = marshal.loads(base64.b64decode(compiled(SIZE)))  # noqa: S302 - our own
    text = repr(marshal.dumps(code))
    assert "secret" not in text
    assert "right way" not in text
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own code
    assert names["size"](4) == 5
    assert names["size"].__doc__ is None


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([], 2.0),
        ([{"output_type": "error"}], 0.0),
        ([{"output_type": "execute_result", "data": {"text/plain": "0.5"}}], 0.5),
        ([{"output_type": "execute_result", "data": {"text/plain": "'x'"}}], 0.0),
        ([{"output_type": "execute_result", "data": {"text/plain": "99"}}], 2.0),
    ],
)
def test_what_a_test_earned(outputs, points):
    """As nbgrader reads it: no output is all points, an error none, a number itself."""
    assert earned(outputs, 2.0) == points


@pytest.mark.parametrize("noted", ["size", {"size": 1}, [1], None, ["nothing-of-this-name"]])
def test_a_malformed_declaration_changes_nothing(grade, tmp_path, noted):
    """The test is graded once, as if it followed from nothing."""
    cell = hidden_tests("area-test", AREA_POINTS)
    cell.metadata["splitgrade"] = {"follows": noted}
    instructor = instructor_notebook(
        tmp_path, answer("size", SIZE), hidden_tests("size-test", POINTS), answer("area", AREA), cell
    )
    graded = grade(instructor, answered(instructor, size=WRONG_SIZE, area=AREA))
    assert graded.scores == {"size-test": 0, "area-test": 0}

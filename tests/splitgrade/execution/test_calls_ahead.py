"""Calls that do not depend on each other are sent ahead of their answers, and end as one by one."""

import pytest
from nbgrader.utils import determine_grade

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore

RIGHT = "def double(x):\n    return 2 * x"


def graded(grade, course, folder, student, test, solution=RIGHT):
    """Return the graded notebook of an answer to the first question."""
    instructor = course(folder, test, solution)
    return grade(instructor, course.answered(instructor, student))


SHAPES = """
import numpy as np
given = [((np.full(2, number),), {}) for number in range(100)]
given += [(("a" * number,), {}) for number in range(100)]
given += [((), {"x": [number]}) for number in range(100)]
found = [value.tolist() if isinstance(value, np.ndarray) else value for value, error in double.__call_each__(given)]
assert found == [[2 * n] * 2 for n in range(100)] + ["a" * 2 * n for n in range(100)] + [[n] * 2 for n in range(100)]
"""
LARGE = """
import numpy as np
given = [((np.full(100_000, float(number)),), {}) for number in range(8)]
given += [(([float(number)] * 4_000,), {}) for number in range(40)]
found = double.__call_each__(given)
assert [value[-1] for value, error in found] == [2.0 * n for n in range(8)] + [float(n) for n in range(40)]
"""
BACK = """
def half(number):
    return triple(number) / 2
found = [value for value, error in double.__call_each__([((half, number), {}) for number in range(100)])]
assert found == [3.0 * number for number in range(100)]
"""


@pytest.mark.parametrize(
    ("test", "solution"),
    [
        (SHAPES, RIGHT),
        (LARGE, RIGHT),
        (BACK, "def triple(x):\n    return 3 * x\ndef double(function, x):\n    return 2 * function(x)"),
    ],
)
def test_every_call_gets_its_own_answer(grade, course, tmp_path, test, solution):
    """In their order, however large, and though functions of both sides call each other in between."""
    result = graded(grade, course, tmp_path, solution, test, solution)
    assert result.scores == {"double-test": 1, "later-test": 1}, result.text("double-test")


def test_errors_changes_and_prints_are_those_of_their_call(grade, course, tmp_path):
    """Nothing of one call is taken for another's."""
    solution = "def double(x):\n    x[:] = [2 * each for each in x]\n    return sum(x)"
    student = (
        "def double(x):\n    if x == [5]:\n        raise ValueError('five')\n    print('got', *x)\n"
        "    x[:] = [2 * each for each in x]\n    return sum(x)"
    )
    test = """
given = [[number] for number in range(10)]
found = double.__call_each__([((each,), {}) for each in given])
print([value for value, error in found], [str(error) for value, error in found if error], given)
"""
    result = graded(grade, course, tmp_path, student, test, solution)
    text = result.text("double-test")
    assert "".join(f"got {number}\n" for number in range(10) if number != 5) in text
    assert (
        "[0, 2, 4, 6, 8, None, 12, 14, 16, 18] ['five'] [[0], [2], [4], [6], [8], [5], [12], [14], [16], [18]]" in text
    )


GIVEN = "[((n,), {}) for n in range(100)]"
ONE_BY_ONE = f"""
def tried(args, kwargs):
    try:
        return double(*args, **kwargs), None
    except BaseException as error:
        return None, error
found = [tried(*each) for each in {GIVEN}]
"""
COUNT = "sum(error is None and value == 2 * n for n, (value, error) in enumerate(found)) / 100"


@pytest.fixture(scope="module")
def patient():
    """Start an engine whose tests may go on after a refusal."""
    with Engine(EngineOptions(Limits(cell_seconds=2, memory_mb=512), policy="none", refusals="raise")) as engine:
        yield engine


@pytest.mark.parametrize(
    ("harm", "right"),
    [
        ("import os; os._exit(1)", 0.5),
        ("[0] * 10 ** 12", 0.99),
        ("raise SystemExit", 0.99),
        ("1 / 0", 0.99),
        ("while True: pass", 0.99),
        ("import os; os.closerange(3, 200)", 0.5),
    ],
)
def test_an_end_costs_what_it_costs_one_by_one(patient, course, tmp_path, harm, right):
    """The answers that have come by then count, and where the process lives on, the later ones."""
    ahead = f"found = double.__call_each__({GIVEN})\n{COUNT}"
    instructor = course(tmp_path, ahead, RIGHT, later_test=f"{ONE_BY_ONE}{COUNT}")
    student = f"def double(x):\n    if x == 50:\n        {harm}\n    return 2 * x"
    notebook = restore(instructor, course.answered(instructor, student)).notebook
    patient.run(notebook, instructor, instructor.files)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    assert [determine_grade(cells[name])[0] for name in ("double-test", "later-test")] == [right, right]

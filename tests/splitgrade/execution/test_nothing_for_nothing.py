"""What the machinery says or has is never taken for the student's behavior: no full marks for a wrong answer."""

from __future__ import annotations

import pytest

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore
from tests.splitgrade.conftest import answer, answered, instructor_notebook
from tests.splitgrade.conftest import tests_of as hidden_tests

RAISES = "try:\n    f('a')\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError('no error')"
CASES = {
    "a function for an error": (
        "def f(x):\n    if not isinstance(x, int):\n        raise TypeError\n    return x",
        RAISES,
        [
            "def f(x):\n    return lambda: x",
            "def f(x):\n    return (i for i in 'a')",
            "class f:\n    def __init__(s, x): pass",
        ],
    ),
    "a bare except": (
        "def f(x):\n    raise TypeError",
        "right = False\ntry:\n    f('a')\nexcept:\n    right = True\nassert right",
        ["def f(x):\n    return lambda: x"],
    ),
    "a module that was not imported": ("import math as m", "assert m.sqrt(4) == 2", ["pass", "m = 3"]),
    "a function that was not imported": ("from math import sqrt", "assert sqrt(9) == 3", ["pass", "sqrt = None"]),
    "a method that is not there": (
        "class A:\n    def __len__(self):\n        return 3",
        "assert hasattr(A, '__len__')",
        ["class A: pass"],
    ),
    "a method of an instance": (
        "class A:\n    def __add__(self, other):\n        return self\na = A()",
        "assert hasattr(type(a), '__add__') and hasattr(a, '__add__')",
        ["class A: pass\na = A()"],
    ),
    "an iterator that is not there": (
        "class A:\n    def __iter__(self):\n        return iter([1])\na = A()",
        "from collections.abc import Iterable\nassert isinstance(a, Iterable) and list(a) == [1]",
        ["class A: pass\na = A()"],
    ),
    "an end for an error": (
        "def f(x):\n    raise ValueError('no')",
        "try:\n    f(1)\nexcept Exception:\n    pass\nelse:\n    raise AssertionError('no error')",
        [
            "import sys\ndef f(x): sys.exit()",
            "def f(x): raise KeyboardInterrupt",
            "def f(x): raise BaseExceptionGroup('g', [KeyboardInterrupt()])",
            "import os\ndef f(x): os._exit(0)",
        ],
    ),
    "an end of an iteration for an error": (
        "def f(x):\n    raise RuntimeError",
        "try:\n    f(1)\nexcept RuntimeError:\n    pass\nelse:\n    raise AssertionError('no error')",
        ["def f(x): raise StopIteration"],
    ),
    "an argument that must stay as it is": (
        "def f(values):\n    return sorted(values)",
        "values = [2, 1]\nassert f(values) == [1, 2] and values == [2, 1] and f(values) is not values",
        [
            "def f(values):\n    values.sort()\n    return values",
            "def f(values):\n    values.sort()\n    return [*values]",
        ],
    ),
    "an argument that must not come back": (
        "def f(values):\n    return list(values)",
        "values = [1]\nassert f(values) == [1] and f(values) is not values",
        ["def f(values): return values"],
    ),
    "rows that are one row": (
        "def f(n):\n    return [[0] * n for _ in range(n)]",
        "grid = f(2)\ngrid[0][0] = 1\nassert grid == [[1, 0], [0, 0]]",
        ["def f(n): return [[0] * n] * n"],
    ),
    "a list of the test's that must be copied": (
        "class A:\n    def __init__(self, values): self.values = [*values]\n    def f(self): return sum(self.values)",
        "values = [1]\na = A(values)\nvalues.append(2)\nassert a.f() == 1",
        ["class A:\n    def __init__(self, values): self.values = values\n    def f(self): return sum(self.values)"],
    ),
    "a list of the student's that must be copied": (
        "class A:\n    def __init__(self): self.kept = [1]\n    def f(self): return list(self.kept)",
        "a = A()\nseen = a.f()\nseen.append(2)\nassert a.f() == [1] and seen == [1, 2]",
        ["class A:\n    def __init__(self): self.kept = [1]\n    def f(self): return self.kept"],
    ),
    "one list for many": (
        "def f(): return []",
        "assert f() is not f()",
        ["kept = []\ndef f(): return kept"],
    ),
    "an argument in a tuple, or of an operator": (
        "class A:\n    def __add__(self, other): return [1] + other\ndef f(pair): return pair[0] + [1]",
        "one, two = [0], [2]\nassert f((one, 2)) == [0, 1] and A() + two == [1, 2] and one == [0] and two == [2]",
        [
            "class A:\n    def __add__(self, other): return [1] + other\n"
            "def f(pair):\n    pair[0].append(1)\n    return pair[0]",
            "class A:\n    def __add__(self, other):\n        other.insert(0, 1)\n        return other\n"
            "def f(pair): return pair[0] + [1]",
        ],
    ),
    "a derived class for the very class": (
        "def f():\n    return [3]",
        "assert type(f()) == list and type(f()[0]) is int",
        [
            "class L(list): pass\ndef f(): return L([3])",
            "import enum\nE = enum.IntEnum('E', {'A': 3})\ndef f(): return [E.A]",
        ],
    ),
    "what is not printed for what is": (
        "def f():\n    print('hi')",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as said:\n    f()\n"
        "assert said.getvalue() == 'hi\\n'",
        ["import sys\ndef f(): print('hi', file=sys.stderr)", "import os\ndef f(): os.write(1, b'hi\\n')"],
    ),
    "a length for an iterable": (
        "class A:\n    def __len__(self):\n        return 2\na = A()",
        "from collections.abc import Sized\nassert isinstance(a, Sized)",
        ["class A: pass\na = A()"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_wrong_answers_have_no_points_and_the_right_one_has(grade, tmp_path, name):
    """The instructor's own solution passes its test; answers that only the machinery could save do not."""
    solution, test, wrong = CASES[name]
    instructor = instructor_notebook(tmp_path, answer("f", solution), hidden_tests("f-test", test))
    assert grade(instructor, answered(instructor, f=solution)).scores == {"f-test": 1}
    for code in wrong:
        assert grade(instructor, answered(instructor, f=code)).scores == {"f-test": 0}, code


def test_a_refusal_says_why(grade, tmp_path):
    """The reason stands in the test's output, whatever the test made of it."""
    solution, test, wrong = CASES["a bare except"]
    instructor = instructor_notebook(tmp_path, answer("f", solution), hidden_tests("f-test", test))
    graded = grade(instructor, answered(instructor, f=wrong[0]))
    assert "RefusedValueError" in graded.text("f-test")
    assert "f() gave a function; plain data was expected" in graded.text("f-test")


def test_a_test_may_choose_to_go_on(tmp_path):
    """With ``refusals="raise"`` a test gets a TypeError that it may count as wrong, and goes on."""
    test = (
        "points = 0.0\nfor case in (1, 2):\n    try:\n        points += 0.5 * (f(case) == case)\n"
        "    except TypeError:\n        pass\npoints"
    )
    instructor = instructor_notebook(tmp_path, answer("f", "def f(x):\n    return x"), hidden_tests("f-test", test))
    code = "def f(x):\n    return x if x == 1 else (lambda: x)"
    scores = {}
    for refusals in ("raise", "end"):
        with Engine(EngineOptions(Limits(), policy="none", refusals=refusals)) as engine:
            notebook = restore(instructor, answered(instructor, f=code)).notebook
            engine.run(notebook, instructor, instructor.files)
            [cell] = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
            scores[refusals] = [
                out["data"]["text/plain"] for out in cell.outputs if out.output_type == "execute_result"
            ]
    assert scores == {"raise": ["0.5"], "end": []}


def test_what_cannot_be_handed_over_is_no_error_of_the_student(engine, grade, tmp_path):
    """A test that hands over what cannot cross ends apart from the answer, and the instructor is told so beforehand."""
    solution = "def f(x):\n    raise TypeError('no streams')"
    test = (
        "import threading\ntry:\n    f(threading.Lock())\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError"
    )
    instructor = instructor_notebook(tmp_path, answer("f", solution), hidden_tests("f-test", test))
    assert grade(instructor, answered(instructor, f="def f(x):\n    return 1")).scores == {"f-test": 0}
    [warning] = engine.calibration(instructor).warnings
    assert "f-test: passes in one process only" in warning
    assert "the solution fails it: RefusedValueError: an argument cannot be handed" in warning


@pytest.mark.parametrize("line", ["### AUTOTEST f(2)", "### HASHED AUTOTEST f(2)", "  ###  AUTOTEST  f(2); f(3)"])
def test_tests_that_nbgrader_has_not_written_are_refused(tmp_path, line):
    """In source/ they are comments, and a test of comments gives everybody all points: the assignment is refused."""
    with pytest.raises(ValueError, match=r"the cells f-test hold ### AUTOTEST lines.*generate_assignment"):
        instructor_notebook(tmp_path, answer("f", "def f(x): return x"), hidden_tests("f-test", f"x = 1\n{line}"))


@pytest.mark.parametrize("how", ["written at once", "written by a function"])
def test_a_file_that_the_solution_writes_is_not_there_for_its_test(engine, grade, tmp_path, how):
    """It may lie beside the notebook from an earlier run; a test that finds it there would pass for everybody."""
    line = "with open('data/out.txt', 'w') as file:\n    file.write(%r)"
    solution, wrong, call = line % "right", line % "wrong", ""
    if how == "written by a function":
        indented = line.replace("\n", "\n    ")
        solution, wrong, call = f"def f():\n    {indented % 'right'}", f"def f():\n    {indented % 'wrong'}", "f()\n"
    test = f"{call}assert open('data/out.txt').read() == 'right' and open('data/in.txt').read() == 'in'"
    files = {"data/out.txt": "right", "data/in.txt": "in"}
    instructor = instructor_notebook(tmp_path, answer("f", solution), hidden_tests("f-test", test), files=files)
    assert engine.calibration(instructor).apart["f-test"].how == "shared"
    assert grade(instructor, answered(instructor, f=solution)).scores == {"f-test": 1}
    assert grade(instructor, answered(instructor, f=wrong)).scores == {"f-test": 0}

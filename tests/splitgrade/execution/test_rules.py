"""How tests reach students' values: names, proxies, exceptions, copies, random numbers."""

import nbformat
import pytest
from nbgrader.utils import determine_grade

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore

TRUE, FALSE = {"double-test": 1, "later-test": 1}, {"double-test": 0, "later-test": 1}
RIGHT = "def double(x):\n    return 2 * x"


def graded(grade, course, folder, student, test="assert double(4) == 8", solution=""):
    """Grade an answer to the first question."""
    instructor = course(folder, test, solution)
    return grade(instructor, course.answered(instructor, student))


@pytest.mark.parametrize(
    "student",
    [
        RIGHT,
        "double = lambda x: x + x",
        "from operator import mul\nfrom functools import partial\ndouble = partial(mul, 2)",
        "class Double:\n    def __call__(self, x): return 2 * x\ndouble = Double()",
        "import numpy as np\ndef double(x):\n    return np.int64(2) * x",
        "def double(x):\n    print('working', flush=True)\n    return 2 * x",
        "import warnings, sys\ndef double(x):\n    warnings.warn('hm')\n"
        "    print('e', file=sys.stderr)\n    return 2 * x",
        "global_state = 2\ndef double(x):\n    return global_state * x",
        "def helper():\n    yield from (1, 1)\ndef double(x):\n    return sum(x for _ in helper())",
    ],
)
def test_right_answers_of_every_shape_get_full_points(grade, course, tmp_path, student):
    """Functions, lambdas, callables, NumPy scalars, printing and warnings are all fine."""
    assert graded(grade, course, tmp_path, student).scores == TRUE


def test_prints_of_a_called_function_are_shown_with_the_test(grade, course, tmp_path):
    """What a function prints while a test calls it stands in the output of the test."""
    assert "inside" in graded(grade, course, tmp_path, "def double(x):\n    print('inside')\n    return 2 * x").text(
        "double-test"
    )


LIAR = """
class Liar:
    shape, dtype, size = (1,), 'float64', 1
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __len__(self): return 0
    def __iter__(self): return iter(())
    def __getattr__(self, name): return Liar()
    def __call__(self, *a, **k): return Liar()
    def __array__(self, *a, **k):
        import numpy
        return numpy.array(8)
    def __add__(self, other): return Liar()
    __radd__ = __sub__ = __rsub__ = __mul__ = __abs__ = __add__
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert double(4) == 8",
        "assert double(4) != 9",
        "assert not double(4) != 8",
        "import numpy as np\nassert np.allclose(double(4), 8)",
        "assert abs(double(4) - 8) < 1e-9",
        "assert 7.9 < double(4) < 8.1",
        "assert all(a == b for a, b in zip([8], [double(4)]))",
        "for a in np.atleast_1d(double(4)):\n    assert a == 8",
        "import unittest.mock\nassert double(4) == unittest.mock.ANY or False\nassert double(4) + 0 == 8",
    ],
)
@pytest.mark.parametrize("student", [f"{LIAR}\ndouble = Liar()", f"{LIAR}\ndef double(x): return Liar()"])
def test_an_object_that_agrees_with_everything_gets_nothing(grade, course, tmp_path, test, student):
    """Calibrated with the instructor's solution, an opaque object is no answer where plain data was one."""
    assert graded(grade, course, tmp_path, student, test).scores == FALSE


@pytest.mark.parametrize(
    "student",
    [
        "class I(int):\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__\ndef double(x): return I(3)",
        "import numpy as np\nclass A(np.ndarray):\n    def __eq__(self, o): return True\n"
        "def double(x): return np.zeros(()).view(A)",
        "import numpy as np\ndef double(x): return np.array([8], dtype=object)",
        "def double(x): return NotImplemented",
        "def double(x):\n    a = []\n    a.append(a)\n    return a",
        "import numpy as np\ndef double(x): return np.broadcast_to(8, (10**5, 10**5))",
        "def double(x): return '\\ud800'",
        "def double(x): return float('nan')",
        "def double(x): return 10 ** 10 ** 6",
        "def double(x): raise StopIteration",
        "def double(x): raise SystemExit(0)",
        "def double(x): raise KeyboardInterrupt",
        "class E(BaseException):\n    def __init__(self, *a): raise SystemExit\ndef double(x): raise E",
        "def double(x):\n    return double(x)",
        "class E(Exception):\n    def __str__(self): raise ValueError\ndef double(x): raise E()",
        "import unittest.mock\ndouble = unittest.mock.ANY",
        "import sys\nsys.modules['builtins'].AssertionError = type('E', (Exception,), {})\ndef double(x): return 0",
        "import builtins\nbuiltins.all = builtins.any = lambda *a: True\ndef double(x): return 0",
        "",
    ],
)
def test_wrong_and_hostile_answers_get_nothing_and_cost_only_their_question(grade, course, tmp_path, student):
    """Lying subclasses, endless data, exits and poisoned modules: no points here, full points for the next question."""
    assert graded(grade, course, tmp_path, student).scores == FALSE


@pytest.mark.parametrize(
    "poison",
    [
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])",
        "get_ipython().run_cell = lambda *a, **k: None",
        "import sys\nfor name in list(sys.modules):\n    if 'cnn_course' in name: del sys.modules[name]",
        "__builtins__ = {}",
        "get_ipython().user_ns.clear()",
    ],
)
def test_poison_in_the_students_own_process_changes_no_verdict(grade, course, tmp_path, poison):
    """Whoever breaks the shell of the own process gets no point for it."""
    student = f"def double(x): return 0\n{poison}"
    assert graded(grade, course, tmp_path, student).score("double-test") == 0


def test_stop_iteration_does_not_end_a_loop_of_the_test(grade, course, tmp_path):
    """A student who raises StopIteration cannot end ``all(map(...))`` before the comparison."""
    test = "assert all(map(lambda x: double(x) == 2 * x, [1, 2]))"
    assert graded(grade, course, tmp_path, "def double(x): raise StopIteration", test).scores == FALSE


def test_generators_can_be_exhausted(grade, course, tmp_path):
    """Iterating over a student's generator ends where the generator ends, in the right answer's type only."""
    test = "assert list(double(4)) == [4, 4]"
    generator = "def double(x):\n    yield x\n    yield x"
    assert graded(grade, course, tmp_path / "a", generator, test, solution=generator).scores == TRUE
    assert (
        graded(grade, course, tmp_path / "b", "def double(x):\n    yield x", test, solution=generator).scores == FALSE
    )


@pytest.fixture(autouse=True)
def _folders(tmp_path):
    """Two folders, for tests that write two notebooks."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()


VECTOR = """
class Double:
    def __init__(self, x): self.x = x
    def value(self): return 2 * self.x
    def __eq__(self, other): return self.x == getattr(other, 'x', other)
    def __add__(self, other): return Double(self.x + other.x)
    def __len__(self): return 2
    def __getitem__(self, i): return [self.x, self.x][i]
    def __enter__(self): return self
    def __exit__(self, *a): pass
def double(x): return Double(x)
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert double(4).value() == 8",
        "assert double(4).x == 4",
        "assert double(4) == Double(4)",
        "assert (double(4) + double(1)).x == 5",
        "assert isinstance(double(4), Double)",
        "assert not isinstance(4, Double)",
        "assert len(double(4)) == 2 and list(double(4)) == [4, 4] and double(4)[1] == 4",
        "with double(4) as d:\n    assert d.x == 4",
        "d = double(4)\nd.x = 9\nassert d.value() == 18",
        "assert double(4) == 4",
        "assert 'value' in dir(double(4)) or double(4).value.__name__ == 'value'",
        "import inspect\nassert list(inspect.signature(double).parameters) == ['x']",
        "assert callable(double) and not callable(double(4))",
        "try:\n    double(4).nothing\nexcept AttributeError as error:\n"
        "    assert 'nothing' in str(error)\nelse:\n    assert False",
    ],
)
def test_classes_of_the_exercise_itself_work(grade, course, tmp_path, test):
    """Where the instructor's solution gives objects, a student's objects can be used the same way."""
    assert graded(grade, course, tmp_path, VECTOR, test, solution=VECTOR).scores == TRUE


@pytest.mark.parametrize(
    "test",
    [
        "double(4).__code__",
        "double(4).__array_interface__",
        "np.add(double(4), 1)",
        "float(double(4))",
    ],
)
def test_no_way_leads_into_an_opaque_object(grade, course, tmp_path, test):
    """Attributes with double underscores, copying and NumPy all stop at the proxy."""
    test = (
        f"try:\n    {test.splitlines()[0]}\n"
        if "\n" not in test
        else f"try:\n    {test.replace(chr(10), chr(10) + '    ')}\n"
    )
    test += "except (AttributeError, TypeError):\n    pass\nelse:\n    assert False, 'got in'"
    assert graded(grade, course, tmp_path, VECTOR, test, solution=VECTOR).scores == TRUE


@pytest.mark.parametrize("call", ["__import__('copy').deepcopy(double(4))", "np.asarray(double(4))"])
def test_copying_an_opaque_object_ends_the_test(engine, course, tmp_path, call):
    """Where a test would get at the inside of an object, it ends; it needs the object's own process."""
    test = f"try:\n    {call}\nexcept Exception:\n    pass"
    apart = engine.calibration(course(tmp_path, test, VECTOR)).apart["double-test"]
    assert apart.how == "shared"
    assert "RefusedValueError" in apart.why


def test_exceptions_cross_by_their_nearest_builtin_type(grade, course, tmp_path):
    """A student's subclass of ValueError is caught as ValueError, with its message and traceback."""
    student = "class ShapeError(ValueError): pass\ndef double(x):\n    raise ShapeError('bad shape', 3)"
    test = (
        "try:\n    double(4)\nexcept ValueError as error:\n"
        "    assert error.args == ('bad shape', 3) and 'ShapeError' in ''.join(error.__notes__)\n"
        "else:\n    assert False"
    )
    assert graded(grade, course, tmp_path, student, test, solution=student).scores == TRUE


def test_callbacks_run_where_they_were_written(grade, course, tmp_path):
    """A test may hand a function to the student's code and get its exceptions back."""
    student = "def double(f):\n    return f(1) + f(2)"
    test = (
        "def square(x):\n    if x > 5:\n        raise KeyError('too large')\n    return x * x\n"
        "assert double(square) == 5\nassert double(np.sqrt) > 2\nassert double(lambda x: [x]) == [1, 2]\n"
        "try:\n    double(lambda x: square(9))\nexcept KeyError:\n    pass\nelse:\n    assert False"
    )
    assert graded(grade, course, tmp_path, student, test, solution=student).scores == TRUE


@pytest.mark.parametrize(
    ("test", "student"),
    [
        ("assert max([1, 2]) == 2 and double(4) == 8", f"{RIGHT}\ndef max(x): return 99"),
        ("assert np.__name__ == 'numpy' and double(4) == 8", f"{RIGHT}\nclass np: __name__ = 'mine'"),
        ("assert limit == 3 and double(4) == 8", f"{RIGHT}\nlimit = 3"),
        ("helper = 5\nassert helper == 5 and double(4) == 8", f"{RIGHT}\nhelper = 6"),
        ("def again():\n    return double(4)\nassert again() == 8", RIGHT),
        ("assert [double(x) for x in (1, 2)] == [2, 4]", RIGHT),
        ("try:\n    undefined\nexcept NameError:\n    pass\nassert double(4) == 8", RIGHT),
    ],
)
def test_names_of_the_test_come_first(grade, course, tmp_path, test, student):
    """A test's own names, the instructor's imports and set-up, and builtins go before the student's."""
    assert graded(grade, course, tmp_path, student, test).scores == TRUE


def test_a_builtin_that_the_exercise_asks_for_is_the_students(grade, course, tmp_path):
    """Where the solution defines ``sum``, tests call the student's ``sum``."""
    solution = "def sum(values):\n    return 'mine'\ndef double(x): return 2 * x"
    test = "assert sum([1, 2]) == 'mine'"
    assert graded(grade, course, tmp_path / "a", solution, test, solution=solution).scores == TRUE
    assert graded(grade, course, tmp_path / "b", RIGHT, test, solution=solution).scores == FALSE


def test_a_name_is_fetched_once_a_cell(grade, course, tmp_path):
    """A value that changes with every look has one value in a test."""
    student = (
        "class Shifty(dict):\n    pass\nimport random\n"
        "class Spaces(dict):\n    def __getitem__(self, k): return random.random()\ndouble = [1.0]\n"
    )
    test = "first = double\nassert first is double"
    assert graded(grade, course, tmp_path, student, test, solution="double = [1.0]").scores == TRUE


IN_PLACE = "def double(x):\n    x *= 2\n    return x"


def test_in_place_changes_do_not_reach_expected_values(grade, course, tmp_path):
    """A wrong answer that scales its argument does not move the expected value along with it."""
    test = "x = np.ones(3)\nresult = double(x)\nassert np.array_equal(result, x * 2)"
    cheat = "def double(x):\n    x[...] = 0\n    return x"
    assert graded(grade, course, tmp_path, cheat, test).scores == FALSE


def test_in_place_changes_are_seen_where_the_solution_makes_them(grade, course, tmp_path):
    """An exercise about changing an array in place can be tested."""
    test = "x = np.ones(3)\nresult = double(x)\nassert x.tolist() == [2, 2, 2] and result is x"
    assert graded(grade, course, tmp_path / "a", IN_PLACE, test, solution=IN_PLACE).scores == TRUE
    assert graded(grade, course, tmp_path / "b", RIGHT, test, solution=IN_PLACE).scores == FALSE


def test_with_always_every_change_is_carried_back(course, tmp_path):
    """Checks with private copies can see changes that the solution does not make."""
    instructor = course(tmp_path, "x = np.ones(3)\ndouble(x)\nassert x.tolist() == [1, 1, 1], 'changed'")
    with Engine(EngineOptions(Limits(), policy="none", copy_back="always")) as engine:
        notebook = restore(instructor, course.answered(instructor, IN_PLACE)).notebook
        engine.run(notebook, instructor, {})
    assert "changed" in nbformat.writes(notebook)


def test_random_numbers_that_a_test_seeds_are_the_students(grade, course, tmp_path):
    """A test that seeds the generators gets the same numbers from the student's code; the student seeds nobody."""
    student = "import numpy as np\nimport random\ndef double(x):\n    return [np.random.rand(), random.random()]"
    test = (
        "import random\nnp.random.seed(3)\nrandom.seed(3)\nexpected = [np.random.rand(), random.random()]\n"
        "np.random.seed(3)\nrandom.seed(3)\nassert double(0) == expected"
    )
    assert graded(grade, course, tmp_path / "a", student, test, solution=student).scores == TRUE
    backwards = (
        "import random\nnp.random.seed(3)\ndouble(0)\nassert np.random.rand() != 0 and np.random.get_state()[2] == 2"
    )
    seeding = "import numpy as np\ndef double(x): np.random.seed(99)"
    assert graded(grade, course, tmp_path / "b", seeding, backwards, solution=seeding).scores == TRUE


DRAWS = "import numpy as np\nimport random\ndef double(x):\n    return [np.random.rand(), random.random()]"
SEEDS = "import random\nnp.random.seed(3)\nrandom.seed(3)\n"


@pytest.mark.parametrize(
    "test",
    [
        f"{SEEDS}a = double(0)\n{SEEDS}assert a == double(0)",  # nothing is drawn here between the two
        f"{SEEDS}a = double(0)\nassert a != double(0)",  # the student's own draws go on
        "from grader_helper import start\nstart(3)\na = double(0)\nstart(3)\nassert a == double(0)",
        "np.random.seed(3)\ns = np.random.get_state()\na = double(0)[0]\nnp.random.set_state(s)\nassert a in double(0)",
        "a = np.random.rand()\nb = double(0)[0]\nassert a != b and b == np.random.rand()",
    ],
)
def test_seeding_counts_wherever_it_happens(grade, notebooks, tmp_path, test):
    """Seeded in the cell or in a module it calls, twice with nothing in between: the student's code follows."""
    n = notebooks
    instructor = n.instructor_notebook(
        tmp_path,
        n.locked("setup", "import numpy as np"),
        n.answer("double", DRAWS),
        n.tests_of("double-test", test),
        n.tests_of("later-test", f"{SEEDS}np.random.seed(5)\nassert double(0)[0] == 0.22199317108973948"),
        files={"grader_helper.py": "import numpy, random\ndef start(n):\n    numpy.random.seed(n), random.seed(n)"},
    )
    assert grade(instructor, n.answered(instructor, double=DRAWS)).scores == TRUE


def test_a_seed_of_the_students_own_is_left_alone(grade, course, tmp_path):
    """As long as the test neither seeds nor draws, the numbers of the student's generators are the student's."""
    student = f"{DRAWS}\nnp.random.seed(5)"
    test = "assert double(0)[0] == 0.22199317108973948"
    assert graded(grade, course, tmp_path, student, test, solution=student).scores == TRUE


def test_files_of_the_student_are_not_seen_by_tests(grade, course, tmp_path):
    """What a student's code writes stays in its own folder."""
    student = f"{RIGHT}\nopen('data.txt', 'w').write('forged')\nopen('numpy.py', 'w').write('forged = 1')"
    test = "import os\nassert not os.path.exists('data.txt') and double(4) == 8"
    assert graded(grade, course, tmp_path, student, test).scores == TRUE


@pytest.mark.parametrize(
    ("last", "score"),
    [
        ("0.5", 0.5),
        ("1", 1),
        ("99", 1),
        ("float('inf')", 1),
        ("-3", 0),
        ("float('nan')", 0),
        ("np.float64(0.25)", 0.25),
    ],
)
def test_a_number_at_the_end_is_a_score_in_range(grade, course, tmp_path, last, score):
    """Any last number is a float between 0 and the points; nbgrader would trip over the others."""
    assert graded(grade, course, tmp_path, RIGHT, f"double(4)\n{last}").score("double-test") == score


def test_a_number_before_an_error_does_not_count(grade, course, tmp_path):
    """An error decides, even behind a result that was shown before it."""
    test = "import sys\nsys.displayhook(1.0)\nassert double(4) == 8"
    assert graded(grade, course, tmp_path, "def double(x): return 0", test).scores == FALSE


@pytest.mark.parametrize(
    "test",
    [
        "raise ExceptionGroup('several', [ValueError('a')])",
        "%nosuchmagic",
        "raise SystemExit(0)",
        "raise KeyboardInterrupt",
        "def broken(:",
        "class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd()",
        "class Odd(Exception):\n    def _render_traceback_(self): return []\nraise Odd()",
        "exit(",
        "await double(4)",
    ],
)
def test_whatever_ends_a_test_is_an_error(grade, course, tmp_path, test):
    """However IPython shows what went wrong, the test has failed: no output would mean full points."""
    condition = "" if test.startswith(("%", "def broken", "exit")) else "if double(4) != 8:\n    "
    indented = test if not condition else test.replace("\n", "\n    ")
    assert graded(grade, course, tmp_path, "def double(x): return 0", condition + indented).scores == FALSE


def test_seeds_reach_the_tests_and_not_the_student(engine, course, tmp_path):
    """The seed of fresh inputs is known to the trusted side alone."""
    student = "import os\ndef double(x):\n    return os.environ.get('SPLITGRADE_SEED', 'none')"
    test = "import os\nprint('seed', os.environ['SPLITGRADE_SEED'])\nassert double(0) == 'none'"
    instructor = course(tmp_path, test, solution=student)
    notebook = restore(instructor, course.answered(instructor, student)).notebook
    engine.run(notebook, instructor, instructor.files, environment={"SPLITGRADE_SEED": "4711"})
    [cell] = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "double-test"]
    assert determine_grade(cell)[0] == 1
    assert cell.outputs[0].text == "seed 4711\n"


@pytest.mark.parametrize(
    "student",
    [
        "from functools import cache\n@cache\ndef double(x):\n    return 2 * x",
        "import functools\ndef loud(f):\n    @functools.wraps(f)\n    def call(x):\n        return f(x)\n"
        "    return call\n@loud\ndef double(x):\n    return 2 * x",
        "class Doubler:\n    def times(self, x):\n        return 2 * x\ndouble = Doubler().times",
    ],
)
def test_a_test_may_look_at_the_signature_of_a_decorated_answer(grade, course, tmp_path, student):
    """The solution has no decorator and is no method; the answers are as right."""
    test = "import inspect\nassert list(inspect.signature(double).parameters) == ['x'] and double(4) == 8"
    assert graded(grade, course, tmp_path, student, test).scores == TRUE

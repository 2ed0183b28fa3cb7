"""What test cells of other courses do: each idiom with a right and a wrong answer, and attacks on what it admits."""

from __future__ import annotations

import datetime
import io
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from pathlib import Path

import pytest

from splitgrade.errors import WireError
from splitgrade.execution.course_packages import CoursePackages
from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.trusted.crossed import Crossed
from splitgrade.execution.wire.decoder import Decoder
from splitgrade.execution.wire.encoder import Encoder
from splitgrade.nbgrader.strict_results import StrictResults
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore
from tests.splitgrade.conftest import Graded, answer, answered, instructor_notebook, locked
from tests.splitgrade.conftest import tests_of as hidden_tests
from tests.splitgrade.execution import idioms, idioms_libraries, idioms_python, idioms_sciences
from tests.splitgrade.execution.idioms import TABLES, Idiom, idiom

GROUPS = {**idioms.GROUPS, **idioms_python.GROUPS}
WARM = ("pandas", "matplotlib.pyplot", "numpy.random", "no_such_module", "json.no")
SCIENCES = ("sklearn.linear_model", "sklearn.pipeline", "sympy", "networkx", "seaborn")


def check(engine: Engine, folder: Path, group: tuple[Idiom, ...]) -> None:
    """Grade a right and a wrong answer to each question of a group, and look where its test ran."""
    cells = []
    for each in group:
        test = hidden_tests(f"{each.name}-test", each.test)
        test.source = f"{each.released}\n{test.source}".lstrip()
        cells += [locked(f"{each.name}-setup", each.setup)] if each.setup else []
        cells += [answer(each.name, each.solution), test]
    instructor = instructor_notebook(folder, *cells)
    apart = engine.calibration(instructor).apart
    assert {f"{each.name}-test" for each in group if each.how == "shared"} == set(apart)
    assert all(each.how == "shared" for each in apart.values())
    for kind, points in (("solution", 1), ("wrong", 0)):
        submitted = answered(instructor, **{each.name: getattr(each, kind) for each in group})
        notebook = restore(instructor, submitted).notebook
        engine.run(notebook, instructor, instructor.files)
        scores = Graded(StrictResults().preprocess(notebook, {})[0]).scores
        assert scores == dict.fromkeys(scores, points)


@pytest.mark.parametrize("group", GROUPS)
def test_right_answers_keep_their_points_and_wrong_ones_get_none(engine, tmp_path, group):
    """Each test runs where it is said to run."""
    check(engine, tmp_path, GROUPS[group])


@pytest.fixture(scope="module")
def warm_engine():
    """Start an engine that has loaded what a course on tables and figures imports."""
    with engine_with(WARM) as engine:
        yield engine


def engine_with(modules: tuple[str, ...]) -> Engine:
    """Return an engine that loads modules before its first notebook."""
    return Engine(EngineOptions(Limits(cell_seconds=20), policy="none", packages=CoursePackages(warm=modules)))


def test_tables_cross_and_what_a_course_imports_is_loaded_before_its_notebooks(warm_engine, tmp_path):
    """Frames and series are values; pandas is there in both processes, and a module that is nowhere is left out."""
    loaded = idiom(
        "w", "import sys\nw = 'pandas' in sys.modules", "import sys\nassert w and 'pandas' in sys.modules", "w = 0"
    )
    check(warm_engine, tmp_path, (loaded, *TABLES))


@pytest.mark.parametrize("group", idioms_libraries.GROUPS)
def test_what_libraries_make_is_tested(warm_engine, tmp_path, group):
    """Each test runs where it is said to run, right answers keep their points and wrong ones get none."""
    check(warm_engine, tmp_path, idioms_libraries.GROUPS[group])


@pytest.mark.long
def test_objects_of_other_libraries_are_tested_where_the_solution_says(tmp_path):
    """Models, formulas, graphs and their pictures: as for what the standard library makes."""
    with engine_with(SCIENCES) as engine:
        for name, group in idioms_sciences.GROUPS.items():
            (tmp_path / name).mkdir()
            check(engine, tmp_path / name, group)


ATTACKS = {
    "a named tuple has a shape where the solution gave an array": (
        "import numpy as np\ndef f(): return np.zeros((2, 3))",
        "assert f().shape == (2, 3)",
        "from collections import namedtuple\ndef f(): return namedtuple('A', 'shape dtype')((2, 3), 'float64')",
    ),
    "a named tuple that says it equals": (
        "from collections import namedtuple\nP = namedtuple('P', 'x')\ndef f(): return P(4)",
        "assert f() == (4,) and f().x == 4",
        "class P(tuple):\n    _fields = ('x',)\n    x = 4\n    __eq__ = lambda s, o: True\n    __hash__ = None\n"
        "def f(): return P((5,))",
    ),
    "a counter and a date that say they equal": (
        "import datetime\nfrom collections import Counter\ndef f(): return Counter('ab'), datetime.date(2024, 1, 1)",
        "import datetime\nassert f()[0] == {'a': 1, 'b': 1}\nassert f()[1] == datetime.date(2024, 1, 1)",
        "import datetime\nfrom collections import Counter\nclass C(Counter):\n    __eq__ = lambda s, o: True\n"
        "class D(datetime.date):\n    __eq__ = lambda s, o: True\n    __hash__ = None\n"
        "def f(): return C('zz'), D(1999, 1, 1)",
    ),
    "a claim to be another class": (
        "def f(x): return x * 2.0",
        "assert isinstance(f(2), float) and type(f(2)) == float",
        "class F:\n    __class__ = float\n    def __eq__(s, o): return True\ndef f(x): return F()",
    ),
    "a number that says it equals": (
        "class A:\n    def __float__(s): return 4.0\n    def __int__(s): return 4\na = A()",
        "assert float(a) == 4.0 and int(a) == 4",
        "class F(float):\n    def __eq__(s, o): return True\nclass I(int):\n    def __eq__(s, o): return True\n"
        "class A:\n    def __float__(s): return F(5.0)\n    def __int__(s): return I(5)\na = A()",
    ),
    "names without values": (
        "x = 4",
        "assert 'x' in globals() and globals()['x'] == 4 and x == 4",
        "ns = get_ipython().user_ns\nclass N(dict):\n    def __contains__(s, n): return True\n"
        "    def __iter__(s): return iter(['x'])\nget_ipython().user_ns = N(ns)",
    ),
    "an argument that is changed with what is expected of it": (
        "def f(values): return sum(values)",
        "values = [1, 2]\nassert f(values) == sum(values)",
        "def f(values):\n    values.clear()\n    return 0",
    ),
    "an argument that comes back as another": (
        "class A:\n    def __init__(s, v): s.v = v\n    def f(s): return s.v",
        "wanted, values = [5], [1]\na, b = A(values), A(wanted)\nvalues.append(2)\n"
        "assert a.f() == [1, 2] and b.f() == [5] and a.f() is values",
        "class A:\n    def __init__(s, v):\n        s.v = v\n        v[:] = []\n    def f(s): return s.v",
    ),
    "one row at many places": (
        "def f(): return [[1], [2]]",
        "assert f() == [[1], [2]] and f()[0] is not f()[1]",
        "def f():\n    row = [2]\n    return [row, row]",
    ),
    "arithmetic with an object's insides": (
        "class A:\n    def __init__(s): s.n = 4\n    def __eq__(s, o): return s.n == o.n\na = A()",
        "assert a.__dict__ == {'n': 4} and vars(a)['n'] == 4",
        "class A:\n    __dict__ = type('E', (dict,), {'__eq__': lambda s, o: True, '__getitem__': lambda s, k: 4})()\n"
        "a = A()",
    ),
    "a value that changes back when it is looked at": (
        "cart = []\ndef add(x): cart.append(x)",
        "add(3)\nassert cart == [3]\nadd(4)\nassert cart == [3, 4] and sum(cart) == 7",
        "class L(list):\n    def __eq__(s, o): return True\n    def __iter__(s): return iter([3, 4])\ncart = L()\n"
        "def add(x): pass",
    ),
    "a replaced print that is called with an object": (
        "def f(): print('x')",
        "from unittest import mock\nwith mock.patch('builtins.print') as m:\n    f()\nm.assert_called_once_with('x')",
        "class E(str):\n    def __eq__(s, o): return True\n    __hash__ = str.__hash__\ndef f(): print(E('y'))",
    ),
    "a listener that is told everything": (
        "def f(n): return n * n\ndef g(n): return sum(f(i) for i in range(n))",
        "kept, seen = f, []\ndef f(n):\n    seen.append(n)\n    return kept(n)\nassert g(3) == 5\nf = kept\n"
        "assert seen == [0, 1, 2]",
        "def f(n): return n * n\ndef g(n):\n    for i in (2, 1, 0, 0, 7): f(i)\n    return 5",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_admitted_wins_nothing(engine, grade, tmp_path, name):
    """The tests run apart from students' code, the solution passes, and the attack gets no point."""
    solution, test, attack = ATTACKS[name]
    instructor = instructor_notebook(
        tmp_path, answer("f", solution), hidden_tests("f-test", test), hidden_tests("g-test", "assert 1 + 1 == 2")
    )
    assert engine.calibration(instructor).apart == {}
    assert grade(instructor, answered(instructor, f=solution)).scores == {"f-test": 1, "g-test": 1}
    assert grade(instructor, answered(instructor, f=attack)).scores == {"f-test": 0, "g-test": 1}


def test_no_number_of_the_students_changes_what_a_test_has_handed_over():
    """Not for another argument, nor for a result that is said to be one."""
    crossed, wanted, other = Crossed(), [1], [2]
    crossed.lend(7, wanted)
    crossed.lend(7, other)
    assert crossed.take(7, [3]) == [3]
    assert crossed.take(7, [1]) is wanted
    assert (wanted, other, list(crossed.changes())) == ([1], [2], [])


def test_names_and_values_go_over_only_where_the_solution_needs_it(grade, tmp_path):
    """A test that binds a name of the student's for itself tells the student's code nothing."""
    instructor = instructor_notebook(
        tmp_path,
        answer("f", "expected = 0\ndef f(): return 42"),
        hidden_tests("f-test", "expected = 42\nassert f() == expected"),
    )
    assert grade(instructor, answered(instructor, f="expected = 0\ndef f(): return expected")).scores == {"f-test": 0}


def test_values_of_the_standard_library_cross_as_they_are():
    """What comes out is of the same kind and equal, a stream at the same place."""
    point = namedtuple("point", "x y")
    stream = io.StringIO("ab\r\ncd")
    stream.read(3)
    values = [
        *(datetime.date(2024, 2, 29), datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.UTC)),
        *(datetime.time(3, 4), datetime.timedelta(-1, 3, 7), Counter("aab"), OrderedDict(b=[1], a=(2,))),
        *(defaultdict(list, a=[1]), deque([1, 2], 3), Path("a") / "b", point(1, [2]), stream),
    ]
    for value in values:
        encoder = Encoder()
        tree = encoder.encode(value)
        found = Decoder([bytearray(blob) for blob in encoder.blobs]).decode(tree)
        assert type(found).__name__ == type(value).__name__
        if value is stream:
            assert (found.getvalue(), found.tell()) == (stream.getvalue(), 3)
        else:
            assert found == value
    assert found is not stream


@pytest.mark.parametrize(
    "parts",
    [
        ["Popen", "id"],
        [["l", []]],
        ["date", 5],
        ["datetime", "soon"],
        ["timedelta", 10**18, 0, 0],
        ["Counter", 3],
        ["Counter", ["l", [["l", [["l", []], 1]]]]],
        ["defaultdict", "eval", ["l", []]],
        ["deque", ["l", []], -1],
        ["StringIO", "a", 10**12],
        ["StringIO", "a", -1],
        ["namedtuple", "x y", ["l", ["a"]], ["l", [1]]],
        ["namedtuple", "x", ["l", ["__class__"]], ["l", [1]]],
        ["namedtuple", "x", ["l", ["a", "a"]], ["l", [1, 2]]],
        ["namedtuple", "class", ["l", ["a"]], ["l", [1]]],
        ["namedtuple", "x", ["l", ["a"]], ["l", []]],
        ["namedtuple", "x", ["l", [f"a{n}" for n in range(200)]], ["l", list(range(200))]],
        ["Path"],
        ["DataFrame", ["l", []], ["l", ["range", 0, 3, 1, None]], ["l", ["range", 0, 3, 1, None]]],
        ["Series", ["l", ["values", "eval", ["l", []]]], ["l", ["range", 0, 0, 1, None]], None],
        ["Series", 3, 4, 5],
        ["Index", ["l", ["levels", ["l", []], ["l", []], ["l", []]]]],
        ["Timestamp", "soon", None, "s"],
    ],
)
def test_malformed_parts_are_refused(parts):
    """Nothing but the kinds that are known, of well-formed parts."""
    with pytest.raises(WireError):
        Decoder([]).decode(["S", parts])

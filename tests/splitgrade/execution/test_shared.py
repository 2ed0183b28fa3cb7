"""Tests that work in one process only run in the student's own; those that work nowhere wait for a person."""

from __future__ import annotations

import sys

import pytest

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.execution.shared import in_steps
from splitgrade.execution.wire.outputs import WAITS
from splitgrade.nbgrader.marks import waits_for_a_person
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore
from tests.splitgrade.conftest import Graded, answer, answered, instructor_notebook, locked
from tests.splitgrade.conftest import tests_of as hidden_tests

SAY = "def say(name):\n    print('hello', name)"
LISTENS = (  # looks into the globals of the student's function, which do not cross
    "heard = []\nnames = say.__globals__\nnames['print'] = lambda *words: heard.append(words)\n"
    "try:\n    say('hidden-input')\nfinally:\n    del names['print']\n"
    "assert heard == [('hello', 'hidden-input')], heard"
)
FIXED = "the test, which runs in the student's own process, did not pass"


def mixed(folder):
    """Return a notebook with a test of each kind: split, shared, nowhere, and split again."""
    return instructor_notebook(
        folder,
        locked("setup", "import math\nlimit = 3"),
        answer("double", "def double(x):\n    return 2 * x"),
        hidden_tests("double-test", "cases = [1, 4]\ndef expected(x): return x + x\nassert double(4) == expected(4)"),
        answer("say", SAY),
        hidden_tests("say-test", f"import json\n{LISTENS}", points=2),
        answer("odd", "odd = 1"),
        hidden_tests("odd-test", "assert odd == 2"),
        answer("later", "later = limit + 1"),
        hidden_tests("later-test", "assert later == 4 and json.loads('4') == 4"),
    )


def test_what_is_not_written_in_python_waits_and_is_not_run(tmp_path):
    """No process is needed for that; the reason is a sentence."""
    instructor = mixed(tmp_path)
    instructor.notebook.metadata["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    engine = Engine(EngineOptions())
    assert {each.how for each in engine.calibration(instructor).apart.values()} == {"waits"}
    assert "written in R; only Python is run here" in engine.calibration(instructor).warnings[0]
    notebook = restore(instructor, answered(instructor, double="double <- function(x) 2 * x")).notebook
    engine.run(notebook, instructor, {})
    tests = [cell for cell in notebook.cells if waits_for_a_person(cell)]
    assert [cell.metadata.nbgrader.grade_id for cell in tests] == ["double-test", "say-test", "odd-test", "later-test"]
    assert all(not cell.outputs for cell in notebook.cells if cell not in tests)


def test_each_test_runs_where_the_solution_passes(engine, grade, tmp_path):
    """One notebook has all three; right answers keep their points, wrong ones lose theirs, and nothing is a zero."""
    instructor = mixed(tmp_path)
    known = engine.calibration(instructor)
    assert {name: each.how for name, each in known.apart.items()} == {"say-test": "shared", "odd-test": "waits"}
    assert sorted(known.records) == ["double-test", "later-test"]
    right = {"double": "def double(x): return x + x", "say": SAY, "odd": "odd = 1", "later": "later = 4"}
    graded = grade(instructor, answered(instructor, **right))
    assert graded.scores == {"double-test": 1, "say-test": 2, "odd-test": 0, "later-test": 1}
    waiting = [cell.metadata.nbgrader.grade_id for cell in graded.notebook.cells if waits_for_a_person(cell)]
    assert waiting == ["odd-test"]
    wrong = {**right, "say": "def say(name):\n    print('hello')", "later": "later = 5"}
    assert grade(instructor, answered(instructor, **wrong)).scores == {
        "double-test": 1,
        "say-test": 0,
        "odd-test": 0,
        "later-test": 0,
    }


def test_the_instructor_is_told_which_and_why_and_what_to_change(engine, tmp_path):
    """A warning for each, in words, with the error that the solution met."""
    instructor = mixed(tmp_path)
    shared, waits = engine.calibration(instructor).warnings
    assert "exercise, say-test: passes in one process only" in shared
    assert "forgeable by the student who wrote it" in shared
    assert "exercise, odd-test: the instructor's own solution does not pass" in waits
    apart = engine.calibration(instructor).apart
    assert apart["say-test"].advice == "pass the helper as an argument instead of replacing a global"


def test_a_module_that_is_nowhere_is_named_with_the_cell_that_wants_it_and_what_to_do(engine, tmp_path):
    """One sentence, and the tests that it costs wait; one that lies beside the notebook, or is only tried, is none."""
    instructor = instructor_notebook(
        tmp_path,
        locked("setup", "import no_such_table as table\nimport beside\nimport folder.inside"),
        answer("rows", "try:\n    import no_such_speed\nexcept ImportError:\n    pass\nrows = table.rows()"),
        hidden_tests("rows-test", "assert rows == 3"),
        answer("two", "import no_such_table.parts\ntwo = 2"),
        hidden_tests("two-test", "assert two == 2"),
        files={"beside.py": "", "folder/inside.py": ""},
    )
    known = engine.calibration(instructor)
    missing, *others = known.warnings
    assert missing == (
        "exercise.ipynb, setup, imports no_such_table, which is not installed where grading runs: install the package "
        f"that has it ({sys.executable} -m pip install no_such_table, if that is its name), or put no_such_table.py "
        "beside the notebook in source/"
    )
    assert not any("import fails" in text for text in others)
    assert known.apart["rows-test"].how == "waits"
    assert known.apart["rows-test"].advice == missing


def test_who_wants_none_has_none(tmp_path):
    """With ``shared="refuse"`` such a test waits for a person."""
    instructor = mixed(tmp_path)
    with Engine(EngineOptions(Limits(cell_seconds=2), policy="none", shared="refuse")) as engine:
        notebook = restore(instructor, answered(instructor, say=SAY)).notebook
        engine.run(notebook, instructor, instructor.files)
        assert {name: each.how for name, each in engine.calibration(instructor).apart.items()} == {
            "say-test": "waits",
            "odd-test": "waits",
        }
    waiting = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if waits_for_a_person(cell)]
    assert waiting == ["say-test", "odd-test"]
    assert WAITS in Graded(notebook).kinds("say-test")


FORGERIES = {
    "the cell's own points": "get_ipython().run_cell = lambda *a, **k: type('R', (), dict(error_before_exec=None, "
    "error_in_exec=None))()",
    "more points than there are": "import sys\nsys.displayhook(99)\n"
    "def say(name):\n    sys.displayhook(99)\n    print('hello', name)",
    "the mark of a test that waits": "from IPython.display import display\ndef say(name):\n"
    "    kind = 'application/vnd.splitgrade.%s+json'\n"
    "    display({kind % 'waits': {}, kind % 'result': {}}, raw=True)\n"
    "    print('hello', name)",
    "frames of the protocol": (
        "import gc, json, struct\nfrom splitgrade.execution.wire.channel import Channel\n"
        "for each in gc.get_objects():\n"
        "    if isinstance(each, Channel):\n"
        "        for n in range(1, 60):\n"
        "            try:\n"
        "                each.send({'n': n, 'outputs': [], 'record': {}, 'points': 99})\n"
        "            except Exception: pass"
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_process_wins_no_more_than_its_own_cell(grade, tmp_path, name):
    """Whatever it says: the other tests' points are untouched, and no score leaves its range."""
    instructor = mixed(tmp_path)
    wrong = {"double": "def double(x): return 0", "odd": "odd = 1", "later": "later = 0"}
    graded = grade(instructor, answered(instructor, say=FORGERIES[name], **wrong))
    scores = graded.scores
    assert {key: scores[key] for key in ("double-test", "odd-test", "later-test")} == {
        "double-test": 0,
        "odd-test": 0,
        "later-test": 0,
    }
    assert 0 <= scores["say-test"] <= 2
    assert not waits_for_a_person(graded.cell("say-test"))
    assert "application/vnd.splitgrade.result+json" not in graded.kinds("say-test")


def test_hidden_text_leaves_by_no_error_and_few_digits(grade, tmp_path):
    """The process sees the hidden text; of what it then says there is one fixed error, or a number in steps."""
    instructor = instructor_notebook(
        tmp_path,
        answer("say", SAY),
        hidden_tests("say-test", f"{LISTENS}\n0.75 + 0.25"),
    )
    tells = "def say(name):\n    raise type('E' + name.replace('-', '_'), (Exception,), {})('text ' + name)"
    [error] = [
        each for each in grade(instructor, answered(instructor, say=tells)).cell("say-test").outputs if "ename" in each
    ]
    assert (error.ename, error.evalue) == ("SharedTestError", FIXED)
    assert not any("hidden" in line for line in error.traceback)
    digits = "import sys\ndef say(name):\n    print('hello', name)\nfloat_hook = get_ipython().displayhook\n"
    digits += "type(float_hook).compute_format_data = lambda s, r: ({'text/plain': '0.48291734'}, {})"
    assert grade(instructor, answered(instructor, say=digits)).scores == {"say-test": 0.48}


def test_scores_are_in_steps():
    """A hundred of them, whatever the points; what is no number is none."""
    assert [in_steps(text, 2.0) for text in ("2.0", "1e9", "-1", "0.123456", "nan", "inf", "x")] == [
        *(2.0, 2.0, 0.0, 0.12),
        *(None, 2.0, None),
    ]
    assert in_steps("1", 0.0) == 0.0


def test_a_hidden_test_that_runs_apart_is_never_in_the_shared_process(grade, tmp_path):
    """Only the text of tests that need it gets there: an answer that looks for another finds nothing."""
    instructor = instructor_notebook(
        tmp_path,
        answer("double", "def double(x):\n    return 2 * x"),
        hidden_tests("double-test", "assert double(4) == 8  # secret-of-double"),
        answer("say", SAY),
        hidden_tests("say-test", LISTENS),
    )
    looks = (
        "import gc\ndef say(name):\n    texts = [x for x in gc.get_objects() if isinstance(x, (list, dict))]\n"
        "    found = any('secret-of' + '-double' in str(x)[:100000] for x in list(In))\n"
        "    print('hello', 'found' if found else name)"
    )
    right = {"double": "def double(x): return x + x"}
    assert grade(instructor, answered(instructor, say=looks, **right)).scores == {"double-test": 1, "say-test": 1}


def test_a_crash_or_loop_there_costs_its_test_only(grade, tmp_path):
    """A process that ends or hangs in a test is started again for the next one."""
    instructor = instructor_notebook(
        tmp_path,
        answer("say", SAY),
        hidden_tests("say-test", LISTENS),
        answer("cry", SAY.replace("say", "cry")),
        hidden_tests("cry-test", LISTENS.replace("say(", "cry(")),
    )
    cry = SAY.replace("say", "cry")
    for harm in ("import os\n    os._exit(0)", "while True: pass"):
        graded = grade(instructor, answered(instructor, say=f"def say(name):\n    {harm}", cry=cry))
        assert graded.scores == {"say-test": 0, "cry-test": 1}, harm
        assert "SharedTestError" in graded.text("say-test")


@pytest.mark.parametrize(
    ("last", "right", "wrong"),
    [("[1, 2][:1]", 1, 0), ("double(4) == 8", 1, 0), ("1.0 if double(4) == 8 else None", 1, 0), ("0.5", 0.5, 0)],
)
def test_the_last_value_is_read_as_the_solutions(grade, course, tmp_path, last, right, wrong):
    """A value that is no score decides nothing; True has to be True; a number has to be there."""
    instructor = course(tmp_path, f"assert double(1) is not None\n{last}")
    answers = {"double": "def double(x): return 2 * x", "later": "later = 4"}
    assert grade(instructor, answered(instructor, **answers)).score("double-test") == right
    answers["double"] = "def double(x): return None" if last in ("[1, 2][:1]", "0.5") else "def double(x): return x"
    assert grade(instructor, answered(instructor, **answers)).score("double-test") == wrong

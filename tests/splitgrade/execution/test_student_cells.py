"""What students do in their own cells works as in the notebook, and harms nobody."""

import base64
import json
import re

import nbformat
import pytest
from nbconvert.filters import strip_ansi
from nbgrader.utils import determine_grade

from splitgrade.execution.wire.outputs import clean
from splitgrade.submission.restore import restore


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("1 + 1", "2"),
        ("print('a')\nprint('b')", "a\nb"),
        ("%matplotlib inline\n3", "3"),
        ("%timeit -n1 -r1 pass", "per loop"),
        ("%%time\nx = 1", "Wall time"),
        ("import asyncio\nasync def f():\n    return 7\nawait f()", "7"),
        ("if __name__ == '__main__':\n    print('main')", "main"),
        ("class A:\n    def __init__(self):\n        self.x = [i for i in (y for y in range(3))]\nA().x", "[0, 1, 2]"),
        ("def f():\n    class P:\n        z = 5\n    def g():\n        yield P.z\n    return list(g())\nf()", "[5]"),
        ("from IPython.display import display\ndisplay({'a': 1})", "{'a': 1}"),
        ("import os\nos.system('echo below')", "below"),
        ("import os\nos.write(1, b'raw')", "raw"),
        ("_x = 4\n_x;", ""),
        ("get_ipython().run_line_magic('time', '6 * 7')", "42"),
        ("from __future__ import annotations\ndef f(x: nowhere): pass\nf.__annotations__['x']", "nowhere"),
    ],
)
def test_the_notebook_features_of_students_work(student_cell, code, shown):
    """Magics, display, await, classes, generators and printing below Python give what a kernel gives."""
    graded = student_cell(code)
    assert shown in graded.text("cell")
    assert not any(output.output_type == "error" for output in graded.cell("cell").outputs)


@pytest.mark.parametrize(
    "code", ["!ls /", "x = !ls\nassert x == []", "%%bash\nls", "%pip install numpy", "%sx ls", "%system ls"]
)
def test_programs_are_refused_with_a_message_and_the_cell_goes_on(student_cell, code):
    """A shell command is left out, says so, and does not take the rest of the cell along."""
    graded = student_cell(code if code.startswith("%%") else f"{code}\nprint('went on')")
    assert "programs are not started while grading" in graded.text("cell")
    assert code.startswith("%%") or "went on" in graded.text("cell")


@pytest.mark.parametrize("code", ["input('name? ')", "import getpass\ngetpass.getpass()"])
def test_input_is_refused(student_cell, code):
    """Nobody is there to answer a prompt, and the error says so."""
    assert "input() is not available while grading" in student_cell(code).text("cell")


def test_tracebacks_are_readable(student_cell):
    """A traceback shows the student's line and function, and no line of the machinery."""
    text = strip_ansi(student_cell("def inner(value):\n    return 1 / value\n\ninner(0)").text("cell"))
    assert "ZeroDivisionError" in text
    assert re.search(r"-+> 2 +return 1 / value", text)
    assert re.search(r"-+> 4 +inner\(0\)", text)
    assert "cnn_course" not in text


def test_plots_become_pictures(student_cell):
    """A figure is shown as PNG without a call of show, and can be stored in a notebook."""
    graded = student_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    assert graded.kinds("cell").count("image/png") == 1
    shown = [output.data["image/png"] for output in graded.cell("cell").outputs if "image/png" in output.data]
    assert base64.b64decode(shown[0]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "code",
    [
        "from IPython.display import HTML\nHTML('<script>alert(1)</script>')",
        "from IPython.display import Javascript\nJavascript('alert(1)')",
        'from IPython.display import SVG\nSVG(data=\'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>\')',
        "from IPython.display import Markdown\nMarkdown('<img src=x onerror=alert(1)>')",
        "from IPython.display import Latex\nLatex('$x$ <img src=x onerror=alert(1)> \\\\href{javascript:alert(1)}{x}')",
        "from IPython.display import publish_display_data as p\n"
        "p({'application/vnd.jupyter.widget-view+json': {'model_id': '1'}, 'text/plain': 'x'})",
        "from IPython.display import publish_display_data as p\n"
        "p({'text/plain': 'x'}, metadata={'text/plain': {'isolated': '<script>alert(1)</script>'}})",
        "from IPython.display import publish_display_data as p\np({'image/png': '\"><script>', 'text/plain': 'x'})",
        "from IPython.display import publish_display_data as p\n"
        "p({'application/vnd.splitgrade.result+json': {'a': 1}})",
    ],
)
def test_nothing_that_a_browser_runs_is_kept(student_cell, code):
    """Students' output keeps plain text and real pictures only."""
    graded = student_cell(code)
    assert set(graded.kinds("cell")) <= {"text/plain"}
    assert all(output.get("metadata", {}) == {} for output in graded.cell("cell").outputs)
    assert "script>" not in json.dumps(graded.cell("cell").outputs)


def test_a_forged_result_is_never_taken_for_ours(grade, course, tmp_path):
    """What a function displays as a check's result while a test calls it does not get into the test's outputs."""
    student = (
        "from IPython.display import publish_display_data, HTML, display\ndef double(x):\n"
        "    publish_display_data({'application/vnd.splitgrade.result+json': {'earned': 1.0}, 'text/html': '1'})\n"
        "    display(HTML('<script>alert(1)</script>'))\n    print('drawn')\n    return 0"
    )
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, student))
    assert graded.score("double-test") == 0
    assert set(graded.kinds("double-test")) <= {"text/plain"}
    assert "drawn" in graded.text("double-test")
    assert "earned" not in json.dumps(graded.cell("double-test").outputs)


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    print('x' * 1000)",
        "print('x' * 10_000_000)",
        "import os\nfor _ in range(1000):\n    os.write(1, b'x' * 10_000)",
        "from IPython.display import display\nfor i in range(5000):\n    display(i)",
        "raise ValueError('x' * 10_000_000)",
        "print('a\\ud800b')",
        "raise ValueError('\\udfff')",
        "class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E()",
        "class R:\n    def __repr__(self): return '\\ud800'\nR()",
    ],
)
def test_hostile_output_is_bounded_and_can_be_written(student_cell, code):
    """Floods are cut, text that no file can hold is replaced; the notebook stays small and valid."""
    notebook = student_cell(code).notebook
    nbformat.validate(notebook)
    assert len(nbformat.writes(notebook).encode()) < 1_500_000


@pytest.mark.parametrize("code", ["exit()", "quit()", "raise SystemExit(0)", "import sys\nsys.exit(1)"])
def test_leaving_is_no_way_out(grade, tmp_path, code, course):
    """After exit() the rest of the notebook is run and graded."""
    instructor = course(tmp_path)
    from_student = {"double": f"def double(x):\n    return 2 * x\n{code}"}
    assert grade(instructor, course.answered(instructor, **from_student)).scores == {"double-test": 1, "later-test": 1}


@pytest.mark.parametrize(
    "outputs",
    [
        None,
        "text",
        [None, 1, "x", [], {}],
        [{"output_type": "stream"}],
        [{"output_type": "error", "traceback": "x", "ename": 5, "evalue": None}],
        [{"output_type": "display_data", "data": []}],
        [{"output_type": "execute_result", "data": {"text/plain": ["a"]}, "execution_count": "x"}],
        [{"output_type": "display_data", "data": {"image/png": "aGk="}}],
        [{"output_type": "unknown"}],
    ],
)
def test_malformed_outputs_become_valid_ones(outputs):
    """Whatever a student's process claims to have shown, the notebook stays valid."""
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output) for output in clean(outputs)])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib widget",
        "%matplotlib qt",
        "%matplotlib notebook",
        "%load_ext tensorboard",
        "%tensorboard --logdir logs",
        "%config NoSuchThing.x = 1",
        "%nosuchmagic",
        "import matplotlib; matplotlib.use('TkAgg')",
        "import matplotlib.pyplot as plt; plt.switch_backend('TkAgg')",
        "import locale; locale.setlocale(locale.LC_ALL, 'tlh_KX.UTF-8')",
    ],
)
def test_a_line_about_showing_costs_nothing(grade, course, tmp_path, line):
    """What asks for windows or loads what shows things is said and left out; the answer below it counts."""
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, f"{line}\ndef double(x):\n    return 2 * x"))
    assert graded.scores == {"double-test": 1, "later-test": 1}
    quiet = line in ("%matplotlib notebook", "%config NoSuchThing.x = 1")  # these do nothing here, and say nothing
    assert quiet or "this line was left out" in graded.text("double")


@pytest.mark.parametrize("call", ["input('n? ')", "breakpoint()", "__import__('pdb').set_trace()"])
def test_asking_somebody_is_named(grade, course, tmp_path, call):
    """A function that waits for a person says that nobody is there, and the test can tell."""
    test = (
        "try:\n    double(4)\nexcept Exception as error:\n    said = getattr(error, 'raised_as', ''), str(error)\n"
        "assert said[0] == 'StdinNotImplementedError' and 'nobody is there' in said[1]"
    )
    solution = f"def double(x):\n    {call}\n    return 2 * x"
    instructor = course(tmp_path, test, solution=solution)
    assert grade(instructor, course.answered(instructor, solution)).scores == {"double-test": 1, "later-test": 1}


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("from google.colab import drive\ndef double(x):\n    return 2 * x", "ModuleNotFoundError: No module named"),
        ("raise ValueError('first')\ndef double(x):\n    return 2 * x", "ValueError: first"),
        ("def double(x):\n    return 2 * x)", "SyntaxError"),
        ("import nothing\ndouble = nothing.double", "ModuleNotFoundError"),
    ],
)
def test_the_cause_of_a_missing_name_is_known(grade, course, tmp_path, code, cause):
    """A name whose cell stopped is a NameError that says what stopped it; a right solution is none of that."""
    test = (
        "try:\n    found = double(4)\nexcept NameError as error:\n    found = error.stopped_by\n"
        f"assert found == 8 or {cause!r} not in found"
    )
    instructor = course(tmp_path, test)
    assert grade(instructor, course.answered(instructor, code)).scores == {"double-test": 0, "later-test": 1}


def test_limits_that_cost_no_answer_are_said(engine, course, tmp_path):
    """A flood that is cut off and memory that runs out are events of the run, by cell, and every name stays."""
    instructor = course(tmp_path)
    double, later = "def double(x):\n    return 2 * x\n", "later = limit + 1\n"
    submitted = course.answered(instructor, f"{double}print('x' * 70_000)", f"{later}bytearray(10**10)")
    notebook = restore(instructor, submitted).notebook
    said = [event.text for event in engine.run(notebook, instructor, instructor.files)]
    assert said == [
        "double: what it printed is cut off after 64 KB",
        "later stopped with a MemoryError: a notebook may use 512 MB",
    ]
    assert [determine_grade(each)[0] for each in notebook.cells if each["id"].endswith("-test")] == [1, 1]


def test_a_screen_that_was_taken_away_comes_back(grade, course, tmp_path):
    """``sys.stdout = None`` is silence for its own cell; ``%debug`` finds no error of the interpreter's own."""
    instructor = course(tmp_path)
    code = "%debug\nimport sys\nsys.stdout = None\ndef double(x):\n    return 2 * x"
    graded = grade(instructor, course.answered(instructor, code))
    assert graded.scores == {"double-test": 1, "later-test": 1}

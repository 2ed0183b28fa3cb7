"""What cells behind a test show in feedback: their own outputs of a run without tests, and no hidden input."""

from __future__ import annotations

import base64
import dataclasses
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import GenerateAssignment
from PIL import Image
from traitlets.config import Config

from splitgrade.commands.feedback import feedback_command
from splitgrade.execution.preview import Preview
from splitgrade.feedback.pages import write_feedback
from splitgrade.feedback.redact import NO_PREVIEW
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.nbgrader import execute
from splitgrade.nbgrader.session import Conversion, convert, load_config
from splitgrade.sandbox import layers
from tests.course_fixture import REPOSITORY, marked, notebook

pytestmark = pytest.mark.skipif(layers.probe().isolation == "none", reason="this machine has no sandbox")

LAB = "lab"
SAYS_WITHHELD = "is not shown on this page"
HIDDEN = 730201  # stands in the hidden tests only
SEED = 918273645
LIMITS = {"cell_seconds": 2, "notebook_seconds": 30, "memory_mb": 384, "output_kb": 64}
DRAW = '''
from IPython.display import Image, display
from PIL import Image as Drawn
import io
def draw(numbers):
    """Show numbers as the bytes of a picture."""
    pixels = np.array(numbers, dtype=np.uint32).reshape(1, -1).view(np.uint8)
    png = io.BytesIO()
    Drawn.fromarray(pixels).save(png, format="png")
    display(Image(png.getvalue()))
'''
# What a student writes: where the answer to the first question keeps its inputs, and how a later cell finds them.
KEEPS = {
    "in a global": ("kept = []\nkeep = kept.append", "kept"),
    "in a file": (
        "def keep(x): open('kept', 'a').write(f'{x} ')",
        "[int(x) for x in open('kept').read().split()] if __import__('os').path.exists('kept') else []",
    ),
    "in shared memory": (
        "def keep(x):\n"
        "    for place in ('/tmp', '/dev/shm', '/var/tmp'):\n"
        "        try: open(place + '/kept', 'a').write(f'{x} ')\n"
        "        except OSError: pass",
        "[int(x) for p in ('/tmp', '/dev/shm', '/var/tmp') if __import__('os').path.exists(p + '/kept')\n"
        "         for x in open(p + '/kept').read().split()]",
    ),
    "in modules": (
        "import builtins, os, sys\n"
        "def keep(x):\n"
        "    builtins.kept = np.kept = sys.modules['kept'] = [*getattr(np, 'kept', ()), x]\n"
        "    os.environ['KEPT'] = str(x)",
        "[*getattr(np, 'kept', ()), *([int(os.environ['KEPT'])] if 'KEPT' in os.environ else ())]",
    ),
    "in a function": (
        "def keep(x, kept=[]):\n    if x is not None: kept.append(x)\n    return kept",
        "keep(None)",
    ),
}
# Cells that go wrong where the hidden tests have not run: of the public part alone there is one input.
FAULTS = {
    "hangs": "if len(kept) < 2:\n    while True: pass",
    "hangs deaf": (
        "if len(kept) < 2:\n    while True:\n        try:\n            while True: pass\n"
        "        except KeyboardInterrupt: pass"
    ),
    "dies": "if len(kept) < 2:\n    import os; os._exit(3)",
    "crashes": "if len(kept) < 2:\n    import ctypes; ctypes.string_at(0)",
    "grows": "if len(kept) < 2:\n    hoard = []\n    while True: hoard.append(bytearray(b'1' * 2**24))",
    "raises": "if len(kept) < 2: raise LookupError('no test was here')",
    "floods": "if len(kept) < 2:\n    for number in range(200_000): print(number)",
    "speaks the protocol": "if len(kept) < 2:\n    import os\n    for n in range(3, 20):\n"
    "        try: os.write(n, b'\\xff' * 4096)\n        except OSError: pass",
}


def answer(keep: str) -> str:
    """Return a right answer that keeps what it is called with."""
    return f"{keep}\ndef double(x):\n    keep(x)\n    return 2 * x\n{DRAW}"


def shows(kept: str) -> str:
    """Return a cell that prints and draws what was kept, and what the answer gives for an input of its own."""
    return f"found = {kept}\nprint('kept', list(found))\ndraw(found or [1])\nprint('own', double(7))"


@dataclass(frozen=True)
class Course:
    """A released course whose submissions can be graded, and feedback made of them."""

    root: Path
    config: Config

    def hand_in(self, student: str, double: str, draws: str = "", more: tuple[str, ...] = ()) -> None:
        """Write a submission: the answer, the cell behind the first test, and cells before the last."""
        folder = self.root / "submitted" / student / LAB
        shutil.copytree(self.root / "release" / LAB, folder)
        path = folder / f"{LAB}.ipynb"
        content = nbformat.read(path, as_version=4)
        cells = {cell["id"]: cell for cell in content.cells}
        cells["double"].source, cells["draws"].source = double, draws
        content.cells[-1:-1] = [new_code_cell(text, id=f"more-{number}") for number, text in enumerate(more)]
        nbformat.write(content, path)

    def grade(self) -> None:
        """Grade everything that was handed in and not graded."""
        grader = Grader.of(self.root, self.config, LAB)
        for student, record in GradingRun(grader, grader.students(), seed=SEED).outcomes():
            assert record.notebooks[LAB].state == "graded", (student, record)

    def feedback(self, student: str, config: Config | None = None) -> Conversion:
        """Make the pages of a student the way ``cnn-course feedback`` does."""
        [(_, outcome)] = write_feedback(self.root, config or self.config, LAB, [student])
        assert outcome.success, outcome.log
        return outcome

    def page(self, student: str) -> str:
        """Return the page of a student."""
        return (self.root / "feedback" / student / LAB / f"{LAB}.html").read_text(encoding="utf-8")

    def shown(self, student: str) -> str:
        """Return what the cells on the page of a student show as text."""
        return "\n".join(part.get_text() for part in BeautifulSoup(self.page(student), "html.parser")(class_="outputs"))

    def graded(self, student: str) -> str:
        """Return what the cell behind the first test has printed while grading."""
        content = nbformat.read(self.root / "autograded" / student / LAB / f"{LAB}.ipynb", as_version=4)
        outputs = next(cell for cell in content.cells if cell["id"] == "draws").outputs
        return "".join(output.get("text", "") for output in outputs)


def numbers_in(page: str) -> list[list[int]]:
    """Return the numbers that `DRAW` has put into each picture of a page."""
    pictures = [image["src"].partition(",")[2] for image in BeautifulSoup(page, "html.parser").find_all("img")]
    pixels = [np.asarray(Image.open(io.BytesIO(base64.b64decode(picture)))) for picture in pictures]
    return [np.ascontiguousarray(each).view(np.uint32).ravel().tolist() for each in pixels]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with every submission of this module, graded."""
    root = tmp_path_factory.mktemp("own") / "course"
    folder = root / "source" / LAB
    folder.mkdir(parents=True)
    hidden = f"### BEGIN HIDDEN TESTS\nassert double({HIDDEN}) == {2 * HIDDEN}\n### END HIDDEN TESTS"
    test = {"grade": True, "locked": True, "points": 1.0}
    cells = notebook(
        new_markdown_cell("# Lab"),
        new_code_cell("import numpy as np\nlimit = 3", metadata=marked("setup", locked=True)),
        new_code_cell("def double(x):\n    return 2 * x", metadata=marked("double", solution=True)),
        new_code_cell(f"assert double(4) == 8\n{hidden}", metadata=marked("double-test", **test)),
        new_code_cell("draws"),
        new_code_cell("assert limit == 3", metadata=marked("later-test", **test)),
        new_code_cell("print('limit', limit, 'own', double(7))"),
    )
    cells.cells[4]["id"], cells.cells[6]["id"] = "draws", "end"
    nbformat.write(cells, folder / f"{LAB}.ipynb")
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "authoring").mkdir()
    (root / "authoring" / "course.toml").write_text(
        f'title = "Lab"\ncourse_id = "cnn"\nchecks = "grader_tests"\n\n[assignments.{LAB}]\npoints = {{ {LAB} = 2 }}\n'
    )
    config = load_config(root)
    config.SplitExecute.limits = LIMITS
    assert convert(GenerateAssignment, config, LAB).success
    course = Course(root, config)
    for name, (keep, kept) in KEEPS.items():
        course.hand_in(_id(name), answer(keep), shows(kept))
    for name, fault in FAULTS.items():
        course.hand_in(_id(name), answer("kept = []\nkeep = kept.append"), f"print('before')\n{fault}")
    loop = "def double(x):\n    while True: pass\ndef draw(x): pass"
    course.hand_in("loops", loop, "double(7)", ("print('after')",))
    deaths = tuple(f"if len(kept) < 2:\n    import os; os._exit({number})" for number in range(8))
    course.hand_in("dies-again", answer("kept = []\nkeep = kept.append"), "print('first')", deaths)
    looks = f"import os, sys\nprint(sys.prefix, os.environ, os.getcwd(), {str(root)!r})"
    html = "from IPython.display import HTML\nHTML('<b>bold</b><script>1</script>')"
    course.hand_in("looks", answer("kept = []\nkeep = kept.append"), looks, (html,))
    course.grade()
    return course


def _id(name: str) -> str:
    return name.replace(" ", "-")


@pytest.mark.parametrize("name", KEEPS)
def test_what_a_function_kept_of_a_test_is_not_in_the_feedback(course: Course, name: str) -> None:
    """Grading shows the hidden input to the instructor; the page shows what the student's own inputs give."""
    student = _id(name)
    assert re.search(rf"kept \[.*\b{HIDDEN}\b", course.graded(student))
    course.feedback(student)
    page = course.page(student)
    assert f"{HIDDEN}" not in page
    assert f"{2 * HIDDEN}" not in page
    assert "own 14" in course.shown(student)
    # The public part of the test cell has called it with 4, as in the notebook that was handed out.
    pictures = numbers_in(page)
    assert len(pictures) == 1
    assert set(pictures[0]) == {4}
    assert "kept [4" in course.shown(student)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_without_tests_stays_its_own(course: Course, name: str) -> None:
    """A cell that was fine while grading and goes wrong now says so; the cells after it are shown."""
    student = _id(name)
    assert course.feedback(student).success
    shown = course.shown(student)
    said = {
        "hangs": "cell 4 took longer than 2 s",
        "hangs deaf": "cell 4 took longer than 2 s",
        "dies": "cell 4: the notebook's process ended: exit status 3",
        "crashes": "cell 4: the notebook's process ended: signal SIGSEGV",
        "grows": "MemoryError",
        "raises": "LookupError: no test was here",
        "floods": "0\n1\n2\n",
        "speaks the protocol": "cell 4: the notebook's process ended: it broke the protocol",
    }
    assert said[name] in shown or (name == "grows" and "used more than 384 MiB" in shown)
    assert "limit 3 own 14" in shown
    assert len(shown) < 20_000  # nbgrader's own bound on lines holds here too
    assert f"{HIDDEN}" not in course.page(student)


def test_every_cell_runs_whatever_it_did_while_grading(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that was stopped while grading runs without tests as well: skipping it would tell that it was stopped.

    The test took its 2 s, so the next cell that hangs gets half of them.
    """
    run, labels = Preview.run, []

    def noting(self: Preview, label: str, code: str) -> object:
        labels.append(label)
        return run(self, label, code)

    monkeypatch.setattr(Preview, "run", noting)
    course.feedback("loops")
    assert labels == ["setup", "double", "double-test", "cell 4", "later-test", "cell 6", "cell 7"]
    assert "took longer than 1 s" in course.shown("loops")
    assert "after" in course.shown("loops")


def forged(cell: nbformat.NotebookNode, number: int) -> list[nbformat.NotebookNode]:
    """Return outputs that a graded run can have left in a cell: an error of each name, text, a picture, or nothing."""
    names = ["CellTimeoutError", "NotebookTimeoutError", "ProcessEndedError", "KeyError", "ValueError"]
    errors = [new_output("error", ename=name, evalue="took longer than 2 s", traceback=[name]) for name in names]
    printed = new_output("stream", name="stdout", text="took longer than 2 s")
    pixel = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "x"})
    kinds = [[], [printed], [pixel], *([each] for each in errors), [printed, errors[0]]]
    return kinds[number % len(kinds)]


@pytest.mark.parametrize("preview", [True, False])
def test_what_the_graded_run_showed_changes_no_byte_of_the_page(course: Course, preview: bool) -> None:
    """Graded notebooks that differ in what own and set-up cells showed, all or none of them, give the same page."""
    config = load_config(course.root)
    config.SplitExecute.limits = LIMITS
    config.RedactFeedback.preview = preview
    path = course.root / "autograded" / "in-a-file" / LAB / f"{LAB}.ipynb"
    before, pages = path.read_bytes(), []
    try:
        for turn in range(10):
            content = nbformat.reads(before.decode(), as_version=4)
            own = [cell for cell in content.cells if cell.cell_type == "code" and not is_test(cell)]
            for number, cell in enumerate(own):
                cell.outputs = forged(cell, turn + number * (1 + turn // 5)) if turn else []
                cell.execution_count = turn * number
            nbformat.write(content, path)
            course.feedback("in-a-file", config)
            pages.append(course.page("in-a-file"))
    finally:
        path.write_bytes(before)
    assert len(set(pages)) == 1
    assert ("own 14" in course.shown("in-a-file")) is preview


def is_test(cell: nbformat.NotebookNode) -> bool:
    """Say whether a cell is a test."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade")) and cell.cell_type == "code"


def test_a_hidden_part_of_a_set_up_cell_is_not_on_the_page(course: Course) -> None:
    """Set-up text is the one that was handed out, whatever stands in ``autograded/``."""
    path = course.root / "autograded" / "in-a-file" / LAB / f"{LAB}.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("limit = 3", "limit = 3 # hidden-in-set-up"), encoding="utf-8")
    try:
        course.feedback("in-a-file")
        assert "hidden-in-set-up" not in course.page("in-a-file")
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_notebook_that_ends_its_process_again_and_again_comes_to_an_end(course: Course) -> None:
    """After a few new starts the cells that are left say why they were not run."""
    course.feedback("dies-again")
    shown = course.shown("dies-again")
    assert "first" in shown
    assert "cannot be kept alive: exit status 5" in shown


def test_folders_settings_and_markup_do_not_come_with_the_outputs(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the seed, nor the places of the machine, nor what a browser would run are on the page."""
    monkeypatch.setenv("SPLITGRADE_SEED", str(SEED))
    course.feedback("looks")
    page, shown = course.page("looks"), course.shown("looks")
    assert "environ(" in shown
    assert [word for word in (str(SEED), sys.prefix) if word in page] == []
    assert str(course.root) not in shown
    assert "<script>" not in page
    assert "<b>bold" not in page
    assert "IPython.core.display.HTML object" in shown


def test_text_of_locked_cells_comes_from_the_instructor(course: Course) -> None:
    """A set-up cell that somebody changed in ``autograded/`` runs as it was handed out."""
    path = course.root / "autograded" / "in-a-file" / LAB / f"{LAB}.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("limit = 3", "limit = 99"), encoding="utf-8")
    try:
        course.feedback("in-a-file")
        assert "limit 3" in course.shown("in-a-file")
    finally:
        path.write_text(before, encoding="utf-8")


def _without_sandbox(course: Course, config: Config, patch: pytest.MonkeyPatch) -> str:
    bare = dataclasses.replace(layers.probe(), namespaces=False, landlock=0, cgroup=None)
    patch.setattr(layers, "probe", lambda: bare)
    patch.setattr(execute, "_engines", {})  # none has started
    return "this machine cannot keep students' code in"


def _without_source(course: Course, config: Config, patch: pytest.MonkeyPatch) -> str:
    config.CourseDirectory.source_directory = "elsewhere"
    return "elsewhere"


def _with_policy_none(course: Course, config: Config, patch: pytest.MonkeyPatch) -> str:
    config.SplitExecute.policy = "none"
    return _without_sandbox(course, config, patch)


@pytest.mark.parametrize("lacks", [_without_sandbox, _without_source, _with_policy_none])
def test_where_there_is_no_run_without_tests_outputs_are_withheld(
    course: Course, monkeypatch: pytest.MonkeyPatch, lacks: Callable[[Course, Config, pytest.MonkeyPatch], str]
) -> None:
    """No sandbox, no instructor's notebook: pages go out without the outputs, and one line of the log says so."""
    config = load_config(course.root)
    config.SplitExecute.limits = LIMITS
    says = lacks(course, config, monkeypatch)
    outcome = course.feedback("in-a-global", config)
    lines = [line for line in outcome.log if NO_PREVIEW in line]
    assert len(lines) == 1
    assert says in lines[0]
    assert course.shown("in-a-global") == ""
    assert SAYS_WITHHELD in course.page("in-a-global")
    assert numbers_in(course.page("in-a-global")) == []


def test_the_command_says_once_why_outputs_are_withheld(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs ``cnn-course feedback`` without a sandbox reads the reason, not once for each student."""
    _without_sandbox(course, course.config, monkeypatch)
    monkeypatch.chdir(course.root)
    done = CliRunner().invoke(feedback_command, [LAB, "--student", "in-a-global", "--student", "in-a-file"])
    assert done.exit_code == 0, done.output
    assert " ".join(done.output.split()).count(NO_PREVIEW.strip()) == 1
    assert "Feedback for 2 students" in done.output


def test_the_run_without_tests_can_be_switched_off(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """``c.RedactFeedback.preview = False`` withholds, runs nothing, and says nothing."""
    monkeypatch.setattr(Preview, "run", lambda *_: pytest.fail("it ran"))
    config = load_config(course.root)
    config.RedactFeedback.preview = False
    outcome = course.feedback("in-a-global", config)
    assert [line for line in outcome.log if NO_PREVIEW in line] == []
    assert course.shown("in-a-global") == ""
    assert SAYS_WITHHELD in course.page("in-a-global")


def test_nbgraders_command_gives_the_same_outputs(course: Course) -> None:
    """``nbgrader generate_feedback`` shows what ``cnn-course feedback`` shows."""
    course.feedback("in-modules")
    ours = course.shown("in-modules"), numbers_in(course.page("in-modules"))
    shutil.rmtree(course.root / "feedback" / "in-modules")
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", LAB, "--student", "in-modules", "--force"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (course.shown("in-modules"), numbers_in(course.page("in-modules"))) == ours
    assert [set(numbers) for numbers in ours[1]] == [{4}]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_the_button_of_formgrader_gives_the_same_outputs(course: Course) -> None:
    """What formgrader calls for its feedback button shows them as well."""
    course.feedback("in-modules")
    ours = course.shown("in-modules"), numbers_in(course.page("in-modules"))
    shutil.rmtree(course.root / "feedback" / "in-modules")
    result = NbGraderAPI(config=course.config).generate_feedback(LAB, "in-modules", force=True)
    assert result["success"], result
    assert (course.shown("in-modules"), numbers_in(course.page("in-modules"))) == ours

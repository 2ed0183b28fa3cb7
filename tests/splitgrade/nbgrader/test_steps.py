"""Under nbgrader's own autograding: the same scores as its own execution, and damaged submissions graded or refused."""

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from splitgrade.nbgrader.environment import prepare
from splitgrade.nbgrader.execute import RestoreNotebook, SplitExecute
from splitgrade.nbgrader.session import convert

pytestmark = pytest.mark.usefixtures("kept_servers")

RIGHT = {
    "mean": "def mean(values):\n    return sum(values) / len(values)",
    "stack": "def stack(a, b):\n    return np.stack([a, b])",
    "letter": "letter = 'a'",
    "counter": "def counter(text):\n    return {c: text.count(c) for c in text}",
}
HONEST = {  # stock nbgrader takes seconds for each: several mistakes in one where none hides another
    "right": {},
    "blank": {"mean": "# YOUR CODE HERE", "stack": "# YOUR CODE HERE", "counter": "# YOUR CODE HERE"},
    "wrong": {
        "mean": "def mean(values):\n    return sum(values)",
        "stack": "def stack(a, b):\n    return np.concatenate([a, b])",
        "letter": "letter = 'b'",
        "counter": "def counter(text):\n    return {c: 1 for c in text}",
    },
    "crash": {"mean": "def mean(values):\n    raise RuntimeError('no idea')", "stack": "1 / 0"},
    "none": {
        "mean": "def mean(values):\n    pass",
        "stack": "def stack(a, b)\n    return a",
        "letter": "letter = None",
    },
    "other": {
        "mean": "mean = lambda values: np.mean(values)",
        "stack": "def stack(a, b):\n    print('stacking')\n    return [list(a), list(b)]",
        "letter": "letter = 'A'.lower()",
    },
}


@pytest.fixture(scope="module")
def root(notebooks, tmp_path_factory):
    """Make a released course with one assignment and honest submissions."""
    folder = tmp_path_factory.mktemp("course")
    n = notebooks
    (folder / "source" / "ps1").mkdir(parents=True)
    instructor = n.instructor_notebook(
        folder / "source" / "ps1",
        n.locked("setup", "import numpy as np\nfrom kit import close"),
        n.answer("mean", RIGHT["mean"]),
        n.tests_of("mean-test", "assert close(mean([1, 2, 3]), 2)\nassert close(mean(np.array([1.0, 2.0])), 1.5)"),
        n.answer("stack", RIGHT["stack"]),
        n.tests_of("stack-test", "assert np.array_equal(stack(np.ones(2), np.zeros(2)), [[1, 1], [0, 0]])", 2),
        n.answer("letter", RIGHT["letter"]),
        n.tests_of("letter-test", "assert letter == 'a', 'another letter'"),
        n.answer("counter", RIGHT["counter"]),
        n.tests_of("counter-test", "got = counter('aab')\n(got.get('a') == 2) * 0.25 + (got.get('b') == 1) * 0.75"),
        n.written("why", "Because."),
        files={"kit.py": "def close(a, b):\n    return abs(a - b) < 1e-9\n"},
    )
    prepare()
    outcome = convert(GenerateAssignment, config(folder, split=True), "ps1")
    assert outcome.success, outcome
    for student, answers in HONEST.items():
        submit(folder, student, n.answered(instructor, **RIGHT | answers))
    return folder


def config(root: Path, *, split: bool, cohort: str = "submitted") -> Config:
    """Return nbgrader's configuration, with this engine or its own."""
    c = Config()
    c.CourseDirectory.root, c.CourseDirectory.submitted_directory = str(root), cohort
    c.CourseDirectory.autograded_directory = f"autograded-{split}-{cohort}"
    c.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
    c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
    c.SplitExecute.policy = "none"
    c.SplitExecute.limits = {"cell_seconds": 20}
    if split:
        c.Autograde.sanitize_preprocessors = [RestoreNotebook, *Autograde.sanitize_preprocessors.default()]
        steps = Autograde.autograde_preprocessors.default()
        c.Autograde.autograde_preprocessors = [SplitExecute if step is Execute else step for step in steps]
    return c


def submit(root: Path, student: str, notebook, cohort: str = "submitted") -> Path:
    """Hand in a notebook, or the text of one."""
    folder = root / cohort / student / "ps1"
    folder.mkdir(parents=True)
    path = folder / "exercise.ipynb"
    path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook), encoding="utf-8")
    return path


def scores(root: Path, student: str) -> dict[str, float | None]:
    """Return what the gradebook says of a student."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook("exercise", "ps1", student)
        return {grade.name: grade.auto_score for grade in submission.grades}


@pytest.mark.filterwarnings("ignore")
def test_honest_notebooks_get_the_scores_of_stock_nbgrader(root):
    """Cell by cell the gradebook says the same whether nbgrader or this engine runs the notebooks."""
    found = {}
    for split in (False, True):
        for student in HONEST:
            outcome = convert(Autograde, config(root, split=split), "ps1", student)
            assert outcome.success, outcome
        found[split] = {student: scores(root, student) for student in HONEST}
    different = {s: (found[True][s], found[False][s]) for s in HONEST if found[True][s] != found[False][s]}
    assert not different
    assert found[True]["right"] == {"mean-test": 1, "stack-test": 2, "letter-test": 1, "counter-test": 1, "why": 0}
    assert found[True]["wrong"]["counter-test"] == 0.75
    assert found[True]["blank"]["mean-test"] == 0


DAMAGED = {
    "schema version": lambda nb: [cell.metadata.nbgrader.update(schema_version=99) for cell in nb.cells],
    "duplicated cell": lambda nb: nb.cells.append(nb.cells[2]),
    "removed cells": lambda nb: nb.cells.__delitem__(slice(1, 5)),
    "skip tag": lambda nb: nb.cells[2].metadata.update(tags=["skip-execution"]),
    "no metadata": lambda nb: [cell.metadata.clear() for cell in nb.cells],
    "cells no mapping": lambda nb: [cell.metadata.nbgrader.update(grade_id=5) for cell in nb.cells],
    "kernelspec": lambda nb: nb.metadata.update(kernelspec={"name": "../../evil", "display_name": "x"}),
    "points": lambda nb: nb.cells[2].metadata.nbgrader.update(points=100),
    "forged changes": lambda nb: nb.metadata.update(splitgrade={"changes": [{"rule": 1}]}),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_submissions_are_graded_and_stay_as_they_were(root, name):
    """No damage to metadata fails a conversion, gives points, or changes what was handed in."""
    source = nbformat.read(root / "release" / "ps1" / "exercise.ipynb", as_version=4)
    for cell in source.cells:
        if cell.metadata.nbgrader.grade_id == "mean":
            cell.source = "def mean(values):\n    return 0"
    DAMAGED[name](source)
    student = name.replace(" ", "-")
    path = submit(root, student, json.dumps(source), cohort="damaged")
    before = path.read_bytes()
    outcome = convert(Autograde, config(root, split=True, cohort="damaged"), "ps1", student)
    assert outcome.success, outcome
    found = scores(root, student)
    assert sum(score or 0 for score in found.values()) == 0
    assert None not in {score for name, score in found.items() if name != "why"}
    assert path.read_bytes() == before


@pytest.mark.filterwarnings("ignore")
def test_changes_reach_the_autograded_notebook_and_the_log(root):
    """An instructor finds what was put right in the notebook's metadata and in nbgrader's log."""
    notebook = nbformat.read(root / "release" / "ps1" / "exercise.ipynb", as_version=4)
    notebook.cells[2].source = "1.0"
    submit(root, "cheat", notebook, cohort="cheats")
    outcome = convert(Autograde, config(root, split=True, cohort="cheats"), "ps1", "cheat")
    assert any("edited mean-test" in line for line in outcome.log)
    graded = nbformat.read(root / "autograded-True-cheats" / "cheat" / "ps1" / "exercise.ipynb", as_version=4)
    assert [change["cell"] for change in graded.metadata.splitgrade.changes] == ["mean-test"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"cells": 5}', '{"nbformat": 99, "cells": []}', "\x00" * 100])
def test_what_is_no_notebook_is_refused_alone(root, text):
    """A file that is no notebook fails its own conversion with a reason."""
    student = f"broken-{abs(hash(text))}"
    submit(root, student, text, cohort="broken")
    outcome = convert(Autograde, config(root, split=True, cohort="broken"), "ps1", student)
    assert not outcome.success
    assert outcome.reason

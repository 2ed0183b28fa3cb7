"""A student's work is found whatever an editor did to its marks, and nothing is won by taking marks away."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import compute_checksum

from splitgrade.execution.instructor import InstructorNotebook
from splitgrade.submission.restore import ELSEWHERE, Restored, restore

DOUBLE = "def double(x):\n    return x + x"
WORDS = "A sum has no order, whichever way it is read."


@pytest.fixture(scope="module")
def instructor(notebooks: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> InstructorNotebook:
    """Make a notebook with a function, a value and two written answers, each below its question."""
    n = notebooks
    function = n.answer("double", "")
    doc = 'def double(x):\n    """Return twice a number."""\n'
    function.source = f"{doc}    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    made: InstructorNotebook = n.instructor_notebook(
        tmp_path_factory.mktemp("instructor"),
        new_markdown_cell("# Doubling\n\nWrite the function.", id="p-double"),
        n.locked("setup", "import numpy as np"),
        function,
        n.tests_of("double-test", "assert double(4) == 8"),
        new_code_cell("double(3)", id="double-try"),
        new_markdown_cell("Why does the order not matter?", id="p-why"),
        n.written("why", "Because.\n\n**Rubric**"),
        new_markdown_cell("And why is that useful?", id="p-use"),
        n.written("use", "So.\n\n**Rubric**"),
        n.answer("later", "later = 4"),
        n.tests_of("later-test", "assert later == 4"),
    )
    return made


@pytest.fixture
def full(notebooks: SimpleNamespace, instructor: InstructorNotebook) -> Any:
    """Make a full submission: both functions and one of the two written answers."""
    return notebooks.answered(instructor, double=DOUBLE, why=WORDS, later="later = 4")


def source(restored: Restored, name: str) -> str:
    """Return the text of a cell by grade_id."""
    found = {c.metadata.nbgrader.grade_id: c.source for c in restored.notebook.cells if "nbgrader" in c.metadata}
    return str(found[name])


def rules(restored: Restored) -> list[tuple[str, str]]:
    """Return rule and cell of each change."""
    return [(each.rule, each.cell) for each in restored.changes]


def get(notebook: Any, name: str) -> Any:
    """Return a cell by its id."""
    return next(each for each in notebook.cells if each.get("id") == name)


def run(notebook: Any) -> dict[str, Any]:
    """Run the code of answers and own cells from top to bottom, tests left out; return the names."""
    names: dict[str, Any] = {}
    for each in notebook.cells:
        if each.cell_type == "code" and not each.metadata.get("nbgrader", {}).get("grade"):
            exec(each.source.replace("raise NotImplementedError()", "pass"), names)  # noqa: S102 - our own text
    return names


def _strip(nb: Any, *names: str) -> None:
    for each in nb.cells:
        if not names or each.get("id") in names:
            each.metadata = nbformat.from_dict({})


def _lose_ids(nb: Any) -> None:
    for number, each in enumerate(nb.cells):
        each["id"] = f"new-{number}"


def _retype(nb: Any, name: str, cell: Any) -> None:
    place = nb.cells.index(get(nb, name))
    nb.cells[place] = cell


STRIPPED: dict[str, Callable[[Any], object]] = {
    "one answer, id kept": lambda nb: _strip(nb, "double"),
    "written answer, id kept": lambda nb: _strip(nb, "why"),
    "all, ids kept": _strip,
    "all, ids lost": lambda nb: (_strip(nb), _lose_ids(nb)),
    "all, ids gone": lambda nb: (_strip(nb), [each.pop("id") for each in nb.cells]),
    "answer retyped": lambda nb: _retype(nb, "double", new_code_cell(DOUBLE)),
    "answer retyped, and a helper": lambda nb: (
        _retype(nb, "double", new_code_cell(DOUBLE)),
        nb.cells.insert(3, new_code_cell("def helper(): pass")),
    ),
    "words retyped": lambda nb: _retype(nb, "why", new_markdown_cell(WORDS)),
    "all retyped": lambda nb: (
        _retype(nb, "double", new_code_cell(DOUBLE)),
        _retype(nb, "why", new_markdown_cell(WORDS)),
        _retype(nb, "later", new_code_cell("later = 4")),
    ),
    "metadata of any kind": lambda nb: [each.update(metadata=7) for each in nb.cells],
    "cut and pasted at the end": lambda nb: (
        nb.cells.remove(get(nb, "double")),
        nb.cells.append(new_code_cell(DOUBLE)),
    ),
}


ODD_PLACES: dict[str, Callable[[Any, str], object]] = {
    "in the cell of its test": lambda nb, stub: (
        get(nb, "double").update(source=stub),
        get(nb, "double-test").update(source=DOUBLE),
    ),
    "in the cell of its test, its own deleted": lambda nb, stub: (
        nb.cells.remove(get(nb, "double")),
        get(nb, "double-test").update(source=DOUBLE),
    ),
    "in the set-up": lambda nb, stub: (
        get(nb, "double").update(source=stub),
        get(nb, "setup").update(source=f"import math\nimport numpy as np\n{DOUBLE}"),
    ),
    "in a cell to try things in, its own deleted": lambda nb, stub: (
        nb.cells.remove(get(nb, "double")),
        nb.cells.remove(get(nb, "double-test")),
        get(nb, "double-try").update(source=f"{DOUBLE}\ndouble(3)"),
    ),
    "at the end, the stub without its comment": lambda nb, stub: (
        get(nb, "double").update(source=stub.replace("    # YOUR CODE HERE", "")),
        nb.cells.append(new_code_cell(DOUBLE)),
    ),
    "between fences in Markdown": lambda nb, stub: _retype(
        nb, "double", new_markdown_cell(f"```python\n{DOUBLE}\n```", id="double", metadata=get(nb, "double").metadata)
    ),
}


@pytest.mark.parametrize("place", ODD_PLACES)
def test_code_counts_wherever_it_was_typed(instructor: InstructorNotebook, full: Any, place: str) -> None:
    """A student's definition is run before its test, no stub comes after it, and the test is the instructor's."""
    ODD_PLACES[place](full, instructor.released["double"])
    restored = restore(instructor, full)
    before = copy.deepcopy(restored.notebook)
    before.cells = before.cells[: before.cells.index(get(before, "double-test"))]
    assert run(before)["double"](4) == 8
    assert source(restored, "double-test") == instructor.cells["double-test"].source
    assert restore(instructor, restored.notebook).notebook == restored.notebook


@pytest.mark.parametrize("stub", [True, False])
def test_two_answers_in_one_cell_both_count(instructor: InstructorNotebook, full: Any, stub: bool) -> None:
    """The second question's stub would take back what the cell of the first one defines."""
    get(full, "double").source = f"{DOUBLE}\n\nlater = 4"
    get(full, "later").source = instructor.released["later"]
    full.cells = full.cells if stub else [each for each in full.cells if each["id"] != "later"]
    restored = restore(instructor, full)
    assert source(restored, "later") == ELSEWHERE
    assert ("moved", "later") in rules(restored)
    assert run(restored.notebook)["later"] == 4


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    "text", [f"# {WORDS}", f'"{WORDS}"', f'print("{WORDS}")', WORDS, f"%md\n{WORDS}", f"%%markdown\n{WORDS}"]
)
def test_words_in_a_cell_for_code_reach_a_marker(
    instructor: InstructorNotebook, full: Any, text: str, kept: bool
) -> None:
    """As comments, in quotes, as sentences or as Databricks writes them: they stand in the answer that is blank."""
    place = full.cells.index(get(full, "why"))
    get(full, "why").source = instructor.released["why"]
    full.cells.insert(place + 1, new_code_cell(text))
    full.cells = full.cells[: place + kept] + full.cells[place + 1 :]
    restored = restore(instructor, full)
    assert WORDS in source(restored, "why")
    assert source(restored, "use") == instructor.released["use"]


@pytest.mark.parametrize("how", STRIPPED)
def test_work_is_found_without_nbgraders_marks(instructor: InstructorNotebook, full: Any, how: str) -> None:
    """Answers stand in their cells, tests are the instructor's, the blank answer stays blank, and all of it is said."""
    STRIPPED[how](full)
    restored = restore(instructor, full)
    assert source(restored, "double") == DOUBLE or run(restored.notebook)["double"](4) == 8
    assert source(restored, "why") == WORDS
    assert source(restored, "later") == "later = 4"
    assert source(restored, "use") == instructor.released["use"]
    assert "assert double(4) == 8" in source(restored, "double-test")
    assert restored.changes
    assert run(restored.notebook)["double"](4) == 8
    nbformat.validate(restored.notebook)
    assert restore(instructor, restored.notebook).notebook == restored.notebook


def test_a_stub_put_back_never_takes_the_place_of_a_definition(instructor: InstructorNotebook, full: Any) -> None:
    """The stub below the student's own cell would define the function anew: it is left out, with a remark."""
    get(full, "double").source = instructor.released["double"]
    full.cells.insert(full.cells.index(get(full, "double")), new_code_cell(DOUBLE))
    restored = restore(instructor, full)
    assert source(restored, "double") == ELSEWHERE
    assert ("moved", "double") in rules(restored)
    assert run(restored.notebook)["double"](4) == 8


def test_a_blank_copy_of_an_answer_does_not_take_its_place(instructor: InstructorNotebook, full: Any) -> None:
    """Of two cells with one grade_id the filled one counts, wherever the blank one stands."""
    blank = copy.deepcopy(get(full, "double"))
    blank.source, blank.id = instructor.released["double"], "blank"
    for place in (0, 3):
        twice = copy.deepcopy(full)
        twice.cells.insert(place, copy.deepcopy(blank))
        restored = restore(instructor, twice)
        assert source(restored, "double") == DOUBLE
        assert ("duplicate", "double") in rules(restored)
        assert run(restored.notebook)["double"](4) == 8


@pytest.mark.parametrize("place", ["beside", "in the question", "at the end"])
def test_words_in_a_cell_of_their_own_reach_the_marker(instructor: InstructorNotebook, full: Any, place: str) -> None:
    """A blank answer takes them, with a remark, wherever they were written."""
    words = "It allows to add in any order, which saves memory."
    if place == "beside":
        full.cells.insert(full.cells.index(get(full, "use")) + 1, new_markdown_cell(words))
    elif place == "in the question":
        get(full, "p-use").source += f"\n\n{words}"
    else:
        full.cells.append(new_markdown_cell(words))
    restored = restore(instructor, full)
    assert words in source(restored, "use")
    assert source(restored, "why") == WORDS
    assert ("place", "use") in rules(restored)


def test_words_beside_a_full_answer_are_named(instructor: InstructorNotebook, full: Any) -> None:
    """The answer stays, the other text stays the student's own cell, and the marker is told."""
    full.cells.insert(full.cells.index(get(full, "why")) + 1, new_markdown_cell("By the way: also for matrices."))
    restored = restore(instructor, full)
    assert source(restored, "why") == WORDS
    assert any("also for matrices" in each.says for each in restored.changes)
    assert any("also for matrices" in each.source for each in restored.notebook.cells)


def test_an_honest_notebook_has_no_remark(instructor: InstructorNotebook, full: Any) -> None:
    """Line ends, blanks at line ends, headings and own trials are no change."""
    for each in full.cells:
        each.source = each.source.replace("\n", "  \r\n")
    full.cells.append(new_code_cell("double(21)"))
    full.cells.append(new_markdown_cell("# Done"))
    restored = restore(instructor, full)
    assert restored.changes == ()
    assert source(restored, "use") == instructor.released["use"]


def test_no_test_is_replaced_by_a_cell_of_the_same_id_or_text(instructor: InstructorNotebook, full: Any) -> None:
    """A cell without marks that has the id of a test gives its place and nothing else."""
    _strip(full)
    get(full, "double-test").source = "1.0"
    get(full, "setup").source = "np = None"
    restored = restore(instructor, full)
    assert source(restored, "double-test") == get(instructor.notebook, "double-test").source
    assert source(restored, "setup") == "import numpy as np"


def test_a_change_of_the_instructors_is_not_laid_to_a_student(instructor: InstructorNotebook, full: Any) -> None:
    """A cell that is as an earlier release made it has no remark; one that was really changed has."""
    get(full, "setup").source = "import numpy"
    for name in ("double-test", "why"):
        get(full, name).metadata.nbgrader.points = 7
    for name in ("double-test", "why", "setup"):
        get(full, name).metadata.nbgrader.checksum = compute_checksum(get(full, name))
    assert restore(instructor, full).changes == ()
    get(full, "double-test").metadata.nbgrader.points = 8
    get(full, "setup").source = "import math"
    assert rules(restore(instructor, full)) == [("edited", "setup"), ("flags", "double-test")]


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10),
        st.sampled_from(["strip", "lose id", "delete", "copy", "move", "kind", "marks"]),
        st.one_of(st.none(), st.text(max_size=5), st.integers(), st.lists(st.integers(), max_size=2)),
    ),
    max_size=12,
)


def _change(nb: Any, number: int, change: str, value: Any) -> None:
    each = nb.cells[number % len(nb.cells)]
    if change == "strip":
        each["metadata"] = {}
    elif change == "lose id":
        each["id"] = value
    elif change == "delete":
        nb.cells.pop(number % len(nb.cells))
    elif change == "copy":
        nb.cells.append(copy.deepcopy(each))
    elif change == "move":
        nb.cells.reverse()
    elif change == "kind":
        each["cell_type"] = value
    else:
        each["metadata"] = {"nbgrader": {"grade_id": value, "checksum": value, "points": value}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_was_done_to_cells_the_instructors_are_there(
    instructor: InstructorNotebook, full: Any, changes: list[tuple[int, str, Any]]
) -> None:
    """Every cell of the instructor's is there once, in order, tests with their own text; twice restored is restored."""
    nb = copy.deepcopy(full)
    for number, change, value in changes:
        if nb.cells:
            _change(nb, number, change, value)
    restored = restore(instructor, nb)
    known = [each for each in restored.notebook.cells if "nbgrader" in each.metadata]
    assert [each.metadata.nbgrader.grade_id for each in known] == list(instructor.cells)
    tests = ("double-test", "later-test", "setup")
    assert all(source(restored, name) == get(instructor.notebook, name).source for name in tests)
    nbformat.validate(restored.notebook)
    assert restore(instructor, restored.notebook).notebook == restored.notebook


@pytest.mark.parametrize(
    "code",
    [
        "def double(x):\n  return (" * 3000,
        "-" * 50_000 + "1",
        "(" * 50_000,
        "double = '\0'",
        "x = 1\n" * 200_000,
        "%%x\n!y",
    ],
)
def test_no_code_is_too_much_to_be_looked_at(instructor: InstructorNotebook, full: Any, code: str) -> None:
    """What Python cannot parse costs its cell nothing more than its name, and nobody's time."""
    get(full, "double").source = instructor.released["double"]
    full.cells[1:1] = [new_code_cell(code) for _ in range(5)]
    restored = restore(instructor, full)
    assert source(restored, "later") == "later = 4"
    assert source(restored, "why") == WORDS

"""``nbgrader validate``: notebooks of the course go through the engine, others the way nbgrader runs them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute
from nbgrader.validator import Validator

from splitgrade.nbgrader.session import load_config
from tests.course_fixture import ADD_WRONG, ASSIGNMENT, HIDDEN_INPUT, PLUS_RIGHT, hand_in, marked
from tests.splitgrade.nbgrader.conftest import cell, change


def validated(root: Path, path: Path) -> tuple[dict[str, Any], str]:
    """Return what nbgrader's validator finds, as data and as text."""
    validator = Validator(config=load_config(root))
    validator.stream = io.StringIO()
    validator.validate_and_print(str(path))
    return validator.validate(str(path)), validator.stream.getvalue()


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to run a notebook with nbgrader's own Execute fail."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nbgrader's own Execute was used")

    monkeypatch.setattr(Execute, "preprocess", refuse)


@pytest.mark.usefixtures("no_kernel")
def test_a_source_notebook_passes_its_hidden_tests_in_the_engine(released: Path) -> None:
    """The instructor's own solution succeeds, and no kernel is started."""
    found, says = validated(released, released / "source" / ASSIGNMENT / "two.ipynb")
    assert found == {}
    assert "Success" in says


@pytest.mark.usefixtures("no_kernel")
def test_a_broken_solution_is_named_with_its_hidden_test(released: Path) -> None:
    """An instructor whose solution is wrong sees the cell that fails, hidden tests included."""
    path = released / "source" / ASSIGNMENT / "two.ipynb"
    change(path, lambda nb: cell(nb, "two-add").update(source=cell(nb, "two-add").source.replace("a + b", "a - b")))
    found, says = validated(released, path)
    assert [str(HIDDEN_INPUT) in failed["source"] for failed in found["failed"]] == [True]
    assert "VALIDATION FAILED ON 1 CELL" in says


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("answer", ["", ADD_WRONG, PLUS_RIGHT])
def test_a_released_notebook_is_judged_by_the_tests_that_students_have(released: Path, answer: str) -> None:
    """Right or wrong by the hidden tests: validating a released notebook or a submission says nothing of them."""
    folder = hand_in(released, "eve", two_add=answer) if answer else released / "release" / ASSIGNMENT
    found, says = validated(released, folder / "two.ipynb")
    assert found == {}
    assert str(HIDDEN_INPUT) not in says


@pytest.mark.usefixtures("no_kernel")
def test_a_changed_test_is_still_reported_and_never_run(released: Path) -> None:
    """Nbgrader's warning of changed test cells stays; what the student wrote there is not executed."""
    trace = released / "executed"
    path = hand_in(released, "eve", one_add_test=f"open({str(trace)!r}, 'w')") / "one.ipynb"
    found, _ = validated(released, path)
    assert [str(trace) in changed["source"] for changed in found["changed"]] == [True]
    assert not trace.exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_copy_under_another_name_elsewhere_is_known_by_its_cells(released: Path, tmp_path: Path) -> None:
    """A notebook is found in source/ by its grade_ids, not by where it lies."""
    path = tmp_path / "my copy.ipynb"
    path.write_bytes((released / "source" / ASSIGNMENT / "two.ipynb").read_bytes())
    assert validated(released, path)[0] == {}


@pytest.mark.filterwarnings("ignore")
def test_a_notebook_that_the_course_does_not_know_is_run_by_nbgrader(released: Path, tmp_path: Path) -> None:
    """People's own notebooks run in their own kernel, as nbgrader's users expect."""
    test = new_code_cell("1 / 0", metadata=marked("strange", grade=True, locked=True, points=1))
    nbformat.write(new_notebook(cells=[test]), tmp_path / "strange.ipynb")
    found, _ = validated(released, tmp_path / "strange.ipynb")
    assert "ZeroDivisionError" in found["failed"][0]["raw_error"]

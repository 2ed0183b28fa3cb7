"""A slip costs its own cell only: tried in a real kernel, as Run All does it."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import student_kit
from student_kit.slips import forgive, words

ROOT = Path(student_kit.__file__).parents[1]
SLIPS = {
    "q01 = c": 'q01 = "c"',
    "q04 = b, c": 'q04 = "b"',
    'q09 == "a"': 'one = writes the answer: q09 = "a"',
    'q02 = "c': "The quotation mark is not closed",
    "q03 = 'b  # one letter": "The quotation mark is not closed",
    "def f(x):\nreturn 3": "cannot read this cell",
    "1 / 0": "run all the same",
    "conv2d(": "cannot read this cell",
}


def run_all(*cells):
    """Return the printed text and the errors of each cell, run one after the other; stops as Jupyter does."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(ROOT)}}).execute()
    shown = [
        (
            "".join(output.get("text", "") for output in cell.outputs),
            [output.ename for output in cell.outputs if output.output_type == "error"],
        )
        for cell in notebook.cells
    ]
    return shown[1:]


def test_run_all_goes_on_after_every_slip():
    """Each slip keeps its error and gets its words; the last cell is run."""
    *slips, last = run_all("import student_kit", *SLIPS, 'print("the end")')
    assert last == ("the end\n", [])
    for (text, errors), wanted in zip(slips, SLIPS.values(), strict=True):
        assert wanted in text
        assert len(errors) == 1


def test_an_answer_with_a_slip_is_open():
    """The letter of an earlier run does not stand for a line that could not be run."""
    shown = run_all("from student_kit import check", 'q01 = "b"', "q01 = c", 'check("q01", lambda: q01)')
    assert "q01: not answered yet" in shown[2][0]


def test_a_function_that_cannot_be_read_is_open():
    """No earlier version stands for a function with a slip; one that failed only when it was called stays."""
    right, ask = "def conv_parameters(a, b, c):\n    return 1", 'check("ex41-conv-parameters", lambda: conv_parameters)'
    slips = right.replace(":", ""), ask, f"{right}\n1 / 0", ask
    shown = run_all("from student_kit import check", right, *slips)
    assert "ex41-conv-parameters: not answered yet" in shown[2][0]
    assert "ex41-conv-parameters: not there yet" in shown[4][0]


def test_an_interrupt_still_stops():
    """What the student or the platform stops is not started again below."""
    with pytest.raises(CellExecutionError):
        run_all("import student_kit", "raise KeyboardInterrupt", "print(1)")


def test_graders_see_every_error(monkeypatch):
    """Where nbgrader runs a notebook a failed cell fails."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(CellExecutionError):
        run_all("import student_kit", "q01 = c", "print(1)")


def test_outside_a_kernel_nothing_is_changed():
    """In plain Python and in IPython without a kernel there is no Run All."""
    from IPython.core.interactiveshell import InteractiveShell

    forgive()
    shell = InteractiveShell.instance()
    try:
        before = list(shell.events.callbacks["post_run_cell"])
        forgive()
        assert shell.events.callbacks["post_run_cell"] == before
    finally:
        type(shell).clear_instance()


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("x = 3\ny = undefined_name", NameError("name 'undefined_name' is not defined", name="undefined_name")),
        ("q01 = 'a'", ValueError("x")),
        ("", NameError("x")),
    ],
)
def test_other_errors_speak_for_themselves(cell, error):
    """No hint where none is known."""
    assert words(cell, error) == ""

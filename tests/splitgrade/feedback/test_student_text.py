"""Feedback shows of students' text what is known beforehand, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from splitgrade.feedback.redact import WITHHELD, RedactFeedback
from splitgrade.feedback.student_text import KNOWN_MESSAGES, known_message, shown_message
from tests.course_fixture import marked


def raised(function: object) -> str:
    """Return what Python or NumPy says of a mistake."""
    try:
        function()  # type: ignore[operator]
    except Exception as error:
        return str(error)
    raise AssertionError("nothing was raised")


MISTAKES = {
    "broadcast": lambda: np.ones(3) + np.ones(4),
    "matmul": lambda: np.ones((2, 3)) @ np.ones((2, 3)),
    "reshape": lambda: np.ones(3).reshape(2, 2),
    "index": lambda: np.ones(3)[7],
    "indices": lambda: np.ones(3)[0, 0],
    "axis": lambda: np.ones(3).sum(axis=4),
    "empty": lambda: np.ones(0).max(),
    "ambiguous": lambda: bool(np.ones(2)),
    "division": lambda: 1 / 0,
    "list": lambda: [][1],
    "type": lambda: 1 + "a",  # type: ignore[operator]
    "keyword": lambda: (lambda x: x)(y=1),  # type: ignore[call-arg]
    "unpack": lambda: (lambda: [a for a, b in [(1, 2, 3)]])(),  # type: ignore[misc]
    "attribute": lambda: [].shape,  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_python_and_numpy_say_is_known(name: str) -> None:
    """The installed versions say it in these words."""
    said = raised(MISTAKES[name])
    assert known_message(said, "") != ""
    assert not any(digit in known_message(said, "") for digit in "23456789")


def test_no_known_message_is_a_gap_alone() -> None:
    """Every known message has words of its own, so that not every text fits."""
    words = "7b1c 0.25 " * 3
    assert [known for known in KNOWN_MESSAGES if known_message(words, "") == known] == []
    assert known_message(words, "") == ""


def test_computed_words_and_long_numbers_are_gaps() -> None:
    """A quoted word stays where the student's cells hold it; numbers of five digits never do."""
    text = 'Not in the printed list: "weights", "k730201". Shape (730201, 3).'
    assert shown_message(text, "x = 'weights'") == 'Not in the printed list: "weights", "…". Shape (…, 3).'


def test_outputs_behind_a_test_are_withheld() -> None:
    """Without a preview a cell before the first test keeps what it printed; one behind it says that it does not."""
    printed = new_output("stream", name="stdout", text="seen")
    failed = new_output("error", ename="Found", evalue="seen", traceback=["seen"])
    notebook = new_notebook(
        cells=[
            new_markdown_cell("text"),
            new_code_cell("1", outputs=[printed]),
            new_code_cell("2", outputs=[], metadata=marked("a-test", grade=True, locked=True, points=1.0)),
            new_code_cell("3", outputs=[printed, failed]),
            new_code_cell("4"),
        ]
    )
    cells = RedactFeedback(preview=False).preprocess(notebook, {})[0].cells
    assert cells[1].outputs[0].text == "seen"
    assert [output.output_type for output in cells[3].outputs] == ["stream", "error"]
    assert cells[3].outputs[0].text == WITHHELD
    assert "seen" not in str(cells[3].outputs)
    assert cells[4].outputs == []

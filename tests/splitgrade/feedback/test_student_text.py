"""Feedback shows of students' text what is known beforehand, and nothing else."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from splitgrade.execution.reasons import ERROR_NAMES
from splitgrade.feedback.redact import RedactFeedback
from splitgrade.feedback.result_view import outcome_of
from splitgrade.feedback.student_text import KNOWN_MESSAGES, Public, known_message, shown_message
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
    "whole division": lambda: 1 // 0,
    "remainder": lambda: 1 % 0,
    "floor": lambda: 1.0 // 0,
    "remainder of a float": lambda: 1.0 % 0,
    "power": lambda: 0.0**-1,
    "root": lambda: math.sqrt(-1),
    "logarithm": lambda: math.log(0),
    "angle": lambda: math.acos(2),
    "largest": lambda: max([]),
    "smallest": lambda: min(()),
    "member": lambda: 1 in 3,  # type: ignore[operator]
    "key": lambda: {[]: 1},  # type: ignore[dict-item]
    "element": lambda: {[]},  # type: ignore[arg-type]
    "nested": lambda: repr(functools.reduce(lambda inner, _: [inner], range(100_000), [])),
    "list": lambda: [][1],
    "type": lambda: 1 + "a",  # type: ignore[operator]
    "keyword": lambda: (lambda x: x)(y=1),  # type: ignore[call-arg]
    "nearly a keyword": lambda: (lambda stride: stride)(strides=1),  # type: ignore[call-arg]
    "unpack": lambda: (lambda: [a for a, b in [(1, 2, 3)]])(),  # type: ignore[misc]
    "attribute": lambda: [].shape,  # type: ignore[attr-defined]
    "new attribute": lambda: setattr((1, 4), "shape", 3),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_python_and_numpy_say_is_known(name: str) -> None:
    """The installed versions say it in these words."""
    said = raised(MISTAKES[name])
    assert known_message(said, Public()) != ""
    assert not any(digit in known_message(said, Public()) for digit in "23456789")


def test_no_known_message_is_a_gap_alone() -> None:
    """Every known message has words of its own, so that not every text fits."""
    words = "7b1c 0.25 " * 3
    assert [known for known in KNOWN_MESSAGES if known_message(words, Public()) == known] == []
    assert known_message(words, Public()) == ""


def test_computed_words_and_long_numbers_are_gaps() -> None:
    """A quoted word stays where the student's cells hold it; numbers of five digits never do."""
    text = 'Not in the printed list: "weights", "k730201". Shape (730201, 3).'
    assert shown_message(text, Public("x = 'weights'")) == 'Not in the printed list: "weights", "…". Shape (…, 3).'


LIMITS = Public(limits=frozenset({"30", "300", "2048"}))
WHY = {
    "used more than 2048 MiB": "used more than 2048 MiB",
    "used more than 7302 MiB": "used more than … MiB",
    "signal SIGSEGV": "signal SIGSEGV",
    "signal SIGUSR1": "signal …",
    "exit status 73": "exit status …",
    "it took too long": "it took too long",
    "it broke the protocol: LEAKS": "…",
}


@pytest.mark.parametrize("why", WHY)
def test_what_the_engine_says_keeps_limits_and_nothing_that_a_process_could_choose(why: str) -> None:
    """An exit status, a rare signal, a number that is no limit: each would carry some bits of a hidden input."""
    ended = "the notebook's process ended: "
    assert known_message(ended + why, LIMITS) == ended + WHY[why]


def test_a_call_that_took_too_long_says_its_limit() -> None:
    """The limit is known to be one; any other number is a gap."""
    assert known_message("took longer than 30 s", LIMITS) == "took longer than 30 s"
    assert known_message("took longer than 31 s", LIMITS) == "took longer than … s"


@pytest.mark.parametrize(
    ("cause", "shown"),
    [("ZeroDivisionError: division by zero", "ZeroDivisionError: division by zero"), ("Leaks: 73", "Exception.")],
)
def test_the_error_that_left_a_name_undefined_is_shown_by_the_same_rules(cause: str, shown: str) -> None:
    """Why a name is missing helps; what the student's error says of itself stays behind."""
    text = f"Your code stopped with NameError: name 'f' is not defined: its cell stopped with {cause}"
    kept = shown_message(text, Public("def f(): ..."))
    assert kept == f"Your code stopped with NameError: name 'f' is not defined: its cell stopped with {shown}"


@pytest.mark.parametrize("name", sorted(set(ERROR_NAMES.values())))
def test_a_stopped_test_says_why_by_its_code(name: str) -> None:
    """The sentence belongs to the name of the error; its text is not read, and every name has its own sentence."""
    said = [outcome_of([new_output("error", ename=name, evalue=text, traceback=[])]) for text in ("a", "LEAKS")]
    assert said[0] == said[1]
    assert said[0] != outcome_of([new_output("error", ename="ValueError", evalue="", traceback=[])])


def test_without_a_run_of_its_own_no_cell_shows_anything() -> None:
    """Before a test or behind it, what a cell showed while grading is left out, and that it showed anything."""
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
    names = {"nbgrader": {"assignment": "none", "notebook": "none"}}
    redacted = RedactFeedback(preview=False).preprocess(notebook, names)[0]
    assert [cell.outputs for cell in redacted.cells[1:]] == [[], [], [], []]
    assert redacted.metadata.splitgrade.withheld is True


def test_a_test_that_only_asserts_says_that_it_passed():
    """Most courses have no result but the absence of an error; a number speaks for itself."""
    number = new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)
    error = new_output("error", ename="AssertionError", evalue="f(2) is not 4", traceback=["f(2) is not 4"])
    assert [outcome_of(outputs) for outputs in ([], [number], [error])] == [
        "The test passed.",
        "",
        "The test did not pass.",
    ]

"""Clues where no known mistake matches: what an error, a shape or the first broken property points to."""

from __future__ import annotations

import re

from student_kit import plain
from student_kit.call import Outcome
from student_kit.plain import Array, Finding

ERRORS: tuple[tuple[str, str, str], ...] = (
    (r"AxisError", r"", "An axis does not exist for this array. Write the axes in a comment beside each step."),
    (
        r"ValueError|TypeError",
        r"broadcast|aligned|mismatch|core dimension|shape-mismatch|could not|cannot reshape|must match|same shape",
        "Two arrays do not fit together. Print the shapes of the window and of the filter right before that line, for "
        "the first window and for the last one.",
    ),
    (
        r"IndexError",
        r"",
        "An index runs past the end of an axis. Print the largest index and the shape of the array before that line.",
    ),
    (
        r"ValueError",
        r"zero-size|empty|negative dimensions|need at least one|max\(\) (arg|iterable)|at least one",
        "An array came out empty or with a negative size. Print the size you compute and the slices you cut.",
    ),
    (
        r"TypeError",
        r"unexpected keyword|positional argument|required|multiple values",
        "The function is called with the parameters of the task, in its order. Compare your `def` line with the task.",
    ),
    (
        r"TypeError",
        r"interpreted as an integer|slice indices|an integer is required|indices must be",
        "A size or an index is not an int. Which division do you use: / gives a float, // an int.",
    ),
    (
        r"TypeError",
        r"subscriptable|unpack|iterable|object|operand",
        "A value is of another kind than that line expects.",
    ),
    (r"ZeroDivisionError", r"", "Something is divided by zero. Which setting can be 0 here?"),
    (
        r"UnboundLocalError|NameError",
        r"",
        "A name is used before it has a value. Is it spelled alike everywhere, and is its cell run?",
    ),
    (
        r"ValueError",
        r"unpack",
        "The number of names on the left does not agree with the number of values on the right.",
    ),
    (
        r"ValueError",
        r"ax[ei]s|transpose|einsum|operand|subscript|dimension|pad_width|window|slice step|negative",
        "An axis or a setting does not exist for this array. Write the axes in a comment beside each step.",
    ),
    (r"RecursionError", r"", "The function calls itself without end. For which arguments does it stop?"),
    (r"MemoryError", r"", "The arrays grow far too large. Print the sizes you compute."),
)
"""(type of the error, pattern in its message, clue); the first that fits is given."""

AXES = {4: ("images", "channels", "rows", "columns"), 3: ("images", "rows", "columns")}


def clue(finding: Finding, outcome: Outcome, expected: object) -> str:
    """Return what an error or a wrong shape points to, "" where it points to nothing in particular."""
    if finding.stage == "error" and outcome.error:
        return error_clue(outcome)
    if finding.stage == "shape":
        got, right = plain.array(outcome.value), plain.array(expected)
        if not isinstance(got, Finding) and not isinstance(right, Finding):
            return shape_clue(got, right)
    return ""


def error_clue(outcome: Outcome) -> str:
    """Return what the type and the message of an error point to."""
    for kind, words, said in ERRORS:
        if re.search(kind, " ".join(outcome.kinds)) and re.search(words, outcome.message):
            return said
    return ""


def shape_clue(got: Array, expected: Array) -> str:
    """Return which axes of a shape differ, and by how much where that says something."""
    if got.ndim != expected.ndim:
        return "The number of axes differs. Write the axes of the result, such as (N, O, H, W), beside your last line."
    if sorted(got.shape) == sorted(expected.shape):
        return "The lengths are right but on other axes: the order of the axes, or height and width, is mixed up."
    names = AXES.get(got.ndim, tuple(f"axis {axis}" for axis in range(got.ndim)))
    wrong = [
        (name, one - right) for name, one, right in zip(names, got.shape, expected.shape, strict=True) if one != right
    ]
    where = " and ".join(name for name, _ in wrong)
    by = {step for _, step in wrong}
    if by == {-1}:
        return f"One is missing among the {where}. With a window as large as the image there is exactly one position."
    if by == {1}:
        return f"There is one too many among the {where}. Does the last window still fit?"
    few = "few" if all(step < 0 for step in by) else "many" if all(step > 0 for step in by) else "few or many"
    return f"There are too {few} {where}. Compute this length by hand for a small case and compare."

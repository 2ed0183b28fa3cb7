"""Clues where no known mistake matches: what an error, a shape or the pattern of all wrong results points to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from student_kit import plain
from student_kit.call import Outcome
from student_kit.patterns import Pattern
from student_kit.plain import Finding

A_FLOAT = "Which of your divisions gives a float? Use //, or int()."
OTHER_ERROR = "Your code stops there, but with another error than the ValueError that the task asks for."
PAIR = (
    "A number arrives where that line takes a pair apart, or a pair where it computes with a number. Print the "
    "arguments: which of them may be either?"
)
KIND = "A value is of another kind than that line expects."
TOO_STRICT = (
    "The settings of this call are legal, yet something refused them. Which condition in your code is too strict, or "
    "which search ends too early?"
)

ERRORS: tuple[tuple[str, str, str], ...] = (
    (r"AxisError", r"", "An axis does not exist for this array. Write the axes in a comment beside each step."),
    (
        r"ValueError",
        r"cannot reshape",
        "An array is cut into a shape with another number of cells. For which sizes is something left over?",
    ),
    (
        r"ValueError",
        r"into shape \((\d+,)*0\b",
        "A part of an array that is written into is empty. A slice such as a[p:-p] holds nothing where p is 0.",
    ),
    (
        r"ValueError|TypeError",
        r"broadcast|not aligned|core dimension|shape[- ]mismatch|must match exactly|must have (the )?same",
        "Two arrays do not fit together. Print the shapes of both right before that line, for the first step and for "
        "the last one.",
    ),
    (
        r"IndexError",
        r"",
        "An index runs past the end of an axis. Print the largest index and the shape of the array before that line.",
    ),
    (
        r"ValueError",
        r"zero-size array|an empty (sequence|axes)|argument is empty|negative dimensions are|need at least one array",
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
        r"[Cc]annot cast",
        "A line writes fractions into an array of whole numbers. Make an array of floats for them.",
    ),
    (
        r"TypeError|AttributeError",
        r"NoneType",
        "Something is None there. Which argument may be left out, and which of your functions returns nothing?",
    ),
    (
        r"TypeError",
        r"'int' object is not (subscriptable|iterable)|non-iterable int|type 'int' has no|by non-int of type|'tuple'",
        PAIR,
    ),
    (
        r"TypeError",
        r"subscriptable|unpack|iterable|object|operand|not supported between",
        KIND,
    ),
    (
        r"ModuleNotFoundError|ImportError",
        r"",
        "Grading has Python, NumPy and the packages that START-HERE.md lists; nothing else can be imported.",
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
        r"ax[ei]s|transpose|einsum|operand|subscript|(enough|of|array) dimensions|-dimensional|pad_width|"
        r"window[ _]shape|slice step|contain negative",
        "An axis or a setting does not exist for this array. Write the axes in a comment beside each step.",
    ),
    (r"RecursionError", r"", "The function calls itself without end. For which arguments does it stop?"),
    (r"MemoryError", r"", "The arrays grow far too large. Print the sizes you compute."),
    (
        r"ValueError",
        r"truth value",
        "An array is neither true nor false. To find out whether one was given, compare it with None: `is not None`.",
    ),
    (
        r"AttributeError",
        r"",
        "A value is of another kind than that line expects: it has no such method. Print its type before that line.",
    ),
    (
        r"ValueError|AssertionError",
        r"",
        TOO_STRICT,
    ),
)
"""(type of the error, pattern in its message, clue); the first that fits is given."""

PATTERNS: Mapping[Pattern, str] = {
    Pattern.OFFSET: "The same number is missing from every value, or added to it. Which term is added to all alike?",
    Pattern.CONSTANT: "Every value came out the same number. Where in your code does that number come from?",
    Pattern.TOO_LARGE_BY_FACTOR: "All values are off by one factor. What do you multiply or divide by, and how often?",
    Pattern.TOO_SMALL_BY_FACTOR: "All values are off by one factor. What do you multiply or divide by, and how often?",
    Pattern.RECTIFIED: "Negative values have become 0. Where does your code compare with 0, or start at 0?",
    Pattern.SIGN: "The sizes are right, the sign is not. Which two things do you subtract, and in which order?",
    Pattern.SOME_SIGNS: "The sizes are right, some signs are not. Is there an abs(), or a turned subtraction?",
    Pattern.OFFSET_BY_CHANNEL: "Each channel is off by its own number. What is added once for each channel?",
    Pattern.SWAPPED: "Rows and columns are swapped. In which order do you write the axes?",
    Pattern.UPSIDE_DOWN: "The rows come upside down. In which direction does your row index run?",
    Pattern.BACK_TO_FRONT: "The columns come back to front. In which direction does your column index run?",
    Pattern.TURNED: "The result is turned around. In which direction do your indices run?",
    Pattern.OTHER_IMAGES: "Every image is right, but not in its place. Which index belongs to the images?",
    Pattern.OTHER_CHANNELS: "Every channel is right, but not in its place. Which line decides which one comes first?",
    Pattern.SHIFTED: "The right numbers stand one step too early or too late. Where does the first one belong?",
    Pattern.OTHER_CELLS: "The right numbers stand in other cells. Follow one: which line decides where it goes?",
    Pattern.DECIMALS: "Decimals got lost. Where do whole numbers arise: an array of integers, int(), or //?",
    Pattern.WHOLE: "Only whole numbers come out. Where do they arise: an array of integers, int(), or //?",
    Pattern.ROUNDED: "Your numbers are rounded. Give them as they come.",
    Pattern.EIGHT_BITS: "Numbers wrapped around at 256. Look at the dtype of your products and sums.",
    Pattern.SIXTEEN_BITS: "Numbers wrapped around at 65,536. Look at the dtype of your products and sums.",
    Pattern.THIRTY_TWO_BITS: "Large numbers wrapped around. Which of your arrays has a dtype of 32 bits?",
    Pattern.HARDLY: "Only the last digits differ. Is a small number added somewhere, or a number rounded?",
    Pattern.BORDER: "Inside it holds, at the border it does not. What does a window at the border see?",
}
"""Pattern of a difference -> what it points to."""


def pattern_clue(code: Pattern | None, detail: str = "") -> str:
    """Return what the pattern of a difference points to, "" where there is none."""
    if code is Pattern.LAST_LINE:
        return f"{detail} Does your loop, or your slice, reach the end?".strip()
    return PATTERNS.get(code, "") if code else ""


def amount_clue(results: Sequence[tuple[object, Any]]) -> str:
    """Return what wrong counts have in common, given pairs (returned, expected): numbers or tuples of numbers."""
    pairs = _pairs(results)
    wrong = [(got, right) for got, right in pairs if got != right]
    if not wrong:
        return ""
    if any(isinstance(right, int) and got != int(got) for got, right in wrong):
        return "Some of your numbers are no whole numbers. Which division do you use: / or //?"
    if any(got < 0 <= right and isinstance(right, int) for got, right in wrong):
        return "Some of your numbers are negative. What do you subtract, and when is it larger than the rest?"
    if len(pairs) > 1 and len({got for got, _ in pairs}) == 1 < len({right for _, right in pairs}):
        return "Your function returns one and the same number for different arguments. Which of them does it use?"
    return _relation(pairs, wrong)


def _relation(pairs: list[tuple[float, float]], wrong: list[tuple[float, float]]) -> str:
    if any(all(got == round(right, digits) for got, right in pairs) for digits in range(7)):
        return "Your numbers are rounded. Give them as they come."
    if len(wrong) == len(pairs) > 2 and len({got - right for got, right in pairs}) == 1:
        return "All your numbers are off by the same amount. Which term is missing, or one too many?"
    ratios = {round(got / right, 9) for got, right in pairs if right}
    if len(wrong) == len(pairs) > 2 and len(ratios) == 1:
        return "All your numbers are off by one factor. What do you multiply or divide by, and how often?"
    return ""


def direction(results: Sequence[tuple[object, Any]]) -> str:
    """Return whether all wrong counts are too large or all too small, "" where neither."""
    pairs = _pairs(results)
    if len(pairs) < sum(len(right) if isinstance(right, tuple) else 1 for _, right in results):
        return ""  # one that cannot be read, such as infinity, may lie on either side
    wrong = [(got, right) for got, right in pairs if got != right]
    if wrong and all(got > right for got, right in wrong):
        return "Wherever your numbers are wrong, they are too large."
    if wrong and all(got < right for got, right in wrong):
        return "Wherever your numbers are wrong, they are too small."
    return ""


def entries_clue(results: Sequence[tuple[object, Any]]) -> str:
    """Return which entries of a tuple are wrong, where the others always hold; "" where none do, or no tuples came."""
    both = [(plain.numbers(got, len(right)), right) for got, right in results if isinstance(right, tuple)]
    read = [(got, right) for got, right in both if not isinstance(got, Finding)]
    if not read or len(read) < len(results):
        return ""
    entries = range(len(read[0][1]))
    wrong = [place for place in entries if any(got[place] != right[place] for got, right in read)]
    if not wrong or len(wrong) == len(entries):
        return ""
    names = " and ".join(f"entry {place}" for place in wrong)
    return f"Only {names} (counted from 0) {'is' if len(wrong) == 1 else 'are'} ever wrong."


def _pairs(results: Sequence[tuple[object, Any]]) -> list[tuple[float, float]]:
    return [pair for got, right in results for pair in _numbers(got, right)]


def _numbers(got: object, right: Any) -> list[tuple[float, float]]:
    """Return pairs of single numbers; none where what was returned cannot be read."""
    if isinstance(right, tuple):
        read = plain.numbers(got, len(right))
        return [] if isinstance(read, Finding) else list(zip(read, right, strict=True))
    one = plain.number(got)
    return [] if isinstance(one, Finding) else [(one, right)]


def error_row(outcome: Outcome) -> int:
    """Return which row of `ERRORS` an error falls under; -1 for none."""
    kinds = " ".join(outcome.kinds)
    for place, (kind, words, _) in enumerate(ERRORS):
        if re.search(kind, kinds) and re.search(words, outcome.message):
            return place
    return -1


def error_clue(outcome: Outcome) -> str:
    """Return what the type and the message of an error point to."""
    row = error_row(outcome)
    return ERRORS[row][2] if row >= 0 else ""

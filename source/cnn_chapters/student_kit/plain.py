"""Reading values that may be anything: only plain data is accepted, and nothing of a value is trusted before that.

A value is plain when its exact type is a builtin or a NumPy array or number. Methods and operators of any other type
are never used, because a class may answer `==`, `len()` or `__array__` as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from student_kit.patterns import Pattern

Array: TypeAlias = NDArray[Any]

DEEPEST = 32
LARGEST = 10_000_000  # elements; more than any exercise can ask for

NUMBER_TYPES: frozenset[type] = frozenset(
    {int, float, *(np.dtype(code).type for code in np.typecodes["AllInteger"] + np.typecodes["Float"])}
)
WHOLE_TYPES: frozenset[type] = frozenset({int, *(np.dtype(code).type for code in np.typecodes["AllInteger"])})
TEXT_TYPES: frozenset[type] = frozenset({str, np.str_})
BOOL_TYPES: frozenset[type] = frozenset({bool, np.bool_})


@dataclass(frozen=True)
class Finding:
    """What is wrong with an answer.

    Attributes
    ----------
    stage : str
        How far the answer came: "missing", "not answered", "error", "type", "shape", "dtype", "non-finite", "values",
        "inputs".
    message : str
        One or two sentences for the student.
    code : Pattern, optional
        How the values differ, where that has a name.
    """

    stage: str
    message: str
    code: Pattern | None = None


LARGEST_WHOLE = 10**300  # a float can hold it, so comparing with one cannot overflow
TOO_LARGE = Finding("values", "The number is far too large.")


def type_name(value: object) -> str:
    """Return the name of the value's exact type, with an article."""
    kind = type(value)
    if kind is np.ndarray:
        return "a NumPy array"
    name = str(kind.__name__)[:60]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def is_blank(value: object) -> bool:
    """Return whether the value is what an unanswered question holds: `...` or None."""
    return value is None or value is Ellipsis


def array(value: object) -> Array | Finding:
    """Return numbers in an array, or in nested lists or tuples, as an array; else what is wrong with them."""
    kind = type(value)
    if kind is np.ndarray:
        value = cast("Array", value)
        if value.dtype.kind not in "iufbc":
            return Finding("type", f"The result should hold numbers; its dtype is {str(value.dtype)[:40]}.")
        return value
    if kind in NUMBER_TYPES or kind in BOOL_TYPES:
        alone = np.asarray(value)
        return alone if alone.dtype.kind in "iufb" else TOO_LARGE
    if kind is not list and kind is not tuple:
        return Finding("type", f"The result should be a NumPy array, but it is {type_name(value)}.")
    problem = _nested(value, 0, [0])
    if problem is not None:
        return problem
    try:
        numbers = np.array(value)
    except (ValueError, OverflowError):
        if kind is tuple and any(type(item) is np.ndarray for item in cast("tuple[object, ...]", value)):
            return Finding("type", "This is a tuple of several things; the array alone is asked for.")
        return Finding("type", "The nested lists have rows of different lengths, so they form no array.")
    if numbers.dtype.kind not in "iufb":
        return Finding("type", "The lists hold numbers that no NumPy array of numbers can take.")
    return numbers


def _nested(value: object, depth: int, count: list[int]) -> Finding | None:
    """Return what keeps nested lists from being numbers: depth, size or an element of another type."""
    kind = type(value)
    if kind is list or kind is tuple:
        value = cast("list[object]", value)
        if depth == DEEPEST:
            return Finding("type", "The result is nested too deeply to be an array.")
        for item in value:
            problem = _nested(item, depth + 1, count)
            if problem is not None:
                return problem
        return None
    size = 1
    if kind is np.ndarray:
        value = cast("Array", value)
        size = value.size
        if value.dtype.kind not in "iufb":
            return Finding("type", f"The result should hold numbers; part of it has dtype {str(value.dtype)[:40]}.")
    elif kind not in NUMBER_TYPES and kind not in BOOL_TYPES:
        return Finding("type", f"The result should hold numbers, but it holds {type_name(value)}.")
    count[0] += size
    if count[0] > LARGEST:
        return Finding("shape", f"The result has more than {LARGEST:,} numbers.")
    return None


def number(value: object) -> int | float | Finding:
    """Return one number as a Python int or float; bool, NaN, infinity and text are refused with the reason."""
    if type(value) is np.ndarray:
        value = cast("Array", value)
        if value.ndim or value.dtype.kind not in "iuf":
            return Finding("type", f"One number is asked for, but this is an array of shape {value.shape}.")
        value = value[()]
    kind = type(value)
    if kind in BOOL_TYPES:
        return Finding("type", "True and False are no numbers here; a number such as 12 is asked for.")
    if kind is str:
        return Finding("type", "A number is asked for, without quotation marks.")
    if kind not in NUMBER_TYPES:
        return Finding("type", f"One number is asked for, but this is {type_name(value)}.")
    if kind in WHOLE_TYPES:
        whole = int(value)  # type: ignore[call-overload]  # the exact type is known
        return TOO_LARGE if abs(whole) > LARGEST_WHOLE else whole
    plain = float(value)  # type: ignore[arg-type]
    if plain != plain or plain in (float("inf"), float("-inf")):
        return Finding("non-finite", f"The number is {plain}; a finite number is asked for.")
    return plain


def numbers(value: object, count: int) -> list[int | float] | Finding:
    """Return a tuple, list or one-dimensional array of `count` numbers as a list."""
    if type(value) is np.ndarray:
        value = cast("Array", value)
        if value.ndim != 1 or value.dtype.kind not in "iuf":
            return Finding("type", f"A tuple of {count} numbers is asked for, but this is an array of {value.shape}.")
        value = tuple(value)
    if type(value) is not tuple and type(value) is not list:
        return Finding("type", f"A tuple of {count} numbers is asked for, but this is {type_name(value)}.")
    value = cast("list[object]", value)
    if len(value) != count:
        return Finding("shape", f"A tuple of {count} numbers is asked for, but this one has {len(value)}.")
    read = [number(item) for item in value]
    for position, item in enumerate(read):
        if isinstance(item, Finding):
            return Finding(item.stage, f"Entry {position} of the tuple: {item.message}")
    return [item for item in read if not isinstance(item, Finding)]


def text(value: object) -> str | Finding:
    """Return a str in lower case, without surrounding spaces; inside, one space stands between words."""
    if type(value) not in TEXT_TYPES:
        return Finding("type", f"Text in quotation marks is asked for, but this is {type_name(value)}.")
    return " ".join(str(value).lower().replace("_", " ").split())


def letters(value: object, options: str, several: bool) -> str | Finding:
    """Return the letters of a choice in alphabetical order.

    "c)", "C. ", ["c"] and np.str_("c") all stand for "c".
    """
    legal = f"{'letters' if several else 'one letter'} out of {', '.join(options)}"
    listed = type(value) in (list, tuple, set, frozenset)
    items = list(cast("list[object]", value)) if listed else [value]
    read = [text(item) for item in items]
    wrong = next((item for item in read if isinstance(item, Finding)), None)
    if wrong is not None:
        return Finding(wrong.stage, f'{wrong.message} Legal: {legal}, such as "{options[0]}".')
    given = "".join(item for item in read if isinstance(item, str)).translate(_AROUND_LETTERS)
    if not given or set(given) - set(options) or (len(given) > 1 and not several):
        return Finding("type", f"Legal answers are {legal}, in quotation marks.")
    return "".join(sorted(set(given)))


_AROUND_LETTERS = {ord(mark): "" for mark in " ,;.:()[]"}


def sets_of_text(value: object, keys: tuple[str, ...]) -> dict[str, frozenset[str] | Finding] | Finding:
    """Return a dict of sets of str, one for each of `keys`; a list or tuple of str stands for a set."""
    if type(value) is not dict:
        return Finding("type", f"A dict is asked for, but this is {type_name(value)}.")
    value = cast("dict[str, object]", value)
    if any(type(key) is not str for key in value):
        return Finding("type", "Every key of the dict should be text in quotation marks.")
    return {key: _set_of_text(key, value[key]) if key in value else _no_key(key) for key in keys}


def numbers_by_name(value: object, keys: tuple[str, ...]) -> dict[str, int | float | Finding] | Finding:
    """Return a dict of numbers, one for each of `keys`; `...` counts as not answered."""
    if type(value) is not dict:
        return Finding("type", f"A dict is asked for, but this is {type_name(value)}.")
    value = cast("dict[str, object]", value)
    if any(type(key) is not str for key in value):
        return Finding("type", "Every key of the dict should be text in quotation marks.")
    return {key: _entry(value[key]) if key in value else _no_key(key) for key in keys}


def _entry(value: object) -> int | float | Finding:
    return Finding("not answered", "Not answered yet.") if is_blank(value) else number(value)


def _no_key(key: str) -> Finding:
    return Finding("missing", f'The dict has no key "{key}".')


def _set_of_text(key: str, value: object) -> frozenset[str] | Finding:
    if is_blank(value):
        return Finding("not answered", "Not answered yet.")
    if type(value) is dict and not value:
        return frozenset()  # {} is meant as the empty set more often than not
    if type(value) not in (set, frozenset, list, tuple):
        return Finding("type", f'The value of "{key}" should be a set of words, but it is {type_name(value)}.')
    value = cast("list[str]", value)
    if any(type(item) not in TEXT_TYPES for item in value):
        return Finding("type", f'The value of "{key}" should hold words in quotation marks only.')
    return frozenset(word for word in map(text, value) if not isinstance(word, Finding))

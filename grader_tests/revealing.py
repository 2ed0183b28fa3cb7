"""A revealed case as data: input, the student's result, the right one, the difference, ready to be drawn as grids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader_tests.cases import Trial
from grader_tests.judging import Judge
from grader_tests.pool import Revealed
from student_kit import plain
from student_kit.call import Outcome
from student_kit.plain import Finding
from student_kit.stages import differs

MIME_TYPE = "application/vnd.splitgrade.case+json"
PLANES = 4  # of an array that are drawn
SIDE = 14  # rows or columns of a plane that are drawn
AXES = {"image": ("image", "channel"), "weight": ("filter", "channel")}  # in front of rows and columns
LARGEST_CODE = 150  # numbers that are written down as code

Array = NDArray[Any]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


def first_failing(
    function: Callable[..., Any], pool: Iterable[Revealed], judge: Judge, name: str, parameters: Sequence[str]
) -> dict[str, Any] | None:
    """Return the first case of a pool that a function fails as JSON-able data, None where it fails none.

    Parameters
    ----------
    function : callable
        The student's.
    pool : iterable of Revealed
        What may be shown.
    judge : Judge
        Knows the right results.
    name : str
        What the function is called.
    parameters : sequence of str
        What its parameters are called.
    """
    for revealed in pool:
        trial = judge.trial(function, revealed.case)
        if trial.finding is not None:
            return _as_data(*_written(name, parameters, revealed), revealed, trial)
    return None


def _as_data(call: str, named: Sequence[tuple[str, Array]], revealed: Revealed, trial: Trial) -> dict[str, Any]:
    """Return what is shown of a failing case."""
    right, got = _result(trial.right), _result(trial.outcome)
    wrong = _wrong(got, right)
    difference = got - right if wrong is not None else None
    finding = trial.finding
    assert finding is not None  # noqa: S101 (for mypy: a failing trial has one)
    return {
        "version": 1,
        "what": revealed.case.what,
        "example": revealed.number,
        "call": call,
        "code": _code(revealed, named, call),
        "message": finding.message,
        "inputs": [_value(name, value) for name, value in named],
        "yours": _value("your result", got, wrong, of=trial.outcome),
        "expected": _value("expected", right, wrong, of=trial.right),
        "difference": None if difference is None else _value("difference", difference, wrong),
    }


def _written(name: str, parameters: Sequence[str], revealed: Revealed) -> tuple[str, list[tuple[str, Array]]]:
    """Return the call as it would be typed, and the arrays that it names."""
    case = revealed.case
    given: list[tuple[str, str, Any]] = [
        (word, "", value) for word, value in zip(parameters, case.arguments, strict=False)
    ]
    given += [(word, f"{word}=", value) for word, value in case.keywords.items()]
    arrays = [(word, value) for word, _, value in given if isinstance(value, np.ndarray)]
    if revealed.example is not None:
        return revealed.example.call, arrays
    spelled = [before + (word if isinstance(value, np.ndarray) else repr(value)) for word, before, value in given]
    return f"{name}({', '.join(spelled)})", arrays


def _code(revealed: Revealed, named: Sequence[tuple[str, Array]], call: str) -> str:
    """Return lines of Python that repeat the call; nothing where they would be endless."""
    if sum(value.size for _, value in named) > LARGEST_CODE:
        return ""
    if revealed.example is not None:
        return "\n".join(line for line in (revealed.example.given, call) if line)
    return "\n".join([*(f"{name} = np.array({_listed(value)}, dtype=np.{value.dtype})" for name, value in named), call])


def _listed(value: Array) -> str:
    whole = value.dtype.kind == "f" and np.array_equal(value, np.trunc(value))
    return str((value.astype(int) if whole else value).tolist())


def _result(outcome: Outcome) -> Any:
    """Return a result as an array where it is one, or as it is; None where there is none."""
    if outcome.error or outcome.blank:
        return None
    read = plain.array(outcome.value) if isinstance(outcome.value, np.ndarray | list) else outcome.value
    return outcome.value if isinstance(read, Finding) else read


def _wrong(got: Any, right: Any) -> Mask | None:
    """Return where two arrays of numbers differ, None where that cannot be said."""
    both = isinstance(got, np.ndarray) and isinstance(right, np.ndarray) and got.shape == right.shape
    if not both or got.dtype.kind not in "iuf" or not np.isfinite(got).all():
        return None
    return differs(got, right)


def _value(name: str, value: Any, wrong: Mask | None = None, of: Outcome | None = None) -> dict[str, Any]:
    """Return a value with its planes where it is an array, in words where it is not."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iufb" and 1 <= value.ndim <= 4 and value.size:
        planes = list(_planes(value, AXES["weight" if name == "weight" else "image"], wrong))
        return {"name": name, "note": f"shape {value.shape}", "text": "", "planes": planes}
    if of is not None and of.error:
        text = f"{of.error}: {of.message}" if of.message else of.error
    else:
        text = f"an empty array of shape {value.shape}" if isinstance(value, np.ndarray) else repr(value)
    return {"name": name, "note": "", "text": text[:400], "planes": []}


def _planes(value: Array, axes: tuple[str, str], wrong: Mask | None) -> Iterator[dict[str, Any]]:
    """Yield the planes of an array that are drawn: those that differ first."""
    stack = value.reshape(-1, *value.shape[-2:]) if value.ndim > 1 else value[None, None]
    marks = None if wrong is None else wrong.reshape(stack.shape)
    order = list(range(len(stack)))
    if marks is not None:
        order.sort(key=lambda place: not marks[place].any())
    for place in sorted(order[:PLANES]):
        index = np.unravel_index(place, value.shape[:-2]) if value.ndim > 2 else ()
        rows, columns = stack[place].shape
        cut = stack[place][:SIDE, :SIDE]
        marked = [] if marks is None else np.argwhere(marks[place][:SIDE, :SIDE]).tolist()
        of = [f"{axis} {at + 1} of {n}" for axis, at, n in zip(axes, index, value.shape, strict=False) if n > 1]
        if rows > SIDE or columns > SIDE:
            of.append(f"the first {cut.shape[0]} of {rows} rows and {cut.shape[1]} of {columns} columns")
        yield {"caption": ", ".join(of), "rows": [[_number(one) for one in row] for row in cut], "marked": marked}
    if len(stack) > PLANES:
        yield {"caption": f"and {len(stack) - PLANES} more", "rows": [], "marked": []}


def _number(value: Any) -> str:
    """Return a number as short as a cell needs it."""
    return f"{value:.4g}".replace("-", "−") if value.dtype.kind == "f" else str(value).replace("-", "−")

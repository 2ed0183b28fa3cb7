"""The inputs of public examples: written down in messages, and handed out by `example`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from student_kit.example import REFUSED, Example
from student_kit.examples import FUNCTIONS

MOST_NUMBERS = 40  # larger arrays are handed out, not printed


class Inputs(tuple[object, ...]):
    """The arguments of a call, in order; those that are given by name are in `keywords`."""

    keywords: dict[str, object]


def example(question_id: str, number: int = 1) -> Inputs:
    """Print a public example and return its inputs, as copies that may be changed.

    Parameters
    ----------
    question_id : str
        Id of a question whose answer is a function, such as "ex41-conv2d".
    number : int
        Which example, counted from 1.

    Returns
    -------
    Inputs
        A tuple of the arguments; empty, with a message, where there is no such example.

    Examples
    --------
    >>> size, kernel_size, stride = example("ex39-same-padding", 2)
    same_padding(8, 3, 2) should give 5
    >>> kernel_size
    3
    >>> example("ex39-same-padding", 20)
    "ex39-same-padding" has 3 public examples, 1 to 3.
    ()
    """
    found = Inputs()
    found.keywords = {}
    public = FUNCTIONS.get(question_id) if isinstance(question_id, str) else None
    if public is None:
        print(f"There are no public examples for {question_id!r:.60}. There are for: {', '.join(FUNCTIONS)}.")
        return found
    count = len(public.examples)
    if type(number) is not int or not 1 <= number <= count:
        print(f'"{question_id}" has {count} public example{"s" * (count > 1)}, 1 to {count}.')
        return found
    chosen = public.examples[number - 1]
    result = "should raise a ValueError" if chosen.expected is REFUSED else f"should give {_short(chosen.expected)}"
    print("\n".join([f"{chosen.call} {result}", *_definitions(chosen)]))
    found = Inputs(_copied(argument) for argument in chosen.arguments)
    found.keywords = {name: _copied(argument) for name, argument in chosen.keywords.items()}
    return found


def inputs(question_id: str, place: int, chosen: Example) -> Iterator[str]:
    """Yield lines that let a student repeat the call of an example."""
    lines = _definitions(chosen)
    if lines:
        yield from (f"  {line}" for line in lines)
        yield f'  the inputs as values: example("{question_id}", {place + 1})'


def _definitions(chosen: Example) -> list[str]:
    """Return a line of Python for each argument that the call does not spell out."""
    lines = []
    for name, value in _named(chosen):
        array = np.asarray(value)
        if array.size <= MOST_NUMBERS:
            lines.append(f"{name} = {_short(value)}")
        else:
            lines.append(f"{name}: an array of shape {array.shape}")
    return lines


def _named(chosen: Example) -> Iterator[tuple[str, object]]:
    """Yield name and value of the arguments that the call names; arrays are numbered where it is no Python."""
    try:
        call = ast.parse(chosen.call, mode="eval").body
    except SyntaxError:
        arrays = [value for value in chosen.arguments if isinstance(value, np.ndarray)]
        yield from ((f"argument {number}", value) for number, value in enumerate(arrays, 1))
        return
    if isinstance(call, ast.Call):
        given = [*zip(call.args, chosen.arguments, strict=False)]
        given += [(word.value, chosen.keywords[str(word.arg)]) for word in call.keywords if word.arg in chosen.keywords]
        for node, value in given:
            if any(isinstance(part, ast.Name) and part.id != "np" for part in ast.walk(node)):
                yield ast.unparse(node), value


def _short(value: object) -> str:
    """Return a value on one line, as it could be typed."""
    if isinstance(value, np.ndarray):
        whole = value.dtype.kind == "f" and np.array_equal(value, np.trunc(value))
        text = (value.astype(int) if whole else np.round(value, 6)).tolist()
        kind = "" if not whole else ", dtype=float" if value.dtype == np.float64 else f", dtype=np.{value.dtype}"
        return f"np.array({text}{kind})"
    return f"{value}"


def _copied(value: object) -> object:
    return value.copy() if isinstance(value, np.ndarray) else list(value) if isinstance(value, list) else value

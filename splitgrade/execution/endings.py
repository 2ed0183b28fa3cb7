"""The last value of a test: what the instructor's solution ended with says how a student's end is read.

A test that ends with a number gives points. Many end with something else that nobody meant as a score, such as
``x.shape``; nbgrader gives full points for it whatever it is. Here it decides nothing where the solution ended so too,
but for True: a test whose last line is ``f(2) == 4`` means it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from splitgrade.execution.messages import error, raised
from splitgrade.execution.reasons import TEXTS, Reason
from splitgrade.execution.wire.outputs import Output

_NUMPY = re.compile(r"np\.(?:float|int|uint)\d+\(([^()]+)\)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?|-?inf|nan")


class Ending(StrEnum):
    """What a test of the instructor's solution ends with."""

    NUMBER = "number"
    TRUE = "true"
    OTHER = "other"
    NOTHING = "nothing"


def ending_of(outputs: Sequence[Output]) -> Ending:
    """Return what a test ended with.

    Examples
    --------
    >>> ending_of([{"output_type": "execute_result", "data": {"text/plain": "(2, 3)"}}])
    <Ending.OTHER: 'other'>
    """
    text = result_text(outputs)
    if text is None:
        return Ending.NOTHING
    if text == "True":
        return Ending.TRUE
    return Ending.NUMBER if _NUMBER.fullmatch(text) else Ending.OTHER


def result_text(outputs: Sequence[Output]) -> str | None:
    """Return the text of the last result among outputs, None where there is none; a number of NumPy's as a number."""
    results = [output for output in outputs if output["output_type"] == "execute_result"]
    if not results:
        return None
    text = str(results[-1]["data"].get("text/plain", ""))
    number = _NUMPY.fullmatch(text)
    return number[1] if number else text


def read_ending(outputs: list[Output], wanted: Ending) -> list[Output]:
    """Return the outputs of a test of a student's, with the result that counts or none.

    Parameters
    ----------
    outputs : list of dict
        As the test gave them.
    wanted : Ending
        What the instructor's solution ended with.
    """
    if raised(outputs) or wanted is Ending.NOTHING:
        return outputs
    got = ending_of(outputs)
    if wanted is Ending.NUMBER:
        return outputs if got is Ending.NUMBER else [*_shown(outputs), _no_result(Reason.NO_NUMBER)]
    if wanted is Ending.TRUE and got is not Ending.TRUE:
        return [*_shown(outputs), _no_result(Reason.NOT_TRUE)]
    return _shown(outputs)


def _shown(outputs: Sequence[Output]) -> list[Output]:
    return [output for output in outputs if output["output_type"] != "execute_result"]


def _no_result(reason: Reason) -> Output:
    return error(reason, TEXTS[reason])

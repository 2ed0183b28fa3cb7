"""What a public example is: a call as the student would write it, the same call as data, and its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


class Refused:
    """Stands for the result of a call that has to raise ValueError."""


REFUSED = Refused()


@dataclass(frozen=True)
class Example:
    """One call and its result.

    Attributes
    ----------
    call : str
        The call as the student would write it.
    arguments, keywords
        The same call as data.
    expected : object
        The result, or `REFUSED`.
    """

    call: str
    arguments: tuple[Any, ...]
    expected: Any
    keywords: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FunctionExamples:
    """The public examples of a function; the first one is drawn by `show` where it is an array.

    `tolerance` is the accepted error of the values of an array, relative to the largest magnitude (at least 1), where
    it is larger than that of the dtype.
    """

    name: str
    returns: Literal["array", "whole", "wholes", "number"]
    examples: tuple[Example, ...]
    tolerance: float = 0.0

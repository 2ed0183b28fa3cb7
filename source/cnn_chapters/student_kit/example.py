"""A public example: a call as the student would write it, the same call as data, and its result.

A call is written once, as text; its arguments are read from there. Prompts, checks and pictures show the same example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np


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
    given : str
        Lines of Python that define the names which the call uses.
    by_hand : str
        How the result comes about, for the prompt.
    """

    call: str
    arguments: tuple[Any, ...]
    expected: Any
    keywords: dict[str, Any] = field(default_factory=dict)
    given: str = ""
    by_hand: str = ""

    @classmethod
    def of(cls, call: str, expected: Any, by_hand: str = "", given: str = "") -> Example:
        """Return the example that a call describes.

        Examples
        --------
        >>> found = Example.of("conv_parameters((2, 5), 3, filters=4)", (31, 124))
        >>> found.arguments, found.keywords
        (((2, 5), 3), {'filters': 4})
        """
        taken: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        names: dict[str, Any] = {"np": np}
        exec(given, names)  # noqa: S102 (our own text)
        names[call.partition("(")[0]] = lambda *arguments, **keywords: taken.append((arguments, keywords))
        eval(call, names)  # noqa: S307 (our own text)
        [(arguments, keywords)] = taken
        return cls(call, arguments, expected, keywords, given, by_hand)

    def as_markdown(self) -> str:
        """Return the example as a line of a list.

        Examples
        --------
        >>> print(Example.of("conv_output_size(3, 4)", REFUSED, "No window fits.").as_markdown())
        - `conv_output_size(3, 4)` raises a `ValueError`. No window fits.
        """
        result = "raises a `ValueError`" if self.expected is REFUSED else f"gives **{_said(self.expected)}**"
        return f"- `{self.call}` {result}. {self.by_hand}".rstrip()


@dataclass(frozen=True)
class FunctionExamples:
    """The public examples of a function; the first one is drawn by `show` where it is an array.

    `tolerance` is the accepted error of the values of an array, relative to the largest magnitude (at least 1), where
    it is larger than that of the dtype. `step` says that nothing else is tried: a step to a question earns no points.
    """

    name: str
    returns: Literal["array", "whole", "wholes", "number"]
    examples: tuple[Example, ...]
    tolerance: float = 0.0
    step: bool = False

    def as_markdown(self) -> str:
        """Return all examples as a prompt shows them: a list, below the lines that define its names."""
        given = "\n".join(example.given for example in self.examples if example.given)
        head = f"By hand, with\n\n```python\n{given}\n```\n\n" if given else "By hand:\n\n"
        return head + "\n".join(example.as_markdown() for example in self.examples)


def _said(result: object) -> str:
    """Return a result as Python writes it, whole numbers without a point."""
    plain = np.asarray(result)
    if plain.ndim == 0:
        return f"{plain.item():g}" if plain.dtype.kind == "f" else f"{plain.item():,}"
    rounded = np.round(plain, 4)
    whole = rounded.astype(int) if np.array_equal(rounded, rounded.astype(int)) else rounded
    text = str(whole.tolist())
    return f"({text[1:-1]})" if type(result) is tuple else text

"""What IPython makes anew for each traceback, made once: the style and the lexer of its colors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pygments
import stack_data
from pygments.lexers.python import PythonLexer
from stack_data import core


class _Lexer(PythonLexer):  # type: ignore[misc]  # pygments ships no types
    """Marks what was being executed, as the class does that `stack_data` defines for each piece of text."""

    ranges: list[tuple[int, int]]

    def get_tokens(self, text: str) -> Iterator[tuple[Any, str]]:
        """Yield the tokens of a text."""
        length = 0
        for kind, value in super().get_tokens(text):
            executing = any(start <= length < end for start, end in self.ranges)
            length += len(value)
            yield (kind.ExecutingNode if executing else kind), value


def _colored(formatter: Any, code: str, ranges: list[tuple[int, int]]) -> list[str]:
    """Return the lines of a text in color, or as they are where that fails."""
    lexer = _Lexer(stripnl=False)
    lexer.ranges = ranges
    try:
        text: str = pygments.highlight(code, lexer, formatter)
    except Exception:  # as in `stack_data`: colors are worth no error
        text = code
    return text.splitlines()


def keep_colors() -> None:
    """Let `stack_data` make them once; called before the first traceback."""
    stack_data.style_with_executing_node = lru_cache(maxsize=8)(core.style_with_executing_node)  # type: ignore[attr-defined]
    core._pygmented_with_ranges = _colored  # type: ignore[attr-defined]

"""Colors for the code on a feedback page, within bounds: on some texts the lexer's time grows with their square."""

from __future__ import annotations

from html import escape
from typing import Any

from nbconvert.filters.highlight import Highlight2HTML

MAX_CELL = 20_000  # characters
MAX_LINE = 500  # characters; a line of 20,000 dots takes ten seconds
MAX_PAGE = 200_000  # characters; 30 microseconds each at best


class BoundedHighlight:
    """A filter that colors code, and shows it plainly where that could take long.

    Use one for each page.

    Parameters
    ----------
    parent : traitlets.config.Configurable
        The exporter; its configuration is the filter's.

    Examples
    --------
    >>> BoundedHighlight()("." * 501)[:30]
    '<div class="highlight"><pre>..'
    """

    def __init__(self, parent: Any = None) -> None:
        self._colored = Highlight2HTML(pygments_lexer="ipython3", parent=parent)
        self._left = MAX_PAGE

    def __call__(self, source: str, *_: Any, **__: Any) -> str:
        """Return code as HTML.

        Parameters
        ----------
        source : str
            The text of a cell.
        """
        self._left -= len(source)
        long_line = max(map(len, source.splitlines()), default=0) > MAX_LINE
        if long_line or len(source) > MAX_CELL or self._left < 0:
            return f'<div class="highlight"><pre>{escape(source)}</pre></div>'
        return str(self._colored(source))

"""What both processes of a notebook stand on: loaded once, before the fork servers part and are confined.

Only installed libraries are loaded here, nothing of a course and nothing that a student's process must not have.
"""

from __future__ import annotations

import codecs
import gc


def _no_table(artist: object) -> str:  # noqa: ARG001 - matplotlib's signature
    return ""


def load() -> None:
    """Import the libraries and do once what is slow the first time, with a shell that is thrown away."""
    import numpy.fft
    import numpy.polynomial
    import numpy.random
    import numpy.testing  # noqa: F401 - imported lazily by NumPy, 17 ms in each child otherwise
    from IPython.core.async_helpers import get_asyncio_loop

    from splitgrade.execution.interpreter.fonts import kept_fonts

    with kept_fonts():
        from matplotlib import artist, font_manager, mathtext
    properties = artist.kwdoc  # makes tables in texts of `help`: a third of the time of matplotlib's imports
    artist.kwdoc = _no_table
    from matplotlib_inline.backend_inline import configure_inline_support
    from matplotlib_inline.config import InlineBackend

    from splitgrade.execution.interpreter.shell import CellShell, make_shell, warm_up

    codecs.lookup("cp437")  # of the names in zip files, such as NumPy's
    warm_up(make_shell(CellShell))
    artist.kwdoc = properties
    CellShell.clear_instance()
    InlineBackend.clear_instance()
    del configure_inline_support.current_backend  # the next shell, too, is told how a figure becomes a picture
    # No open file is shared: where one process reads in it, or what wakes a loop, would be another's to change.
    get_asyncio_loop().close()
    font_manager._get_font.cache_clear()  # type: ignore[attr-defined]  # matplotlib offers no other way
    mathtext.MathTextParser._parse_cached.cache_clear()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()  # not looked through again, and no page of it written to, in the servers that are forked from here

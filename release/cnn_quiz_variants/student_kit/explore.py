"""`explore`: an interactive picture in the notebook, self-contained, alive without a kernel once it is there."""

from __future__ import annotations

import base64
import re
import secrets
import sys
from html import escape
from pathlib import Path
from typing import Any

from student_kit.explorers import EXPLORERS

_FOLDER = Path(__file__).parent / "explorers"
_COMMENTS = re.compile(r"^[ \t]*(?://.*)?\n", re.MULTILINE)
_LIBRARY = ("arithmetic.js", "page.js")


def explore(name: object) -> None:
    """Show an interactive picture.

    Parameters
    ----------
    name : str
        One of "conv", "size", "padding", "dilation", "sharing", "one by one", "pooling", "receptive field", "scaling".

    Examples
    --------
    >>> explore("conv")
    Interactive pictures need Jupyter: a filter slides over an image: window, products, sum.
    >>> explore("convolutions")
    There is no explorer "convolutions". There are: "conv", "size", "padding", "dilation", "sharing", "one by one", "pooling", "receptive field", "scaling".
    """  # noqa: E501 - the doctest has the line as it is printed
    wanted = " ".join(name.lower().replace("_", " ").split()) if isinstance(name, str) else ""
    if wanted not in EXPLORERS:
        asked = f'"{name[:40]}"' if isinstance(name, str) else "of that kind: its name goes in quotation marks"
        known = ", ".join(f'"{one}"' for one in EXPLORERS)
        print(f"There is no explorer {asked}. There are: {known}.")
        return
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(f"Interactive pictures need Jupyter: {EXPLORERS[wanted].title}.")
        return
    try:
        written = page(wanted)
    except OSError:
        print("The interactive picture is not there: the folder student_kit beside this notebook is not complete.")
        return
    from IPython.display import display

    display({"text/html": written, "text/plain": f"Interactive picture: {EXPLORERS[wanted].title}."}, raw=True)


def page(name: str) -> str:
    """Return an explorer as a piece of HTML with its style and script; each piece finds its own place in the page.

    Raises
    ------
    KeyError
        When there is no such explorer.
    OSError
        When a file of the kit is missing.
    """
    explorer = EXPLORERS[name]
    code = "\n".join(_read(file) for file in (*_LIBRARY, f"{explorer.file}.js"))
    style = _read("page.css").replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    mark = f"{explorer.file}-{secrets.token_hex(6)}"
    picture = base64.b64encode(explorer.still().encode()).decode()
    about = escape(f"{explorer.title[:1].upper()}{explorer.title[1:]}")
    return (
        f'<div data-explorer="{mark}"><img alt="{about}. A still picture; it becomes interactive where scripts run." '
        f'style="max-width:100%" src="data:image/svg+xml;base64,{picture}"></div>\n'
        f'<script>\n(() => {{\n"use strict";\n{code}\nK.start("{mark}", `{style}`, build);\n}})();\n</script>'
    )


def _read(file: str) -> str:
    """Return a script or style without the lines that are comments only."""
    return _COMMENTS.sub("", (_FOLDER / file).read_text(encoding="utf-8")).rstrip("\n")

"""`choices`: the options of a question with the chosen one marked, and buttons that write the line of the answer.

The variable stays the truth: it works without this, and a button only writes what could be typed.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from html import escape
from pathlib import Path
from typing import Any

from student_kit.call import value_of
from student_kit.examples import FORMS
from student_kit.form import Letters
from student_kit.manifest import options_of

_GRID = re.compile(r"rows ([-−\d. /]+)")  # rows are divided by /
_SCRIPT = Path(__file__).parent / "choices.js"


def is_live() -> bool:
    """Return whether a person works in a notebook: there is a kernel, and nobody grades."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel") and not os.environ.get("NBGRADER_EXECUTION")


def is_graded() -> bool:
    """Return whether a grader runs the notebook: nbgrader says so, or there is a shell without a kernel."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return bool(os.environ.get("NBGRADER_EXECUTION")) or (shell is not None and not hasattr(shell, "kernel"))


def choices(question_id: str, answer: object = ...) -> None:
    """Show the options of a question; the chosen ones are marked.

    Parameters
    ----------
    question_id : str
        Id of a question whose answer is a letter, such as "q01".
    answer : callable or object
        As in `check`.

    Examples
    --------
    >>> choices("q01", "b")
    q01: a, [b], c, d
    >>> choices("ex41-conv2d")
    'ex41-conv2d' has no options to choose from.
    """
    form = FORMS.get(question_id) if isinstance(question_id, str) else None
    if not isinstance(form, Letters):
        print(f"{question_id!r:.60} has no options to choose from.")
        return
    value = value_of(answer).value
    chosen = {letter for letter in form.options if type(value) is str and letter in value.lower()}
    plain = ", ".join(f"[{letter}]" if letter in chosen else letter for letter in form.options)
    if not is_live():
        print(f"{question_id}: {plain}")
        return
    from IPython.display import display

    display({"text/html": _html(question_id, form, chosen), "text/plain": f"{question_id}: {plain}"}, raw=True)


def _html(question_id: str, form: Letters, chosen: set[str]) -> str:
    """Return the options as buttons."""
    texts = options_of(question_id)
    mark = f"{question_id}-{secrets.token_hex(6)}"
    buttons = "".join(
        f'<button type="button" data-letter="{letter}" aria-pressed="{str(letter in chosen).lower()}">'
        f"<b>{letter}</b> {_option(texts.get(letter, ''))}</button>"
        for letter in form.options
    )
    settings = json.dumps({"mark": mark, "question": question_id, "several": form.several})
    try:
        code = _SCRIPT.read_text(encoding="utf-8")
    except OSError:
        code = ""
    kind = "one or more letters" if form.several else "one letter"
    return (
        f'<div data-choices="{escape(mark)}" role="group" aria-label="options of {escape(question_id)}, {kind}">'
        f'{buttons}<p role="status"></p></div><script>(() => {{ const settings = {settings};\n{code} }})();</script>'
    )


def _option(text: str) -> str:
    """Return the text of an option: a grid of numbers as a grid, which is read aloud by its rows."""
    grid = _GRID.fullmatch(text.strip())
    if grid is None:
        return _inline(text)
    rows = [row.split() for row in grid[1].split("/")]
    cells = "".join(f"<span>{escape(number)}</span>" for row in rows for number in row)
    columns = max(map(len, rows))
    return f'<span class="grid" role="img" aria-label="{escape(text)}" style="--columns:{columns}">{cells}</span>'


def _inline(text: str) -> str:
    """Return the text of an option with its code marked: all that a button needs of Markdown."""
    parts = escape(text.strip()).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))

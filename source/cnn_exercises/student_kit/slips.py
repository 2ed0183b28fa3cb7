"""A slip costs its own cell only: errors are shown where they happen, and the cells below run all the same.

Jupyter stops "Run All" at the first cell that fails. Beside its error, a cell gets a line in plain words where the slip
is one that is often made: a letter without quotation marks, `==` for `=`, a quotation mark that is not closed.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from student_kit.examples import FORMS, FUNCTIONS
from student_kit.form import Letters
from student_kit.manifest import read_manifest

_ASSIGNED = re.compile(r"^(\w+)[ \t]*={1,2}[ \t]*([^=\n#]*)", re.MULTILINE)
_DEFINED = re.compile(r"^def[ \t]+(\w+)", re.MULTILINE)


def forgive() -> None:
    """Let the notebook go on after a cell that fails. Where no student is at work, in grading above all, do nothing."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel") or os.environ.get("NBGRADER_EXECUTION"):
        return
    registered = shell.events.callbacks.get("post_run_cell", [])
    if not any(getattr(known, "__module__", "") == __name__ for known in registered):
        shell.events.register("post_run_cell", _after)


def words(cell: str, error: BaseException) -> str:
    r"""Return what to say about a cell that failed, "" where the error says it well enough.

    Examples
    --------
    >>> words("q99 = b", NameError("name 'b' is not defined", name="b"))
    'A letter goes in quotation marks: q99 = "b"'
    """
    missing = getattr(error, "name", None)
    for name, value in _ASSIGNED.findall(cell):
        value = value.strip()
        if isinstance(error, NameError) and missing == name and re.search(rf"^{name}\s*==", cell, re.MULTILINE):
            return f"== compares; one = writes the answer: {name} = {value[:20]}"
        if isinstance(error, NameError) and missing == value and len(value) <= 4:
            return f'A letter goes in quotation marks: {name} = "{value}"'
        if isinstance(error, NameError) and isinstance(FORMS.get(name), Letters) and missing in value.split(", "):
            return f'A letter goes in quotation marks: {name} = "{missing}"'
        if isinstance(error, SyntaxError) and value[:1] in ("'", '"') and value.count(value[0]) == 1:
            return f"The quotation mark is not closed: {name} = {value[:20].rstrip()}{value[0]}"
    if isinstance(error, SyntaxError):
        return "Python cannot read this cell; look at the line named above. Nothing in it was run."
    return ""


def _after(result: Any) -> None:
    """Report a failed cell as done; an interrupt from outside still stops everything."""
    error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
    if not isinstance(error, Exception):
        return
    result.error_before_exec = result.error_in_exec = None
    cell = getattr(result.info, "raw_cell", "") or ""
    said = words(cell, error)
    if said:
        print(said)
    print("The error stays in this cell: the cells below run all the same.")
    _forget(cell, nothing_was_run=isinstance(error, SyntaxError))


def _forget(cell: str, nothing_was_run: bool) -> None:
    """Drop the earlier value of an answer that was being written: it is not what the cell says now."""
    shell: Any = sys.modules["IPython"].get_ipython()
    written, answers = {name for name, _ in _ASSIGNED.findall(cell)}, set(FORMS)
    if nothing_was_run:
        written |= set(_DEFINED.findall(cell))
        answers |= {public.name for public in FUNCTIONS.values()}
        answers |= {question.answer for questions in read_manifest().values() for question in questions}
    for name in written & answers:
        shell.user_ns.pop(name, None)

"""What an instructor can change in a test that does not run in split processes."""

from __future__ import annotations

import re
from typing import Final

_IN_TEXT: Final = (
    (
        r"\bRefusedValueError: an argument cannot be handed",
        "hand over plain data (numbers, text, lists, arrays, tables), or let a helper that the released part of the "
        "test defines make the object",
    ),
    (r"may lie in two values", "compare values instead of changing one of them to see whether another changes"),
    (r"took longer than", "let the solution or the test do less, or raise cell_seconds"),
    (
        r"\b(ModuleNotFoundError|ImportError)\b",
        "install the module where the grader runs, or put it beside the notebook in source/",
    ),
)
_IN_SOURCE: Final = (
    (
        r"\b(mock|monkeypatch|patch|redirect_stdout|StringIO|capsys)\b|sys\.std(out|in)\b|\binput\s*=|\bprint\s*=",
        "compare what a function returns instead of what it prints or asks for",
    ),
    (r"\binspect\b|getsource|__code__|\bast\.", "test what the answer does instead of how it is written"),
    (r"\bglobals\(\)|\blocals\(\)|\bdir\(\)|\bvars\(\)", "use the names themselves, in try ... except NameError"),
    (r"^\s*class\s+\w+\(\w+\)", "test objects of the student's class instead of deriving another class from it"),
    (r"\bopen\(|\bread_csv\(|\.exists\(|\bos\.path\b", "let a function return what it would write to a file"),
    (r"\bplt\.|\bgca\(|\bgcf\(", "let a function return its figure or axes' data, and test those"),
    (r"\bdel\s+\w+|\btry:[\s\S]*\bfinally:", "pass the helper as an argument instead of replacing a global"),
)
_OTHERWISE: Final = "let the test call the answer with plain data and compare plain data with what it returns"


def advice(source: str, says: str, *, nowhere: bool = False) -> str:
    """Return what to change in a test.

    Parameters
    ----------
    source : str
        The test cell.
    says : str
        What the instructor's solution met in split processes.
    nowhere : bool
        Whether it does not pass in one process, either.

    Examples
    --------
    >>> advice("assert 'x' in globals()", "fails it: AssertionError")
    'use the names themselves, in try ... except NameError'
    """
    for pattern, text in _IN_TEXT:
        if re.search(pattern, says):
            return text
    if nowhere:
        return "correct the test or the solution, which does not pass it in one process, either"
    for pattern, text in _IN_SOURCE:
        if re.search(pattern, source, flags=re.MULTILINE):
            return text
    return _OTHERWISE

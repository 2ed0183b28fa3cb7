"""What a student may see of a check's result: a short list of fields, everything else stays behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from splitgrade.nbgrader.strict_results import NO_RESULT
from splitgrade.feedback.student_text import shown_message
from splitgrade.nbgrader.timeout import TIMEOUT

RESULT_TYPE = "application/vnd.splitgrade.result+json"

_STOPPED = {
    TIMEOUT: "The test was stopped: your code took longer than the time allowed for one cell.",
    "DeadKernelError": "The test was stopped: your code ended the process that it ran in.",
    NO_RESULT: "The test ended without a result. Please tell your instructor.",
}
# The engine's own errors: their text names a cell and a limit, never a line of a test.
OF_THE_ENGINE = {"CellTimeoutError", "NotebookTimeoutError", "ProcessEndedError", "TestEndedError"}


def result_of(outputs: list[Any], source: str = "") -> dict[str, Any] | None:
    """Return the student's view of the last result among a test cell's outputs.

    Parameters
    ----------
    outputs : list of NotebookNode
        The outputs of a test cell.
    source : str, optional
        The student's own cells: words that stand there may be quoted.

    Returns
    -------
    dict or None
        ``message``, ``hint``, ``aspects`` (each with ``name``, ``earned``, ``points``, ``held``, ``message``); None
        where the cell shows no result. The seed, the names of misconceptions and every other field are left out; text
        that the student's code may have made of hidden inputs is taken out of the messages (`student_text`).
    """
    found = [output.data[RESULT_TYPE] for output in outputs if RESULT_TYPE in output.get("data", {})]
    if not found or not isinstance(found[-1], Mapping):
        return None
    data = found[-1]
    aspects = data.get("aspects", [])
    if data.get("answered") is False:  # a table in which every row says "not answered" helps nobody
        first = next((_text(aspect.get("message"), source) for aspect in aspects if isinstance(aspect, Mapping)), "")
        return {"message": first or "Not answered yet.", "hint": "", "aspects": []}
    return {
        "message": "",
        "hint": _text(data.get("hint"), source),
        "aspects": [_aspect(aspect, source) for aspect in aspects if isinstance(aspect, Mapping)],
    }


def stopped_because(outputs: list[Any], source: str = "") -> str:
    """Return one sentence for a test cell without a result: the kind of fault, no line of the test.

    Parameters
    ----------
    outputs : list of NotebookNode
        The outputs of a test cell.
    source : str, optional
        As in `result_of`.
    """
    for output in outputs:
        if output.output_type != "error":
            continue
        if output.ename in _STOPPED:
            return _STOPPED[output.ename]
        if output.ename in OF_THE_ENGINE:
            return f"The test was stopped: {shown_message(output.evalue[:300], source)}."
    return "The test stopped with an error before it had a result."


def _aspect(aspect: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return one row of the table of aspects."""
    return {
        "name": _text(aspect.get("name"), source),
        "earned": _number(aspect.get("earned")),
        "points": _number(aspect.get("points")),
        "held": bool(aspect.get("held")),
        "message": _text(aspect.get("message"), source),
    }


def _text(value: Any, source: str) -> str:
    """Return what a student may read of a text, or nothing where it is something else."""
    return shown_message(value, source) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """Return a number, or None where it is something else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

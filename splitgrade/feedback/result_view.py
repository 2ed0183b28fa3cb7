"""What a student may see of a check's result: a short list of fields, everything else stays behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from splitgrade.execution.reasons import ERROR_NAMES, Reason
from splitgrade.execution.wire.outputs import CARRIED, RESULT
from splitgrade.feedback.student_text import Public, shown_message
from splitgrade.nbgrader.strict_results import NO_RESULT

_ENDED = "The test was stopped: your code ended the process that it ran in."
# By the name of the error: what it says is never read.
_STOPPED = {
    ERROR_NAMES[
        Reason.CELL_TOO_LONG
    ]: "The test was stopped: your code took longer than the time allowed for one cell.",
    ERROR_NAMES[
        Reason.NOTEBOOK_TOO_LONG
    ]: "The test was not run: the notebook took longer than the time allowed for it.",
    ERROR_NAMES[Reason.PROCESS_ENDED]: _ENDED,
    ERROR_NAMES[Reason.TEST_ENDED]: "The test ended before it had a result. Please tell your instructor.",
    ERROR_NAMES[Reason.SHARED_FAILED]: "The test did not pass.",
    ERROR_NAMES[Reason.WAITS]: "This test cannot be run by the grader: a person decides about it.",
    ERROR_NAMES[Reason.NOT_TRUE]: "The test did not pass.",
    "AssertionError": "The test did not pass.",
    "DeadKernelError": _ENDED,  # nbgrader's own, where it runs a notebook by itself
    NO_RESULT: "The test ended without a result. Please tell your instructor.",
}


def result_of(outputs: list[Any], public: Public | None = None) -> dict[str, Any] | None:
    """Return the student's view of the last result among a test cell's outputs.

    Parameters
    ----------
    outputs : list of NotebookNode
        The outputs of a test cell.
    public : Public, optional
        What is no secret: words of the student's own cells may be quoted.

    Returns
    -------
    dict or None
        ``message``, ``hint``, ``aspects`` (each with ``name``, ``earned``, ``points``, ``held``, ``message``); None
        where the cell shows no result. The seed, the names of misconceptions and every other field are left out; text
        that the student's code may have made of hidden inputs is taken out of the messages (`student_text`).
    """
    if carried := next((output.data[CARRIED] for output in outputs if CARRIED in output.get("data", {})), None):
        return {"message": _carried(carried), "hint": "", "aspects": []}
    found = [output.data[RESULT] for output in outputs if RESULT in output.get("data", {})]
    if not found or not isinstance(found[-1], Mapping):
        return None
    data, public = found[-1], public or Public()
    aspects = data.get("aspects", [])
    names = frozenset(str(aspect.get("name")) for aspect in aspects if isinstance(aspect, Mapping))
    public = replace(public, names=names)
    if data.get("answered") is False:  # a table in which every row says "not answered" helps nobody
        first = next((_text(aspect.get("message"), public) for aspect in aspects if isinstance(aspect, Mapping)), "")
        return {"message": first or "Not answered yet.", "hint": "", "aspects": []}
    return {
        "message": "",
        "hint": _text(data.get("hint"), public),
        "aspects": [_aspect(aspect, public) for aspect in aspects if isinstance(aspect, Mapping)],
    }


def is_answered(outputs: list[Any]) -> bool:
    """Return whether a test found an answer, as far as its last result says."""
    found = [output.data[RESULT] for output in outputs if RESULT in output.get("data", {})]
    return not (found and isinstance(found[-1], Mapping) and found[-1].get("answered") is False)


def _carried(note: Mapping[str, Any]) -> str:
    """Return what a student is told of a score that an earlier fault had cost; the engine wrote the note."""
    names = " and ".join(f"“{name}”" for name in note["follows"])
    return (
        f"The fault is in {names}. With the right answer there, this one earns {note['second']:g} points, "
        f"and these count; as it stood it would have been {note['first']:g}."
    )


def outcome_of(outputs: list[Any]) -> str:
    """Return one sentence for a test cell without a result of the checks: passed, or the kind of fault; no line of it.

    Parameters
    ----------
    outputs : list of NotebookNode
        The outputs of a test cell.
    """
    kinds = {output.output_type for output in outputs}
    if "error" not in kinds:  # a number speaks for itself
        return "" if "execute_result" in kinds else "The test passed."
    for output in outputs:
        if output.output_type == "error" and output.ename in _STOPPED:
            return _STOPPED[output.ename]
    return "The test stopped with an error before it had a result."


def _aspect(aspect: Mapping[str, Any], public: Public) -> dict[str, Any]:
    """Return one row of the table of aspects."""
    return {
        "name": _text(aspect.get("name"), public),
        "earned": _number(aspect.get("earned")),
        "points": _number(aspect.get("points")),
        "held": bool(aspect.get("held")),
        "message": _text(aspect.get("message"), public),
    }


def _text(value: Any, public: Public) -> str:
    """Return what a student may read of a text, or nothing where it is something else."""
    return shown_message(value, public) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """Return a number, or None where it is something else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

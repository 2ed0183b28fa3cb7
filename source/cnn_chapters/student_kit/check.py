"""`check`: what a student sees of an answer before handing in."""

from __future__ import annotations

import contextlib
import os
import sys

from student_kit.choices import choices, is_live
from student_kit.examples import FORMS, FUNCTIONS
from student_kit.form import Letters
from student_kit.report import Report, report

HEADS = {
    "holds": "✓ {}: right so far, the public examples hold.",
    "answered": "● {}: answered, not judged here.",
    "fails": "✗ {}: not there yet.",
    "not answered": "· {}: not answered yet.",
}


SEED_VARIABLE = "SPLITGRADE_SEED"  # only where hidden tests run; they try the public examples themselves


class NotYet(Exception):  # noqa: N818 - the name is read by students
    """Raised while `nbgrader validate` runs, which looks at nothing but errors."""

    def _render_traceback_(self) -> list[str]:
        """Return the message alone: the lines of the kit help nobody."""
        return [str(self)]


def check(question_id: str, answer: object) -> None:
    """Try the public examples of a question and print how far the answer comes; silent where hidden tests follow.

    Parameters
    ----------
    question_id : str
        Id of the answer cell, such as "ex41-conv2d".
    answer : callable or object
        `lambda: conv2d`, so that a missing name is a message instead of an error; or the answer itself.

    Raises
    ------
    NotYet
        While `nbgrader validate` runs, with the text that is printed otherwise; never in a student's notebook.

    Examples
    --------
    >>> check("ex41-conv-parameters", lambda: ...)
    · ex41-conv-parameters: not answered yet.
    """
    if os.environ.get(SEED_VARIABLE):
        return
    # Anything on stderr would count as a failed test cell in nbgrader, so it goes where other printing goes.
    with contextlib.redirect_stderr(sys.stdout):
        found = report(question_id, answer)
    if found.status in ("fails", "not answered") and os.environ.get("NBGRADER_VALIDATING"):
        raise NotYet(as_text(found))
    print(as_text(found))
    if is_live() and isinstance(FORMS.get(question_id), Letters):
        choices(question_id, answer)


def as_text(found: Report) -> str:
    """Return a report in words."""
    public = FUNCTIONS.get(found.question)
    more = found.status == "holds" and not (public is not None and public.step)
    after = ["  Hidden tests try more than these examples."] if more else []
    lines = [f"  {line}" for line in found.lines]
    return "\n".join([HEADS[found.status].format(found.question), *lines, *after])

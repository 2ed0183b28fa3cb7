"""`progress`: where a student stands in a notebook, looked up at the moment it is asked."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterable, Mapping

from student_kit.call import silence, value_of
from student_kit.examples import FORMS, FUNCTIONS
from student_kit.manifest import Question, read_manifest, this_notebook
from student_kit.report import Status, report

STATES: dict[Status, tuple[str, str]] = {
    "holds": ("✓", "right so far: the public examples hold"),
    "answered": ("●", "answered, not judged here"),
    "fails": ("✗", "not there yet: run its check cell"),
    "not answered": ("·", "open"),
}
SHORT: dict[Status, str] = {"holds": "right so far", "answered": "answered", "fails": "not there yet"}


def progress(notebook: str = "") -> None:
    """Print how each question of a notebook stands now.

    Parameters
    ----------
    notebook : str, optional
        Name of the notebook, such as "ex41"; by default the one that is run, as far as its editor tells.

    Examples
    --------
    >>> progress("ex99")
    The file questions.json of this assignment is missing or damaged, so its questions are not known.
    Put it back beside the notebooks; the check cells work without it.
    """
    names = sys._getframe(1).f_globals  # what the notebook has defined
    manifest = read_manifest()
    if not manifest:
        print("The file questions.json of this assignment is missing or damaged, so its questions are not known.")
        print("Put it back beside the notebooks; the check cells work without it.")
        return
    chosen = notebook or this_notebook(names)
    if notebook and notebook not in manifest:
        print(f"There is no notebook {notebook[:40]!r}. There are: {', '.join(manifest)}.")
        return
    questions = manifest.get(chosen) or [question for some in manifest.values() for question in some]
    print("\n".join(overview(questions, names)))


def overview(questions: Iterable[Question], names: Mapping[str, object]) -> list[str]:
    """Return the lines of `progress`.

    Parameters
    ----------
    questions : iterable of Question
        The questions of a notebook.
    names : mapping of str to object
        What the notebook has defined.
    """
    questions = tuple(questions)
    asked = [question for question in questions if question.answer]
    states = {question.id: state_of(question, names) for question in asked}
    wide = max(map(len, states), default=0)
    lines = [f"{STATES[states[one.id]][0]} {one.id:<{wide}}  {STATES[states[one.id]][1]}" for one in asked]
    counts = [f"{sum(state == key for state in states.values())} {text}" for key, text in SHORT.items()]
    left = sum(state == "not answered" for state in states.values())
    lines += ["", f"{', '.join(counts)}, {left} open, of {len(asked)} questions."]
    if left == len(asked):
        lines.append("After a restart nothing is defined: run all cells first, then this one.")
    if "holds" in states.values():
        lines.append("Hidden tests try other inputs as well, so passing here does not mean full points.")
    written = [question.title for question in questions if not question.answer]
    if written:
        lines += ["", f"Written answers are read by a person: {'; '.join(written)}.", "This cell cannot see them."]
    return lines


def state_of(question: Question, names: Mapping[str, object]) -> Status:
    """Return how a question stands, looking up its answer now; what the answer prints is swallowed."""

    def look_up() -> object:
        return eval(question.answer, dict(names))  # noqa: S307 - an expression of the assignment, not of the student

    if question.id not in FUNCTIONS and question.id not in FORMS:
        return "answered" if _exists(look_up) else "not answered"
    with silence(), contextlib.redirect_stderr(io.StringIO()):
        return report(question.id, look_up).status


def _exists(look_up: object) -> bool:
    """Return whether a name has a value other than the blank one."""
    found = value_of(look_up)
    return not found.error and not found.blank

"""A notebook run once more for its feedback page, by a process that never meets a test.

While tests run, a student's function sees hidden inputs; it can keep them, and a later cell can show them. So what
cells behind a test have shown while grading stays with the grader. Here the same cells run in a new process that is
given only what the student has anyway: the text that was released, the student's own, and the files of both. What it
shows cannot hold anything else.
"""

from __future__ import annotations

from typing import Any

from splitgrade.execution.alone import Alone
from splitgrade.execution.instructor import InstructorNotebook, role_of
from splitgrade.execution.setting import Setting
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import Limits


class Preview(Alone):
    """A student's process without a test; it runs what `text_for_preview` gives, see `Alone`."""

    def __init__(self, server: ForkServer, setting: Setting, limits: Limits) -> None:
        super().__init__(server, setting, limits)
        self.student.hurried = True


def text_for_preview(instructor: InstructorNotebook, cell: Any) -> str:
    """Return what of a cell is run: text that the student has.

    Parameters
    ----------
    instructor : InstructorNotebook
        The notebook that was handed out.
    cell : NotebookNode
        A cell of what came back, after grading. Its own text counts where students write; for set-up and test cells
        the released one does, so that neither an edit nor a hidden test gets in.
    """
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    source = instructor.cells.get(grade_id)
    if source is None or role_of(source) == "answer":
        return str(cell.source)
    return instructor.released[source.metadata.nbgrader["grade_id"]]

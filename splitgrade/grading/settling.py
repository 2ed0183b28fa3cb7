"""Recording of one submission: the gradebook's rows, the folder that people look at, the state for the next run."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from splitgrade.errors import CourseError
from splitgrade.grading import fingerprints
from splitgrade.grading.desk import Desk
from splitgrade.grading.gradebook_writer import GradebookWriter
from splitgrade.grading.partial import Partial
from splitgrade.grading.publish import publish
from splitgrade.grading.record import SubmissionRecord
from splitgrade.grading.task import Verdict, no_verdict
from splitgrade.nbgrader.after_grades import AfterGrades, steps_after
from splitgrade.nbgrader.marks import MarkGrounds

# What would meet every submission that comes after this one, too.
_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})


class Settling:
    """Records submissions of one run, one after the other.

    Parameters
    ----------
    root : Path
        The course folder.
    config : Config
        nbgrader's configuration.
    assignment : str
        What is graded.
    writer : GradebookWriter
        Writes into the gradebook.
    staging : Path
        The run's folder, where finished submissions wait.
    """

    def __init__(self, root: Path, config: Config, assignment: str, writer: GradebookWriter, staging: Path) -> None:
        self._root, self._assignment, self._writer, self._staging = root, assignment, writer, staging
        self._course = CourseDirectory(config=config)

    def settle(self, verdict: Verdict, desk: Desk) -> SubmissionRecord:
        """Record one submission: gradebook, folder, state, in this order.

        Parameters
        ----------
        verdict : Verdict
            What a worker found.
        desk : Desk
            Writes its folder.

        Returns
        -------
        SubmissionRecord
            The result; where it could not be recorded, the points stay open and it says why.

        Raises
        ------
        CourseError, SQLAlchemyError, OSError
            What the next submission would meet as well; this one is looked at again by the next run.
        """
        student, root, assignment = verdict.student, self._root, self._assignment
        path = fingerprints.state_path(root, assignment, student)
        target = Path(self._course.format_path(self._course.autograded_directory, student, assignment))
        try:
            graded = desk.graded(verdict)
            fingerprints.forget_state(path)
            grounds = MarkGrounds(root, assignment, student)
            submission, scores = self._writer.write(graded, grounds.read())
            grounds.write({name: grades.marks for name, grades in graded.grades.items()})
            publish(graded.folder, target, self._staging)
            fingerprints.write_state(path, fingerprints.State(graded.fingerprint, submission, scores, graded.record))
            if not graded.record.having("failed"):
                Partial(root, assignment, student).remove()
        except Exception as error:  # one submission's fault is said by name; the class goes on
            if _ends_the_run(error):
                raise
            what = "the gradebook could not be written" if isinstance(error, SQLAlchemyError) else "it was not recorded"
            reason = f"{what}: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            return no_verdict(student, list(verdict.record.notebooks), reason).record
        return graded.record


def on_gradebook(config: Config) -> tuple[Any, list[AfterGrades]]:
    """Return the steps that need the gradebook: nbgrader's for late submissions, if it is listed, and the course's."""
    app = Autograde(coursedir=CourseDirectory(config=config), config=config)
    listed = [*app.sanitize_preprocessors, *app.autograde_preprocessors]
    named = [import_item(each) if isinstance(each, str) else each for each in listed]
    penalties = AssignLatePenalties(parent=app) if AssignLatePenalties in named else None
    return penalties, steps_after(named, app)


def _ends_the_run(error: Exception) -> bool:
    """Say whether the next submission would meet the same."""
    if isinstance(error, SQLAlchemyError):
        return not isinstance(error, DataError | IntegrityError)
    return isinstance(error, CourseError) or (isinstance(error, OSError) and error.errno in _OF_THE_MACHINE)

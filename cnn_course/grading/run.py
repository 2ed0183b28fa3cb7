"""Grade a class: one submission at a time, each on its own, none at the cost of another."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import rmtree
from traitlets.config import Config

from cnn_course.errors import CourseError
from cnn_course.grading import marks
from cnn_course.grading.record import NotebookRecord, RunRecord, SubmissionRecord, read_record, write_record
from cnn_course.grading.restore import findings_of
from cnn_course.grading.submissions import Inspection, grade_ids, inspect, stage
from cnn_course.nbgrader.session import Outcome, convert, open_gradebook

SEED_VARIABLE = "CNN_COURSE_SEED"

# What the file of a submission can bring about; anything else that ends a conversion is a fault of the run.
OWN_FAULTS = {
    "DeadKernelError": "its code ended the process that it ran in",
    "UnresponsiveKernelError": "its code did not stop when it was interrupted",
    "NotebookValidationError": "not a valid notebook",
    "ValidationError": "its nbgrader metadata was changed and cannot be used",
    "SchemaTooNewError": "its nbgrader metadata has a schema_version that does not exist",
    "SchemaTooOldError": "its nbgrader metadata has a schema_version that is too old, or none",
}


@dataclass(frozen=True)
class Grader:
    """What a run needs to know.

    Parameters
    ----------
    root : Path
        The course folder; its gradebook, ``source/``, ``submitted/`` and ``autograded/`` are used.
    config : Config
        nbgrader's configuration, with ``root`` as its course.
    assignment : str
        What is graded.
    expected : mapping of str to set of str
        The assignment's notebooks and their grade_ids, from ``source/``.
    """

    root: Path
    config: Config
    assignment: str
    expected: Mapping[str, set[str]]

    @classmethod
    def of(cls, root: Path, config: Config, assignment: str) -> Grader:
        """Return the grader of an assignment.

        Raises
        ------
        CourseError
            When the assignment has no notebooks in ``source/`` or the gradebook does not know it.
        """
        folder = root / "source" / assignment
        paths = sorted(folder.glob("*.ipynb"))
        if not paths:
            raise CourseError(f"{folder} holds no notebooks: build and release {assignment!r} first")
        with open_gradebook(root, config) as gradebook:  # made here if need be: several at once would race
            if assignment not in {each.name for each in gradebook.assignments}:
                raise CourseError(f"the gradebook does not know {assignment!r}: release it first")
        return cls(
            root, config, assignment, {path.stem: grade_ids(nbformat.read(path, as_version=4)) for path in paths}
        )

    def students(self) -> list[str]:
        """Return who handed something in."""
        return sorted(
            path.parent.name for path in (self.root / "submitted").glob(f"*/{self.assignment}") if path.is_dir()
        )

    def grade(self, student: str) -> SubmissionRecord:
        """Grade one submission and return what came of it; nothing that is handed in makes this raise."""
        folder = self.root / "submitted" / student / self.assignment
        staging = self.root / ".cnn-course" / "staging"
        if staging.exists():
            rmtree(str(staging))  # left by a run that was killed
        found = inspect(folder, self.expected)
        try:
            stage(folder, found, staging / student / self.assignment, self.root / "source" / self.assignment)
            with open_gradebook(self.root, self.config) as gradebook:
                earlier = marks.read(gradebook, self.root, self.assignment, student)
            failed = self._convert(student, found)
            with open_gradebook(self.root, self.config) as gradebook:
                self._settle(gradebook, student, failed, found)
                marks.restore(gradebook, self.root, self.assignment, student, earlier)
        finally:
            if staging.exists():
                rmtree(str(staging))
        found.notes += self._put_right(student, found)
        return _record(found, failed, self.expected)

    def _convert(self, student: str, found: Inspection) -> dict[str, Outcome]:
        """Run nbgrader on the staged notebooks; where that fails, on each alone. Return those that failed."""
        if not found.accepted:
            self._remove_autograded(student)
            return {}
        if self._autograde(student).success:
            return {}
        self._remove_autograded(student)
        outcomes = {name: self._autograde(student, notebook_id=name) for name in found.accepted}
        return {name: outcome for name, outcome in outcomes.items() if not outcome.success}

    def _autograde(self, student: str, **traits: str) -> Outcome:
        """Let nbgrader autograde what is staged."""
        return convert(
            Autograde, self.config, self.assignment, student, submitted_directory=".cnn-course/staging", **traits
        )

    def _settle(self, gradebook: object, student: str, failed: Mapping[str, Outcome], found: Inspection) -> None:
        """Leave no score of an earlier run where this one has none."""
        marks.ensure(gradebook, self.root, self.assignment, student)
        for name in (*found.refused, *found.missing):
            marks.clear(gradebook, self.assignment, student, name, 0.0)
        for name, outcome in failed.items():
            marks.clear(gradebook, self.assignment, student, name, 0.0 if outcome.error in OWN_FAULTS else None)

    def _put_right(self, student: str, found: Inspection) -> list[str]:
        """Return what was not as it had been handed out in the notebooks that were graded."""
        notes = []
        for name in found.accepted:
            path = self.root / "autograded" / student / self.assignment / f"{name}.ipynb"
            for finding in findings_of(nbformat.read(path, as_version=4)) if path.is_file() else ():
                notes.append(f"{name}: {finding.cell}: {finding.says}" if finding.cell else f"{name}: {finding.says}")
        return notes

    def _remove_autograded(self, student: str) -> None:
        """Remove what an earlier run left of this submission."""
        course = CourseDirectory(config=self.config)
        path = course.format_path(course.autograded_directory, student, self.assignment)
        if Path(path).exists():
            rmtree(path)


def grade_class(
    grader: Grader, students: Sequence[str], seed: int | None = None
) -> Iterator[tuple[str, SubmissionRecord]]:
    """Grade submissions, yielding each as it is done; the record on disk is written after each.

    Parameters
    ----------
    grader : Grader
        Course and assignment.
    students : sequence of str
        Whose submissions.
    seed : int, optional
        The seed of fresh inputs; drawn anew by default, and recorded.

    Yields
    ------
    tuple of str and SubmissionRecord
        The student and what came of the submission.
    """
    seed = secrets.randbits(32) if seed is None else seed
    before = read_record(grader.root, grader.assignment)
    record = RunRecord(grader.assignment, seed, before.submissions if before else {})
    handed_in = set(grader.students())
    record.submissions = {name: each for name, each in record.submissions.items() if name in handed_in}
    with _seeded(seed):
        for student in students:
            try:
                outcome = grader.grade(student)
            except Exception as error:  # a fault of the run: said by name, and the others are still graded
                reason = f"{type(error).__name__}: {error}"
                outcome = SubmissionRecord({name: NotebookRecord("failed", reason) for name in grader.expected})
            record.submissions[student] = outcome
            write_record(grader.root, record)
            yield student, outcome


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Give the seed to the processes that run the tests."""
    before = os.environ.get(SEED_VARIABLE)
    os.environ[SEED_VARIABLE] = str(seed)
    try:
        yield
    finally:
        if before is None:
            del os.environ[SEED_VARIABLE]
        else:
            os.environ[SEED_VARIABLE] = before


def _record(found: Inspection, failed: Mapping[str, Outcome], expected: Mapping[str, set[str]]) -> SubmissionRecord:
    """Put together how each notebook fared, in the assignment's order."""
    notebooks = {}
    for name in expected:
        if name in found.missing:
            notebooks[name] = NotebookRecord("missing", "not handed in")
        elif name in found.refused:
            notebooks[name] = NotebookRecord("refused", found.refused[name])
        elif name not in failed:
            notebooks[name] = NotebookRecord("graded")
        elif failed[name].error in OWN_FAULTS:
            notebooks[name] = NotebookRecord("refused", OWN_FAULTS[failed[name].error])
        else:
            notebooks[name] = NotebookRecord("failed", failed[name].reason)
    return SubmissionRecord(notebooks, found.notes)

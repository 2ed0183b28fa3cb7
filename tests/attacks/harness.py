"""Hand in a class of attackers between honest students, grade it, and look at everything that is left."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_course.reporting.gradebook import read_results
from splitgrade.feedback.pages import write_feedback
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record import SubmissionRecord
from splitgrade.nbgrader.session import open_gradebook
from tests.attacks.attack import Attack, edited, fill_in
from tests.attacks.course import ASSIGNMENT, NOTEBOOK, configuration, write_course

HONEST = ("0-honest-before", "z-honest-after")  # submissions are started in the order of their names
ENVIRONMENT_SECRET = "grader-secret-4a1f"  # noqa: S105 - a bait in the environment of the grader
LARGE = 1 << 30  # bytes of a file that is looked at, but not read


@dataclass(frozen=True)
class Result:
    """What came of one submission.

    Parameters
    ----------
    scores : dict of str to float
        Points of each graded cell in the gradebook.
    record : SubmissionRecord
        What the run says of it.
    page : str
        The feedback, empty where there is none.
    unchanged : bool
        Whether the submitted files are, byte by byte, what they were.
    """

    scores: dict[str, float]
    record: SubmissionRecord
    page: str
    unchanged: bool


def hand_in(root: Path, attacks: Sequence[Attack]) -> None:
    """Write the submissions: each attack, and the two honest ones."""
    for student in HONEST:
        _right_submission(root, student)
    for attack in attacks:
        attack.recipe(_right_submission(root, attack.name))


def run(root: Path, attacks: Sequence[Attack]) -> dict[str, Result]:
    """Grade a batch of attacks, with feedback, and return what came of each by name.

    Parameters
    ----------
    root : Path
        The course; made where there is none.
    attacks : sequence of Attack
        The batch; two honest submissions are graded around it.
    """
    if not root.exists():
        write_course(root)
    hand_in(root, attacks)
    students = sorted([*HONEST, *(attack.name for attack in attacks)])
    before = {student: fingerprint(root / "submitted" / student) for student in students}
    config = configuration(root)
    os.environ["CNN_COURSE_TEST_SECRET"] = ENVIRONMENT_SECRET
    try:
        records = dict(GradingRun(Grader.of(root, config, ASSIGNMENT), students, seed=7, force=True).outcomes())
    finally:
        del os.environ["CNN_COURSE_TEST_SECRET"]
    made = [student for student in students if "graded" in {n.state for n in records[student].notebooks.values()}]
    for student, outcome in write_feedback(root, config, ASSIGNMENT, made):
        if not outcome.success:
            raise RuntimeError(f"{student}: no feedback: {outcome.reason}")
    with open_gradebook(root, config) as gradebook:
        results = {each.student: each for each in read_results(gradebook, ASSIGNMENT).students}
    return {
        student: Result(
            {each.name: float(each.score or 0) for each in results[student].notebooks[NOTEBOOK].questions},
            records[student],
            _page(root, student),
            fingerprint(root / "submitted" / student) == before[student],
        )
        for student in students
    }


def fingerprint(folder: Path) -> dict[str, str]:
    """Return what differs when a name, a link or a byte in a folder differs."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file() and path.stat().st_size > LARGE:
            found[name] = f"{path.stat().st_size} bytes, changed at {path.stat().st_mtime_ns}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder"
    return found


def _right_submission(root: Path, student: str) -> Path:
    """Copy the release and fill in the right answers."""
    target = root / "submitted" / student / ASSIGNMENT
    if target.exists():  # an honest student is in every batch
        shutil.rmtree(target)
    shutil.copytree(root / "release" / ASSIGNMENT, target)
    edited(fill_in)(target)
    return target


def _page(root: Path, student: str) -> str:
    path = root / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html"
    return path.read_text(encoding="utf-8") if path.is_file() else ""

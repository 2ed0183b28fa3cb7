"""Marks written into nbgrader's gradebook as formgrader writes them; nobody's mark is lost to another marker.

A mark is written only where the gradebook still says what the marker saw, in one statement; what somebody else has
marked meanwhile, here or in formgrader, stays and is counted as a conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbgrader.api import Comment, Grade, Gradebook
from sqlalchemy import update

from cnn_course.marking.answers import Answer, Mark


@dataclass(frozen=True)
class Step:
    """What one action of a marker changed: the answers with the marks from before, and the mark that they got."""

    before: Sequence[Answer]
    mark: Mark


@dataclass(frozen=True)
class Done:
    """What came of an action: the step, to be taken back, and how many answers somebody else changed meanwhile."""

    step: Step
    conflicts: int


def write_mark(gradebook: Gradebook, answers: Sequence[Answer], score: float, comment: str) -> Done:
    """Mark answers.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        An open gradebook.
    answers : sequence of Answer
        As the marker saw them.
    score : float
        Between 0 and the points of the question.
    comment : str
        For the student; may be empty.

    Raises
    ------
    ValueError
        When the score is none that the question can have.
    """
    for answer in answers:
        if not 0 <= score <= answer.most + 1e-9:
            raise ValueError(f"a score is between 0 and {answer.most:g}; found {score:g}")
    mark = Mark(score, False, comment)
    written = [answer for answer in answers if _replace(gradebook, answer, answer.mark, mark)]
    gradebook.db.commit()
    return Done(Step(written, mark), len(answers) - len(written))


def take_back(gradebook: Gradebook, step: Step) -> int:
    """Undo a step; return how many answers somebody else has marked since, which stay."""
    undone = [_replace(gradebook, answer, step.mark, answer.mark) for answer in step.before]
    gradebook.db.commit()
    return undone.count(False)


def _replace(gradebook: Gradebook, answer: Answer, seen: Mark, new: Mark) -> bool:
    """Write a mark where the gradebook says what was seen; return whether it did."""
    same_score = Grade.manual_score.is_(None) if seen.score is None else Grade.manual_score == seen.score
    where = (Grade.id == answer.grade_id, same_score, Grade.needs_manual_grade == seen.waiting)
    values = {"manual_score": new.score, "needs_manual_grade": new.waiting}
    comment = gradebook.db.query(Comment).populate_existing().filter(Comment.id == answer.comment_id).one()
    if (comment.manual_comment or "") != seen.comment:
        return False
    if gradebook.db.execute(update(Grade).where(*where).values(**values)).rowcount != 1:
        return False
    if new.comment != seen.comment:
        comment.manual_comment = new.comment or None
        gradebook.db.flush()
    return True

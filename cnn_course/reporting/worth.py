"""What one student's submission is worth after the decisions about its assignment, and why.

Questions first (void, full marks), then what is left out (drop), lateness (extension, late policy), and at last what is
added (bonus).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import fsum

from cnn_course.collecting.times import days_late
from cnn_course.deciding.decisions import Decision
from cnn_course.reporting.gradebook import NotebookScore, QuestionScore, StudentResult


@dataclass(frozen=True)
class Worth:
    """What one student's submission is worth after decisions, in the parts that a gradebook has.

    Parameters
    ----------
    books : mapping of str to NotebookScore
        Without void questions, with full marks, before anything is left out.
    shares : mapping of str to float
        What each question counts for after the lowest are left out: 0, or the factor that keeps the maximum.
    penalties : mapping of str to float
        What is taken off for lateness, by notebook.
    bonus : float
        What is added at last.
    late, because
        Seconds after extensions; the decisions in words.
    until : datetime or None
        The deadline that an extension gave.
    by_policy : float
        What a decided late policy took off.
    """

    books: Mapping[str, NotebookScore]
    shares: Mapping[str, float]
    penalties: Mapping[str, float]
    bonus: float
    late: float
    because: Sequence[str]
    until: datetime | None
    by_policy: float

    @property
    def points(self) -> float:
        """Return the points of the submission."""
        scores = [self.shown(question) for book in self.books.values() for question in book.questions]
        return max(0.0, fsum(scores) - fsum(self.penalties.values()) + self.bonus)

    def shown(self, question: QuestionScore) -> float:
        """Return what a question of `books` counts for."""
        return question.score * self.shares.get(question.name, 1.0)


@dataclass(frozen=True)
class Case:
    """The decisions about one assignment, applied student by student.

    Parameters
    ----------
    decisions : sequence of Decision
        Those in force.
    names : mapping of str to str or None
        The gradebook's name of each question that they name.
    maxima : mapping of str to float
        Points by notebook, without void questions.
    sections : mapping of str to str
        The section of each student.
    """

    decisions: Sequence[Decision]
    names: Mapping[str, str | None]
    maxima: Mapping[str, float]
    sections: Mapping[str, str]

    def student(self, student: StudentResult) -> StudentResult:
        """Return one student's result."""
        worth = self.worth(student)
        if not student.notebooks:
            return replace(student, seconds_late=worth.late)
        books = {
            name: replace(book, penalty=0.0 if worth.by_policy else worth.penalties[name])
            for name, book in worth.books.items()
        }
        changed = replace(student, notebooks=books, seconds_late=worth.late, because=worth.because)
        if abs(worth.points - changed.score) < 1e-12:
            return changed
        return replace(changed, decided=worth.points, late_penalty=worth.by_policy)

    def worth(self, student: StudentResult) -> Worth:
        """Return what one student's submission is worth."""
        mine = [
            each for each in self.decisions if each.concerns(student.student, self.sections.get(student.student, ""))
        ]
        because: list[str] = []
        late, until = self._seconds_late(student, [each for each in mine if each.kind == "extension"], because)
        books = {name: self._notebook(book, mine, because) for name, book in student.notebooks.items()}
        shares = self._shares(books, [each for each in mine if each.kind == "drop"], because)
        policy = next((each for each in reversed(mine) if each.kind == "late"), None)
        reached = {
            name: fsum(each.score * shares.get(each.name, 1.0) for each in book.questions)
            for name, book in books.items()
        }
        if policy is not None:
            by_policy = _penalty(fsum(reached.values()), fsum(self.maxima.values()), late, policy, because)
            part = by_policy / fsum(reached.values()) if by_policy else 0.0
            penalties = {name: points * part for name, points in reached.items()}
        else:
            # nbgrader's penalty stays as far as the student is late and the points it was taken from still count
            by_policy, still = 0.0, late > 0 or late == student.seconds_late
            penalties = {name: min(book.penalty, reached[name]) if still else 0.0 for name, book in books.items()}
        left = fsum(reached.values()) - fsum(penalties.values())
        bonus = 0.0
        for each in mine if books else ():
            if each.kind == "bonus":
                bonus += each.points
                because.append(f"{each.points:+g} points: {each.why} ({each.id})")
        said = tuple(dict.fromkeys(because))
        return Worth(books, shares, penalties, max(bonus, -left), late, said, until, by_policy)

    def _notebook(self, book: NotebookScore, mine: Sequence[Decision], because: list[str]) -> NotebookScore:
        """Return a notebook without void questions, with full marks where they were decided."""
        questions: list[QuestionScore] = []
        for question in book.questions:
            about = [each for each in mine if each.question and self.names[each.question] == question.name]
            full = next((each for each in about if each.kind == "full"), None)
            void = next((each for each in about if each.kind == "void"), None)
            if void is not None:
                because.append(f"{void.question} does not count: {void.why} ({void.id})")
            elif full is not None:
                because.append(f"full marks for {full.question}: {full.why} ({full.id})")
                questions.append(question._replace(score=question.max_score, waiting=False))
            else:
                questions.append(question)
        return replace(book, questions=tuple(questions))

    def _shares(
        self, books: Mapping[str, NotebookScore], drops: Sequence[Decision], because: list[str]
    ) -> dict[str, float]:
        """Return what each question counts for, the lowest left out: the rest is brought to the same maximum."""
        if not drops or not books:
            return {}
        most = fsum(self.maxima.values())
        # A notebook that was not handed in is the lowest there is; its questions are not here, its maximum is.
        books_left = {name: points for name, points in self.maxima.items() if points > 0}
        left = {q.name: (name, q) for name, book in books.items() for q in book.questions if q.max_score > 0}
        for each in drops:
            if each.of == "notebooks":
                score = {name: books[name].score if name in books else 0.0 for name in books_left}
                for name in sorted(books_left, key=lambda one: score[one] / books_left[one])[: each.lowest]:
                    del books_left[name]
            else:
                inside = [q for name, q in left.values() if name in books_left]
                for question in sorted(inside, key=lambda one: one.score / one.max_score)[: each.lowest]:
                    books_left[left.pop(question.name)[0]] -= question.max_score
            because.append(f"the lowest {each.lowest} of the {each.of} left out: {each.why} ({each.id})")
        kept = fsum(books_left.values())
        return {
            question.name: most / kept if question.name in left and name in books_left and kept > 1e-9 else 0.0
            for name, book in books.items()
            for question in book.questions
        }

    def _seconds_late(
        self, student: StudentResult, extensions: Sequence[Decision], because: list[str]
    ) -> tuple[float, datetime | None]:
        """Return how late a submission is after extensions, of which the latest counts, and until when that is."""
        latest = max(
            (each for each in extensions if each.until), key=lambda each: each.until or datetime.min, default=None
        )
        if latest is None or latest.until is None:
            return student.seconds_late, None
        because.append(f"until {latest.until:%Y-%m-%d %H:%M} UTC: {latest.why} ({latest.id})")
        until = latest.until.replace(tzinfo=None)  # as nbgrader keeps times
        if student.timestamp is None:
            return student.seconds_late, until
        over = (student.timestamp.replace(tzinfo=None) - until).total_seconds()
        return min(student.seconds_late, max(0.0, over)), until


def _penalty(reached: float, most: float, late: float, policy: Decision, because: list[str]) -> float:
    """Return what a late policy takes off, in points."""
    days = days_late(late, timedelta(minutes=policy.grace_minutes))
    if not days:
        return 0.0
    percent = min(days * policy.percent, policy.most_percent or 100.0)
    because.append(f"{days} {'day' if days == 1 else 'days'} late: {percent:g} % off ({policy.id})")
    return min(reached, percent / 100 * (most if policy.of == "maximum" else reached))

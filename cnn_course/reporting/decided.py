"""Decisions applied to results: a pure function, the same however often it is called.

Questions first (void, full marks), then what is left out (drop), lateness (extension, late policy), and at last what is
added (bonus).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cnn_course.collecting.times import days_late
from cnn_course.deciding.decisions import Decision, in_force, question_name
from cnn_course.reporting.gradebook import AssignmentResults, NotebookScore, QuestionScore, StudentResult
from splitgrade.errors import CourseError


def apply(
    results: AssignmentResults, decisions: Sequence[Decision], sections: Mapping[str, str] | None = None
) -> AssignmentResults:
    """Return the results of an assignment as the instructor decided.

    Parameters
    ----------
    results : AssignmentResults
        As graded, or with decisions applied already; these are taken back first.
    decisions : sequence of Decision
        Of the whole course.
    sections : mapping of str to str, optional
        The section of each student.

    Returns
    -------
    AssignmentResults
        The maxima are without void questions; ``undecided`` holds the results as graded.

    Raises
    ------
    CourseError
        When a decision is about a question or a student that there is not, by name.
    """
    graded = results.undecided or results
    mine = [each for each in in_force(decisions) if each.assignment == graded.assignment]
    if not mine:
        return graded
    known = _questions(graded)
    _check(graded, mine, known)
    names = {each.question: question_name(known, each.question) for each in mine if each.question}
    void = {names[each.question] for each in mine if each.kind == "void"}
    lost: dict[str, float] = {}
    for name, (notebook, points) in known.items():
        lost[notebook] = lost.get(notebook, 0.0) + (points if name in void else 0.0)
    maxima = {name: points - lost.get(name, 0.0) for name, points in graded.maxima.items()}
    case = _Case(mine, names, maxima, sections or {})
    return replace(graded, maxima=maxima, students=[case.student(each) for each in graded.students], undecided=graded)


@dataclass(frozen=True)
class _Case:
    """The decisions about one assignment, applied student by student."""

    decisions: Sequence[Decision]
    names: Mapping[str, str | None]
    maxima: Mapping[str, float]
    sections: Mapping[str, str]

    def student(self, student: StudentResult) -> StudentResult:
        """Return one student's result."""
        mine = [
            each for each in self.decisions if each.concerns(student.student, self.sections.get(student.student, ""))
        ]
        because: list[str] = []
        late = self._seconds_late(student, [each for each in mine if each.kind == "extension"], because)
        if not student.notebooks:
            return replace(student, seconds_late=late)
        books = {name: self._notebook(book, mine, because) for name, book in student.notebooks.items()}
        policy = next((each for each in reversed(mine) if each.kind == "late"), None)
        if policy is not None or late != student.seconds_late:
            # nbgrader's penalty is of the deadline that no longer holds, or is replaced by the policy
            books = {
                name: replace(book, penalty=0.0 if policy or not late else book.penalty) for name, book in books.items()
            }
        reached = self._reached(books, [each for each in mine if each.kind == "drop"], because)
        penalty = _penalty(reached, sum(self.maxima.values()), late, policy, because) if policy else 0.0
        bonus = 0.0
        for each in mine:
            if each.kind == "bonus":
                bonus += each.points
                because.append(f"{each.points:+g} points: {each.why} ({each.id})")
        changed = replace(student, notebooks=books, seconds_late=late, because=tuple(dict.fromkeys(because)))
        decided = max(0.0, reached - penalty + bonus)
        return changed if decided == changed.score else replace(changed, decided=decided, late_penalty=penalty)

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
                questions.append(replace(question, score=question.max_score, waiting=False))
            else:
                questions.append(question)
        return replace(book, questions=tuple(questions))

    def _reached(self, books: Mapping[str, NotebookScore], drops: Sequence[Decision], because: list[str]) -> float:
        """Return the points, the lowest left out: the rest is brought to the assignment's maximum."""
        reached, most = sum(book.score for book in books.values()), sum(self.maxima.values())
        for each in drops:
            if each.of == "notebooks":
                pairs = [(books[name].score if name in books else 0.0, points) for name, points in self.maxima.items()]
            else:
                pairs = [(question.score, question.max_score) for book in books.values() for question in book.questions]
            pairs = sorted((pair for pair in pairs if pair[1] > 0), key=lambda pair: pair[0] / pair[1])[each.lowest :]
            kept = sum(points for _, points in pairs)
            reached = most * sum(score for score, _ in pairs) / kept if kept else 0.0
            because.append(f"the lowest {each.lowest} of the {each.of} left out: {each.why} ({each.id})")
        return reached

    def _seconds_late(self, student: StudentResult, extensions: Sequence[Decision], because: list[str]) -> float:
        """Return how late a submission is after extensions; the latest counts."""
        latest = max(
            (each for each in extensions if each.until), key=lambda each: each.until or datetime.min, default=None
        )
        if latest is None or latest.until is None:
            return student.seconds_late
        because.append(f"until {latest.until:%Y-%m-%d %H:%M} UTC: {latest.why} ({latest.id})")
        if student.timestamp is None:
            return student.seconds_late
        until = latest.until.replace(tzinfo=None)  # as nbgrader keeps times
        over = (student.timestamp.replace(tzinfo=None) - until).total_seconds()
        return min(student.seconds_late, max(0.0, over))


def _penalty(reached: float, most: float, late: float, policy: Decision, because: list[str]) -> float:
    """Return what a late policy takes off, in points."""
    days = days_late(late, timedelta(minutes=policy.grace_minutes))
    if not days:
        return 0.0
    percent = min(days * policy.percent, policy.most_percent or 100.0)
    because.append(f"{days} {'day' if days == 1 else 'days'} late: {percent:g} % off ({policy.id})")
    return min(reached, percent / 100 * (most if policy.of == "maximum" else reached))


def _questions(results: AssignmentResults) -> dict[str, tuple[str, float]]:
    """Return question -> notebook and points, of all that anybody has."""
    return {
        question.name: (name, question.max_score)
        for student in results.students
        for name, book in student.notebooks.items()
        for question in book.questions
    }


def _check(results: AssignmentResults, decisions: Sequence[Decision], known: Collection[str]) -> None:
    """Refuse decisions about what there is not; before anything was graded, questions cannot be checked."""
    people = {each.student for each in results.students}
    for each in decisions:
        if each.question and known and question_name(known, each.question) is None:
            there = ", ".join(sorted(name.removesuffix("-test") for name in known))
            raise CourseError(
                f"decisions.toml, {each.id}: {results.assignment} has no question {each.question!r}; it has: {there}"
            )
        strangers = sorted(set(each.students) - people)
        if strangers:
            raise CourseError(
                f"decisions.toml, {each.id}: not in the gradebook: {', '.join(strangers)}; correct or withdraw it"
            )

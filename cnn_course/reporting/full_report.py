"""The report on one assignment as data: distribution, questions, misconceptions, students, what is open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from cnn_course.course import Course
from cnn_course.reporting.course_questions import Question, course_questions
from cnn_course.reporting.evidence import Evidence
from cnn_course.reporting.gradebook import StudentResult
from cnn_course.reporting.item_statistics import cronbach_alpha, discrimination, histogram, mean_share, summary
from cnn_course.reporting.standing import Standing, class_standings
from cnn_course.reporting.table import GradedAssignment

NEEDS_HELP = 0.5  # below this share of the points
MOST_BLANK = 0.5  # of the questions


@dataclass(frozen=True)
class Item:
    """One question and how the class did on it; None is n/a.

    Parameters
    ----------
    question : Question
        What the course says of it.
    most : float
        Its points.
    students, waiting : int
        How many have marked points, and how many wait.
    difficulty, discrimination : float or None
        Mean share of the points; correlation with the rest.
    blank : float or None
        Share of those who left it blank.
    aspects : mapping of str to float
        Share of the answers in which each held.
    chosen : mapping of str to int
        How often each option or value was given.
    """

    question: Question
    most: float
    students: int
    waiting: int
    difficulty: float | None
    discrimination: float | None
    blank: float | None
    aspects: Mapping[str, float]
    chosen: Mapping[str, int]


@dataclass(frozen=True)
class Misconception:
    """A named mistake: who shows it, in which questions, and what those students were told."""

    name: str
    students: int
    questions: Mapping[str, int]
    hint: str


@dataclass(frozen=True)
class Line:
    """One student of the report."""

    student: StudentResult
    standing: Standing
    share: float | None
    misconceptions: tuple[str, ...]
    help: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """All that there is to know about an assignment after grading."""

    title: str
    assignment: str
    most: float
    scores: Mapping[str, float | None]
    histogram: Sequence[int]
    alpha: float | None
    left_out: Sequence[str]
    items: Sequence[Item]
    misconceptions: Sequence[Misconception]
    lines: Sequence[Line]
    unplaced: Sequence[str] = field(default_factory=tuple)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many students are in each state, and how many are late."""
        found = Counter(line.standing.state for line in self.lines)
        late = sum(line.student.seconds_late > 0 for line in self.lines)
        return {**{state: found[state] for state in ("final", "unfinished", "missing", "refused")}, "late": late}


def make_report(course: Course, graded: GradedAssignment, shown: Mapping[str, Mapping[str, Evidence]]) -> Report:
    """Return the report of an assignment.

    Parameters
    ----------
    course : Course
        Where titles and keys lie.
    graded : GradedAssignment
        Results, decisions applied, and record.
    shown : mapping
        What graded notebooks show, by student.
    """
    results = graded.results
    standings, unplaced = class_standings(graded)
    graded_ones = [each.student for each in results.students if standings[each.student].points is not None]
    evidence = {student: shown.get(student, {}) for student in graded_ones}
    questions = course_questions(course, results.assignment)
    items = _items(graded, standings, evidence, questions)
    shares = [
        standing.points / results.max_score
        for standing in standings.values()
        if standing.points is not None and results.max_score
    ]
    rows, left_out = _table(items, graded, standings)
    return Report(
        title=course.assignment(results.assignment).title,
        assignment=results.assignment,
        most=results.max_score,
        scores=summary([each.points for each in standings.values() if each.points is not None]),
        histogram=histogram(shares),
        alpha=cronbach_alpha(rows),
        left_out=left_out,
        items=items,
        misconceptions=_misconceptions(evidence),
        lines=[_line(each, standings[each.student], evidence, results.max_score) for each in results.students],
        unplaced=unplaced,
    )


def _items(
    graded: GradedAssignment,
    standings: Mapping[str, Standing],
    evidence: Mapping[str, Mapping[str, Evidence]],
    questions: Mapping[str, Question],
) -> list[Item]:
    """Return all questions, in the order of the course."""
    marked: dict[str, dict[str, float | None]] = defaultdict(dict)
    most: dict[str, float] = {}
    notebooks: dict[str, str] = {}
    for student in graded.results.students:
        if standings[student.student].points is None:
            continue
        for name, book in student.notebooks.items():
            for question in book.questions:
                notebooks[question.name], most[question.name] = name, question.max_score
                marked[question.name][student.student] = None if question.waiting else question.score
    totals = _totals(marked)
    known = [*(name for name in questions if name in marked), *(name for name in marked if name not in questions)]
    return [
        _item(questions.get(name, Question(name, notebooks[name], name)), most[name], marked[name], totals, evidence)
        for name in known
    ]


def _totals(marked: Mapping[str, Mapping[str, float | None]]) -> dict[str, float]:
    """Return what each student has in all questions that are marked."""
    totals: dict[str, float] = defaultdict(float)
    for points in marked.values():
        for student, score in points.items():
            totals[student] += score or 0.0
    return totals


def _item(
    question: Question,
    most: float,
    points: Mapping[str, float | None],
    totals: Mapping[str, float],
    evidence: Mapping[str, Mapping[str, Evidence]],
) -> Item:
    """Return how the class did on one question."""
    shown = [evidence[student][question.name] for student in points if question.name in evidence.get(student, {})]
    answered = [each for each in shown if each.answered]
    held: dict[str, list[bool]] = defaultdict(list)
    for each in answered:
        for name, holds in each.aspects.items():
            held[name].append(holds)
    chosen = Counter(each.choice for each in answered if each.choice is not None)
    scores = list(points.values())
    return Item(
        question=question,
        most=most,
        students=sum(score is not None for score in scores),
        waiting=sum(score is None for score in scores),
        difficulty=mean_share(scores, most),
        discrimination=discrimination(scores, [totals[student] for student in points]),
        blank=1 - len(answered) / len(shown) if shown else None,
        aspects={name: sum(values) / len(values) for name, values in held.items()},
        chosen=dict(sorted(chosen.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _table(
    items: Sequence[Item], graded: GradedAssignment, standings: Mapping[str, Standing]
) -> tuple[list[list[float]], list[str]]:
    """Return students by questions, without the questions that wait for anybody, and the names of these."""
    left_out = [item.question.name for item in items if item.waiting]
    names = [item.question.name for item in items if not item.waiting]
    rows = []
    for student in graded.results.students:
        scores = {each.name: each.score for book in student.notebooks.values() for each in book.questions}
        if standings[student.student].points is not None and all(name in scores for name in names):
            rows.append([scores[name] for name in names])
    return rows, left_out


def _misconceptions(evidence: Mapping[str, Mapping[str, Evidence]]) -> list[Misconception]:
    """Return the named mistakes of the class, the commonest first."""
    people: dict[str, set[str]] = defaultdict(set)
    questions: dict[str, Counter[str]] = defaultdict(Counter)
    hints: dict[str, str] = {}
    for student, answers in evidence.items():
        for question, shown in answers.items():
            for name in set(shown.misconceptions):
                people[name].add(student)
                questions[name][question] += 1
                hints.setdefault(name, shown.hint)
    found = [
        Misconception(name, len(people[name]), dict(questions[name].most_common()), hints[name]) for name in people
    ]
    return sorted(found, key=lambda each: (-each.students, each.name))


def _line(
    student: StudentResult, standing: Standing, evidence: Mapping[str, Mapping[str, Evidence]], most: float
) -> Line:
    """Return one student's line, and why help may be needed."""
    shown = evidence.get(student.student, {})
    share = standing.points / most if standing.points is not None and most else None
    blank = sum(not each.answered for each in shown.values())
    waiting = fsum(book.waiting for book in student.notebooks.values())
    why = []
    if standing.state in ("missing", "refused"):
        why.append("nothing handed in" if standing.state == "missing" else "nothing could be read")
    # what waits may still be given: nobody is behind for what nobody has marked
    elif share is not None and most and share + waiting / most < NEEDS_HELP:
        why.append(f"below {NEEDS_HELP:.0%} of the points")
    if shown and blank > MOST_BLANK * len(shown):
        why.append(f"{blank} of {len(shown)} questions left blank")
    named = sorted({name for each in shown.values() for name in each.misconceptions})
    return Line(student, standing, share, tuple(named), tuple(why))

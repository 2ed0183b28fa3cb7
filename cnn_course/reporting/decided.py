"""Decisions applied to results: a pure function, the same however often, refused where they fit nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cnn_course.deciding.decisions import Decision, in_force, question_name
from cnn_course.reporting.gradebook import AssignmentResults
from cnn_course.reporting.worth import Case, Worth
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
    case = _case(graded, decisions, sections)
    if case is None:
        return graded
    return replace(
        graded, maxima=case.maxima, students=[case.student(each) for each in graded.students], undecided=graded
    )


def worths(
    graded: AssignmentResults,
    decisions: Sequence[Decision],
    sections: Mapping[str, str] | None = None,
    *,
    whole: bool = True,
) -> dict[str, Worth]:
    """Return what each submission is worth after decisions, by student; as `apply`, from results as graded.

    Where ``graded`` is not the ``whole`` class, decisions may be about others.
    """
    case = _case(graded, decisions, sections, whole=whole)
    handed_in = [each for each in graded.students if each.notebooks]
    return {} if case is None else {each.student: case.worth(each) for each in handed_in}


def _case(
    graded: AssignmentResults,
    decisions: Sequence[Decision],
    sections: Mapping[str, str] | None,
    *,
    whole: bool = True,
) -> Case | None:
    """Return the decisions about an assignment, looked through; None where there are none."""
    mine = [each for each in in_force(decisions) if each.assignment == graded.assignment]
    if not mine:
        return None
    known = _questions(graded)
    _check(graded, mine, known, whole=whole)
    names = {each.question: question_name(known, each.question) for each in mine if each.question}
    void = {name for each in mine if each.kind == "void" and (name := names[each.question])}
    lost: dict[str, float] = {}
    for name, (notebook, points) in known.items():
        lost[notebook] = lost.get(notebook, 0.0) + (points if name in void else 0.0)
    maxima = {name: points - lost.get(name, 0.0) for name, points in graded.maxima.items()}
    if whole:
        counting = {name for name, (_, points) in known.items() if points > 0} - void
        _check_left(graded.assignment, mine, [name for name, points in maxima.items() if points > 1e-9], counting)
    return Case(mine, names, maxima, sections or {})


def _questions(results: AssignmentResults) -> dict[str, tuple[str, float]]:
    """Return question -> notebook and points, of all that anybody has."""
    return {
        question.name: (name, question.max_score)
        for student in results.students
        for name, book in student.notebooks.items()
        for question in book.questions
    }


def _check_left(
    assignment: str, decisions: Sequence[Decision], notebooks: Collection[str], questions: Collection[str]
) -> None:
    """Refuse to leave out all that there is: nobody would have a point."""
    for of, there in (("notebooks", notebooks), ("questions", questions)):
        drops = [each for each in decisions if each.kind == "drop" and each.of == of]
        count = sum(each.lowest for each in drops)
        if there and count >= len(there):
            raise CourseError(
                f"{assignment} has {len(there)} {of} that count, and {count} would be left out"
                f" ({', '.join(each.id or 'this one' for each in drops)}): leave out fewer, or withdraw one"
            )


def _check(results: AssignmentResults, decisions: Sequence[Decision], known: Collection[str], *, whole: bool) -> None:
    """Refuse decisions about what there is not; before anything was graded, questions cannot be checked."""
    people = {each.student for each in results.students}
    for each in decisions:
        if each.question and known and question_name(known, each.question) is None:
            there = ", ".join(sorted(name.removesuffix("-test") for name in known))
            raise CourseError(
                f"decisions.toml, {each.id}: {results.assignment} has no question {each.question!r}; it has: {there}"
            )
        strangers = sorted(set(each.students) - people) if whole else []
        if strangers:
            raise CourseError(
                f"decisions.toml, {each.id}: not in the gradebook: {', '.join(strangers)}; correct or withdraw it"
            )

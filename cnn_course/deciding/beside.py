"""What decisions in force do to one another: which of two counts, and what adds up."""

from __future__ import annotations

from collections.abc import Sequence

from cnn_course.deciding.decisions import Decision, in_force


def beside(decisions: Sequence[Decision]) -> dict[str, str]:
    """Return id -> what another decision in force makes of this one, in words; `reporting.decided` has the rules.

    Parameters
    ----------
    decisions : sequence of Decision
        Of the whole course, in the order of the record.

    Examples
    --------
    >>> from datetime import datetime
    >>> late = [Decision("late", "why", "kim", datetime.min, name, "one", percent=10.0) for name in ("d1", "d2")]
    >>> beside(late)
    {'d1': 'not used: d2 came later'}
    """
    found, before = dict[str, str](), list[Decision]()
    known = in_force(decisions)
    for each in known:
        others = [other for other in known if other is not each and other.assignment == each.assignment]
        said = _said(each, others, [other for other in before if other in others])
        if said:
            found[each.id] = said
        before.append(each)
    return found


def _said(each: Decision, others: Sequence[Decision], before: Sequence[Decision]) -> str:
    """Return what others make of a decision; nothing where they leave it alone."""
    same = [other for other in others if other.kind == each.kind]
    if each.kind == "late" and (later := [other for other in same if other not in before]):
        return f"not used: {later[-1].id} came later"
    if each.kind == "full":
        about = [other for other in others if _name(other) == _name(each)]
        if void := next((other for other in about if other.kind == "void"), None):
            return f"not used: {void.id} voids the question"
        if each.students and (whole := next((o for o in about if o.kind == "full" and not o.students), None)):
            return f"not needed: {whole.id} is for all"
    if each.kind == "extension" and each.until:
        for other in same:
            longer = other.until and (other.until > each.until or (other.until == each.until and other in before))
            if longer and _covers(other, each):
                return f"not used: {other.id} is as late or later"
    if each.kind == "drop" and (earlier := [other for other in before if (other.kind, other.of) == ("drop", each.of)]):
        count = each.lowest + sum(other.lowest for other in earlier)
        return f"beside {', '.join(other.id for other in earlier)}: {count} {each.of} are left out in all"
    return ""


def _name(decision: Decision) -> str:
    return decision.question.removesuffix("-test")


def _covers(one: Decision, other: Decision) -> bool:
    """Say whether everybody whom the other is about is somebody whom the one is about, as far as both say it."""
    if not (one.students or one.section):
        return True
    if one.students:
        return bool(other.students) and set(other.students) <= set(one.students)
    return one.section == other.section

"""A student's start page for an assignment: the total, each notebook, what to look at first, what still waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from splitgrade.feedback.questions import Section

TEMPLATES = Path(__file__).parent / "templates"
FIRST = 5  # questions that are named at the top


@dataclass(frozen=True)
class PageSummary:
    """What the start page says of a notebook's page.

    Parameters
    ----------
    notebook, title : str
        Its file name without a suffix, and its heading.
    score, points, waiting, late : float
        Points earned, to be had, not marked yet, and taken off for handing in late.
    questions : tuple of Section
        In the order of the notebook.
    """

    notebook: str
    title: str
    score: float
    points: float
    waiting: float
    late: float
    questions: tuple[Section, ...]

    @classmethod
    def of(cls, resources: Mapping[str, Any]) -> PageSummary:
        """Return the summary of a page from what its exporter left in nbconvert's resources."""
        names, questions = resources["nbgrader"], tuple(resources["questions"])
        return cls(
            names["notebook"],
            resources["title"],
            float(names["score"] or 0),
            float(names["max_score"] or 0),
            fsum(question.waiting for question in questions),
            float(names["late_penalty"] or 0),
            questions,
        )

    @property
    def address(self) -> str:
        """Return the address of the page, seen from the start page."""
        return f"{quote(self.notebook)}.html"


@dataclass(frozen=True)
class Ungraded:
    """A notebook of the assignment that has no page.

    Parameters
    ----------
    points, score : float
        To be had, and those that somebody has given all the same.
    waits : bool
        Whether something was handed in that nobody has judged yet: its points are open.
    reason : str
        Why it could not be graded; empty where nothing was handed in.
    """

    points: float
    score: float = 0.0
    waits: bool = False
    reason: str = ""


def start_page(
    assignment: str,
    student: str,
    pages: Sequence[PageSummary],
    missing: Mapping[str, Ungraded],
    notes: Sequence[str] = (),
) -> str:
    """Return the start page as HTML that needs no other file but the pages it leads to.

    Parameters
    ----------
    assignment, student : str
        Whose page it is.
    pages : sequence of PageSummary
        The notebooks that were graded.
    missing : mapping of str to Ungraded
        The assignment's other notebooks.
    notes : sequence of str
        What became of the files that were handed in.
    """
    return _rendered("start", pages, missing, notes, assignment=assignment, student=student)


def overview(pages: Sequence[PageSummary], missing: Mapping[str, Ungraded], notes: Sequence[str] = ()) -> str:
    """Return what the start page says, to stand folded on each page; empty where it says nothing more than the page.

    nbgrader's `fetch_feedback` takes pages that are named after notebooks and no other file, so the start page travels
    in each of them.

    Parameters
    ----------
    pages, missing, notes
        See `start_page`.
    """
    return "" if len(pages) + len(missing) == 1 and not notes else _rendered("whole", pages, missing, notes)


def with_overview(page: str, overview: str) -> str:
    """Return a notebook's page with the overview below its heading."""
    return page.replace("</h1>", f"</h1>\n{overview}", 1) if overview else page  # titles are escaped: it is ours


def _rendered(
    template: str,
    pages: Sequence[PageSummary],
    missing: Mapping[str, Ungraded],
    notes: Sequence[str],
    **names: str,
) -> str:
    """Return a template filled with the sums of all notebooks, what to look at first, and what waits."""
    lost = [(page, question) for page in pages for question in page.questions if question.state in ("none", "part")]
    lost.sort(key=lambda each: -each[1].lost)
    page = _environment().get_template(f"{template}.html.j2")
    return page.render(
        **names,
        pages=pages,
        missing=missing,
        notes=notes,
        count=len(pages) + len(missing),
        score=fsum(page.score for page in pages) + fsum(each.score for each in missing.values()),
        points=fsum(page.points for page in pages) + fsum(each.points for each in missing.values()),
        waiting=fsum(page.waiting for page in pages) + fsum(each.points for each in missing.values() if each.waits),
        late=fsum(page.late for page in pages),
        first=lost[:FIRST],
        more=len(lost[FIRST:]),
        waits=[(page, question) for page in pages for question in page.questions if question.waiting],
    )


@cache
def _environment() -> Environment:
    """Return the templates, which are compiled once for a class; they escape whatever they are given."""
    loader = FileSystemLoader(TEMPLATES / "splitgrade_feedback")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["points"] = points_text
    environment.filters["quoted"] = quote
    return environment


def points_text(value: float | None) -> str:
    """Write points the way people do: no trailing zeros, four digits at most.

    Examples
    --------
    >>> points_text(0.5), points_text(3.0), points_text(1 / 3), points_text(None)
    ('0.5', '3', '0.3333', '0')
    """
    return f"{round(float(value or 0), 4):g}"

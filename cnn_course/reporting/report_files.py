"""The report as one HTML page, as JSON, and as a table of questions in CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from cnn_course.reporting.full_report import Item, Line, Report
from cnn_course.spreadsheet import number, to_csv

TEMPLATES = Path(__file__).with_name("templates")
_HIGH = 150  # of the highest bar


def report_page(report: Report, sections: Mapping[str, str], decisions: Sequence[str] = ()) -> str:
    """Return the page: one file, nothing loaded from anywhere.

    Parameters
    ----------
    report : Report
        The report.
    sections : mapping of str to str
        The section of each student, empty where there are none.
    decisions : sequence of str
        The decisions that were applied, in words.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters.update(_FILTERS)
    template = environment.from_string((TEMPLATES / "report.html.j2").read_text(encoding="utf-8"))
    named = list(dict.fromkeys(name for line in report.lines for name in line.student.notebooks))
    return template.render(
        report=report,
        sections={student: section for student, section in sections.items() if section},
        decisions=decisions,
        notebooks=named,
        tiles=_tiles(report),
        bars=_bars(report.histogram),
        heads=_heads,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        script=Markup((TEMPLATES / "report.js").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def report_json(report: Report) -> str:
    """Return everything as JSON; null is n/a."""
    content = {
        "version": 1,
        "assignment": report.assignment,
        "title": report.title,
        "max_score": report.most,
        "counts": report.counts,
        "scores": report.scores,
        "histogram": list(report.histogram),
        "cronbach_alpha": report.alpha,
        "alpha_without": list(report.left_out),
        "questions": [_question(item) for item in report.items],
        "misconceptions": [
            {"name": each.name, "students": each.students, "questions": dict(each.questions), "hint": each.hint}
            for each in report.misconceptions
        ],
        "students": [_student(line) for line in report.lines],
        "unplaced": list(report.unplaced),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def report_csv(report: Report) -> str:
    """Return a row for each question; the students are in `cnn-course export`."""
    header = ("question", "title", "notebook", "points", "mean_share", "discrimination", "blank", "marked", "to_mark")
    rows: list[Sequence[object]] = [header]
    for item in report.items:
        numbers = (number(each) for each in (item.most, item.difficulty, item.discrimination, item.blank))
        said = (item.question.name, item.question.title, item.question.notebook)
        rows.append((*said, *numbers, item.students, item.waiting))
    return to_csv(rows)


def _question(item: Item) -> dict[str, Any]:
    return {
        "question": item.question.name,
        "title": item.question.title,
        "notebook": item.question.notebook,
        "points": item.most,
        "marked": item.students,
        "waiting": item.waiting,
        "mean_share": item.difficulty,
        "discrimination": item.discrimination,
        "blank": item.blank,
        "aspects": dict(item.aspects),
        "chosen": dict(item.chosen),
        "key": item.question.key or None,
    }


def _student(line: Line) -> dict[str, Any]:
    return {
        "student": line.student.student,
        "name": line.student.name,
        "points": line.standing.points,
        "state": line.standing.state,
        "open": list(line.standing.open),
        "remarks": [*line.standing.remarks, *line.student.because],
        "seconds_late": line.student.seconds_late,
        "misconceptions": list(line.misconceptions),
        "needs_help": list(line.help),
    }


def _tiles(report: Report) -> list[tuple[str, str]]:
    """Return the numbers at the top."""
    mean, median, spread = (report.scores[name] for name in ("mean", "median", "sd"))
    counts = {name: str(count) for name, count in report.counts.items() if count or name in ("final", "unfinished")}
    numbers = [("mean", _points(mean)), ("median", _points(median)), ("standard deviation", _two(spread))]
    return [*numbers, ("reliability (alpha)", _two(report.alpha)), *counts.items()]


def _bars(counts: Sequence[int]) -> list[dict[str, Any]]:
    """Return what is drawn of a histogram."""
    most, bars = max([*counts, 1]), []
    for place, count in enumerate(counts):
        height = round(_HIGH * count / most, 1)
        label = f"{100 * place // len(counts)}-{100 * (place + 1) // len(counts)}"
        bar = {"x": 23 + 60 * place, "y": 172 - height, "height": height, "count": count, "label": label}
        bars.append({**bar, "words": f"{label} percent: {count}"})
    return bars


def _heads(names: Sequence[str]) -> Markup:
    """Return the heads of a table that can be sorted."""
    return Markup("").join(
        Markup('<th scope="col"><button type="button">{}</button></th>').format(name)  # format escapes
        for name in names
    )


def _points(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2) + 0.0:g}"


def _percent(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.0%}"


def _two(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.2f}"


def _late(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds))) if seconds > 0 else ""


def _notebook(line: Line, name: str) -> str:
    book = line.student.notebooks.get(name)
    return "" if book is None or line.standing.points is None else _points(book.score)


_FILTERS = {
    "points": _points,
    "percent": _percent,
    "two": _two,
    "late": _late,
    "notebook": _notebook,
    "value": lambda value: "" if value is None else f"{value:.6f}",
    "short": lambda name: escape(str(name).removesuffix("-test")),
}

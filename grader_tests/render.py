"""A verdict as text and as HTML; hidden inputs, reference values and the seed are not part of either."""

from __future__ import annotations

from fractions import Fraction
from html import escape

from grader_tests.result import AspectResult, Result

STYLE = (
    "border-collapse:collapse;font-family:system-ui,sans-serif",
    "text-align:left;padding:.2em .8em .2em 0;vertical-align:top;border-bottom:1px solid #8884",
)


def as_text(result: Result) -> str:
    """Return the verdict as a small table in plain text."""
    if not result.answered:
        return f"{result.question}: {_blank_reason(result)} (0 of {_points(result.points)} points)"
    rows = [
        (_mark(aspect), aspect.name, f"{_points(aspect.earned)}/{_points(aspect.points)}") for aspect in result.aspects
    ]
    wide, deep = max(len(name) for _, name, _ in rows), max(len(share) for _, _, share in rows)
    lines = [f"{result.question}: {_points(result.earned)} of {_points(result.points)} points"]
    for (mark, name, share), aspect in zip(rows, result.aspects, strict=True):
        lines.append(f"  {mark} {name:<{wide}}  {share:>{deep}}  {aspect.message}".rstrip())
    if result.hint:
        lines.append(f"  Hint: {result.hint}")
    return "\n".join(lines)


def as_html(result: Result) -> str:
    """Return the verdict as one HTML table without scripts or outside parts."""
    table, cell = STYLE
    if not result.answered:
        return f"<p><b>{escape(result.question)}</b>: {escape(_blank_reason(result))}</p>"
    rows = "".join(
        f'<tr><td style="{cell}">{_mark(aspect)}</td><td style="{cell}">{escape(aspect.name)}</td>'
        f'<td style="{cell}">{_points(aspect.earned)}/{_points(aspect.points)}</td>'
        f'<td style="{cell}">{escape(aspect.message)}</td></tr>'
        for aspect in result.aspects
    )
    hint = f"<p><b>Hint:</b> {escape(result.hint)}</p>" if result.hint else ""
    head = f"<b>{escape(result.question)}</b>: {_points(result.earned)} of {_points(result.points)} points"
    return f'<div><p>{head}</p><table style="{table}">{rows}</table>{hint}</div>'


def _blank_reason(result: Result) -> str:
    return result.aspects[0].message.rstrip(".").replace("Not answered yet", "not answered yet")


def _mark(aspect: AspectResult) -> str:
    return "✓" if aspect.held else "✗" if aspect.earned == 0 else "~"


def _points(points: Fraction) -> str:
    """Return points with at most three decimals and no trailing zeros."""
    return f"{float(points):.3f}".rstrip("0").rstrip(".")

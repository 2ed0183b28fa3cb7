"""The feedback page: one file of HTML, readable on a phone, printable, without a script or a link to load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.ansi import ansi2html
from nbformat.notebooknode import NotebookNode
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

from splitgrade.feedback.highlight import BoundedHighlight
from splitgrade.feedback.formulas import Formulas
from splitgrade.feedback.markdown import safe_markdown
from splitgrade.nbgrader.source import source_folder

TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]  # nbconvert's is untyped
    """nbconvert's HTML exporter with the template ``cnn_feedback`` and filters that trust nothing."""

    def default_filters(self) -> Any:
        """Yield nbconvert's filters and those of the feedback page."""
        yield from super().default_filters()
        yield "safe_markdown", self.safe_markdown
        yield "points", points_text
        yield "colored", ansi2html
        yield "label", label

    @pass_context  # type: ignore[untyped-decorator, unused-ignore]
    def safe_markdown(self, context: Any, source: str, attachments: Any = None) -> str:
        """Return markdown as HTML; pictures come from the instructor's folder only."""
        pictures = source_folder(self, context["resources"]["nbgrader"]["assignment"])
        return safe_markdown(source, pictures, attachments, self._formulas)

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page; the colors of the code travel in it."""
        resources = self._init_resources(resources)
        self._formulas = Formulas()
        css = HtmlFormatter(style="friendly").get_style_defs(".highlight")
        resources["code_css"] = re.sub(r" */\*.*?\*/", "", css)
        resources["title"] = _title(nb) or resources.get("nbgrader", {}).get("notebook", "")
        self.register_filter("highlight_code", BoundedHighlight(self))
        # HTMLExporter's own method reads the finished page again to add alternative texts; this template writes them.
        page: tuple[str, dict[str, Any]] = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return page


def points_text(value: float | None) -> str:
    """Write points the way people do: no trailing zeros, four digits at most.

    Examples
    --------
    >>> points_text(0.5), points_text(3.0), points_text(1 / 3), points_text(None)
    ('0.5', '3', '0.3333', '0')
    """
    return f"{round(float(value or 0), 4):g}"


def label(grade_id: str) -> str:
    """Return the name of a question from the grade_id of its test.

    Examples
    --------
    >>> label("ex41-conv2d-test")
    'ex41-conv2d'
    """
    return grade_id.removesuffix("-test")


def _title(nb: NotebookNode) -> str:
    """Return the first heading of a notebook."""
    for cell in nb.cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            if line.startswith("# "):
                return str(line[2:]).strip()
    return ""

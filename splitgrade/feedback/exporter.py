"""The feedback page: one file of HTML, readable on a phone, printable, without a script or a link to load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, pass_context
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode

from splitgrade.feedback.questions import AUTO_COMMENT, heading, in_order_of_need, is_graded, sections, state_of
from splitgrade.feedback.rendering import PageText
from splitgrade.feedback.start_page import points_text
from splitgrade.nbgrader.source import source_folder

TEMPLATES = Path(__file__).parent / "templates"


class _Compiled(BytecodeCache):
    """Templates compiled by this process: nbgrader makes a new exporter for each student."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket; jinja2 looks whether the template has changed."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]  # nbconvert's is untyped
    """nbconvert's HTML exporter with the template ``splitgrade_feedback`` and filters that trust nothing."""

    def default_filters(self) -> Any:
        """Yield nbconvert's filters and those of the feedback page."""
        yield from super().default_filters()
        yield "safe_markdown", self.safe_markdown
        yield "points", points_text
        yield "colored", self.colored
        yield "state", state_of
        yield "said", _said

    @pass_context  # type: ignore[untyped-decorator, unused-ignore]
    def safe_markdown(self, context: Any, source: str, attachments: Any = None) -> str:
        """Return markdown as HTML; pictures come from the instructor's folder only."""
        pictures = source_folder(self, context["resources"]["nbgrader"]["assignment"])
        return self._text.markdown(source, pictures, attachments)

    def colored(self, text: str) -> str:
        """Return what a cell printed as HTML."""
        return self._text.terminal(text)

    def highlight_code(self, source: str) -> str:
        """Return code as HTML."""
        return self._text.code(source)

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, its questions in the order of need; the resources hold what the start page says of it."""
        self._text = PageText()
        self.register_filter("highlight_code", self.highlight_code)
        self.environment.tests["graded"] = is_graded
        self.environment.bytecode_cache = _COMPILED
        # HTMLExporter's own method reads the finished page again to add alternative texts; this template writes them.
        page: tuple[str, dict[str, Any]] = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return page

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the steps, then sort the redacted cells by question."""
        nb, resources = super()._preprocess(nb, resources)
        resources["questions"], resources["rest"] = sections(nb.cells)
        resources["in_order_of_need"] = in_order_of_need(resources["questions"])
        resources["title"] = _title(nb) or resources.get("nbgrader", {}).get("notebook", "")
        return nb, resources


def _said(comment: str | None) -> str:
    """Return a marker's comment; nbgrader's own for a blank answer is none."""
    return "" if not comment or comment.strip() == AUTO_COMMENT else comment


def _title(nb: NotebookNode) -> str:
    """Return the title of a notebook, or else the heading of the first cell that has one."""
    texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    found = (heading(text, levels) for levels in ((1,), range(7)) for text in texts)
    return next((each for each in found if each), "")

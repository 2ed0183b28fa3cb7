"""axe-core over every released notebook and the pages of feedback: nothing serious or moderate that is ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbconvert import HTMLExporter
from playwright.sync_api import Page, Route

from splitgrade.feedback.start_page import PageSummary, Ungraded, start_page
from tests.course_fixture import REPOSITORY
from tests.splitgrade.feedback.test_looks import page

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted((REPOSITORY / "release").glob("*/*.ipynb"))
# Colors of code and prompts are those of nbconvert and JupyterLab: comments have a contrast of 4.2. All else is ours.
THEIRS = {"exclude": [[".highlight"], [".jp-InputPrompt"]]}


def faults(
    tab: Page, path: Path, scheme: Literal["light", "dark"], apart: dict[str, Any] | None = None
) -> list[tuple[str, str]]:
    """Return rule and first element of each serious or moderate violation on a page that asks nobody."""

    def from_here(route: Route) -> None:
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            route.abort()

    tab.emulate_media(color_scheme=scheme)
    tab.route("**/*", from_here)
    tab.goto(path.as_uri(), wait_until="commit")
    tab.wait_for_load_state("domcontentloaded")
    tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    found = Axe().run(tab, context=apart).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] != "minor"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_released_notebook_is_for_everybody(tab: Page, path: Path, tmp_path: Path) -> None:
    """Headings in order, pictures with texts, tables with heads, contrast of all that is no code."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent), "name": path.stem}}
    target = tmp_path / f"{path.stem}.html"
    target.write_text(HTMLExporter().from_notebook_node(notebook, resources)[0], encoding="utf-8")
    assert faults(tab, target, "light", THEIRS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_feedback_are_for_everybody(tab: Page, scheme: Literal["light", "dark"], tmp_path: Path) -> None:
    """A page with lost, waiting and full questions, cases, explanations and hints; its start page; all folds open."""
    html, resources = page()
    summary = PageSummary.of(resources)
    for name, text in (("page", html), ("start", start_page("lab", "ada", [summary], {"other": Ungraded(2.0)}))):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        assert faults(tab, tmp_path / f"{name}.html", scheme) == []


def test_the_check_finds_what_is_wrong(tab: Page, tmp_path: Path) -> None:
    """A picture without a text, a heading that is left out and pale words are found; pale code is not ours."""
    (tmp_path / "bad.html").write_text(
        '<!doctype html><html lang="en"><title>bad</title><main><h1>One</h1><h4>Four</h4><img src="data:,">'
        '<p style="color:#bbb;background:#fff">pale</p><pre class="highlight" style="color:#bbb">code</pre></main>'
    )
    found = {rule for rule, _ in faults(tab, tmp_path / "bad.html", "light", THEIRS)}
    assert found == {"image-alt", "heading-order", "color-contrast"}

"""Pages can be read by everybody: contrast, order of headings, names of pictures, nothing that scrolls sideways."""

from __future__ import annotations

import re
from itertools import pairwise, product
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from splitgrade.feedback.case_view import case_of
from splitgrade.feedback.exporter import FeedbackExporter
from splitgrade.feedback.questions import heading, in_order_of_need, sections, titles
from splitgrade.feedback.start_page import TEMPLATES, PageSummary, Ungraded, overview, start_page, with_overview
from tests.course_fixture import marked

CHROMIUM = Path("/usr/bin/chromium")
STYLE = (TEMPLATES / "splitgrade_feedback" / "style.css").read_text(encoding="utf-8")
SETS = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
ON = ("paper", "page", "sunken", "tint", "tip")  # what stands behind text
INK = ("ink", "soft", "link", "good", "part", "bad", "wait")
CODE = ("keyword", "text", "comment", "number", "name", "builtin")


def colors(text: str) -> dict[str, str]:
    """Return the colors of one set by name."""
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", text))


def luminance(color: str) -> float:
    """Return the relative luminance of a color as WCAG 2.2 defines it."""
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("number", range(len(SETS)), ids=["light", "dark", "print"])
def test_every_color_of_text_can_be_read(number: int) -> None:
    """4.5 to 1 at least, text and code, on everything that can stand behind it, by day, by night and on paper."""
    found = colors(SETS[number])
    for ink, behind in product(INK + CODE, ON):
        assert contrast(found[ink], found[behind]) >= 4.5, (ink, behind)


def test_no_other_color_is_used() -> None:
    """A color that is no variable would escape the test above; white stands behind pictures only."""
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == ["#fff"]


def graded(grade_id: str, points: float, score: float, kind: str = "code", **more: object) -> object:
    """Return a graded cell as the steps before the template leave it."""
    fields = {"grade": True, "locked": True, "points": points, "score": score, "needs_manual_grade": False, **more}
    make = new_code_cell if kind == "code" else new_markdown_cell
    source = str(fields.pop("source", ""))
    cell = make(source, metadata=marked(grade_id, **fields))
    if kind == "code":
        aspect = {"name": "a" * 90, "earned": score, "points": points, "held": False, "message": "x" * 300}
        cell.metadata.nbgrader["result"] = {"message": "", "hint": "Look.", "aspects": [aspect]}
    return cell


def revealed(columns: int) -> dict[str, object] | None:
    """Return a case as the steps before the template leave it."""
    rows = [[str(10 * row + column) for column in range(columns)] for row in range(3)]
    plane = {"caption": "image 1 of 2", "rows": rows, "marked": [[0, 1], [2, columns - 1]]}
    value = {"name": "your result", "note": "", "text": "", "planes": [plane]}
    text = {"name": "expected", "note": "", "text": "a ValueError " * 30, "planes": []}
    call = "conv2d(" + ", ".join(["image", "weights"] * 9) + ")"
    data = {"call": call, "code": f"image = 1\n{call}", "message": "m" * 200, "inputs": [value, value], "example": 2}
    return case_of({**data, "yours": value, "expected": text, "difference": value})


def explained(cell: object, columns: int, kind: str) -> object:
    """Return a graded cell with a case, something to practice and an explanation."""
    more = {"text": "**c** is right: $x^2$ and `" + "code" * 40 + "`", "kind": kind}
    cell.metadata.nbgrader.update({"case": revealed(columns), "topic": "padding", "explanation": more})
    return cell


def cells() -> list[object]:
    """Return the redacted cells of a notebook with a question in each state, and texts that are hard to lay out."""
    wide = "| " + " | ".join("wide" * 5 for _ in range(9)) + " |\n|" + "---|" * 9 + "\n| " + " | ".join("x" * 9) + " |"
    picture = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "x"})
    lines = new_output("stream", name="stdout", text="a line\n" * 100)
    return [
        new_markdown_cell("# Lab\n\n#### deep\n\n| image | | |\n|---|---|---|\n| 1 | 2 | 3 |"),
        new_markdown_cell("## 1. Right (1 point)"),
        new_code_cell("a = 1", metadata=marked("a", solution=True)),
        explained(graded("a-test", 1, 1, title="1. Right"), 3, "code"),
        new_markdown_cell(f"## 2. Wrong (2 points)\n\n{wide}\n\n$" + "a + " * 90 + "b$"),
        new_code_cell("b = " + "1 + " * 200 + "1", metadata=marked("b", solution=True), outputs=[picture, lines]),
        explained(graded("b-test", 2, 0, title="2. Wrong"), 16, "text"),
        new_markdown_cell("## 3. In words (0.5 points)"),
        graded("c", 0.5, 0, "markdown", title="3. In words", solution=True, needs_manual_grade=True, source="W" * 400),
        new_markdown_cell("## Check your work"),
        new_code_cell("progress()"),
    ]


def page() -> tuple[str, dict[str, object]]:
    """Return a page of an assignment with two notebooks, and its resources."""
    exporter = FeedbackExporter(template_name="splitgrade_feedback", extra_template_basedirs=[str(TEMPLATES)])
    names = {"assignment": "lab", "student": "ada", "notebook": "lab", "score": 1, "max_score": 3.5, "late_penalty": 0}
    notebook = new_notebook(cells=cells(), metadata={"splitgrade": {"withheld": False}})
    html, resources = exporter.from_notebook_node(notebook, {"nbgrader": names})
    return with_overview(html, overview([PageSummary.of(resources)], {"other": Ungraded(2.0)})), resources


def test_questions_are_sorted_by_need_and_named_by_their_headings() -> None:
    """Lost points first, then what waits, then what is right; cells stand with their question, others at the end."""
    questions, rest = sections(cells())
    assert [(question.title, question.state) for question in questions] == [
        ("1. Right", "full"),
        ("2. Wrong", "none"),
        ("3. In words", "wait"),
    ]
    assert [question.title for question in in_order_of_need(questions)] == ["2. Wrong", "3. In words", "1. Right"]
    assert [len(question.cells) for question in questions] == [3, 3, 2]
    assert [cell.source[:8] for cell in rest] == ["# Lab\n\n#", "## Check", "progress"]
    assert titles(cells()) == {"a-test": "1. Right", "b-test": "2. Wrong", "c": "3. In words"}
    assert heading("```\n## no heading\n```") == ""


def test_a_page_is_built_for_readers_of_every_kind() -> None:
    """No level of heading is left out, heads of tables are named, pictures have a text, right questions are folded."""
    html, resources = page()
    start = start_page("lab", "ada", [PageSummary.of(resources)], {"other <b>": Ungraded(2.0)})
    for text in (html, start):
        soup = BeautifulSoup(text, "html.parser")
        levels = [int(tag.name[1]) for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))
        assert all(head.get_text(strip=True) for head in soup.find_all("th"))
        assert all(image["alt"] for image in soup.find_all("img"))
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        assert len(ids) == len(set(ids))
        assert soup.html["lang"] == "en"
    soup = BeautifulSoup(html, "html.parser")
    assert [card["id"] for card in soup.select("main section.card")] == ["b-test", "c"]
    assert [card.get("open") for card in soup.select("main details.card")] == [None, None]
    assert "other &lt;b&gt;" in start


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM} (Debian: apt-get install chromium)")
def test_nothing_scrolls_sideways_or_is_cut_off(tmp_path: Path) -> None:
    """Long lines, wide tables and long words are wrapped; only a long formula scrolls, with the keyboard, too."""
    html, resources = page()
    (tmp_path / "lab.html").write_text(html, encoding="utf-8")
    start = start_page("lab", "ada", [PageSummary.of(resources)], {})
    (tmp_path / "index.html").write_text(start, encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        for name in ("lab", "index"):
            tab.goto((tmp_path / f"{name}.html").as_uri())
            tab.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
            for scheme, width in product(("light", "dark"), (360, 1000)):
                tab.emulate_media(color_scheme=scheme)
                tab.set_viewport_size({"width": width, "height": 800})
                wide = tab.eval_on_selector_all(
                    "body, body *",
                    "all => all.filter(e => e.scrollWidth > e.clientWidth + 1"
                    " && getComputedStyle(e).overflowX !== 'visible' && !e.closest('.hidden, thead, .wide'))"
                    ".map(e => e.outerHTML.slice(0, 80))",
                )
                assert wide == [], (scheme, width)
                assert tab.eval_on_selector_all(".wide", "all => all.every(each => each.tabIndex === 0)")
                assert tab.evaluate("document.documentElement.scrollWidth") <= width
                paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 34, 43)"}[scheme]
                assert tab.eval_on_selector(".card", "e => getComputedStyle(e).backgroundColor") == paper
        browser.close()
    assert all(address.startswith(("file:", "data:")) for address in asked)

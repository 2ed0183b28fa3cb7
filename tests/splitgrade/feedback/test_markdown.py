"""A student's markdown can do nothing but be read."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from splitgrade.feedback.formulas import formula_html
from splitgrade.feedback.markdown import safe_markdown

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return the folder of an assignment with a picture, beside a picture that is none of its business."""
    folder = tmp_path / "assignment"
    folder.mkdir()
    (folder / "dot.png").write_bytes(PIXEL)
    (folder / "grades.csv").write_text("ada,3")
    (tmp_path / "private.png").write_bytes(PIXEL)
    (folder / "link.png").symlink_to(tmp_path / "private.png")
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src='https://example.org/track.png'>",
        "<img src='data:text/html,<script>1</script>'>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "<iframe src='https://example.org'></iframe>",
        "<style>body { display: none }</style>",
        "<a href='https://example.org' onclick='alert(1)'>x</a>",
        "<form action='https://example.org'><input type='text'></form>",
        "<svg onload=alert(1)></svg>",
        "<div style='background: url(https://example.org/a.png); position: fixed'>x</div>",
        "<meta http-equiv='refresh' content='0;url=https://example.org'>",
    ],
)
def test_nothing_active_gets_through(text: str, pictures: Path) -> None:
    """No script, frame, form, event, loaded picture or style that covers the page is left."""
    soup = BeautifulSoup(safe_markdown(text, pictures), "html.parser")
    forbidden = ["script", "iframe", "style", "form", "svg", "meta", "link", "object"]
    assert soup.find_all(forbidden) == []
    for element in soup.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")]
        assert not element.get("src", "data:image/png").startswith(("http", "data:text"))
        assert not element.get("href", "#").startswith(("javascript", "data"))
        assert "url(" not in element.get("style", "")
        assert "position" not in element.get("style", "")
        assert element.get("type") != "text"


def test_a_picture_of_the_assignment_is_put_into_the_page(pictures: Path) -> None:
    """The bytes of the picture travel in the page."""
    [image] = BeautifulSoup(safe_markdown("![a dot](dot.png)", pictures), "html.parser").find_all("img")
    assert base64.b64decode(image["src"].partition(",")[2]) == PIXEL
    assert image["alt"] == "a dot"


@pytest.mark.parametrize(
    "address", ["../private.png", "link.png", "grades.csv", "none.png", "/etc/passwd", "https://example.org/a.png"]
)
def test_no_other_file_gets_into_the_page(address: str, pictures: Path) -> None:
    """A path in a submission does not decide which file of the grading machine a student receives."""
    html = safe_markdown(f"![x]({address})", pictures)
    assert "<img" not in html
    assert "[picture: x]" in html


def test_an_attached_picture_is_shown_and_a_missing_one_is_no_error(pictures: Path) -> None:
    """Cells may carry pictures of their own."""
    attachments = {"a.png": {"image/png": base64.b64encode(PIXEL).decode()}, "b.svg": {"image/svg+xml": "<svg/>"}}
    html = safe_markdown("![a](attachment:a.png) ![b](attachment:b.svg) ![c](attachment:c.png)", pictures, attachments)
    assert html.count("<img") == 1
    assert "[picture: b]" in html
    assert "[picture: c]" in html


def test_tables_lists_and_code_stay(pictures: Path) -> None:
    """What the course's texts use looks as before."""
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- `two`\n\n<details><summary>more</summary>text</details>"
    html = safe_markdown(text, pictures)
    assert all(f"<{tag}" in html for tag in ("table", "li", "code", "details", "summary"))


def test_a_formula_is_a_picture_with_its_text() -> None:
    """Formulas need no script; who cannot see the picture reads the LaTeX."""
    [image] = BeautifulSoup(formula_html(r"\lfloor x \rfloor"), "html.parser").find_all("img")
    assert image["src"].startswith("data:image/svg+xml,")
    assert image["alt"] == r"\lfloor x \rfloor"


@pytest.mark.parametrize("tex", [r"\begin{matrix}1\end{matrix}", r"\frac{", "x" * 5000, r"\input{/etc/passwd}"])
def test_a_formula_that_cannot_be_set_is_shown_as_written(tex: str) -> None:
    """Nothing that a student writes between dollar signs stops the page."""
    assert formula_html(tex).startswith('<code class="formula">')


def test_the_same_formula_is_the_same_picture() -> None:
    """Pages do not change from run to run."""
    formula_html.cache_clear()
    first = formula_html("x_1")
    formula_html.cache_clear()
    assert formula_html("x_1") == first

"""A student's markdown can do nothing but be read."""

from __future__ import annotations

import base64
import re
import tomllib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from splitgrade.feedback.formulas import formula_html
from splitgrade.feedback.markdown import safe_markdown
from tests.course_fixture import REPOSITORY

CHROMIUM = Path("/usr/bin/chromium")

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
    text = "![a](attachment:a.png) ![b](attachment:b.svg) ![c](attachment:c%20d.png) <img src='attachment:a.png'>"
    html = safe_markdown(text, pictures, attachments)
    assert html.count('src="data:') == 1
    assert "[the picture b.svg was not handed in, or is none]" in html
    assert "[the picture c d.png was not handed in, or is none]" in html


@pytest.mark.parametrize("text", ["![a](attachment:my%20shot.png)", "![a](<attachment:my shot.png>)"])
def test_an_attachment_is_found_under_the_name_that_jupyterlab_writes(text: str, pictures: Path) -> None:
    """The name stands encoded in the text and plainly in the notebook."""
    attachments = {"my shot.png": {"image/png": base64.b64encode(PIXEL).decode()}}
    [image] = BeautifulSoup(safe_markdown(text, pictures, attachments), "html.parser").find_all("img")
    assert base64.b64decode(image["src"].partition(",")[2]) == PIXEL


def test_tables_lists_and_code_stay(pictures: Path) -> None:
    """What the course's texts use looks as before."""
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- `two`\n\n<details><summary>more</summary>text</details>"
    html = safe_markdown(text, pictures)
    assert all(f"<{tag}" in html for tag in ("table", "li", "code", "details", "summary"))


def test_a_formula_is_mathml(pictures: Path) -> None:
    """Formulas need neither a script nor a font: the browser sets them, and screen readers read them."""
    [formula] = BeautifulSoup(safe_markdown(r"$\lfloor x \rfloor \le 1$", pictures), "html.parser").find_all("math")
    assert formula.get_text() == "⌊x⌋≤1"
    assert {tag.name for tag in formula.find_all(True)} <= {"mrow", "mo", "mi", "mn"}


@pytest.mark.parametrize(
    "tex", [r"\nosuchcommand{x}", r"\frac{", "x" * 5000, r"\input{/etc/passwd}", "{" * 900, "a_b_c"]
)
def test_a_formula_that_cannot_be_set_is_shown_as_written(tex: str) -> None:
    """Nothing that a student writes between dollar signs stops the page."""
    assert formula_html(tex) == f'<code class="formula">{tex}</code>'


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\style{background:url(//evil)}{x}",
        r"\class{card full}{x}",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r"\text{<mglyph><style><img src=x onerror=alert(1)>}",
        r'\text{" onclick="alert(1)}',
    ],
)
@pytest.mark.parametrize("place", ["${}$", "<div title='\n\n${}$\n\n'>", "<math><mtext>${}$", "<b title=${}$>"])
def test_a_formula_carries_nothing_but_itself(tex: str, place: str, pictures: Path) -> None:
    """Neither links, styles, names nor elements come out of a formula, wherever it stands."""
    soup = BeautifulSoup(safe_markdown(place.replace("{}", tex), pictures), "html.parser")
    for element in soup.find_all(True):
        assert element.name not in ("script", "style", "iframe", "a", "mglyph")
        assert not [name for name in element.attrs if name.startswith("on") or name in ("href", "style", "id")]
        assert element.get("class") in (None, ["formula"], ["wide"])


def formulas_of(folder: Path) -> set[str]:
    """Return every formula of the texts that a course is written in."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".toml":
            texts = texts_of(tomllib.loads(path.read_text(encoding="utf-8")))
        elif path.suffix == ".py" and path.name != "pictures.py":
            lines = path.read_text(encoding="utf-8").splitlines()
            texts = ["\n".join(line.removeprefix("# ") for line in lines if line.startswith("#"))]
        else:
            continue
        for text in texts:
            found |= {
                each for pair in re.findall(r"\$\$(.+?)\$\$|(?<!\$)\$([^$\n]+)\$", text, re.DOTALL) for each in pair
            }
    return found - {""}


def texts_of(value: object) -> list[str]:
    """Return every text in a value read from TOML."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inside for text in texts_of(each)]


def test_every_formula_of_the_course_can_be_set() -> None:
    """None is shown as LaTeX, and none keeps a command in what it shows."""
    formulas = formulas_of(REPOSITORY / "authoring")
    assert len(formulas) > 30
    for tex in formulas:
        html = formula_html(tex)
        assert "<math" in html, tex
        assert "\\" not in BeautifulSoup(html, "html.parser").get_text(), tex


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM} (Debian: apt-get install chromium)")
def test_a_browser_sets_every_formula_of_the_course(tmp_path: Path) -> None:
    """Each has a box on the page that is as high as a letter at least, and a fraction is higher than one line."""
    formulas = [*sorted(formulas_of(REPOSITORY / "authoring")), r"\frac{1}{2}", "x"]
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><meta charset=utf-8>" + "".join(f"<p>{formula_html(tex)}" for tex in formulas))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(page.as_uri())
        boxes = tab.eval_on_selector_all(
            "math", "all => all.map(m => [m.clientWidth, m.getBoundingClientRect().height])"
        )
        text = tab.inner_text("body")
        browser.close()
    assert len(boxes) == len(formulas)
    assert all(height >= 5 for _, height in boxes)
    assert boxes[-2][1] > 1.5 * boxes[-1][1]
    assert not re.search(r"\\[a-zA-Z]", text)

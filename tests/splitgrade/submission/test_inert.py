"""What students write in words is shown to markers and never run by their browser."""

from __future__ import annotations

import base64
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from traitlets.config import Config

from splitgrade.submission.inert import inert_text
from splitgrade.submission.restore import restore

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in capitals": "<ScRiPt src=//evil>",
    "event handler": "<img src=x onerror=alert(1)>",
    "handler on a plain tag": "<b onmouseover=alert(1)>x</b>",
    "handler behind a slash": "<br/onclick=alert(1)>",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "iframe": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "frame over lines": "<iframe\nsrc='javascript:alert(1)'\n>",
    "style": "<style>body { display: none }</style>",
    "form": "<form action=//evil><button>Save</button></form>",
    "base": "<base href=//evil>",
    "meta": '<meta http-equiv="refresh" content="0;url=//evil">',
    "comment": "<!-- <script>alert(1)</script> -->",
    "conditional": "<!--[if true]><script>alert(1)</script><![endif]-->",
    "declaration": "<!DOCTYPE html><?php x ?><![CDATA[ <script> ]]>",
    "html block": "<div>\n\n<script>\nalert(1)\n</script>\n\n</div>",
    "table": "| a | b |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    "open quote": '<a title="\n\n<script>alert(1)</script>">',
    "open tag at the end": "text <img src=x onerror=alert(1) ",
    "nested brackets": "<<script>script>alert(1)<</script>/script>",
    "code that ends early": "`` ` <img src=x onerror=alert(1)> ``",
    "fence that ends early": "```\n```\n<img src=x onerror=alert(1)>",
    "mermaid": '```mermaid\ngraph TD\nA-->B\nclick A href "javascript:alert(1)"\n```',
    "mermaid in tildes": "~~~~  mermaid\n<img src=x onerror=alert(1)>\n~~~~",
    "link": "[x](javascript:alert(1))",
    "link in angle brackets": "[x](<javascript:alert(1)>)",
    "link in capitals": "[x](JaVaScRiPt:alert(1))",
    "link with entities": "[x](&#106;avascript:alert(1)) [y](javascript&colon;alert(1)) [z](&#x6A;avascript&#58;alert)",
    "link with white space": "[x](java&Tab;script:alert(1)) [y](<java\tscript:alert(1)>) [z](&#1;javascript:alert(1))",
    "link with backslashes": "[x](javascript\\:alert(1)) [y](java\\script:alert(1))",
    "link elsewhere": "[x][1]\n\n[1]: javascript:alert(1)",
    "autolink": "<javascript:alert(1)>",
    "data": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "vbscript": "[x](vbscript:alert(1))",
    "picture as program": "![x](javascript:alert(1))",
    "picture as SVG": "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "picture that counts views": "![x](https://evil.example/pixel.png) ![y](//evil.example/a.png)",
    "picture that counts views, elsewhere": "![x][1]\n\n[1]: https://evil.example/pixel.png",
    "attachment that is none": "![x](attachment:nothing.png)",
    "formula": "$\\href{javascript:alert(1)}{x}$ $\\href{java script:alert(1)}{x}$",
    "formula with a macro": "$\\newcommand{\\y}[1]{\\href{java#1:alert(1)}{x}}\\y{script}$",
    "formula with tags": "$<img src=x onerror=alert(1)>$ $$\n</span><script>alert(1)</script>\n$$",
    "environment": "\\begin{x}<script>alert(1)</script>\\end{x}",
    "very long": "<script>alert(1)</script>" * 5000,
}
ALLOWED = re.compile(r"https?://|mailto:|#|data:image/(png|jpeg);base64,[A-Za-z0-9+/=]*$|[^:\\]*$")


@pytest.fixture
def restored(notebooks, tmp_path):
    """Give what becomes of a text in every place where a student can write one."""
    instructor = notebooks.instructor_notebook(tmp_path, notebooks.written("why", "Because."))

    def run(text, attachments=None):
        submitted = notebooks.released(instructor)
        submitted.cells[0].source = text
        submitted.cells += [new_markdown_cell(text), new_raw_cell(text), new_code_cell(text)]
        for cell in submitted.cells[:2]:
            cell.attachments = attachments or {}
        return restore(instructor, submitted)

    return run


def page(notebook):
    """Return the page that nbconvert makes, as formgrader lets it."""
    config = Config()
    config.HTMLExporter.template_name = "lab"
    config.HTMLExporter.exclude_anchor_links = True
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook)
    return BeautifulSoup(html, "html.parser").body


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_a_student_wrote_is_run_by_a_browser(restored, name):
    """The page of the marker holds no element, attribute or address out of a submission that could do anything."""
    found = restored(HOSTILE[name])
    nbformat.validate(found.notebook)
    body = page(found.notebook)
    for script in body.find_all("script"):  # the template's own, which are the same for every notebook
        assert "alert(1)" not in script.text
        assert "evil" not in str(script)
    cells = body.select(".jp-MarkdownCell, .jp-RawCell") or [body]
    for tag in (tag for cell in cells for tag in cell.find_all(True)):
        assert tag.name not in ("script", "svg", "iframe", "style", "form", "base", "meta", "object", "embed", "button")
        assert not [name for name in tag.attrs if name.startswith("on") or name in ("srcdoc", "action")], tag
        for address in ("href", "src"):
            assert ALLOWED.match(tag.get(address, "")), tag
        assert tag.name != "img" or "evil" not in tag["src"]
        assert "mermaid" not in tag.get("class", [])
        assert not re.search(r"\\href(?![a-z])", tag.text) or tag.find_parent("pre") or tag.name == "pre"
    assert not body.find_all(string=lambda text: type(text).__name__ in ("Comment", "Doctype", "CData"))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_changed_is_reported_once_and_can_be_read(restored, name):
    """The finding names the answer; restoring again changes nothing; every word is still there."""
    found = restored(HOSTILE[name])
    assert ("markup", "why") in [(finding.rule, finding.cell) for finding in found.findings]
    answer = found.notebook.cells[0].source
    words = re.findall(r"[a-z]{4,}", HOSTILE[name])
    assert all(word in answer for word in words)


HONEST = {
    "prose": "Weight sharing: the filter is the same at *every* place, so 3 < 4 and a > b & c.",
    "formula": "$$\\frac{W - F + 2P}{S} + 1, \\quad a < b, \\text{if } x \\le y$$",
    "code": "Use `conv2d(x, w)[0, 0]`:\n\n```python\nfor i in range(3):\n    print(i)\n```",
    "list and table": "1. one\n2. two\n\n| a | b |\n|:--|--:|\n| 1 | 2 |",
    "plain tags": "H<sub>2</sub>O<br>x<sup>2</sup> <b>bold</b>",
    "links": "[notes](https://cs231n.github.io/) <https://example.org/a?b=c#d> [below](#end)",
    "picture of the assignment": "![a figure](images/figure.png)",
    "quote in a title": "[x](a 'b\" onclick=\"alert(1)')",
    "umlauts": "Größe, 大小, 🙂",
}


@pytest.mark.parametrize("name", [*HONEST])
def test_ordinary_answers_stay_as_they_are(restored, name):
    """Markdown, formulas, code, plain tags and links are no reason to change or report anything."""
    found = restored(HONEST[name])
    assert found.notebook.cells[0].source == HONEST[name]
    assert found.findings == ()


def test_attached_pictures_are_shown_and_other_attachments_are_not(restored):
    """A pasted photograph is on the page; a forged one is not, and its answer is still shown."""
    good = restored("![photo](attachment:a.png)", {"a.png": {"image/png": PNG, "image/svg+xml": "<svg/>"}})
    assert page(good.notebook).find("img")["src"] == f"data:image/png;base64,{PNG}"
    bad = restored("![photo](attachment:a.png)", {"a.png": {"image/png": 'x"><script>alert(1)</script>'}})
    assert page(bad.notebook).find("img") is None
    assert "attachment" in page(bad.notebook).text


def test_a_formula_keeps_its_meaning(restored):
    """A letter right behind < could open a tag: it gets a space, which changes no formula."""
    found = restored("$$\\frac{W - F + 2P}{S} + 1, \\quad a < b, x<y$$")
    assert found.notebook.cells[0].source == "$$\\frac{W - F + 2P}{S} + 1, \\quad a < b, x< y$$"


@pytest.mark.parametrize("piece", ["`", "~", "<", "&", "![", "j", "javascript", "data\\", "\\", "<http://", "< "])
def test_a_million_characters_are_no_trouble(piece):
    """No rule goes back and forth in a long text, which would take days; what comes out is inert for good."""
    text = inert_text(piece * (1_000_000 // len(piece)))
    assert inert_text(text) == text

"""What students write in words is shown to markers and never run by their browser."""

from __future__ import annotations

import base64
import io
import re
import struct

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from PIL import Image
from traitlets.config import Config

from splitgrade.sandbox.limits import MAX_RENDERED
from splitgrade.submission.attachments import safe_picture
from splitgrade.submission.inert import inert_text
from splitgrade.submission.rendered import MISSING
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
    "very long": " <script>alert(1)</script> ".join(["long" * (MAX_RENDERED // 8)] * 3),
    "request": "![x](/logout)",
    "request by reference": "![x][r]\n\n[r]: /logout",
    "request by a short reference": "![r]\n\n[r]: <../logout>",
    "request through the pictures": "![x](images/../../../../logout)",
    "request through encoded dots": "![x](images/%2e%2e/%2E./logout)",
    "request behind a tab": "![x](<\t/logout>) ![y](&Tab;/logout) ![z](&#32;/logout)",
    "request with a tab inside": "![x](<images/.\t./.\t./logout>)",
    "request to the API": "![x](/formgrader/api/gradebook/tiny)",
    "request with a query": "![x](images/figure.png?logout) ![y](?x=1)",
    "request with backslashes": "![x](<\\\\evil.example\\a.png>) ![y](images\\..\\..\\logout)",
    "request in a link": "[![x](/logout)](https://example.org)",
    "request in a table": "| a |\n|---|\n| ![x](/logout) |",
    "request over lines": "![x](\n/logout\n)",
    "request in a title": '![x](/logout "title")',
    "request for another file": "![x](lab.ipynb) ![y](.) ![z]()",
    "request as HTML": '<img src="/logout"> <input type="image" src="/logout">',
}
# These look as if they could do something, and nbconvert shows them as text: they stay as they are.
ONLY_TEXT = {
    "handler behind a slash",
    "open tag at the end",
    "code that ends early",
    "formula with tags",
    "environment",
}
FILES = {"images/figure.png": "a picture", "logout": "not a picture"}
ALLOWED = re.compile(r"https?://|mailto:|#|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$|[^:\\]*$")


@pytest.fixture
def restored(notebooks, tmp_path):
    """Give what becomes of a text in every place where a student can write one."""
    instructor = notebooks.instructor_notebook(tmp_path, notebooks.written("why", "Because."), files=FILES)

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
        assert ALLOWED.match(tag.get("href", "")), tag
        if "src" in tag.attrs:
            assert tag.name == "img", tag
            assert tag["src"] in (MISSING, "images/figure.png") or tag["src"].startswith("data:image/png;"), tag
        assert "mermaid" not in tag.get("class", [])
        assert not re.search(r"\\href(?![a-z])", tag.text) or tag.find_parent("pre") or tag.name == "pre"
    assert not body.find_all(string=lambda text: type(text).__name__ in ("Comment", "Doctype", "CData"))


@pytest.mark.parametrize("name", sorted(ONLY_TEXT))
def test_what_is_only_text_stays_as_it_is(restored, name):
    """No remark and no change where nbconvert makes nothing but text of it."""
    found = restored(HOSTILE[name])
    assert found.notebook.cells[0].source == HOSTILE[name]
    assert [change for change in found.changes if change.cell] == []


@pytest.mark.parametrize("name", sorted({*HOSTILE} - ONLY_TEXT))
def test_what_was_changed_is_reported_once_and_can_be_read(restored, name):
    """The change names the answer; restoring again changes nothing; every word is still there."""
    found = restored(HOSTILE[name])
    assert ("markup", "why") in [(change.rule, change.cell) for change in found.changes]
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
    "comparison": "If $a<b$ then x<y, and $c>d$; a < b, i<=n, <3.",
    "code about pictures": "Write `![x](/logout)` or `[r]: /logout` and `<img src=x>`:\n\n    ![y](/logout)",
    "definition of a link": "See [the notes][n].\n\n[n]: https://cs231n.github.io/",
    "picture by reference": "![a figure][f]\n\n[f]: ./images/figure.png",
    "picture in encoded letters": "![a figure](images/%66igure.png)",
    "umlauts": "Größe, 大小, 🙂",
}


@pytest.mark.parametrize("name", [*HONEST])
def test_ordinary_answers_stay_as_they_are(restored, name):
    """Markdown, formulas, code, plain tags and links are no reason to change or report anything.

    (Of the raw cell, which is HTML as it stands, that is asked in the next test.)
    """
    found = restored(HONEST[name])
    answer, *_, own, _, _ = found.notebook.cells
    assert answer.source == own.source == HONEST[name]
    assert [change for change in found.changes if change.cell] == []


@pytest.mark.parametrize("name", [name for name in HONEST if not re.search("<[a-z=]", HONEST[name])])
def test_ordinary_raw_cells_stay_as_they_are(restored, name):
    """Text without a tag is no reason for a remark in a raw cell either."""
    found = restored(HONEST[name])
    assert found.notebook.cells[-2].source == HONEST[name]
    assert found.changes == ()


def test_attached_pictures_are_shown_and_other_attachments_are_not(restored):
    """A pasted photograph is on the page; in place of a forged one stands that it is missing."""
    good = restored("![photo](attachment:a.png)", {"a.png": {"image/png": PNG, "image/svg+xml": "<svg/>"}})
    assert page(good.notebook).find("img")["src"] == f"data:image/png;base64,{PNG}"
    bad = restored("![photo](attachment:a.png)", {"a.png": {"image/png": 'x"><script>alert(1)</script>'}})
    assert page(bad.notebook).find("img")["src"] == MISSING
    assert "the picture 'a.png' that the text shows is not attached" in bad.changes[0].says


@pytest.mark.parametrize(
    "text",
    [
        "![a](attachment:Screenshot%201.png)",
        "![a](<attachment:Screenshot 1.png>)",
        "![a][s]\n\n[s]: attachment:Screenshot%201.png",
    ],
)
def test_an_attachment_is_found_under_the_name_that_jupyterlab_writes(restored, text):
    """Encoded as in an address, in angle brackets, or by reference: the marker sees it, and nothing is remarked."""
    found = restored(text, {"Screenshot 1.png": {"image/png": PNG}})
    assert page(found.notebook).find("img")["src"] == f"data:image/png;base64,{PNG}"
    assert found.notebook.cells[0].source == text
    assert [change for change in found.changes if change.cell] == []


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("![a](attachment:%C3%9Cbung.png)", "U\u0308bung.png", "image/png"),
        ("![a](attachment:a.JPG)", "a.JPG", "image/jpg"),
        ("![a](attachment:a.jpg)", "a.jpg", "image/jpeg"),
        ("<img src='attachment:a%20b.png' width=\"300\"/>", "a b.png", "image/PNG"),
    ],
)
def test_a_picture_is_shown_whatever_its_name_and_kind_are_written_like(restored, text, name, kind):
    """A letter in two signs, a kind that the bytes are not, an element with a size of its own: nothing is remarked."""
    found = restored(text, {name: {kind: PNG}})
    assert page(found.notebook).find("img")["src"] == f"data:image/png;base64,{PNG}"
    assert [change for change in found.changes if change.cell] == []


def test_the_remark_on_a_picture_speaks_of_no_program(restored):
    """A photograph that was not handed in is no link that could run; a link to an attachment is neither."""
    assert {each.says for each in restored("![a](photo.png)").changes} == {"a picture from elsewhere is shown as text"}
    assert restored("[a](attachment:a.png)", {"a.png": {"image/png": PNG}}).changes == ()


def test_a_notebook_restored_twice_says_the_same_once(restored, notebooks, tmp_path):
    """Restoring again changes neither text nor pictures nor remarks, also where a picture is missing."""
    for text in ("![photo](attachment:a.png)", "<script>1</script>\n\n![x][r]\n\n[r]: /logout"):
        instructor = notebooks.instructor_notebook(tmp_path, notebooks.written("why", "Because."), files=FILES)
        once = restored(text)
        again = restore(instructor, once.notebook)
        assert again.notebook == once.notebook
        assert again.changes == once.changes
        assert [change.cell for change in once.changes].count("why") == 1


def painted(kind, size=(3, 2), frames=1):
    """Return a real picture in base64."""
    first, *others = [Image.new("P", size, number) for number in range(frames)]
    target = io.BytesIO()
    first.save(target, format=kind, **({"save_all": True, "append_images": others} if others else {}))
    return base64.b64encode(target.getvalue()).decode()


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_every_usual_kind_of_picture_is_shown(restored, kind):
    """A screenshot is a PNG, a photograph a JPEG or WebP, an animation a GIF."""
    image = Image.new("RGB", (30, 20), "red")
    target = io.BytesIO()
    image.save(target, format=kind)
    data = base64.b64encode(target.getvalue()).decode()
    found = restored("![p](attachment:p)", {"p": {f"image/{kind}": data}})
    assert page(found.notebook).find("img")["src"] == f"data:image/{kind};base64,{data}"


def resized(raw, side):
    """Return a WebP picture of Pillow's whose headers say that it has `side` by `side` pixels."""
    sizes = {
        b"VP8 ": (14, struct.pack("<HH", side, side)),
        b"VP8L": (9, struct.pack("<I", (side - 1) | (side - 1) << 14 | 1 << 28)),
        b"VP8X": (12, (side - 1).to_bytes(3, "little") * 2),
    }
    for kind, (behind, size) in sizes.items():
        if kind in raw:
            place = raw.index(kind) + behind
            raw = raw[:place] + size + raw[place + len(size) :]
    return raw


@pytest.mark.parametrize(("more", "kind"), [({}, b"VP8 "), ({"lossless": True}, b"VP8L"), ({"exif": b"E"}, b"VP8X")])
def test_the_size_of_a_webp_is_read_in_each_of_its_three_forms(more, kind):
    """Pillow writes each; 9000 by 9000 pixels are too many, and Pillow finds so many in the headers."""
    target = io.BytesIO()
    Image.new("RGB", (16, 16)).save(target, format="webp", **more)
    small, large = target.getvalue(), resized(target.getvalue(), 9000)
    assert small[12:16] == kind
    assert Image.open(io.BytesIO(large)).size == (9000, 9000)
    shown = [safe_picture("image/webp", base64.b64encode(raw).decode()) is not None for raw in (small, large)]
    assert shown == [True, False]


def test_a_frame_of_a_gif_counts_not_only_its_screen():
    """A screen of 3 by 2 cells with a frame of 65535 by 65535 would fill a browser's memory."""
    good = base64.b64decode(painted("gif", frames=3))
    assert safe_picture("image/gif", base64.b64encode(good).decode()) is not None
    place = good.rindex(b"\x2c\0\0\0\0")
    bad = good[: place + 5] + b"\xff\xff\xff\xff" + good[place + 9 :]
    assert safe_picture("image/gif", base64.b64encode(bad).decode()) is None


@pytest.mark.parametrize("kind", ["image/gif", "image/webp"])
@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"RIFF", b"RIFF\0\0\0\0WEBPVP9 " + bytes(40), b"<svg/>" * 9])
def test_bytes_that_are_no_picture_are_none(kind, raw):
    """Neither too few bytes nor another kind gets through."""
    assert safe_picture(kind, base64.b64encode(raw).decode()) is None


@pytest.mark.parametrize("piece", ["`", "~", "<", "&", "![", "j", "javascript", "data\\", "\\", "<http://", "< "])
def test_a_million_characters_are_no_trouble(piece):
    """No rule goes back and forth in a long text, which would take days; what comes out is inert for good."""
    text = inert_text(piece * (1_000_000 // len(piece)))
    assert inert_text(text) == text

"""Rendering students' text costs bounded CPU time, in a process that is not the grader's."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from PIL import Image

from splitgrade.feedback import rendering
from splitgrade.feedback.rendering import PageText

SLOW = {
    "formulas": "".join("$\\widehat{" + "x" * 780 + f"{number}" + "}$ " for number in range(400)),
    "quotes and lists": "\n".join(f"{'> ' * (n % 50)}{' ' * (n % 40)}- *a **b [c](d" for n in range(8000)),
}


@pytest.mark.parametrize("name", SLOW)
def test_markdown_that_costs_too_much_is_shown_as_it_was_written(name: str, tmp_path: Path) -> None:
    """The note says why, every character is there, and the grader's own process has worked next to nothing."""
    before = time.process_time()
    html = PageText(text_seconds=0.2).markdown(SLOW[name], tmp_path)
    assert time.process_time() - before < 0.6  # here it would take more than a second
    assert html.startswith('<p class="note">This text takes too long')
    assert html.count("&gt;") == SLOW[name].count(">")
    assert len(html) > len(SLOW[name])


def test_code_that_is_slow_to_color_is_shown_without_colors() -> None:
    """A line of 20,000 dots would take the lexer ten seconds."""
    html = PageText(text_seconds=0.2).code("." * 20_000)
    assert html == '<div class="highlight"><pre>' + "." * 20_000 + "</pre></div>"


def test_a_page_has_a_bound_of_its_own(tmp_path: Path) -> None:
    """After a few slow texts the others of that page are shown as they are; the next page is rendered."""
    page = PageText(text_seconds=0.2, page_seconds=0.4)
    for _ in range(2):
        page.code("." * 20_000)
    assert page.markdown("**a**", tmp_path).startswith('<p class="note">')
    assert PageText().markdown("**a**", tmp_path) == "<p><strong>a</strong></p>\n"


def test_one_process_serves_all_pages_and_outlives_a_text_that_is_too_slow(tmp_path: Path) -> None:
    """The program is started once: pages of a class stay quick."""
    PageText().markdown("a", tmp_path)
    process = rendering._processes[os.getpid()]._process
    PageText(text_seconds=0.2).code("." * 20_000)
    assert PageText().code("1") != ""
    assert rendering._processes[os.getpid()]._process is process


def test_text_that_breaks_a_parser_is_shown(tmp_path: Path) -> None:
    """An error while rendering is no error of the page."""
    assert "[picture: x]" in PageText().markdown(f"![x]({'a' * 5000}.png) ![y](a%00.png)", tmp_path)
    assert "&lt;b&gt;" in PageText().markdown("> " * 3000 + "<script>1</script> &lt;b&gt;", tmp_path)


def test_what_was_printed_keeps_its_colors_and_no_markup() -> None:
    """Terminal colors become classes, everything else is text."""
    html = PageText().terminal("\x1b[31mred\x1b[0m <b>")
    assert html == '<span class="ansi-red-fg">red</span> &lt;b&gt;'


def test_a_process_that_ends_is_said_and_started_again(tmp_path: Path) -> None:
    """Somebody outside who kills it costs one page, not all that follow; what is on every page is rendered once."""
    known = PageText().markdown("a *known* text", tmp_path)
    process = rendering._processes[os.getpid()]._process
    assert process is not None
    os.killpg(process.pid, 9)
    assert PageText().markdown("a *known* text", tmp_path) == known
    with pytest.raises(RuntimeError, match="renders text for feedback has ended"):
        PageText().markdown("another", tmp_path)
    assert PageText().markdown("another", tmp_path) == "<p>another</p>\n"


def test_a_picture_that_has_changed_is_shown_as_it_is_now(tmp_path: Path) -> None:
    """What was rendered before is taken only while the folder of pictures is the same."""
    shown = []
    for color in ("white", "black"):
        Image.new("L", (1, 1), color).save(tmp_path / "dot.png")
        shown.append(PageText().markdown("![a dot](dot.png)", tmp_path))
    assert all("data:image/png;base64," in html for html in shown)
    assert shown[0] != shown[1]

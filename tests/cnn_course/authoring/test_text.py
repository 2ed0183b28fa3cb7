"""Cells, text and notebooks say the same thing."""

from __future__ import annotations

import re
import string
from fractions import Fraction

import nbformat
from hypothesis import example, given
from hypothesis import strategies as st

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.notebook import to_cells, to_json
from cnn_course.authoring.text import parse_page, write_text
from cnn_course.errors import BuildError

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,6}){0,3}", fullmatch=True)
PROSE = st.text(alphabet=string.ascii_letters + string.digits + " .,;:|*_`$\\#-!()[]äß→\n", max_size=80).filter(
    lambda text: (
        not re.search(r"^\s*#+\s*!", text, re.MULTILINE)
    )  # text takes it for a shell command: refused elsewhere
)
CODE = st.lists(
    st.sampled_from(
        [
            "x = np.arange(6).reshape(2, 3)  # (6,) -> (2, 3)",
            'def area(a, b):\n    """Return it.\n\n    # %% [markdown] id="no-cell"\n    """\n    return a * b',
            "class Box:\n    side = 1",
            "%matplotlib inline",
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTION",
            "# only a comment",
            "for i in range(3):\n\n    print(i)",
            "x[0]\n\n\ny = '%%'",
            'text = """\nline\n"""',
            "?x",
            "!ls",
        ]
    ),
    max_size=4,
).map("\n".join)
POINTS = st.fractions(min_value=Fraction(1, 100), max_value=20).map(
    lambda points: Fraction(round(points * 100) or 1, 100)
)


@st.composite
def cells(draw) -> list[Cell]:
    """Draw cells of every kind, with names that differ."""
    found = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=6, unique=True)):
        kind = draw(st.sampled_from(Kind))
        markdown = kind in (Kind.TEXT, Kind.WRITTEN)
        # jupytext, as every editor of such files, does not keep blank lines around a cell
        source = draw(PROSE if markdown else CODE).strip()
        points = draw(POINTS) if kind in (Kind.TEST, Kind.WRITTEN) else None
        found.append(Cell(name, kind, source, points))
    return found


def plain(found) -> list[tuple[object, ...]]:
    """Return what a cell says, without the line it stands in."""
    return [(cell.name, cell.kind, cell.source, cell.points) for cell in found]


@given(cells())
def test_text_gives_back_the_cells(drawn):
    """Written as text and read again, cells are the same: names, kinds, texts and points."""
    assert plain(parse_page(write_text(drawn), "page", "page.py").cells) == plain(drawn)


@given(cells())
def test_notebooks_give_back_the_cells(drawn):
    """Written as a notebook and read again, cells are the same."""
    text = to_json(Page("page", "page.py", tuple(drawn)))
    assert plain(to_cells(nbformat.reads(text, as_version=4))) == plain(drawn)


@given(cells())
def test_text_is_written_one_way(drawn):
    """Writing what was read gives the same text."""
    text = write_text(drawn)
    assert write_text(parse_page(text, "page", "page.py").cells) == text


@given(st.text(max_size=60))
@example("%")
@example(" [raw]\nx")
@example(' [markdown] id="a"\n# %% id="a" points=1e999')
def test_any_text_is_read_or_refused(text):
    """Whatever a file holds, it is read or refused with a message that names the file."""
    places = {"page.py"}
    try:
        parse_page("# %%" + text, "page", "page.py")
    except BuildError as error:
        places = {problem.file.split(":")[0] for problem in error.problems}
    assert places == {"page.py"}

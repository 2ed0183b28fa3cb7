"""Code that is alike: copies with other names are found, released text and other solutions are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cnn_course.reporting.similarity import similar_pairs
from cnn_course.reporting.similarity_page import similarity_page

pytestmark = pytest.mark.filterwarnings("ignore")  # of the engine's own dependencies

LOOP = '''def total(values, weights):
    """Return the weighted sum, as the sheet says."""
    result = 0
    for place in range(len(values)):
        if weights[place] > 0 and values[place] != 0:
            result = result + values[place] * weights[place]
        else:
            result = result - abs(weights[place]) / 2
    return round(result, 3) if result > 10 else result
'''
RENAMED = LOOP.replace("result", "s").replace("place", "i").replace("    s = 0", "    s = 0  # start")
OTHER = '''def total(values, weights):
    """Return the weighted sum, as the sheet says."""
    import numpy as np
    x, w = np.asarray(values, float), np.asarray(weights, float)
    mask = np.logical_and(w > 0, x != 0)
    answer = float(np.dot(x[mask], w[mask]) - 0.5 * np.abs(w[~mask]).sum())
    return answer if not answer > 10 else float(np.round(answer, decimals=3))
'''
GIVEN = "\n".join(f"def helper_{n}(a, b):\n    return [a[{n}] * b[j] + {n} for j in range(len(b))]" for n in range(9))


def write(path: Path, *sources: str) -> None:
    """Write a notebook with code cells, and a locked test that everybody has."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    cells.append(
        {"cell_type": "code", "metadata": {"nbgrader": {"locked": True}}, "source": GIVEN.replace("helper", "t")}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells}))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course in which bob has ada's code under other names; cyd has a solution of her own, dan none."""
    write(tmp_path / "release/tiny/one.ipynb", GIVEN, "def total(values, weights):\n    pass")
    for student, answer in {"ada": LOOP, "bob": RENAMED, "cyd": OTHER, "dan": ""}.items():
        write(tmp_path / f"autograded/{student}/tiny/one.ipynb", GIVEN, answer)
    return tmp_path


def test_a_copy_under_other_names_is_found_and_nothing_else(course: Path) -> None:
    """Released helpers and locked tests are no likeness; neither is another way to the same values."""
    [pair] = similar_pairs(course, "tiny", length=100)
    assert (pair.first, pair.second, pair.notebook) == ("ada", "bob", "one")
    assert pair.share > 0.95


def test_what_is_short_is_no_pair(course: Path) -> None:
    """The length is counted without released text."""
    assert similar_pairs(course, "tiny", length=2000) == []


def test_what_many_have_is_no_likeness_but_a_copy_among_them_is(course: Path) -> None:
    """Thirty who wrote the usual answer are no pairs; two who share more than that are."""
    for number in range(30):
        write(course / f"autograded/s{number}/tiny/one.ipynb", GIVEN, OTHER)
    rare = "\n".join(
        f"if {n} in seen:\n    seen = seen.union({{{n}: str({n} ** 2)}}) ^ (yield from run({n}))" for n in range(9)
    )
    rare = f"async def more(seen):\n    while not await seen.pop():\n        raise StopIteration\n{rare}"
    for student in ("s3", "s9"):
        write(course / f"autograded/{student}/tiny/one.ipynb", GIVEN, OTHER, rare)
    found = similar_pairs(course, "tiny", length=100)
    assert {(pair.first, pair.second) for pair in found} == {("ada", "bob"), ("s3", "s9")}


def test_both_sides_are_shown_with_what_they_share_marked(course: Path) -> None:
    """Code is text, whatever it says; what one of them alone has is not marked; nothing is loaded."""
    hostile = "# </pre><script>alert(1)</script><img src=x onerror=alert(1)>\nown_way = {7: 'only mine', 8: sorted}\n\n"
    write(course / "autograded/bob/tiny/one.ipynb", GIVEN, hostile, RENAMED)
    soup = BeautifulSoup(
        similarity_page("<b>Tiny", "tiny", similar_pairs(course, "tiny", length=100), "A hint."), "html.parser"
    )
    assert soup.find_all(["script", "img", "link", "iframe"]) == []
    assert soup.h1.get_text() == "<b>Tiny: code that is alike"
    assert "A hint." in soup.header.get_text()
    ada, bob = soup.find_all("pre")
    assert ada.get_text() == f"{LOOP}\n\n"
    assert bob.get_text() == f"{hostile}\n\n{RENAMED}\n\n"
    assert "own_way" not in "".join(mark.get_text() for mark in bob.find_all("mark"))
    for side, name in ((ada, "result"), (bob, "s")):
        marked = "".join(mark.get_text() for mark in side.find_all("mark"))
        assert f"return round({name}, 3) if {name} > 10 else {name}" in marked
        assert len(marked) > 0.8 * len(LOOP if side is ada else RENAMED)

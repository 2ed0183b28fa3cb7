"""docs/coverage.md: every claim and system of the lectures is taught and asked about, and the page says where."""

import re
from functools import cache
from pathlib import Path

import pytest

from cnn_course.authoring.pages import read_pages
from cnn_course.course import load_course
from grader_tests import QUESTIONS
from grader_tests.bank.item import bank

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"
SYSTEMS = (
    "LeNet", "AlexNet", "ZF-Net", "DeconvNet", "U-Net", "Probabilistic U-Net", "Dense U-Net", "Multi-scale dense U-Net",
    "VGG", "Inception module", "GoogLeNet", "BN-Inception", "Inception v3", "ResNet", "Residual block", "ResNeXt",
    "DenseNet", "Inception-ResNet", "Xception", "Wav2letter",
)  # fmt: skip


@cache
def texts() -> dict[str, str]:
    """Return the texts of the course's notebooks by the names of their cells."""
    pages = (page for pages in read_pages(load_course(PAGE.parents[1])).values() for page in pages)
    return {cell.name: cell.source for page in pages for cell in page.cells if cell.is_markdown}


def rows(heading: str, column: int = 2) -> dict[str, list[str]]:
    """Return subject -> names in one column of a table of the page."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return {
        line.split("|")[1].strip(): re.findall(r"`([a-z0-9-]+)`|(?<= )practice(?= )", line.split("|")[column])
        for line in lines
    }


CLAIMS, NAMED = rows("Claims"), rows("Systems")
TAUGHT = {**rows("Claims", 3), **rows("Systems", 3)}


def words(name: str) -> str:
    """Return everything that an item says, in small letters."""
    item = bank()[name]
    texts = (item.title, item.prompt, item.answer, item.solution, *(mistake.text for mistake in item.mistakes))
    return " ".join(texts).lower()


@pytest.mark.parametrize("subject", [*CLAIMS, *NAMED])
def test_every_subject_is_asked_by_something_that_exists(subject: str) -> None:
    """Each line names at least one question or item, and all of them exist."""
    ids = {**CLAIMS, **NAMED}[subject]
    assert ids
    assert [name for name in ids if name not in bank() and name not in QUESTIONS] == []


def test_every_item_of_the_bank_has_its_line() -> None:
    """No item asks about something that the page does not name."""
    listed = {name for ids in (*CLAIMS.values(), *NAMED.values()) for name in ids}
    assert sorted(set(bank()) - listed) == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_item_beside_a_system_speaks_of_it(system: str) -> None:
    """Each system of the lectures has a line, and at least one item in it calls the system by its name."""
    named = [name for name in NAMED[system] if name in bank() and system.lower() in words(name)]
    assert named, NAMED[system]


def test_the_page_counts_no_claim_twice() -> None:
    """A subject has one line."""
    text = PAGE.read_text(encoding="utf-8")
    subjects = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    assert len(set(subjects)) == len(subjects)


@pytest.mark.parametrize("subject", [*CLAIMS, *NAMED])
def test_every_subject_is_taught_somewhere_that_exists(subject: str) -> None:
    """Each line names text cells of the notebooks; "practice" alone stands where items of the bank ask about it."""
    places = TAUGHT[subject]
    assert places
    assert [place for place in places if place and place not in texts()] == []
    if not all(places):
        assert any(name in bank() for name in CLAIMS[subject])


@pytest.mark.parametrize("system", NAMED)
def test_a_system_is_taught_with_a_picture_or_a_table_that_names_it(system: str) -> None:
    """Some cell beside a system says its name; some cell, or the opening of its notebook, has a picture or a table."""
    cells = [texts()[place] for place in TAUGHT[system]]
    openings = [texts().get(f"{place.split('-')[0]}-intro", "") for place in TAUGHT[system]]
    assert any(system.removeprefix("The ").split(" of ")[0].lower() in text.lower() for text in cells), cells
    assert any("![" in text or "\n|---" in text for text in (*cells, *openings))

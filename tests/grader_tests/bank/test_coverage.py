"""docs/coverage.md: every claim and system of the lectures is asked about, and the page says by whom."""

import re
from pathlib import Path

import pytest

from grader_tests import QUESTIONS
from grader_tests.bank.item import bank

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"
SYSTEMS = (
    "LeNet", "AlexNet", "ZF-Net", "DeconvNet", "U-Net", "Probabilistic U-Net", "Dense U-Net", "Multi-scale dense U-Net",
    "VGG", "Inception module", "GoogLeNet", "BN-Inception", "Inception v3", "ResNet", "Residual block", "ResNeXt",
    "DenseNet", "Inception-ResNet", "Xception", "Wav2letter",
)  # fmt: skip


def rows(heading: str) -> dict[str, list[str]]:
    """Return subject -> ids of one table of the page."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return {line.split("|")[1].strip(): re.findall(r"`([a-z0-9-]+)`", line.split("|")[2]) for line in lines}


CLAIMS, NAMED = rows("Claims"), rows("Systems")


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

"""The table of misconceptions without a wrong answer is about those only."""

import re
from pathlib import Path

from grader_tests.answers import wrong_answers

TABLE = Path(__file__).parents[2] / "docs/misconceptions.md"


def test_no_row_is_about_a_registered_wrong_answer() -> None:
    """An id that got a wrong answer leaves the table, and no id stands there twice."""
    rows = [line.split("|")[1] for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in re.findall(r"\b(?:E\d\d|Q)-[\w.-]+", row)]
    assert named
    assert len(set(named)) == len(named)
    assert set(named) & set(wrong_answers()) == set()

"""Every catalogued misconception is an answer that somebody could hand in."""

from pathlib import Path

from grader_tests.answers import wrong_answers

CATALOGUE = Path(__file__).with_name("catalogue.txt").read_text(encoding="utf-8").split()


def test_every_catalogued_misconception_is_a_wrong_answer() -> None:
    """All ids of the catalogue are registered; test_answers.py submits each and demands its own hint."""
    assert len(set(CATALOGUE)) == len(CATALOGUE) == 133
    assert set(CATALOGUE) - set(wrong_answers()) == set()

"""A mistake costs points in its own question only: what builds on it is judged without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import grader_tests
from splitgrade.execution.engine import Engine
from tests.grader_tests.alone import course_engine, lost, mistakes_of_the_notebooks

EVERY = 7  # `python benchmarks/marks.py` tries all
SAMPLE = mistakes_of_the_notebooks()[::EVERY]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Start the engine of the course once."""
    with course_engine() as engine:
        yield engine


@pytest.mark.parametrize(("path", "wrong"), SAMPLE, ids=[wrong.id for _, wrong in SAMPLE])
def test_a_mistake_alone_costs_its_price_at_home_and_nothing_elsewhere(engine, path, wrong):
    """Put into a notebook of right answers, it loses what the price list says there, and no other question loses."""
    question = grader_tests.QUESTIONS[wrong.question]
    found = lost(engine, path, wrong)
    assert set(found) == {wrong.question}
    assert abs(found[wrong.question] - question.price(wrong.id) * question.points) < 1e-6

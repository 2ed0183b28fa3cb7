"""Hostile submissions: each is graded for what it earns, tells nothing that is hidden, and harms nobody."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.conftest import Batch
from tests.attacks.corpus import ATTACKS, KINDS
from tests.attacks.judge import honest_objections, objections
from tests.attacks.leaks import listener
from tests.course_fixture import REPOSITORY

Grade = Callable[[str], Batch]


@pytest.mark.parametrize("attack", [pytest.param(each, id=f"{each.kind}-{each.name}") for each in ATTACKS])
def test_an_attack_is_held(graded: Grade, attack) -> None:
    """Scores, state, feedback, report and the submitted files are what they have to be."""
    root, results = graded(attack.kind)
    assert objections(attack, results[attack.name], root) == []


@pytest.mark.parametrize("kind", KINDS)
def test_honest_students_before_and_after_keep_full_marks(graded: Grade, kind: str) -> None:
    """A class of attackers costs its neighbours nothing."""
    assert honest_objections(graded(kind)[1]) == []


def test_nobody_reached_the_network(graded: Grade) -> None:
    """No connection came in at the socket that was waiting for one."""
    graded("leak")
    with pytest.raises(BlockingIOError):
        listener().accept()


@pytest.mark.parametrize("kind", KINDS)
def test_no_submission_left_a_file_in_the_course(graded: Grade, kind: str) -> None:
    """What submissions wrote went with their processes; the course holds what a run makes."""
    root, _ = graded(kind)
    made = {"source", "release", "submitted", "autograded", "feedback", "gradebook.db", "nbgrader_config.py"}
    assert {path.name for path in root.iterdir()} - {".splitgrade", "__pycache__"} <= made
    assert not (root / ".splitgrade" / "staging").exists()


def test_the_corpus_has_every_kind_and_no_name_twice() -> None:
    """Names are students, so each stands for one attack."""
    assert [name for name, count in Counter(attack.name for attack in ATTACKS).items() if count > 1] == []
    assert min(Counter(attack.kind for attack in ATTACKS).values()) >= 12
    assert len(ATTACKS) >= 60


def test_the_threat_model_names_attacks_that_exist() -> None:
    """Every attack that docs/threat-model.md names by id is one of the corpus."""
    page = Path(REPOSITORY, "docs", "threat-model.md").read_text(encoding="utf-8")
    named = {word.strip("`") for word in page.split() if word.startswith(tuple(f"`{kind}-" for kind in KINDS))}
    known = {f"{attack.kind}-{attack.name}" for attack in ATTACKS}
    assert named
    assert {word.rstrip(",.;|`") for word in named} <= known


def test_the_benchmark_lists_the_same_attacks() -> None:
    """``benchmarks/attacks.py --list`` prints the names of the corpus."""
    printed = subprocess.run(
        [sys.executable, "benchmarks/attacks.py", "--list"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == [f"{attack.kind}-{attack.name}" for attack in ATTACKS]

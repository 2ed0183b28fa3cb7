"""The short form of benchmarks/faults.py: what happens to a run from outside loses nothing and leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.splitgrade.grading.fault_rounds import HALF_DONE, REPAIRED_INSIDE, FaultRounds

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def test_nothing_is_lost_and_nothing_is_left(tmp_path: Path) -> None:
    """Kills and a lock, one after the other: then one run leaves what an undisturbed one leaves."""
    rounds = FaultRounds(tmp_path, seed=20261128, lock_seconds=1.0)
    inside = ["kill student server"]
    others = {"kill coordinator", "gradebook locked"}
    done = rounds.round([*inside, *(fault for fault in rounds.kinds() if fault in others)])
    assert done.good, done
    assert set(inside) <= REPAIRED_INSIDE
    assert done.statuses[: len(inside)] == [HALF_DONE] * len(inside), done

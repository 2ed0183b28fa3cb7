"""Each batch of attacks is graded once, when the first test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from splitgrade.sandbox import layers
from tests.attacks.corpus import batch
from tests.attacks.harness import Result, run

Batch = tuple[Path, dict[str, Result]]


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Batch]:
    """Return the folder and the results of a batch by kind."""
    if layers.probe().isolation == "none":
        pytest.skip("this machine has no sandbox, and these attacks mean what they do")

    @cache
    def grade(kind: str) -> Batch:
        root = tmp_path_factory.mktemp(kind) / "course"
        return root, run(root, batch(kind))

    return grade

"""Each batch of attacks is graded once, when the first test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from splitgrade.sandbox import layers
from tests.attacks.corpus import batch
from tests.attacks.harness import Result, run
from tests.kept_servers import KeptServers

Batch = tuple[Path, dict[str, Result]]


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory, kept: KeptServers) -> Callable[[str], Batch]:
    """Return the folder and the results of a batch by kind; all batches attack one course."""
    if layers.probe().isolation == "none":
        pytest.skip("this machine has no sandbox, and these attacks mean what they do")

    root = tmp_path_factory.mktemp("attacks") / "course"

    @cache
    def grade(kind: str) -> Batch:
        with kept.in_use():
            return root, run(root, batch(kind))

    return grade

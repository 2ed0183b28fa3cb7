"""The suite on several processes: a file stays on one, and the two files that need the demo class on the same."""

from __future__ import annotations

from typing import Any

import pytest

DEMO = "tests/course/"  # its class takes a minute to grade


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return pytest-xdist's scheduler by file, with one of all files that look at the demo class."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return DEMO if nodeid.startswith(DEMO) else str(super()._split_scope(nodeid))

    return ByFile(config, log)

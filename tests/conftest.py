"""The suite on several processes: what costs seconds to start is started once for each of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import nbgrader.api
import pytest

from tests.kept_servers import KeptServers

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


@pytest.fixture(scope="session", autouse=True)
def _one_alembic() -> Iterator[None]:
    """Ask once for the version of the gradebook's tables: nbgrader starts a program for it with every new gradebook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbgrader.api, "get_alembic_version", functools.cache(nbgrader.api.get_alembic_version))
        yield


@pytest.fixture(scope="session")
def kept() -> Iterator[KeptServers]:
    """Yield the warm interpreters that a run may leave to later ones."""
    servers = KeptServers()
    yield servers
    servers.end_all_but(0)


@pytest.fixture(scope="module")
def kept_servers(kept: KeptServers) -> Iterator[None]:
    """Let the runs of a file use warm interpreters that runs before it have left."""
    with kept.in_use():
        yield

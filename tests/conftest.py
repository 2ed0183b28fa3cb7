"""The suite on several processes: what costs seconds to start is started once for each of them."""

from __future__ import annotations

import functools
import gc
import os
import signal
from collections.abc import Iterator
from typing import Any

import nbgrader.api
import pytest

from tests.kept_servers import KeptServers

gc.disable()  # until all tests are collected: nothing of what is loaded until then goes again

DEMO = "tests/course/"  # its class takes a minute to grade
# They take longest and begin first, so that no process works alone at the end.
LONGEST = ("tests/attacks/", "tests/course/", "tests/browser/", "tests/splitgrade/", "tests/cnn_course/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Return one process more than there are processors: tests wait, too, for a browser or until a limit is reached."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONGEST) if item.nodeid.startswith(name)), 99))


def pytest_collection_finish() -> None:
    """Look through what stays to the end no more: thousands of tests and modules, with each full collection."""
    gc.collect()
    gc.freeze()
    gc.enable()


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


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_counts() -> Iterator[None]:
    """Heed Ctrl-C: a shell that starts the suite in the background has it, and all that it starts, ignore that."""
    found = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, found)


@pytest.fixture(scope="session")
def kept() -> Iterator[KeptServers]:
    """Yield the warm interpreters that a run may leave to later ones."""
    servers = KeptServers()
    yield servers
    servers.end()


@pytest.fixture(scope="module")
def kept_servers(kept: KeptServers) -> Iterator[None]:
    """Let the runs of a file use warm interpreters that runs before it have left."""
    with kept.in_use():
        yield

"""A confined attacker in every arrangement of layers that a machine may force on us."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from splitgrade.sandbox import layers
from splitgrade.sandbox.launcher import Child, ForkServer
from splitgrade.sandbox.limits import Limits

LIMITS = Limits(memory_mb=192, processes=24, file_mb=4, tmp_mb=8, tmp_files=200, open_files=64)
MARKER = "CNN_COURSE_TEST_MARKER"

# What is missing on the machine that an arrangement stands for.
ARRANGEMENTS = {
    "everything": {},
    "no control group": {"cgroup": None},
    "namespaces without landlock": {"cgroup": None, "landlock": 0},
    "no namespaces": {"cgroup": None, "namespaces": False},
    "no namespaces, old landlock": {"cgroup": None, "namespaces": False, "landlock": 3},
}


class Attacker:
    """A child that runs what it is told."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.stream = child.socket.makefile("rw")
        child.socket.settimeout(60)

    def run(self, code: str) -> dict:
        """Run a program inside; its `result`, its error, or the cause of its death."""
        try:
            self.stream.write(json.dumps(code) + "\n")
            self.stream.flush()
            line = self.stream.readline()
        except (ConnectionResetError, BrokenPipeError):
            line = ""
        if not line:
            assert self.child.wait(10), "it neither answers nor ends"
            return {"cause": self.child.cause()}
        return json.loads(line)

    def result(self, code: str) -> object:
        """Run a program that has to work."""
        answer = self.run(code)
        assert "result" in answer, answer
        return answer["result"]

    def error(self, code: str) -> str:
        """Run a program that has to fail with an exception, and give its type's name."""
        answer = self.run(code)
        assert "error" in answer, answer
        return answer["error"]

    def close(self) -> None:
        """End the child."""
        self.stream.close()
        self.child.close()


def make_server(arrangement: str, **options: object) -> ForkServer:
    """Return a server of attackers that uses only the layers of the arrangement."""
    offered = layers.probe()
    if offered.isolation == "none":
        pytest.skip("this machine has no layer at all")
    missing = ARRANGEMENTS[arrangement]
    if missing.get("namespaces", True) and not offered.namespaces:
        pytest.skip(f"no namespaces here: {offered.why_no_namespaces}")
    if missing.get("landlock", 1) > offered.landlock:
        pytest.skip("no Landlock here")
    options = {
        "role": "student",
        "limits": LIMITS,
        "readable": [Path(__file__).parent],
        "module": "tests.splitgrade.sandbox.attacker",
        "offered": dataclasses.replace(offered, **missing),
        **options,
    }
    return ForkServer(**options)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Make a folder that other users can enter, as pytest's own never is."""
    with tempfile.TemporaryDirectory(prefix="sandbox-test-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture(scope="session", params=ARRANGEMENTS)
def arrangement(request: pytest.FixtureRequest) -> str:
    """Name a set of layers."""
    return request.param


@pytest.fixture(scope="session")
def server(arrangement: str) -> Iterator[ForkServer]:
    """Start a server that all tests of the arrangement share."""
    os.environ[MARKER] = "secret"
    with make_server(arrangement) as running:
        running.start()
        yield running


@pytest.fixture
def spawn(server: ForkServer) -> Iterator[Callable[..., Attacker]]:
    """Make attackers that end with the test."""
    with contextlib.ExitStack() as stack:

        def make(**request: object) -> Attacker:
            attacker = Attacker(server.spawn(**request))
            stack.callback(attacker.close)
            return attacker

        yield make


@pytest.fixture
def attacker(spawn: Callable[..., Attacker]) -> Attacker:
    """Spawn one attacker."""
    return spawn()

"""Warm interpreters that outlive their run: what comes next in the same process of pytest takes them over.

They cost seconds to start and hold nothing of a submission, whose processes are forked from them and end with its run.
Tests of how they start, end and die do without this.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from splitgrade.sandbox import server_process
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.plan import Plan
from splitgrade.sandbox.server_process import ServerProcess
from tests.loaded import BASE, Loaded

KEPT_AT_MOST = 6


class KeptServers:
    """The warm interpreters of this process, by all that decides what they are."""

    def __init__(self) -> None:
        self._idle: dict[str, ServerProcess] = {}
        self._launch = ForkServer._launched
        self._launch_program = server_process.launch
        self._loaded = Loaded()
        self._process = os.getpid()

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Have fork servers take an idle one of these, or a new one that comes here when they close."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ForkServer, "_launched", lambda server: self._launched(server))
            patch.setattr(server_process, "launch", self._from_loaded)
            yield

    def _from_loaded(self, plans: Sequence[Plan], base: str) -> list[ServerProcess]:
        """Start servers; those of notebooks from the libraries that are loaded once for all of this process."""
        usual = base == BASE and all(plan.isolation == "namespaces" for plan in plans)
        if usual and os.getpid() == self._process:
            return self._loaded.launch(plans)
        return self._launch_program(plans, base)

    def _launched(self, server: ForkServer) -> object:
        if server._process is None and os.getpid() == self._process:  # a worker's own are not for others
            plan = server._plan(None).to_json()
            server._process = self._idle.pop(plan, None)
            if server._process is None:
                started = self._launch(server)
                started.close = partial(self._keep, plan, started)
                started._fail = partial(self._fail, started)
        return self._launch(server)

    def _keep(self, plan: str, server: ServerProcess) -> None:
        if plan in self._idle:  # there were two at the same time
            ServerProcess.close(self._idle.pop(plan))
        self._idle[plan] = server
        self.end_all_but(KEPT_AT_MOST)

    def _fail(self, server: ServerProcess, what: str) -> None:
        server.close = partial(ServerProcess.close, server)
        ServerProcess._fail(server, what)

    def end(self) -> None:
        """End all."""
        self.end_all_but(0)
        self._loaded.close()

    def end_all_but(self, number: int) -> None:
        """End those that have waited longest."""
        while len(self._idle) > number:
            ServerProcess.close(self._idle.pop(next(iter(self._idle))))

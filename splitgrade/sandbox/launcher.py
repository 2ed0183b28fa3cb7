"""The host's side of the sandbox: starts fork servers and holds their children.

Examples
--------
>>> with ForkServer("student", Limits()) as server:  # doctest: +SKIP
...     child = server.spawn(files={"data.csv": b"1,2"})
...     child.socket.sendall(b"...")
...     child.close()
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal, Self

from splitgrade.errors import SandboxError
from splitgrade.sandbox import cgroups, layers, owned, server_process
from splitgrade.sandbox.child import Child
from splitgrade.sandbox.limits import Limits
from splitgrade.sandbox.plan import Plan
from splitgrade.sandbox.request import Request
from splitgrade.sandbox.server_process import Lent, ServerProcess
from splitgrade.sandbox.visible import Role

__all__ = ["Child", "ForkServer", "launch"]


class ForkServer:
    """A warm interpreter in a sandbox that forks a confined child in milliseconds.

    Parameters
    ----------
    role
        "student" for students' code, "trusted" for test cells; they see different files.
    limits
        Bounds on each child.
    policy
        "required" refuses to start where this machine cannot keep untrusted code in; "none" starts there all the
        same, without protection. Where the machine can, both protect.
    readable
        Further files and folders to be seen inside, read-only.
    private
        Folders that students' processes must not see wherever they lie.
    module
        What the children run: a module with `preload()` and `serve(channel, peer)`;
        `splitgrade.execution.<role>.<role>` by default.
    packages
        Packages of the course that are imported, with all their modules, before the first fork; those that are not
        there are left out.
    modules
        Installed modules that are imported before the first fork, where that works and starts no thread.
    environment
        Variables that these packages and all children find.
    base
        A module whose `load()` loads what fork servers that are launched together have in common; by default
        `splitgrade.execution.interpreter.base`, and nothing where there is another module for the children.
    offered
        What the machine offers; found out when None.

    Raises
    ------
    ValueError
        If role or policy is unknown, or a path of `readable` is not absolute.
    """

    def __init__(
        self,
        role: Role,
        limits: Limits,
        *,
        policy: Literal["required", "none"] = "required",
        readable: Sequence[Path] = (),
        private: Sequence[Path] = (),
        module: str | None = None,
        packages: Sequence[str] = (),
        modules: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        base: str | None = None,
        offered: layers.Layers | None = None,
    ) -> None:
        if role not in ("student", "trusted"):
            raise ValueError(f"role must be 'student' or 'trusted', got {role!r}")
        if policy not in ("required", "none"):
            raise ValueError(f"policy must be 'required' or 'none', got {policy!r}")
        for path in readable:
            if not path.is_absolute():
                raise ValueError(f"readable paths must be absolute, got {path}")
        self._role: Role = role
        self._limits = limits
        self._policy = policy
        self._readable = tuple(readable)
        self._private = tuple(private)
        self._module = module or f"splitgrade.execution.{role}.{role}"
        self._base = ("" if module else "splitgrade.execution.interpreter.base") if base is None else base
        self._packages = tuple(packages)
        self._modules = tuple(modules)
        self._environment = dict(environment or {})
        self._offered = offered
        self._process: ServerProcess | Lent | None = None
        self._count = 0
        self._children: list[Child] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def launch(self) -> None:
        """Begin to start the warm interpreter and do not wait for it; `start` does.

        Raises
        ------
        SandboxUnavailableError
            If this machine cannot keep untrusted code in and policy is "required".
        """
        launch([self])

    def start(self) -> None:
        """Start the warm interpreter now; `spawn` does it where nobody did.

        Raises
        ------
        SandboxUnavailableError
            If this machine cannot keep untrusted code in and policy is "required".
        SandboxError
            If the interpreter does not start.
        """
        with self._lock:
            self._started()

    def lend(self) -> ForkServer:
        """Return a fork server for another of the grader's processes that shares this one's warm interpreter.

        It is made before that process is forked, and closed in the one where it is not used. Its children are its own,
        and end with it; should the interpreter end, it starts one for itself.

        Raises
        ------
        SandboxUnavailableError, SandboxError
            As `start`.
        TypeError
            If this one is lent itself.
        """
        other = ForkServer(
            self._role,
            self._limits,
            policy=self._policy,
            readable=self._readable,
            private=self._private,
            module=self._module,
            base=self._base,
            offered=self._offered,
            packages=self._packages,
            modules=self._modules,
            environment=self._environment,
        )
        with self._lock:
            try:
                control = self._own().lend()
            except SandboxError:
                self._process = None  # it has ended and closed itself: once more, with another
                control = self._own().lend()
        other._process = Lent(control)
        return other

    def _own(self) -> ServerProcess:
        process = self._started()
        if isinstance(process, Lent):
            raise TypeError("a fork server can be lent only by the process that started it")
        return process

    def _launched(self) -> ServerProcess | Lent:
        if self._process is None:
            (self._process,) = server_process.launch([self._new_plan()], self._base)
        return self._process

    def _new_plan(self) -> Plan:
        """Return the plan of another fork server.

        Raises
        ------
        SandboxUnavailableError
            If this machine cannot keep untrusted code in and policy is "required".
        """
        offered = self._layers()
        if self._policy == "required":
            layers.require(offered)
        remove_left_behind(offered.cgroup)
        return self._plan(None if offered.isolation == "namespaces" else server_process.scratch_folder())

    def _started(self) -> ServerProcess | Lent:
        process = self._launched()
        if isinstance(process, ServerProcess):
            try:
                process.wait_until_ready()
            except BaseException:
                self._process = None
                raise
        return process

    def _layers(self) -> layers.Layers:
        return self._offered or layers.probe()

    def _plan(self, scratch: Path | None) -> Plan:
        return layers.make_plan(
            self._layers(),
            self._role,
            self._limits,
            module=self._module,
            packages=self._packages,
            modules=self._modules,
            readable=self._readable,
            private=self._private,
            scratch=scratch,
            environment=self._environment,
        )

    def spawn(
        self,
        *,
        files: Mapping[str, bytes] | None = None,
        links: Mapping[str, str] | None = None,
        peer: socket.socket | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        """Fork a confined child that serves on a channel of its own.

        Parameters
        ----------
        files
            Relative name to contents: what lies in its work folder, which is its current folder.
        links
            Name to an absolute path among what is readable inside: a link of this name, which saves a copy.
        peer
            A second socket for the child, for example to another child; stays the caller's to close.
        environment
            Variables on top of the few that every child has.

        Raises
        ------
        ValueError
            If a name of `files` is not relative or leads out of the work folder.
        SandboxUnavailableError, SandboxError
            If the sandbox cannot start, see `start`.
        """
        for name in files or {}:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or path.parts == () or "\0" in name:
                raise ValueError(f"names of files must be relative and stay in the folder, got {name!r}")
        with self._lock:
            return self._spawn(_pack(files or {}, links or {}, environment or {}), peer)

    def _spawn(self, luggage: int, peer: socket.socket | None) -> Child:
        with contextlib.ExitStack() as inside, contextlib.ExitStack() as ours:
            inside.callback(os.close, luggage)
            process = self._started()
            # Given up last: a child that was forked when something ends this here leaves its group as its channel ends.
            group = self._group()
            if group is not None:
                ours.callback(group.remove)
            channel, channel_inside = socket.socketpair()
            report, report_inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            for end in (channel, report):
                ours.enter_context(end)
            for end in (channel_inside, report_inside):
                inside.enter_context(end)
            request = Request(channel_inside.fileno(), report_inside.fileno(), luggage)
            if peer is not None:
                request = replace(request, peer=peer.fileno())
            if group is not None:
                request = replace(request, group=group.open_membership())
                inside.callback(os.close, request.group)
            alone = self._layers().isolation == "namespaces"
            handle = self._ask(process, request)
            ours.callback(os.close, handle)
            child = Child(channel, report, handle, self._limits, group, alone=alone)
            ours.pop_all()
        self._children = [*(known for known in self._children if not known.closed), child]
        return child

    def _ask(self, process: ServerProcess | Lent, request: Request) -> int:
        try:
            return process.ask(request)
        except BaseException:
            self._process = None  # it has closed itself; the next spawn starts another
            raise

    def _group(self) -> cgroups.Group | None:
        place = self._layers().cgroup
        if place is None:
            return None
        self._count += 1
        return cgroups.Group(place, f"{id(self):x}-{self._count}", self._limits)

    def close(self) -> None:
        """End the interpreter and every child, and leave nothing behind; may be called twice.

        Raises
        ------
        SandboxError
            If a process does not end.
        """
        with self._lock:
            for child in self._children:
                child.close()
            self._children = []
            if self._process is not None:
                own = isinstance(self._process, ServerProcess)
                self._process.close()
                self._process = None
                if own:
                    remove_left_behind(self._layers().cgroup)  # of those that borrowed it and were killed


def remove_left_behind(place: cgroups.Place | None) -> None:
    """Remove the temporary folders and the control groups of graders that were killed."""
    owned.remove_folders()
    if place is not None:
        cgroups.remove_left_behind(place)


def launch(servers: Sequence[ForkServer]) -> None:
    """Begin to start the warm interpreters of several fork servers, which load once what they have in common.

    Raises
    ------
    SandboxUnavailableError
        If this machine cannot keep untrusted code in and a policy is "required".
    """
    with contextlib.ExitStack() as locks:
        for server in servers:
            locks.enter_context(server._lock)
        new = [server for server in servers if server._process is None]
        for base in dict.fromkeys(server._base for server in new):
            alike = [server for server in new if server._base == base]
            processes = server_process.launch([server._new_plan() for server in alike], base)
            for server, process in zip(alike, processes, strict=True):
                server._process = process


def _pack(files: Mapping[str, bytes], links: Mapping[str, str], environment: Mapping[str, str]) -> int:
    """Return a file in memory with what a child starts from: unlike a message, it has no largest size."""
    listed = [[name, len(data)] for name, data in files.items()]
    header = {"files": listed, "links": dict(links), "environment": dict(environment)}
    luggage = os.memfd_create("luggage")
    with os.fdopen(luggage, "wb", closefd=False) as stream:
        stream.write(b"".join([json.dumps(header).encode(), b"\n", *files.values()]))  # in one call of the system
    return luggage

"""The warm process inside the sandbox: it forks one confined child for each request.

One message of a control socket is one request (`request`); the answer is a descriptor that stands for the child.
Several processes of the grader may ask, each on a control socket of its own; the children of one end when it hangs up,
and all end with the process that started this one.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

from splitgrade.sandbox import (
    confine,
    folders,
    large_pages,
    libraries,
    memory,
    namespaces,
    processor,
    rlimits,
    syscalls,
    warm_modules,
)
from splitgrade.sandbox.plan import Plan
from splitgrade.sandbox.request import Request

_TICK: Final = 0.05  # seconds between two looks of the watchdog on memory
_PRIORITY_TICK: Final = 0.25  # seconds between two looks at who crowds the processors
_CONFINEMENT_FAILED: Final = 70  # EX_SOFTWARE


@dataclass
class _Running:
    pid: int
    pid_in_proc: int
    handle: int
    report: socket.socket
    slot: int
    control: socket.socket
    cause: str | None = None


class ForkLoop:
    """The loop that forks, watches and reaps; never runs a student's code itself."""

    def __init__(self, control: socket.socket, plan: Plan, module: ModuleType) -> None:
        self._owner = control
        self._controls = {control}
        self.plan = plan
        self.module = module
        self._running: dict[int, _Running] = {}
        self.slot = 0
        self.address_space = rlimits.address_space_in_use()
        self.pid = os.getpid()
        self.identity = os.geteuid(), os.getegid()  # asked before the fork: a new user namespace knows no names
        self._shared_kb = memory.usage(os.getpid()).memory_kb
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._next_look = 0.0
        self.libraries = libraries.descriptors()
        if plan.seccomp and self._in_namespaces:
            confine.filter_of_calls(plan)  # made once: each child finds it in its memory

    def run(self) -> None:
        """Serve until the process that started this one has gone."""
        while self._owner in self._controls:
            events = self._selector.select(self._tick if self._running else None)
            self._reap()
            for control in [key.fileobj for key, _ in events if key.fileobj in self._controls]:
                if isinstance(control, socket.socket) and not self._answer(control):
                    self._part_from(control)
            if self._running and time.monotonic() >= self._next_look:
                self._look()
        for control in [*self._controls]:  # of borrowers: without the owner they have to find another
            self._part_from(control)
        while self._running:
            self._reap(block=True)
        if self.plan.scratch is not None:  # a host that was killed cannot do it
            folders.remove(Path(self.plan.scratch))

    @property
    def _tick(self) -> float:
        """Return the seconds between two looks; a control group counts memory without one."""
        return _PRIORITY_TICK if self.plan.cgroup else _TICK

    def _answer(self, control: socket.socket) -> bool:
        """Take one request; False when the host has gone."""
        try:
            request = Request.receive(control)
            if request is None:
                return False
            if request.control >= 0:
                self._listen_to(socket.socket(fileno=request.control))
                control.send(b"+")
                return True
            socket.send_fds(control, [b"+"], [self._fork(request, control)])
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _listen_to(self, control: socket.socket) -> None:
        self._controls.add(control)
        self._selector.register(control, selectors.EVENT_READ)

    def _part_from(self, control: socket.socket) -> None:
        """Kill the children of one that has gone."""
        self._controls.remove(control)
        self._selector.unregister(control)
        control.close()
        for child in self._running.values():
            if child.control is control:
                with contextlib.suppress(ProcessLookupError):  # it has ended and is about to be reaped
                    signal.pidfd_send_signal(child.handle, signal.SIGKILL)

    def _fork(self, request: Request, control: socket.socket) -> int:
        """Fork a child and return a descriptor that stands for it."""
        self.slot += 1
        pid = namespaces.fork_child(network=self.plan.landlock < 6) if self._in_namespaces else os.fork()
        if pid == 0:
            self._become_child(request)
        for descriptor in (request.channel, request.luggage, request.peer, request.group):
            if descriptor >= 0:
                os.close(descriptor)
        handle = os.pidfd_open(pid)
        self._running[pid] = _Running(
            pid, _pid_in_proc(handle), handle, socket.socket(fileno=request.report), self.slot, control
        )
        self._selector.register(handle, selectors.EVENT_READ)
        return handle

    @property
    def _in_namespaces(self) -> bool:
        return self.plan.isolation == "namespaces"

    def _become_child(self, request: Request) -> NoReturn:
        try:
            for control in self._controls:
                control.close()
            self._selector.close()
            for child in self._running.values():
                child.report.close()
                os.close(child.handle)
            _child(self, request)
        finally:
            os._exit(_CONFINEMENT_FAILED)  # whatever went wrong, there is one loop and it is not ours

    def _reap(self, *, block: bool = False) -> None:
        """Collect every child that has ended, and what it left behind."""
        options = os.WEXITED | os.WNOWAIT | (0 if block else os.WNOHANG)
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, options)
            except ChildProcessError:
                return
            if ended is None:
                return
            child = self._running.pop(ended.si_pid, None)
            if child is not None and not self._in_namespaces:
                # Before its number can be given to another: the rest of its session is one process group.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
            _, status = os.waitpid(ended.si_pid, 0)
            if child is not None:
                self._part_with(child, status)
            options |= os.WNOHANG

    def _part_with(self, child: _Running, status: int) -> None:
        self._selector.unregister(child.handle)
        os.close(child.handle)
        if self.plan.scratch is not None and not self._in_namespaces:
            self._clear(confine.scratch_folder(self.plan, child.slot))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the host no longer wants to know
            child.report.send(json.dumps({"status": status, "cause": child.cause}).encode())
        child.report.close()

    def _clear(self, folder: Path) -> None:
        if not folder.exists():
            return  # killed before it made one
        try:
            folders.remove(folder)
        except OSError:
            # One child must not end the server of all; the host removes the folder around it at the end, or fails.
            traceback.print_exc()

    def _look(self) -> None:
        """Kill every child that holds more than it may, and let crowds make way for others."""
        started = time.monotonic()
        by_pid = {child.pid_in_proc: child for child in self._running.values()}
        families = (memory.descendants if self._in_namespaces else memory.of_session)(by_pid)
        for pid, child in by_pid.items():
            processor.make_way(families[pid])
            if child.cause is None and not self.plan.cgroup:
                child.cause = memory.excess(families[pid], self.plan.limits, shared_kb=self._shared_kb)
                if child.cause is None and not self._in_namespaces:
                    child.cause = memory.files_excess(confine.scratch_folder(self.plan, child.slot), self.plan.limits)
                if child.cause is not None:
                    signal.pidfd_send_signal(child.handle, signal.SIGKILL)
        now = time.monotonic()
        # On a machine with thousands of processes a look takes long: never more than a tenth of the time.
        self._next_look = now + max(self._tick, 10 * (now - started))


def _pid_in_proc(handle: int) -> int:
    """Return the number that /proc shows for a child: it may be the host's /proc with the host's numbers."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "Pid":
            return int(value)
    raise OSError("the kernel does not say which process a descriptor stands for")


def _child(server: ForkLoop, request: Request) -> NoReturn:
    """Confine this process, serve the host, end; nothing may return from here into the loop."""
    plan, slot = server.plan, server.slot
    told = socket.socket(fileno=request.report)
    try:
        if request.group >= 0:
            os.write(request.group, b"0")
            os.close(request.group)
        libraries.reopen(server.libraries)
        os.setsid()  # where the kernel groups tasks by session, each child has the share of one
        if plan.isolation != "namespaces":
            syscalls.die_with_parent()
            if os.getppid() != server.pid:
                os._exit(_CONFINEMENT_FAILED)  # the fork server ended before the line above could count
        if plan.isolation == "namespaces":
            namespaces.map_user(*server.identity)
        confine.enter_work_folder(plan, slot)
        _unpack(request.luggage)
        _silence()
        confine.restrict(plan, slot, address_space=server.address_space)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    except BaseException:
        told.send(json.dumps({"refused": traceback.format_exc()[-4000:]}).encode())
        os._exit(_CONFINEMENT_FAILED)
    told.close()
    try:
        peer = socket.socket(fileno=request.peer) if request.peer >= 0 else None
        server.module.serve(socket.socket(fileno=request.channel), peer)
    except BaseException:
        # Nobody reads this process's stderr, and nothing may unwind into the fork server: the status tells.
        os._exit(1)
    os._exit(0)


def _unpack(luggage: int) -> None:
    """Write the files of the request into the work folder and take over its environment."""
    with os.fdopen(luggage, "rb") as stream:
        stream.seek(0)
        contents = json.loads(stream.readline())
        for folder in dict.fromkeys(name.rpartition("/")[0] for name, _ in contents["files"]):
            if folder:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - paths take longer than the calls, in every child
        for name, size in contents["files"]:
            with open(name, "wb") as file:  # noqa: PTH123
                file.write(stream.read(size))
    for name, target in contents["links"].items():
        os.symlink(target, name)  # noqa: PTH211
    os.environ.update(contents["environment"])


def _silence() -> None:
    """Point the standard streams to nowhere: what the child says goes through its channel."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    with contextlib.suppress(OSError):  # hidden /proc; it only helps the kernel to choose whom to kill
        Path("/proc/self/oom_score_adj").write_text("1000")


def serve(control: int, plan: Plan) -> NoReturn:
    """Load the module of the plan and answer requests until the host goes away."""
    connection = socket.socket(fileno=control)
    try:
        if plan.isolation != "namespaces":
            _adopt_orphans()
        sys.path[:0] = plan.import_roots
        os.environ.update(plan.environment)
        module = importlib.import_module(plan.module)
        module.preload()
        for name in plan.packages:
            import_all(name)
        warm_modules.load(plan.modules)
        threads = os.listdir("/proc/self/task")  # noqa: PTH208 - a count
        if len(threads) > 1:
            raise RuntimeError(f"{plan.module}.preload() left {len(threads)} threads: only a single one can be forked")
    except BaseException:
        connection.send(b"-" + traceback.format_exc()[-4000:].encode())
        os._exit(1)
    gc.collect()
    gc.freeze()  # no page of the warm heap is copied because the collector touched it
    large_pages.gather()
    gc.enable()
    connection.send(b"+")
    ForkLoop(connection, plan, module).run()
    os._exit(0)


def import_all(name: str) -> None:
    """Import a package and what it imports only when it is used, so that no notebook waits for it."""
    if importlib.util.find_spec(name) is None:
        return  # without the course around this project: imported when used
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)


def _adopt_orphans() -> None:
    set_child_subreaper = 36
    syscalls.prctl(set_child_subreaper, 1)

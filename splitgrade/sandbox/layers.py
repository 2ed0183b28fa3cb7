"""What this machine offers to keep untrusted code in: found out by trying, not by reading version numbers."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from splitgrade.errors import SandboxError, SandboxUnavailableError
from splitgrade.sandbox import cgroups, landlock, owned, privileges, seccomp, syscalls, visible
from splitgrade.sandbox.limits import Limits
from splitgrade.sandbox.plan import Isolation, Plan

_FIRST_USER: Final = 60_000  # above ordinary users, below the dynamic ones of systemd (61184)
_TRIAL_SECONDS: Final = 60
_USERS_PER_SERVER: Final = 64
_SERVERS: Final = 16  # that have users of their own
BOOT: Final = "import sys; sys.path.insert(0, {root!r}); from splitgrade.sandbox import enter; enter.{entry}()"


@dataclass(frozen=True)
class Layers:
    """What the machine offers.

    Parameters
    ----------
    machine
        The processor's name.
    namespaces
        Whether children can have namespaces and mounts of their own.
    user_namespace
        Whether the outer root folder needs a user namespace.
    landlock
        ABI of Landlock, 0 where it is missing.
    seccomp
        Whether system calls can be filtered.
    cgroup
        Where control groups can be made, None where a watchdog has to count memory.
    root
        Whether we are root and other user ids exist, so that children become another user.
    why_no_namespaces
        The kernel's answer, where they cannot be had.
    closed
        A folder on the way to the interpreter that children could not enter without namespaces; empty where they can.
    """

    machine: str
    namespaces: bool
    user_namespace: bool
    landlock: int
    seccomp: bool
    cgroup: cgroups.Place | None
    root: bool
    why_no_namespaces: str = ""
    closed: str = ""

    @property
    def isolation(self) -> Isolation:
        """The strongest arrangement that holds here; "none" where untrusted code must not run.

        Without seccomp there is no telling what the kernel offers to attackers. Without namespaces, it is Landlock
        that guards every file, so it has to be there; and the interpreter has to be where another user may read it.
        """
        if not self.seccomp:
            return "none"
        if self.namespaces:
            return "namespaces"
        return "landlock" if self.landlock and not self.closed else "none"


def command(entry: str, *arguments: str) -> list[str]:
    """Return the command that runs a function of `enter` in a fresh interpreter."""
    # -I: neither the working folder nor the user's own packages; -S would lose NumPy
    boot = BOOT.format(root=str(visible.import_root()), entry=entry)
    return [sys.executable, "-I", "-c", boot, *arguments]


def make_plan(
    layers: Layers,
    role: visible.Role,
    limits: Limits,
    *,
    module: str,
    packages: Sequence[str] = (),
    modules: Sequence[str] = (),
    readable: Sequence[Path] = (),
    private: Sequence[Path] = (),
    scratch: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Plan:
    """Return how to confine a role on a machine with these layers."""
    # Servers that run at the same time should not share users; if they do, the other walls still keep them apart.
    block = os.getpid() % (_SERVERS // 2) * 2 + (role == "trusted")
    user = _FIRST_USER + block * _USERS_PER_SERVER if layers.root else None
    return Plan(
        module=module,
        import_roots=tuple(map(str, _import_roots(readable))),
        isolation=layers.isolation,
        user_namespace=layers.user_namespace,
        landlock=layers.landlock,
        seccomp=layers.seccomp,
        user=user,
        keep_read=layers.root and _may_keep_read() and visible.closed_folder(readable) is not None,
        cgroup=layers.cgroup is not None,
        readable=tuple(str(path) for path in (*visible.readable(role), *readable)),
        hidden=tuple(map(str, visible.hidden(role, private))),
        scratch=str(scratch) if scratch else None,
        limits=limits,
        packages=tuple(packages),
        modules=tuple(modules),
        environment=tuple((environment or {}).items()),
    )


def _import_roots(readable: Sequence[Path]) -> list[Path]:
    """Return where packages are looked for: beside those that are shown, of which others may be installed; here."""
    beside = [path.parent for path in readable if (path / "__init__.py").is_file()]
    return list(dict.fromkeys([*beside, visible.import_root()]))


@functools.cache
def probe() -> Layers:
    """Return what this machine offers; takes a tenth of a second the first time.

    Raises
    ------
    SandboxError
        When a trial does not come to its end: no reason to go without a layer.
    """
    privileged = hasattr(os, "geteuid") and os.geteuid() == 0
    root = privileges.may_become(_FIRST_USER, _FIRST_USER + _SERVERS * _USERS_PER_SERVER - 1)
    offered = Layers(
        machine=platform.machine(),
        namespaces=False,
        user_namespace=False,
        landlock=landlock.abi(),
        seccomp=platform.machine() in syscalls.MACHINES and sys.platform == "linux" and seccomp.available(),
        # Of root's processes the kernel counts none, a group of version 1 neither: the watchdog does.
        cgroup=cgroups.find_place() if sys.platform == "linux" and root == privileged else None,
        root=root,
        closed=_closed() if root else "",
    )
    reasons = []
    for user_namespace in (False, True) if privileged else (True,):
        candidate = Layers(**{**vars(offered), "namespaces": True, "user_namespace": user_namespace})
        reason = _try(candidate)
        if reason is None:
            return candidate
        reasons.append(reason)
    return Layers(**{**vars(offered), "why_no_namespaces": reasons[-1]})


def _closed() -> str:
    """Return the folder that keeps another user from the interpreter, unless root's right to read can be left to it."""
    folder = visible.closed_folder()
    return "" if folder is None or _may_keep_read() else str(folder)


def _may_keep_read() -> bool:
    return privileges.has(privileges.CAP_DAC_READ_SEARCH)


def _try(layers: Layers) -> str | None:
    """Confine one child; None if it worked, else what the kernel said."""
    if sys.platform != "linux":
        return f"namespaces are a part of Linux, this is {sys.platform}"
    with owned.temporary_folder() as scratch:
        plan = make_plan(layers, "student", Limits(), module="", scratch=Path(scratch))
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and code
                command("trial", plan.to_json()),
                capture_output=True,
                text=True,
                timeout=_TRIAL_SECONDS,
                check=False,
                cwd="/",
            )
        except subprocess.TimeoutExpired as error:
            raise SandboxError(
                f"trying the sandbox took more than {_TRIAL_SECONDS} s: this machine is too busy; start again"
            ) from error
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]


def require(layers: Layers) -> None:
    """Refuse to go on where untrusted code cannot be kept in.

    Raises
    ------
    SandboxUnavailableError
        With what to install or to allow.
    """
    if layers.isolation != "none":
        return
    if layers.closed and layers.seccomp and layers.landlock:
        raise SandboxUnavailableError(f"students' code cannot be kept in here: {why_closed(layers)}")
    raise SandboxUnavailableError(
        "this machine cannot keep students' code in: it needs Linux on x86_64 or aarch64 with seccomp, and either "
        "user namespaces or Landlock (Linux 5.13 or newer); found "
        f"{sys.platform} on {layers.machine}, seccomp {'yes' if layers.seccomp else 'no'}, Landlock ABI "
        f"{layers.landlock}, namespaces: {layers.why_no_namespaces or 'yes'}. `splitgrade doctor` says what to do."
    )


def why_closed(layers: Layers) -> str:
    """Return the sentence on a closed folder: what is wrong, and what to do."""
    return (
        f"Python or the course lies below {layers.closed}, which only root may enter, and this container's root may "
        f"not leave the right to read it to students' processes: chmod o+x {layers.closed}, or put both elsewhere, or "
        "start the container with --cap-add DAC_READ_SEARCH"
    )

"""What the host decides and the inside carries out: one value that crosses as JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Final, Literal

from splitgrade.sandbox.limits import Limits

Isolation = Literal["namespaces", "landlock", "none"]

WORK: Final = "/notebook"  # the work folder of a child that has namespaces
TEMPORARY: Final = "/tmp"  # noqa: S108 - a private mount of each child
SHARED_MEMORY: Final = "/dev/shm"  # noqa: S108 - a private mount of each child


@dataclass(frozen=True)
class Plan:
    """How a fork server and its children are confined.

    Parameters
    ----------
    module
        What the children run: a module with `preload()` and `serve(channel, peer)`.
    import_roots
        Folders where packages are looked for before the interpreter's own.
    isolation
        "namespaces": a root folder of its own; "landlock": no namespaces to be had, children are kept by Landlock and
        seccomp; "none": only limits.
    user_namespace
        Whether the outer root needs a user namespace (it does unless the host may mount).
    landlock
        ABI of the kernel's Landlock, 0 to go without.
    seccomp
        Whether children get a filter.
    user
        Lowest of 64 user ids that children may take when the host is root, else None.
    keep_read
        Whether only root may read the interpreter, so that children need that one capability.
    cgroup
        Whether the host puts children into a cgroup, so that nobody need watch their memory.
    readable
        Files and folders to be seen, read-only.
    hidden
        Folders below them that are not to be seen.
    scratch
        Folder for the children's work folders where they cannot mount their own.
    limits
        Bounds on each child.
    packages
        Packages that are imported before the first fork, where they can be found, with all their modules.
    modules
        Installed modules that are imported before the first fork, where that works and starts no thread.
    environment
        Variables, by name, that these packages and all children find.
    """

    module: str
    import_roots: tuple[str, ...]
    isolation: Isolation
    user_namespace: bool
    landlock: int
    seccomp: bool
    user: int | None
    keep_read: bool
    cgroup: bool
    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    scratch: str | None
    limits: Limits
    packages: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> str:
        """Return the plan as JSON text."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that `to_json` wrote."""
        data = json.loads(text)
        data["limits"] = Limits(**data["limits"])
        for name in ("import_roots", "readable", "hidden", "packages", "modules"):
            data[name] = tuple(data[name])
        data["environment"] = tuple((name, value) for name, value in data["environment"])
        return cls(**data)

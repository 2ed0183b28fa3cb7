"""The steps by which a freshly forked child gives up its rights, in the order that lets each of them work."""

from __future__ import annotations

import os
from pathlib import Path

from splitgrade.sandbox import landlock, namespaces, privileges, rlimits, seccomp, syscalls
from splitgrade.sandbox.plan import SHARED_MEMORY, TEMPORARY, WORK, Plan

_DEVICES = tuple(Path("/dev", name) for name in ("null", "full", "random", "urandom"))


def enter_work_folder(plan: Plan, slot: int) -> None:
    """Make the private folders of this child and go there.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if plan.isolation == "namespaces":
        namespaces.private_folders(plan.limits, plan.readable)
        os.chdir(WORK)
        os.environ.update(HOME=WORK, TMPDIR=TEMPORARY, MPLCONFIGDIR=f"{TEMPORARY}/matplotlib")
        return
    folder = scratch_folder(plan, slot)
    for path in (folder, folder / "work", folder / "tmp"):
        path.mkdir()  # not its parents: if the folder around it is gone, so is the grader
    os.chdir(folder / "work")
    os.environ.update(
        HOME=str(folder / "work"), TMPDIR=str(folder / "tmp"), MPLCONFIGDIR=str(folder / "tmp/matplotlib")
    )


def scratch_folder(plan: Plan, slot: int) -> Path:
    """Return the folder of one child where it cannot mount its own.

    Raises
    ------
    ValueError
        If the plan has no folder for that.
    """
    if plan.scratch is None:
        raise ValueError("a plan without namespaces needs a scratch folder, got None")
    return Path(plan.scratch, str(slot))


def restrict(plan: Plan, slot: int, *, address_space: int) -> None:
    """Give up what is left: user, capabilities, resources, files, system calls.

    Raises
    ------
    OSError
        If the kernel refuses; the child must then end.
    """
    keep: frozenset[int] = frozenset()
    processes = plan.limits.processes
    if plan.isolation != "namespaces":
        if plan.user is not None:
            keep = frozenset({privileges.CAP_DAC_READ_SEARCH}) if plan.keep_read else keep
            _hand_over(scratch_folder(plan, slot), plan.user + slot % 64)
            privileges.become(plan.user + slot % 64, keep)
        else:
            processes += rlimits.tasks_of_user()  # the kernel counts the grader's own among them
    rlimits.apply(plan.limits, address_space=address_space, processes=processes)
    privileges.drop_capabilities(keep)
    syscalls.no_new_privileges()
    if plan.landlock:
        _restrict_files(plan, slot)
    if plan.seccomp:
        seccomp.install(filter_of_calls(plan))


def filter_of_calls(plan: Plan) -> bytes:
    """Return the filter of system calls of this process; in namespaces of its own a child is always number 1 there."""
    alone = plan.isolation == "namespaces"
    return seccomp.program(namespaces=alone, scoped_signals=plan.landlock >= 6, pid=1 if alone else os.getpid())


def _hand_over(folder: Path, user: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, user)


def _restrict_files(plan: Plan, slot: int) -> None:
    readable = [Path(path) for path in plan.readable]
    listable: list[Path] = []
    if plan.isolation == "namespaces":
        writable = [Path(WORK), Path(TEMPORARY), Path(SHARED_MEMORY), *_DEVICES]
        readable += [Path("/proc"), Path("/etc")]
    else:
        writable = [scratch_folder(plan, slot), *_DEVICES]
        # Rules of Landlock only add: leave a hidden folder out by naming its neighbors.
        readable, listable = _without(readable, [Path(path) for path in plan.hidden])
        readable.append(Path("/proc/self"))
    landlock.restrict(plan.landlock, readable=readable, writable=writable, listable=listable)


def _without(paths: list[Path], hidden: list[Path]) -> tuple[list[Path], list[Path]]:
    """Return the paths with every folder that holds a hidden one split up, and the folders that were split.

    What is named in `paths` itself stays, also below a hidden folder.
    """
    whole: list[Path] = []
    split: list[Path] = []
    pending = list(paths)
    while pending:
        path = pending.pop()
        if any(path in folder.parents for folder in hidden):
            split.append(path)
            pending += [entry for entry in path.iterdir() if entry not in hidden]
        else:
            whole.append(path)
    return whole, split

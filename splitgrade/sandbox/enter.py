"""The first program of fork servers: loads what they have in common, then each builds its root folder and serves in it.

Started by `server_process`; a program of its own, so that nothing of the grader's is in its memory. What it loads is
installed libraries only. Whatever belongs to one role is told after the fork, on a socket that the others do not have.
"""

from __future__ import annotations

import gc
import importlib
import os
import socket
import sys
import tempfile
import traceback
from typing import NoReturn

from splitgrade.sandbox import confine, libraries, namespaces, owned, privileges, rlimits, syscalls
from splitgrade.sandbox.plan import TEMPORARY, Plan

_FORK_SERVER_TMP_MB = 32
_PLAN_BYTES = 1 << 20
_CLONE_PARENT = 0x00008000


def enter(plan: Plan) -> None:
    """Move this process into the confinement that all children of the plan share.

    Returns in a new process, the first of its PID namespace; the old one waits for it and ends as it does.

    Raises
    ------
    OSError
        If the kernel refuses a step.
    """
    os.umask(0o022)  # whatever the grader's is: another user has to enter the folders that are made here
    if plan.isolation != "namespaces":
        return
    flags = namespaces.NEW_MOUNTS | namespaces.NEW_PIDS | namespaces.NEW_NETWORK | namespaces.NEW_IPC
    flags |= namespaces.NEW_HOSTNAME
    if plan.user_namespace:
        if plan.user is not None:
            privileges.become(plan.user)  # root without the right to mount: no process limit counts for user id 0
        user, group = os.geteuid(), os.getegid()
        namespaces.unshare(flags | namespaces.NEW_USERS)
        namespaces.map_user(user, group)
    else:
        namespaces.unshare(flags)
    pid = os.fork()
    if pid:
        _wait_for(pid)
    namespaces.build_root(plan.readable, plan.hidden)
    namespaces.temporary_folder(plan.readable, _FORK_SERVER_TMP_MB)
    if plan.user is not None and not plan.user_namespace:
        privileges.become(plan.user)
    privileges.drop_capabilities()
    syscalls.no_new_privileges()
    # Last: a change of user clears it.
    syscalls.die_with_parent()


def _wait_for(pid: int) -> None:
    # Nothing of the control socket may stay open here, or its end would not be seen.
    os.closerange(3, 1 << 16)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def main() -> None:
    """Load the module in argv[1] and fork a server for each socket in argv[2:]; they are the grader's own children."""
    gc.disable()  # until all is loaded: `fork_server.serve`
    name, controls = sys.argv[1], {int(word) for word in sys.argv[2:]}
    if name:
        _load(name, controls)
    for control in controls:
        if syscalls.fork_into(_CLONE_PARENT) == 0:
            for other in controls - {control}:
                os.close(other)
            _serve(control)
    os._exit(0)  # nothing of what was loaded has to be ended


def _load(name: str, controls: set[int]) -> None:
    """Load a module with a home of its own: nothing is read from a folder where others can write.

    Raises
    ------
    RuntimeError
        When it leaves a file open, which might be a way out or to another (a library's own is none: `libraries`), or a
        thread, which would not be forked.
    """
    with owned.temporary_folder() as home:
        os.environ.update(homes(home))
        importlib.import_module(name).load()
    sys.stdout, sys.stderr, tempfile.tempdir = sys.__stdout__, sys.__stderr__, None
    numbers = {int(each) for each in os.listdir("/proc/self/fd")} - controls - {0, 1, 2}  # noqa: PTH208
    numbers -= {*libraries.descriptors()}
    opened = {each: f"/proc/self/fd/{each}" for each in numbers}
    left = [os.readlink(path) for path in opened.values() if os.path.lexists(path)]  # noqa: PTH115 - one listed them
    left = [name for name in left if name != os.devnull]
    threads = os.listdir("/proc/self/task")  # noqa: PTH208 - a count
    if left or len(threads) > 1:
        raise RuntimeError(f"{name}.load() left open {left}, and {len(threads)} threads")


def homes(folder: str) -> dict[str, str]:
    """Return the variables that name a home, for one in which nobody else writes."""
    return {"HOME": folder, "TMPDIR": folder, "MPLCONFIGDIR": f"{folder}/matplotlib"}


def _serve(control: int) -> NoReturn:
    """Say who this is, take a plan, enter its confinement and serve."""
    try:
        connection = socket.socket(fileno=os.dup(control))
        connection.send(str(os.getpid()).encode())
        plan = Plan.from_json(connection.recv(_PLAN_BYTES).decode())
        connection.close()
        os.environ.update(homes(plan.scratch or TEMPORARY))
        enter(plan)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    from splitgrade.sandbox.fork_server import serve

    serve(control, plan)


def trial() -> None:
    """Confine one child as the plan in argv[1] says and end with status 0 if every step worked."""
    plan = Plan.from_json(sys.argv[1])
    enter(plan)
    user, group = os.geteuid(), os.getegid()
    address_space = rlimits.address_space_in_use()  # before the fork, as the fork server: the child may have no /proc
    pid = namespaces.fork_child(network=plan.landlock < 6) if plan.isolation == "namespaces" else os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
    if plan.isolation == "namespaces":
        namespaces.map_user(user, group)
    confine.enter_work_folder(plan, 0)
    confine.restrict(plan, 0, address_space=address_space)

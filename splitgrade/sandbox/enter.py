"""The first program of a fork server: builds the root folder, then serves inside it.

Started by `launcher`; a process of its own, because namespaces are entered before anything is loaded.
"""

from __future__ import annotations

import os
import sys

from splitgrade.sandbox import confine, namespaces, privileges, rlimits, syscalls
from splitgrade.sandbox.plan import Plan

_FORK_SERVER_TMP_MB = 32


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
    """Enter the confinement of the plan in argv[2] and serve on the socket in argv[1]."""
    control, plan = int(sys.argv[1]), Plan.from_json(sys.argv[2])
    enter(plan)
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

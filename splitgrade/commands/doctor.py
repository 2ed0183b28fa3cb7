"""`cnn-course doctor`: which layers keep students' code in on this machine, and what to do about the others."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from splitgrade.commands.course_folder import find_course
from splitgrade.commands.examples import examples
from splitgrade.errors import CourseError, SandboxError
from splitgrade.sandbox.layers import Layers, probe, require

if TYPE_CHECKING:
    from splitgrade.execution.engine import EngineOptions


@dataclass(frozen=True)
class Layer:
    """One layer: whether it is active, what it keeps in, and what would bring it."""

    layer: str
    active: bool
    detail: str
    remedy: str = ""


_ALLOW_NAMESPACES = (
    "sysctl kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), "
    "user.max_user_namespaces=15000 (others); in a container: --security-opt seccomp=unconfined and, on hosts with "
    "AppArmor, --security-opt apparmor=unconfined"
)


def findings(layers: Layers) -> list[Layer]:
    """Return what there is to say about each layer of a machine.

    Parameters
    ----------
    layers
        What the machine offers.
    """
    return [
        Layer(
            "namespaces and mounts",
            layers.namespaces,
            "a root folder with the interpreter only, no network, no other process"
            if layers.namespaces
            else f"not to be had: {layers.why_no_namespaces}",
            "" if layers.namespaces or layers.closed else _ALLOW_NAMESPACES,
        ),
        Layer(
            "Landlock",
            layers.landlock > 0,
            f"ABI {layers.landlock}: files, signals and sockets" if layers.landlock else "not in this kernel",
            "Linux 6.12 or newer with landlock in its list of security modules (boot option lsm=landlock,...)"
            if layers.landlock < 6
            else "",
        ),
        Layer(
            "seccomp",
            layers.seccomp,
            f"system calls on {layers.machine}"
            if layers.seccomp
            else f"no filter for {sys.platform}, {layers.machine}",
            "" if layers.seccomp else "Linux on x86_64 or aarch64 (on macOS and Windows: in a Linux container)",
        ),
        Layer(
            "control group",
            layers.cgroup is not None,
            f"version {layers.cgroup.version}: memory counted by the kernel"
            if layers.cgroup
            else "a watchdog counts memory twenty times a second instead",
            "" if layers.cgroup else "optional: systemd-run --user --scope -p Delegate=yes cnn-course grade ...",
        ),
        Layer(
            "another user",
            layers.root,
            "students' code runs as user ids from 60000" if layers.root else "students' code runs as you, walled in",
        ),
        Layer("resource limits", sys.platform == "linux", "time, memory, processes, files of each process"),
    ]


def _table(rows: list[Layer]) -> Table:
    table = Table(title="What keeps students' code in", title_justify="left")
    for heading in ("layer", "", "what it does here"):
        table.add_column(heading)
    for row in rows:
        mark = "[green]active[/green]" if row.active else "[yellow]off[/yellow]"
        table.add_row(row.layer, mark, row.detail)
    return table


_VERDICTS = {
    "namespaces": "Grading is safe here: each notebook runs in a world of its own.",
    "landlock": "Grading is safe here, with weaker walls: no namespaces, so Landlock and seccomp alone hold "
    "(see docs/threat-model.md for what that leaves open).",
}


@click.command(epilog=examples("PROGRAM doctor", "PROGRAM doctor cnn_exercises"))
@click.argument("assignment", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the layers as JSON and nothing else.")
def doctor(assignment: str | None, as_json: bool) -> None:
    """Say which sandbox layers are active on this machine and what to install or allow.

    A small notebook is then graded with them, in the way that the course around this folder is graded. With ASSIGNMENT,
    its solutions are run as well, and tests that cannot be kept apart from students' code are named with what to do.
    The exit status is 0 when students' code can be graded here, else 1.
    """
    from splitgrade.commands.where_tests_run import say_where_tests_run
    from splitgrade.execution.engine import Engine
    from splitgrade.execution.trial import try_engine
    from splitgrade.nbgrader.session import load_config

    layers = probe()
    console = Console(soft_wrap=True, stderr=as_json)
    rows = findings(layers)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
    console.print(_table(rows))
    for row in rows:
        if row.remedy:
            console.print(f"To get {'more of ' if row.active else ''}{row.layer}: {row.remedy}", markup=False)
    options, whose = _options()
    try:
        require(layers)
        with Engine(options) as engine:
            try_engine(engine)
    except SandboxError as error:
        console.print("Grading refuses to run students' code here.", style="red")
        console.print(str(error), markup=False)
        raise SystemExit(1) from None
    console.print(_VERDICTS[layers.isolation], markup=False)
    console.print(
        f"Tried with a small notebook, {whose}: a right answer got its point, a wrong one none.", markup=False
    )
    if assignment is not None:
        say_where_tests_run(load_config(find_course()), assignment, console)


def _options() -> tuple[EngineOptions, str]:
    """Return how notebooks are graded here, and whose settings those are."""
    from splitgrade.execution.engine import EngineOptions
    from splitgrade.nbgrader.execute import SplitExecute
    from splitgrade.nbgrader.session import load_config

    try:
        root = find_course()
        options: EngineOptions = SplitExecute(config=load_config(root)).options
    except CourseError:
        return EngineOptions(), "with the usual settings (no course here)"
    return options, f"with the settings of {root}"

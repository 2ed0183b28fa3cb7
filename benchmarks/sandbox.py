"""What each layer of the sandbox costs: from the request for a child to its first byte, and to its end.

Run ``python -m benchmarks.sandbox [--children N]``; the last line is JSON.

The inside of the measurement is this module too: a warm student's interpreter whose children say one byte and end.
"""

from __future__ import annotations

import socket


def preload() -> None:
    """Warm up as for a student's notebook."""
    from splitgrade.execution.interpreter import base
    from splitgrade.execution.student import student

    base.load()
    student.preload()


def serve(channel: socket.socket, peer: socket.socket | None) -> None:  # noqa: ARG001 - what the fork server calls
    """Say one byte."""
    channel.sendall(b"!")


def measure(offered: object, policy: str, children: int) -> dict[str, float]:
    """Return the seconds of a start, and the median milliseconds of each step of a child's life."""
    import statistics
    import time
    from pathlib import Path

    from splitgrade.sandbox.launcher import ForkServer
    from splitgrade.sandbox.limits import Limits

    asked, answered, ended = [], [], []
    with ForkServer(
        "student",
        Limits(),
        policy=policy,
        readable=[Path(__file__).resolve()],
        module="benchmarks.sandbox",
        offered=offered,
    ) as server:
        start = time.perf_counter()
        server.start()
        started = time.perf_counter() - start
        for _ in range(children):
            times = [time.perf_counter()]
            child = server.spawn()
            times.append(time.perf_counter())
            child.socket.recv(1)
            times.append(time.perf_counter())
            child.close()
            times.append(time.perf_counter())
            for kept, since in ((asked, times[1]), (answered, times[2]), (ended, times[3])):
                kept.append(1000 * (since - times[0]))
    names = ("fork_ms", "first_byte_ms", "gone_ms")
    return {"start_s": started} | dict(zip(names, map(statistics.median, (asked, answered, ended)), strict=True))


def main() -> None:
    """Measure every set of layers that this machine offers, and print a table."""
    import argparse
    import dataclasses
    import json

    from rich.console import Console
    from rich.table import Table

    from splitgrade.sandbox.layers import probe

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--children", type=int, default=50)
    children = parser.parse_args().children
    offered = probe()
    bare = dataclasses.replace(offered, namespaces=False, landlock=0, seccomp=False, cgroup=None)
    arrangements = {
        "limits only": bare,
        "Landlock, seccomp": dataclasses.replace(offered, namespaces=False, cgroup=None),
        "namespaces, seccomp": dataclasses.replace(offered, landlock=0, cgroup=None),
        "namespaces, seccomp, Landlock": dataclasses.replace(offered, cgroup=None),
        "the same and a control group": offered,
    }
    table = Table(title=f"Median of {children} children")
    for heading in ("layers", "start s", "fork ms", "first byte ms", "gone ms"):
        table.add_column(heading, justify="left" if heading == "layers" else "right")
    results = {}
    for name, layers in arrangements.items():
        if layers is not bare and layers.isolation == "none":
            continue
        results[name] = measure(layers, "none" if layers is bare else "required", children)
        table.add_row(name, *(f"{value:.2f}" for value in results[name].values()))
    Console().print(table)
    print(json.dumps(results))


if __name__ == "__main__":
    main()

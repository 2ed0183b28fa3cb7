"""The engine on machines that offer less: no namespaces, no control groups, an old Landlock."""

from __future__ import annotations

import dataclasses

import pytest

from splitgrade.execution.engine import Engine, EngineOptions
from splitgrade.sandbox import layers
from splitgrade.sandbox.limits import Limits
from splitgrade.submission.restore import restore

ARRANGEMENTS = {
    "no control group": {"cgroup": None},
    "no namespaces": {"cgroup": None, "namespaces": False},
    "no namespaces, old landlock": {"cgroup": None, "namespaces": False, "landlock": 3},
}
RIGHT = "def double(x):\n    return 2 * x"
# What the student tries, what the question gets for it.
ANSWERS = {
    "right": (RIGHT, 1),
    "wrong": ("def double(x):\n    return 3 * x", 0),
    "plot": (f"import matplotlib.pyplot as plt\nplt.plot([1, 2])\n{RIGHT}", 1),
    "endless": (f"{RIGHT}\nwhile True:\n    pass", 1),
    "endless call": ("def double(x):\n    while True:\n        pass", 0),
    "end of the process": ("import os\nos._exit(1)", 0),
    "end in a call": ("def double(x):\n    import os\n    os._exit(1)", 0),
    "memory": ("def double(x):\n    return bytearray(4 << 30)[0] + 8", 0),
    "forks": ("def double(x):\n    import os\n    while True:\n        os.fork()", 0),
    "network": (
        "def double(x):\n    import socket\n    s = socket.socket()\n    s.connect(('127.0.0.1', 80))\n    return 8",
        0,
    ),
}


@pytest.fixture(scope="module", params=ARRANGEMENTS)
def degraded(request):
    """Start an engine that believes that this machine offers no more than the arrangement."""
    offered, missing = layers.probe(), ARRANGEMENTS[request.param]
    if offered.isolation == "none":
        pytest.skip("this machine has no layer at all")
    if missing.get("namespaces", True) and not offered.namespaces:
        pytest.skip(f"no namespaces here: {offered.why_no_namespaces}")
    if missing.get("landlock", 1) > offered.landlock:
        pytest.skip("no Landlock here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "probe", lambda: dataclasses.replace(offered, **missing))
        with Engine(EngineOptions(Limits(cell_seconds=2, memory_mb=512, processes=24))) as engine:
            engine.start()
            yield engine


@pytest.mark.parametrize("name", ANSWERS)
def test_fewer_layers_give_the_same_verdicts(degraded, course, tmp_path, name):
    """Right answers have their points, faults stay with their question, also where a machine offers less."""
    answer, points = ANSWERS[name]
    instructor = course(tmp_path)
    notebook = restore(instructor, course.answered(instructor, answer)).notebook
    degraded.run(notebook, instructor, instructor.files)
    results = {cell.id: [output.output_type for output in cell.outputs] for cell in notebook.cells}
    assert ("error" not in results["double-test"]) == (points == 1), results
    assert "error" not in results["later-test"], results

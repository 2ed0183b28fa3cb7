"""A cell that is Python already is run as it stands; whatever IPython reads otherwise is left to IPython."""

from __future__ import annotations

import json
import subprocess
import sys

CELLS = (
    "x = 1",
    "x = 1\ny = 2",
    "def f(x):\n    return x\n\n\nf(3)",
    "show(3)",
    "exit",
    "exit()",
    "time (show(3))",
    "time",
    "%time show(3)",
    "%%time\nshow(3)",
    "!ls\nx = 1",
    "x = !ls",
    "show?",
    "show?\nx = 1",
    "    x = 1\n    y = 2",
    ">>> x = 1\n>>> y = 2",
    "\n\nx = 1\n",
    "x = 'a\\nb'\ny = '%time'",
    "text = '''\n%time\n!ls\n'''\nx = 1",
    "await show(3)\nx = 1",
    "import os",
    "from os import path",
    "x = = 1\ny",
    "",
    "# only words",
    "x.y.z(1)[2]",
    "a, b = 1, 2",
    "...",
    "x\n...\n",
    "def f():\n    %time\n",
    "/f 1",
    ";f a",
    "xmode = 3",
    "show ()",
)
PROGRAM = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from splitgrade.execution.interpreter.shell import CellShell, make_shell
shell = make_shell(CellShell)
shell.user_ns["show"] = print
cells = json.load(sys.stdin)
kept = [(shell.transform_cell(cell), InteractiveShell.transform_cell(shell, cell)) for cell in cells]
shell.input_transformers_post.append(lambda lines: [line.replace("1", "5") for line in lines])
json.dump([kept, shell.transform_cell("x = 1\\ny = 2")], sys.__stdout__)
"""


def test_every_cell_means_what_it_means_to_ipython():
    """Commands, help, prompts, indentation and a student's own transformer included."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(CELLS), capture_output=True, text=True, check=True
    )
    pairs, by_own_rule = json.loads(done.stdout)
    for cell, (ours, ipythons) in zip(CELLS, pairs, strict=True):
        assert ours.rstrip("\n") == ipythons.rstrip("\n"), cell
    assert by_own_rule == "x = 5\ny = 2\n"

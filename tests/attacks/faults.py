"""Attacks on the grader's patience: time, memory, processes, files, output, endings."""

from __future__ import annotations

import textwrap

from tests.attacks.attack import Attack, answers, both, edited, own_cell, scores
from tests.attacks.course import DOUBLE, FULL

TOO_LONG = "took longer than 3 s"


def in_cell(name: str, code: str, *says: str, host: bool = True) -> Attack:
    """Return an attack in an answer cell: it costs this answer and no other."""
    return Attack(name, "fault", answers(double=code), scores(double=0.0), says=says, host=host)


def in_call(name: str, code: str, *says: str, host: bool = True) -> Attack:
    """Return an attack in a function that tests call."""
    body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    source = f"def double(x):\n{body}"
    return Attack(name, "fault", answers(double=source), scores(double=0.0), says=says, host=host)


def harmless(name: str, code: str, *, host: bool = True) -> Attack:
    """Return an attack in a cell that gives the right answer as well: it keeps full marks."""
    return Attack(name, "fault", answers(double=f"{textwrap.dedent(code).strip()}\n{DOUBLE}"), FULL, host=host)


TIME = (
    in_cell("endless-loop", "while True:\n    pass", TOO_LONG),
    in_cell("loop-in-c", "sum(iter(int, 1))", TOO_LONG),
    in_call(
        "loop-that-swallows-interrupts",
        """
        while True:
            try:
                while True: x = 1
            except BaseException: pass
        """,
    ),
    in_call(
        "every-signal-blocked",
        """
        import signal, time
        signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
        while True: time.sleep(1)
        """,
    ),
    Attack(
        "loop-in-a-cell-of-the-students-own",
        "fault",
        edited(lambda nb: nb["cells"].append(own_cell("while True: pass"))),
        FULL,
    ),
)

ENDINGS = (
    in_cell("os-exit", "import os\nos._exit(0)", "process ended"),
    in_call("os-exit-in-a-call", "import os\nos._exit(0)"),
    in_cell("kills-itself", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()", "process ended"),
    in_call("kills-everybody", "import os, signal\nos.kill(-1, signal.SIGKILL)\nos.abort()", host=False),
    in_cell("segmentation-fault", "import ctypes\nctypes.string_at(0)", "SIGSEGV"),
    in_call("segmentation-fault-in-a-call", "import ctypes\nctypes.string_at(0)"),
    in_cell("closes-every-descriptor", "import os\nos.closerange(0, 4096)", "process ended"),
    in_call("becomes-another-program", "import os\nos.execv('/bin/true', ['true'])"),
    in_cell("exit", "import sys\nsys.exit(0)"),
)

GREED = (
    in_cell("memory", "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))", host=False),
    in_call(
        "memory-of-many-processes",
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                hoard = bytearray(100 << 20)
                time.sleep(60)
        hoard = [bytearray(1 << 24) for _ in range(100)]
        """,
        host=False,
    ),
    in_cell(
        "fork-flood",
        """
        import os, time
        while True:
            try:
                if os.fork() == 0: time.sleep(60)
            except OSError: raise SystemExit
        """,
        host=False,
    ),
    in_cell(
        "thread-flood",
        """
        import threading, time
        while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """,
        host=False,
    ),
    harmless("output-flood", "for _ in range(3000):\n    print('x' * 10_000)"),
    harmless("display-flood", "from IPython.display import display\nfor _ in range(3000):\n    display(_)"),
    in_cell("file-flood", "for n in range(10 ** 6):\n    open(f'f{n}', 'wb').write(b'x' * 10 ** 6)", host=False),
    in_cell("recursion", "def deep(n): return deep(n + 1)\ndeep(0)"),
    in_cell(
        "recursion-without-a-bound", "import sys\nsys.setrecursionlimit(10 ** 9)\ndef deep(n): return deep(n)\ndeep(0)"
    ),
    harmless(
        "daemons-and-children-left-behind",
        """
        import os, threading, time
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
        if os.fork() == 0:
            os.setsid()
            time.sleep(3600)
            os._exit(0)
        """,
        host=False,
    ),
)

VALUES = (
    in_call("virtual-array", "import numpy as np\nreturn np.broadcast_to(0.0, (10, 10 ** 9))"),
    in_call("cyclic-list", "loop = []\nloop.append(loop)\nreturn loop"),
    in_call("bush-of-lists", "bush = 0\nfor _ in range(60): bush = [bush, bush]\nreturn bush"),
    in_call("huge-integer", "return 1 << (1 << 26)"),
    in_call("array-of-objects", "import numpy as np\nreturn np.array([print, object()], object)"),
    in_call("nan", "return float('nan')"),
    in_call("lone-surrogate", "raise ValueError('\\ud800' + repr(x))"),
    harmless("lone-surrogates-printed", "print('\\ud800')\nprint(['\\udfff'])"),
    harmless("terminal-codes", "print('\\x1b[2J\\x1b]0;title\\x07\\x00\\x08')"),
    Attack(
        "every-fault-at-once",
        "fault",
        both(
            answers(
                double="import os\nos._exit(1)",
                pool="import ctypes\nctypes.string_at(0)",
                later="later = 4\nimport os\nos.abort()",
            )
        ),
        scores(double=0.0, pool=0.0, later=0.0),
    ),
)

FAULTS = (*TIME, *ENDINGS, *GREED, *VALUES)

"""Attacks on the verdict by way of IPython: history, magics, hooks; and by answers of odd kinds."""

from __future__ import annotations

from tests.attacks.attack import Attack, answers, both, edited, own_cell, scores
from tests.attacks.course import DOUBLE, FULL
from tests.attacks.verdicts import WRONG, on_double

SHELL = (
    on_double(
        "history", f"{WRONG}\nIn[:] = ['1.0'] * 99\nOut.update(dict.fromkeys(range(99), 1.0))\n_ = __ = _i = 1.0"
    ),
    on_double(
        "magics-of-its-own",
        f"""
{WRONG}
from IPython.core.magic import register_cell_magic, register_line_cell_magic
@register_cell_magic
def grade(line, cell): return 1.0
@register_line_cell_magic
def assert_(line, cell=None): return 1.0
get_ipython().run_line_magic("alias_magic", "double grade")
get_ipython().run_line_magic("load_ext", "autoreload")
get_ipython().run_line_magic("autoreload", "2")
""",
    ),
    on_double("captured-cell", "%%capture double\ndef other(x): return 2 * x"),
    on_double(
        "cell-within-a-call",
        "def double(x):\n    shell = get_ipython()\n    result = shell.run_cell('1.0', store_history=True)\n"
        "    shell.display_pub.publish({'text/plain': '1.0'})\n    return result",
    ),
    on_double(
        "formatters",
        f"""
{WRONG}
shell = get_ipython()
for kind in (int, float, str, bool, type(None), AssertionError):
    shell.display_formatter.formatters["text/plain"].for_type(kind, lambda *_: "1.0")
    shell.set_custom_exc((Exception,), lambda *_, **__: None)
""",
    ),
    on_double(
        "main-module",
        f"{WRONG}\nimport __main__, sys\n__main__.double = lambda x: True\nsys.modules['__main__'].np = None\n"
        "__name__ = '__main__'\nget_ipython().user_ns_hidden.clear()",
    ),
)

ANSWERS = (
    on_double("a-type-for-a-function", "double = bool"),
    on_double("its-own-exception-as-a-value", "def double(x):\n    return AssertionError(2 * x)"),
    on_double("nothing-in-a-shape", "import numpy as np\ndef double(x):\n    return np.zeros((0,) * 8)"),
    on_double(
        "numbers-that-no-processor-makes",
        "import numpy as np\ndef double(x):\n"
        "    return np.frombuffer(bytes([1, 0, 0, 0, 0, 0, 0, 0, 255, 63] + [0] * 6), np.longdouble)[0]",
    ),
    on_double("a-decimal-that-signals", "import decimal\ndef double(x):\n    return decimal.Decimal('sNaN')"),
    on_double(
        "errors-of-syntax-that-name-a-file",
        "def double(x):\n    raise SyntaxError('x', ('/dev/urandom', 1, 1, None, 1, 1))",
    ),
    Attack(
        "threads-that-swap-globals",
        "verdict",
        answers(
            double="import threading, time\ndef double(x):\n    return 0\ndef swap():\n    while True:\n"
            "        globals()['double'] = lambda x: 8\n        globals()['later'] = 4\n        time.sleep(0.0005)\n"
            "threading.Thread(target=swap, daemon=True).start()",
        ),
        scores(double=0.0),
    ),
    Attack(
        "forks-that-go-on",
        "verdict",
        answers(
            double="import ctypes, os, time\nif ctypes.CDLL(None).fork() == 0:\n    time.sleep(60)\n    os._exit(0)\n"
            + DOUBLE,
        ),
        FULL,
        host=False,
    ),
    Attack(
        "answer-in-the-last-cell",
        "verdict",
        both(answers(double=WRONG), edited(lambda nb: nb["cells"].append(own_cell(DOUBLE)))),
        scores(double=0.0),
    ),
)

IPYTHON = (*SHELL, *ANSWERS)

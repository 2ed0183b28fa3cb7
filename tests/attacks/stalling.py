"""Attacks on the run's patience from inside: answers nobody asked for, outputs without end, signals."""

from __future__ import annotations

from tests.attacks.attack import Attack, answers, both, edited, own_cell, scores
from tests.attacks.course import DOUBLE, FULL
from tests.attacks.faults import TOO_LONG, harmless, in_call, in_cell
from tests.attacks.protocol import SPEAKER

GRADER = 'channel = next(o for o in gc.get_objects() if type(o).__name__ == "Student").channel.connection'

WIRE = (
    Attack(
        "answers-that-nobody-asked-for-slowly",
        "fault",
        answers(
            double=f"""{SPEAKER}
import signal, time
{GRADER}
signal.signal(signal.SIGINT, signal.SIG_IGN)
stale = frame({{"n": -1, "outputs": []}})
channel.sendall(stale[:5])
while True:
    time.sleep(1)
    channel.sendall(stale[5:] + stale[:5])
"""
        ),
        scores(double=0.0),
        says=(TOO_LONG,),
    ),
    in_cell(
        "answers-that-nobody-asked-for-fast",
        f"{SPEAKER}\n{GRADER}\nwhile True:\n    channel.sendall(frame({{'n': -1}}) * 99)",
    ),
    Attack(
        "results-in-the-outputs-of-a-cell",
        "protocol",
        answers(
            double=f"{SPEAKER}\n{GRADER}\nforged = {{'output_type': 'execute_result', 'data': {{'text/plain': '1.0', "
            "'text/html': '<script>FORGED</script>'}, 'metadata': {'x': 'FORGED'}, 'execution_count': 'FORGED'}\n"
            "for n in range(9): channel.sendall(frame({'n': n, 'outputs': [forged], 'asked': True, 'record': {}}))"
        ),
        scores(double=0.0),
    ),
    in_call(
        "half-closed",
        """
        import gc, socket, time
        for o in gc.get_objects():
            if isinstance(o, socket.socket): o.shutdown(socket.SHUT_RD)
        time.sleep(9)
        """,
    ),
)

SHOWN = (
    Attack(
        "a-thousand-outputs-of-many-cells",
        "fault",
        edited(
            lambda nb: nb["cells"].extend(
                own_cell("for _ in range(1000): get_ipython().display_pub.publish({'text/plain': 'x'})")
                for _ in range(12)
            )
        ),
        FULL,
    ),
    harmless(
        "pictures-with-billions-of-pixels",
        """
        from IPython.display import publish_display_data
        import struct, zlib
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
        chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
        publish_display_data({"image/png": b"\\x89PNG\\r\\n\\x1a\\n" + chunk})
        """,
    ),
)

TEXT = (
    Attack(
        "code-that-is-slow-to-color",
        "fault",
        edited(lambda nb: nb["cells"].extend(own_cell(text * 20_000) for text in (".", "a.", "{"))),
        FULL,
    ),
    Attack(
        "formulas-that-cost-a-second-each",
        "fault",
        edited(
            lambda nb: nb["cells"].extend(
                {"cell_type": "markdown", "metadata": {}, "source": f"$\\widehat{{{'x' * 780}{number}}}$ " * 24}
                for number in range(5)
            )
        ),
        FULL,
    ),
    harmless("comments-that-are-slow-to-color", f"# {'.' * 100_000}\n" * 3),
    Attack(
        "script-in-an-error",
        "leak",
        edited(
            lambda nb: nb["cells"].insert(
                0,
                own_cell(
                    "import sys\nprint('<script>1</script>\\x1b[31m<img src=x onerror=alert(1)>', file=sys.stderr)\n"
                    "raise type('<script>', (Exception,), {})('<img src=x onerror=alert(1)>')"
                ),
            )
        ),
        FULL,
    ),
)

ENDINGS = (
    in_cell("alarm", "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(1)"),
    harmless(
        "files-with-holes",
        "import os\ntry:\n    with open('hole', 'wb') as f: f.truncate(1 << 60)\nexcept OSError: pass",
    ),
)

REPLAYED = (
    Attack(
        "ends-in-every-cell-of-its-own",
        "fault",
        both(
            answers(double=DOUBLE),
            edited(lambda nb: nb["cells"].extend(own_cell("import os; os._exit(1)") for _ in range(40))),
        ),
        FULL,
    ),
)

STALLING = (*WIRE, *SHOWN, *TEXT, *ENDINGS, *REPLAYED)

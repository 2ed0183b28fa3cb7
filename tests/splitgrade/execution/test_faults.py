"""Faults of a submission stay its own: time, memory, endings, and a student who speaks the protocol."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from splitgrade.execution import session, student_side
from splitgrade.execution.engine import Engine

SEGFAULT = "import ctypes\nctypes.string_at(0)"
ENDINGS = {
    "os._exit": ("import os\nos._exit(3)", "exit status 3"),
    "SIGKILL": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()", "process ended"),
    "segfault": (SEGFAULT, "signal SIGSEGV"),
    "abort": ("import os\nos.abort()", "process ended"),
    "closed descriptors": ("import os\nos.closerange(0, 1000)", "process ended"),
    "exec": ("import os\nos.execv('/bin/true', ['true'])", "process ended"),
    "garbage on every descriptor": (
        "import os\nfor fd in range(3, 100):\n    try: os.write(fd, b'CNN1' + bytes(range(256)) * 40)\n"
        "    except OSError: pass",
        "process ended",
    ),
}
LOOPS = {
    "loop": "while True:\n    pass",
    "deaf loop": (
        "x = 0\nwhile True:\n    try:\n        while True:\n            x += 1\n"
        "    except BaseException:\n        x = 0"
    ),
    "ignored signal": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nx = 0\nwhile True:\n    x += 1",
    "loop in C": "sum(iter(int, 1))",
    "sleep": "import time\ntime.sleep(3600)",
    "blocked signals": (
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))\n"
        "while True:\n    time.sleep(1)"
    ),
}
ONLY_LATER = {"double-test": 0, "later-test": 1}


def in_function(code):
    """Return an answer whose function does harm when a test calls it."""
    return "def double(x):\n" + "\n".join(f"    {line}" for line in code.splitlines())


@pytest.fixture
def hasty(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a cell have one second, and half of one more to say something: how long they are is not what is tested."""
    limits = dataclasses.replace(engine.options.limits, cell_seconds=1)
    monkeypatch.setattr(engine, "options", dataclasses.replace(engine.options, limits=limits))
    for module in (session, student_side):
        monkeypatch.setattr(module, "GRACE_SECONDS", 0.5)


@pytest.mark.parametrize("name", ENDINGS)
def test_an_ending_in_a_cell_costs_its_question(grade, course, tmp_path, name):
    """The cell says by name that the process ended and why; the next question is graded."""
    code, why = ENDINGS[name]
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, code))
    assert graded.scores == ONLY_LATER
    if name != "garbage on every descriptor":  # it may hit the test's wire alone
        assert why in graded.text("double")
        assert "double:" in graded.text("double")


@pytest.mark.parametrize("name", ENDINGS)
def test_an_ending_in_a_call_costs_its_question(grade, course, tmp_path, name):
    """A function that ends the process when a test calls it loses that test only, and the test says why."""
    code, why = ENDINGS[name]
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, in_function(code)))
    assert graded.scores == ONLY_LATER
    if name != "garbage on every descriptor":
        assert why in graded.text("double-test")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", LOOPS)
def test_an_endless_cell_is_stopped_by_name(grade, course, tmp_path, name):
    """The cell says that it took longer than the limit; the next question is graded."""
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, LOOPS[name]))
    assert graded.scores == ONLY_LATER
    assert "double took longer than 1 s" in graded.text("double")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", LOOPS)
def test_an_endless_call_is_stopped_by_name(grade, course, tmp_path, name):
    """A test whose call never ends says that it took longer than the limit; the next question is graded."""
    instructor = course(tmp_path)
    graded = grade(instructor, course.answered(instructor, in_function(LOOPS[name])))
    assert graded.scores == ONLY_LATER
    assert "took longer than 1 s" in graded.text("double-test")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("refusals", "points"), [("raise", 0.5), ("end", 0)])
def test_points_earned_before_an_endless_call(engine, grade, course, tmp_path, monkeypatch, refusals, points):
    """A test may choose to keep them; else an endless call ends it, as it does in a kernel."""
    monkeypatch.setattr(engine, "options", dataclasses.replace(engine.options, refusals=refusals))
    test = (
        "points = 0.0\nfor case in (1, 2, 3):\n    try:\n        points += 0.25 * (double(case) == 2 * case)\n"
        "    except Exception:\n        pass\nmin(points, 1.0)"
    )
    student = "def double(x):\n    while x == 2:\n        pass\n    return 2 * x"
    instructor = course(tmp_path, test)
    graded = grade(instructor, course.answered(instructor, student))
    assert graded.scores == {"double-test": points, "later-test": 1}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("x = double(4)\nwhile x == 1:\n    pass", "a loop"),
        (
            "x = double(4)\nwhile x == 1:\n    try:\n        import time\n        time.sleep(9)\n"
            "    except BaseException:\n        pass",
            "a deaf loop",
        ),
        ("import os\nif double(4) == 1:\n    os._exit(1)", "an ending"),
    ],
)
def test_a_test_that_a_value_leads_astray_fails_alone(grade, course, tmp_path, test, name):
    """When the test's own process loops or ends, both are started again and the next question is graded."""
    definition = "def helper():\n    return 5\n"
    instructor = course(tmp_path, definition + test, later_test="assert later == 4 and helper() == 5 and limit == 3")
    graded = grade(instructor, course.answered(instructor, "def double(x): return 1"))
    assert graded.scores == ONLY_LATER
    assert "double-test" in graded.text("double-test")


def test_values_before_a_harmful_cell_are_there_again(grade, course, tmp_path):
    """After a new start the earlier cells are run again, the harmful one is left out."""
    instructor = course(tmp_path)
    submitted = course.answered(
        instructor, "def double(x):\n    return 2 * x", later="later = double(2)\nimport os\nos._exit(1)"
    )
    assert grade(instructor, submitted).scores == {"double-test": 1, "later-test": 0}


def test_a_function_that_ends_the_process_every_time_is_not_called_in_the_replay(grade, course, tmp_path):
    """Every test that calls a deadly function fails for itself, also the second one."""
    instructor = course(tmp_path, "double(1)")
    student = "import os\ndef double(x):\n    os._exit(1)"
    graded = grade(instructor, course.answered(instructor, student, later="later = 4 if True else double(1)"))
    assert graded.scores == ONLY_LATER


@pytest.mark.parametrize(
    "code",
    [
        "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))",
        "import numpy as np\nhoard = [np.ones(1 << 22) for _ in range(1000)]",
        "text = 'x'\nwhile True:\n    text += text",
        "import os\nfor _ in range(500):\n    try:\n        if os.fork() == 0:\n"
        "            while True: pass\n    except OSError: break",
        "import threading, time\nfor _ in range(500):\n"
        "    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()",
        "for i in range(10 ** 6):\n    open(f'f{i}', 'wb').write(b'x' * 10 ** 6)",
        "def deep(n): return deep(n + 1)\ndeep(0)",
        "import sys\nsys.setrecursionlimit(10 ** 9)\ndef deep(n): return deep(n + 1)\ndeep(0)",
        "value = []\nfor _ in range(10 ** 6): value = [value]\nrepr(value)",
    ],
    ids=["bytes", "arrays", "text", "forks", "threads", "files", "recursion", "unbounded recursion", "nested"],
)
def test_greed_costs_its_question(grade, course, tmp_path, code):
    """Memory, processes, threads, files and stack run out for the submission alone."""
    instructor = course(tmp_path)
    assert grade(instructor, course.answered(instructor, code)).scores == ONLY_LATER


def test_daemons_do_not_outlive_the_notebook(grade, course, tmp_path):
    """Threads and children that a cell leaves behind do not hold up the grading of what follows."""
    student = (
        "import os, threading, time\nthreading.Thread(target=time.sleep, args=(999,), daemon=True).start()\n"
        "if os.fork() == 0:\n    time.sleep(999)\n    os._exit(0)\ndef double(x): return 2 * x"
    )
    instructor = course(tmp_path)
    assert grade(instructor, course.answered(instructor, student)).scores == {"double-test": 1, "later-test": 1}


SPEAKER = """
import gc, os, socket, struct, json
def frame(message, blobs=()):
    text = json.dumps(message).encode()
    head = struct.pack('<4sII', b'CNN1', len(text), len(blobs)) + struct.pack(f'<{len(blobs)}I', *map(len, blobs))
    return head + text + b''.join(blobs)
sockets = [o for o in gc.get_objects() if isinstance(o, socket.socket)] + [
    channel.connection for o in gc.get_objects() if type(o).__name__ == 'Student' for channel in (o.channel, o.peer)]
def say(data):
    for each in sockets:
        try: each.sendall(data)
        except OSError: pass
"""


@pytest.mark.parametrize(
    "says",
    [
        "say(b''.join(frame({'n': n, 'outputs': [], 'value': 8}) for n in range(1, 9)))",
        "say(frame({'op': 'callback', 'number': 0, 'args': [], 'kwargs': {}}))",
        "say(frame({'op': 'callback', 'number': 10 ** 30, 'args': 1, 'kwargs': 2}))",
        "say(frame({'op': 'why', 'says': 'x', 'closed': True}))",
        "say(frame({'op': 'test', 'n': 1, 'code': 'x = 1', 'points': 1, 'mode': 'free'}))",
        "say(struct.pack('<4sII', b'CNN1', 10 ** 7, 0))",
        "say(frame({'n': 1, 'value': ['a', '<f8', [1 << 40], 0]}, [b'12345678']))",
        "say(frame({'n': 2, 'raised': 5}))\nsay(frame({'n': 3, 'raised': {'types': [1, None], 'args': ['l', 1]}}))",
        "say(frame({'n': 1, 'changed': [[99, 1], ['x', 2], 5], 'value': 8}))",
        "say(frame({'n': 1, 'alias': 'x'}) + frame({'n': 2, 'alias': -1}) + frame({'n': 3, 'alias': 0}))",
        "say(frame({'n': 1, 'outputs': [{'output_type': 'execute_result', 'data': {'text/plain': '1.0'}}]}))",
    ],
)
@pytest.mark.parametrize("where", ["cell", "call"])
def test_a_student_who_speaks_the_protocol_gets_nothing_by_it(grade, course, tmp_path, says, where):
    """Forged frames earn no points that the right value would not earn, crash nothing and hold up nobody."""
    instructor = course(tmp_path, "assert double(4) == 8 and double(5) == 10 and double(np.ones(2)).tolist() == [2, 2]")
    code = (
        f"{SPEAKER}\n{says}" if where == "cell" else f"{SPEAKER}\ndef double(x):\n    " + says.replace("\n", "\n    ")
    )
    graded = grade(instructor, course.answered(instructor, code))
    assert graded.score("double-test") == 0
    assert graded.score("later-test") in (0, 1)


def test_a_forged_result_of_a_test_does_not_reach_the_score(grade, course, tmp_path):
    """What a student's code displays in a test, an execute_result included, is shown as output and no result."""
    student = (
        "def double(x):\n    get_ipython().displayhook(1.0)\n    import sys\n    sys.displayhook(1.0)\n"
        "    print(1.0)\n    return 0"
    )
    instructor = course(tmp_path, "double(4)\n0.25")
    assert grade(instructor, course.answered(instructor, student)).scores == {"double-test": 0.25, "later-test": 1}


FLOODS = {
    "displays": "from IPython.display import display\n    for i in range(1200): display(i)",
    "prints": "for i in range(3000): print('x' * 10_000)",
    "below": "import os\n    for i in range(3000): os.write(1, b'x' * 10_000)",
    "pictures": (
        "from IPython.display import publish_display_data as p\n"
        "    for i in range(50): p({'image/png': b'\\x89PNG\\r\\n\\x1a\\n' + bytes(1 << 20)})"
    ),
    "results": "for i in range(500): get_ipython().displayhook(1.0)",
    "errors": "for i in range(300): get_ipython().showtraceback((ValueError, ValueError('x'), None))",
    "cleared": "from IPython.display import clear_output\n    clear_output(wait=True)",
}


@pytest.mark.parametrize("name", FLOODS)
@pytest.mark.parametrize(("last", "score"), [("0.25", 0.25), ("assert double(4) == 8", 0)])
def test_a_flood_in_a_call_does_not_wash_a_result_away(grade, course, tmp_path, name, last, score):
    """However much a function shows while a test calls it, the number or error of the test is there and counts."""
    instructor = course(tmp_path, f"for _ in range(3):\n    double(4)\nprint('told')\n{last}")
    graded = grade(instructor, course.answered(instructor, f"def double(x):\n    {FLOODS[name]}\n    return 0"))
    assert graded.scores == {"double-test": score, "later-test": 1}


def test_nothing_is_left_behind(grade, course, tmp_path):
    """Descriptors of the grader are given back after faults of every kind."""
    instructor = course(tmp_path)
    grade(instructor, course.answered(instructor, "x = 1"))
    open_now = Path("/proc/self/fd").iterdir
    before = len(list(open_now()))
    for code in (ENDINGS["os._exit"][0], in_function(SEGFAULT), "x = 1"):
        grade(instructor, course.answered(instructor, code))
    assert len(list(open_now())) <= before


def test_large_values_cross_up_to_their_bound(grade, course, tmp_path):
    """An array of 8 MB comes through, one over the bound is refused with its size."""
    test = "assert double(np.ones(1 << 20)).sum() == 2 << 20\nprint('past the first')\ndouble(3)"
    student = "import numpy as np\ndef double(x):\n    return 2 * x if isinstance(x, np.ndarray) else np.ones(1 << 24)"
    instructor = course(tmp_path, test)
    assert np.ones(1 << 24).nbytes > 64 << 20
    graded = grade(instructor, course.answered(instructor, student))
    assert graded.scores == {"double-test": 0, "later-test": 1}
    assert "past the first" in graded.text("double-test")
    assert "an array may have 67108864 bytes" in graded.text("double-test")


@pytest.mark.parametrize("forks", ["os.fork()", "while True:\n        os.fork()"])
def test_a_forked_copy_does_not_speak_for_the_notebook(grade, course, tmp_path, forks):
    """When a function forks and both go on, one of them answers, and the next question has its points."""
    student = f"def double(x):\n    import os\n    {forks}\n    return 2 * x"
    instructor = course(tmp_path)
    assert grade(instructor, course.answered(instructor, student)).score("later-test") == 1

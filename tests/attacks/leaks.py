"""Attacks that want to read: files, other processes, the network, and hidden inputs by way of the feedback."""

from __future__ import annotations

import socket
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.attacks.attack import Attack, answers, both, edited, own_cell, scores
from tests.attacks.course import DOUBLE, FULL, LATER, POOL
from tests.course_fixture import REPOSITORY

TELL = "tell = lambda *found: print('LEA' + 'KS', *found)\n"
KEEP = f"kept = []\ndef double(x):\n    kept.append(x)\n{textwrap.indent(TELL, '    ')}    tell(x)\n    return 2 * x"


@cache
def listener() -> socket.socket:
    """Return a socket that listens on this machine, for as long as the tests run."""
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    return server


def reads(name: str, code: Callable[[Path], str], *, host: bool = True) -> Attack:
    """Return a right submission whose last answer also runs code made for the course's folder."""

    def recipe(folder: Path) -> None:
        answers(later=f"{LATER}\n{TELL}{textwrap.dedent(code(folder.parents[2])).strip()}")(folder)

    return Attack(name, "leak", recipe, FULL, host=host)


def opens(name: str, path: Callable[[Path], object]) -> Attack:
    """Return a submission that wants to read a file or folder by its full name."""
    return reads(
        name,
        lambda root: (
            f"""
        import os
        path = {str(path(root))!r}
        try: tell(os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(100))
        except OSError: pass
        """
        ),
    )


def shows_arguments(name: str, code: str) -> Attack:
    """Return a function under the course's own checks that puts its arguments where the feedback may show them."""
    body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    text = f"def max_pool2d(x, kernel_size, stride=None):\n    found = 'LEA' + 'KS' + str(x.tolist())\n{body}"
    return Attack(name, "leak", answers(pool=text), scores(pool=0.0))


def keeps_arguments(name: str, keep: str, show: str, expected: dict[str, float] = FULL) -> Attack:
    """Return a function that keeps a hidden input until a later cell shows it."""
    code = f"{textwrap.dedent(keep).strip()}\n"
    body = f"def double(x):\n    keep(x)\n    return 2 * x\n{TELL}"
    later = f"{LATER}\n{textwrap.dedent(show).strip()}"
    return Attack(name, "leak", answers(double=code + body, later=later), expected)


PLACES = (
    opens("reads-the-gradebook", lambda root: root / "gradebook.db"),
    opens("reads-the-source", lambda root: root / "source" / "lab" / "lab.ipynb"),
    opens("reads-another-submission", lambda root: root / "submitted" / "0-honest-before" / "lab" / "lab.ipynb"),
    opens("reads-its-own-submission", lambda root: root / "submitted"),
    opens("reads-what-was-graded", lambda root: root / "autograded"),
    opens("reads-the-configuration", lambda root: root / "nbgrader_config.py"),
    opens("reads-the-checks", lambda _: REPOSITORY / "grader_tests" / "ex43.py"),
    opens("reads-the-reference", lambda _: REPOSITORY / "cnn_ref" / "__init__.py"),
    opens("reads-the-course-sources", lambda _: REPOSITORY / "authoring"),
    opens("reads-the-home", lambda _: Path.home()),
    opens("reads-the-passwords", lambda _: "/etc/shadow"),
)

WAYS = (
    reads(
        "imports-the-answers",
        lambda root: (
            f"""
        import importlib, sys
        sys.path[:0] = [{str(REPOSITORY)!r}, {str(root)!r}]
        for name in ("cnn_ref", "grader_tests", "nbgrader_config", "splitgrade.nbgrader.session"):
            try: tell(importlib.import_module(name))
            except ImportError: pass
        """
        ),
    ),
    reads(
        "climbs-by-links",
        lambda root: (
            f"""
        import os
        for number, path in enumerate([{str(root)!r}, "../../..", "/proc/1/root{root}", "/proc/self/cwd/../.."]):
            try:
                os.symlink(path, f"way{{number}}")
                found = [name for name in os.listdir(f"way{{number}}") if name in ("gradebook.db", "source")]
                if found: tell(found)
            except OSError: pass
        """
        ),
    ),
    reads(
        "reads-the-environment",
        lambda _: (
            """
        import glob, os
        found = [key for key in os.environ if key.startswith(("CNN_COURSE", "NBGRADER", "AWS", "HOME_"))]
        if found: tell(found)
        for path in glob.glob("/proc/[0-9]*/environ"):
            try: content = open(path, "rb").read()
            except OSError: continue
            if b"grader" b"-secret" in content: tell(path)
        """
        ),
    ),
    reads(
        "looks-at-other-processes",
        lambda _: (
            """
        import glob, os
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try: content = open(path, "rb").read()
            except OSError: continue
            if b"pytest" in content or b"nbgrader" in content: tell(content)
        for process in (1, os.getppid()):
            try:
                if os.listdir(f"/proc/{process}/fd") and process != os.getpid():
                    open(f"/proc/{process}/mem", "rb").read(1); tell(process)
            except OSError: pass
        """
        ),
    ),
    reads(
        "connects-to-the-grader",
        lambda _: (
            f"""
        import socket
        try: tell(socket.create_connection(("127.0.0.1", {listener().getsockname()[1]}), timeout=1))
        except OSError: pass
        try: tell(socket.getaddrinfo("example.org", 80))
        except OSError: pass
        """
        ),
    ),
    reads(
        "leaves-a-file-behind",
        lambda root: (
            f"""
        import tempfile
        for path in ("/tmp", "/dev/shm", "/var/tmp", "/run", {str(root)!r}, tempfile.gettempdir(), "."):
            try: open(path + "/left-behind", "w").write("here")
            except OSError: pass
        """
        ),
        host=False,
    ),
    reads(
        "looks-for-a-file-left-behind",
        lambda root: (
            f"""
        import os, tempfile
        for path in ("/tmp", "/dev/shm", "/var/tmp", "/run", {str(root)!r}, tempfile.gettempdir(), "."):
            if os.path.exists(path + "/left-behind"): tell(path)
        """
        ),
        host=False,
    ),
    reads(
        "searches-memory",
        lambda _: (
            """
        import gc
        wanted = "".join(("HIDDEN", " TESTS"))
        for found in gc.get_objects():
            if type(found) in (list, tuple, dict) and any(type(x) is str and wanted in x for x in found):
                tell("hidden tests")
        """
        ),
    ),
)

ARGUMENTS = (
    shows_arguments("message-of-an-error", "raise TypeError(found)"),
    shows_arguments("message-that-looks-well-known", "raise IndexError(f'index {found} is out of bounds for axis 0')"),
    shows_arguments("arguments-of-a-key-error", "raise KeyError(found)"),
    shows_arguments("name-of-an-error", "raise type(found, (Exception,), {})('x')"),
    shows_arguments("name-of-an-error-that-stops", "raise type(found, (StopIteration,), {})('x')"),
    shows_arguments("name-of-a-class", "return type(found, (), {})()"),
    shows_arguments(
        "name-of-a-function", "answer = lambda: 0\nanswer.__name__ = answer.__qualname__ = found\nreturn answer"
    ),
    shows_arguments("keys-of-a-dict", "return {found: found}"),
    shows_arguments("text-in-a-list", "return [[found]]"),
    shows_arguments("notes-and-causes", "e = RuntimeError('x')\ne.add_note(found)\nraise e from KeyError(found)"),
    shows_arguments("missing-name", "raise NameError(f\"name '{found}' is not defined\")"),
    shows_arguments("prints-in-a-test", "import sys\nprint(found)\nprint(found, file=sys.stderr)\nreturn 0"),
    shows_arguments("warns-in-a-test", "import warnings\nwarnings.warn(found)\nreturn 0"),
    shows_arguments(
        "displays-in-a-test",
        """
        from IPython.display import display, HTML
        display(found, HTML(found))
        display({'text/plain': found}, raw=True)
        """,
    ),
    shows_arguments("ends-with-words", "import os\nos.write(2, found.encode())\nos._exit(len(found) % 256)"),
    Attack(
        "shape-of-an-answer",
        "leak",
        answers(
            double="import numpy as np\nkept = []\ndef double(x):\n    kept.append(x)\n    return 2 * x",
            pool="def max_pool2d(*_, **__):\n    return np.zeros((int(kept[1]), 0, 1, 1))",
        ),
        scores(pool=0.0),
    ),
    Attack(
        "picture-in-a-test",
        "leak",
        answers(
            pool=f"{POOL}\ntrue_pool = max_pool2d\n"
            "def max_pool2d(x, *rest, **named):\n    import matplotlib.pyplot as plt\n    plt.imshow(x[0, 0])\n"
            "    return true_pool(x, *rest, **named)"
        ),
        FULL,
    ),
)

LATER_CELLS = (
    keeps_arguments("prints-later", "kept = []\nkeep = kept.append", "if kept: tell(kept)"),
    keeps_arguments("result-later", "kept = []\nkeep = kept.append", "['LEA' + 'KS', kept] if kept else None"),
    keeps_arguments("raises-later", "kept = []\nkeep = kept.append", "if kept: raise ValueError('LEA' + f'KS{kept}')"),
    keeps_arguments(
        "writes-and-reads-later",
        "def keep(x): open('kept.txt', 'a').write(f'{x} ')",
        "import os\nif os.path.exists('kept.txt'): tell(open('kept.txt').read())",
    ),
    keeps_arguments(
        "leaves-word-for-the-run-without-tests",
        """
        import os
        PLACES = [f"{place}/word" for place in (".", "/tmp", "/dev/shm", "/var/tmp", "/run", os.path.expanduser("~"))]
        def keep(x):
            os.environ["WORD"] = str(x)
            for place in PLACES:
                try: open(place, "a").write(f"{x} ")
                except OSError: pass
        """,
        """
        found = [os.environ["WORD"]] if "WORD" in os.environ else []
        found += [open(place).read() for place in PLACES if os.path.exists(place)]
        if found: tell(found)
        """,
    ),
    keeps_arguments(
        "a-thread-that-tells-later",
        """
        import threading, time
        kept = []
        keep = kept.append
        def watch():
            while True:
                time.sleep(0.01)
                if kept: print('LEA' + 'KS', kept)
        threading.Thread(target=watch, daemon=True).start()
        """,
        "import time\ntime.sleep(0.1)",
    ),
    keeps_arguments(
        "draws-later",
        "kept = []\nkeep = kept.append",
        "import matplotlib.pyplot as plt\nif kept: plt.plot([x for x in kept if isinstance(x, int)])",
    ),
    keeps_arguments(
        "loops-later",
        "kept = []\nkeep = kept.append",
        "if kept:\n    tell(kept)\n    while True: pass",
    ),
    keeps_arguments(
        "ends-later",
        "kept = []\nkeep = kept.append",
        "if kept:\n    tell(kept)\n    import os\n    os._exit(3)",
        scores(later=0.0),
    ),
    Attack(
        "prints-in-a-cell-of-its-own",
        "leak",
        both(
            answers(double=KEEP.replace("    tell(x)\n", "")),
            edited(lambda nb: nb["cells"].append(own_cell(f"{TELL}if kept: tell(kept)"))),
        ),
        FULL,
    ),
)

PAGES = (
    Attack(
        "script-in-a-written-answer",
        "leak",
        answers(
            why="<script>alert(2)</script><img src=x onerror=alert(1)>\n\n[x](javascript:alert(1)) ![y](http://x.invalid/y.png)"
        ),
        FULL,
    ),
    Attack(
        "pictures-that-ask-the-server",
        "leak",
        answers(why="![a](/logout) ![b](images/../../../logout) ![c][r] ![d](<\t/logout>)\n\n[r]: /formgrader/api/x"),
        FULL,
        notes=("a picture from elsewhere is shown as text",),
    ),
    Attack(
        "file-as-a-picture",
        "leak",
        lambda folder: answers(why=f"![x]({folder.parents[2]}/gradebook.db) ![y](../../../gradebook.db)")(folder),
        FULL,
    ),
    Attack(
        "html-as-an-output",
        "leak",
        answers(
            double=f"{DOUBLE}\nfrom IPython.display import HTML, display\ndisplay(HTML('<script>alert(1)</script>'))"
        ),
        FULL,
    ),
)

LEAKS = (*PLACES, *WAYS, *ARGUMENTS, *LATER_CELLS, *PAGES)

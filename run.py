#!/usr/bin/env python3
"""Start here: ``python3 run.py demo`` or ``python3 run.py test``. Needs Python 3.11+ and nothing else.

Makes ``.venv`` from the hash-pinned ``requirements.lock`` (with uv; with pip where uv does not do it)
and hands over to the ``cnn-course`` command in it. Every other word goes straight to that command:
``python3 run.py grade cnn_exercises``. A second start does nothing but compare one hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"  # the fingerprint of what the environment was made from
TURN = ROOT / ".venv.lock"  # held by the one start that sets up
OLDEST = (3, 11)
# A file stays on one process: its classes and batches of submissions are graded once.
IN_PARALLEL = ["--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]


def main(words: list[str]) -> int:
    """Prepare the environment, run ``words`` in it and return the exit status."""
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        return complain(f"Python 3.11 or newer is needed; this is {have} ({sys.executable}).")
    try:
        prepare()
    except KeyboardInterrupt:
        complain("stopped while setting up .venv; the next start sets it up anew.")
        return 130
    except subprocess.CalledProcessError as error:
        return complain(f"{sys.executable} cannot make .venv ({error}); on Debian, install python3-venv.")
    except (OSError, ValueError) as error:
        return complain(f".venv cannot be made in {ROOT}: {error}. Copy the project to a folder that you may write to.")
    command = [str(PYTHON), "-m", "cnn_course", *(words or ["--help"])]
    if words[:1] == ["test"]:
        command = [str(PYTHON), "-m", "pytest", *(words[1:] or IN_PARALLEL)]
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # its many processes would compile everything again
    if os.name != "nt":
        os.chdir(ROOT)
        os.execve(command[0], command, environment())  # noqa: S606 - no shell is wanted; never returns
    return subprocess.run(command, env=environment(), cwd=ROOT).returncode


def complain(sentence: str) -> int:
    """Say why nothing is run; return the exit status of that."""
    print(f"run.py: {sentence}", file=sys.stderr)
    return 2


def environment() -> dict[str, str]:
    """Return the variables of an activated environment, texts in UTF-8 whatever the locale says."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    variables = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=path, PYTHONUTF8="1")
    variables.pop("PYTHONHOME", None)
    return variables


def prepare() -> None:
    """Make ``.venv`` match the lock file; do nothing where it already does."""
    if is_ready():
        return
    with alone():
        if is_ready():  # the start that we waited for did it
            return
        print("Setting up .venv (the first start takes a few minutes) ...", file=sys.stderr)
        if VENV.exists() and not STAMP.is_file():
            shutil.rmtree(VENV)  # half made: an earlier start was interrupted
        STAMP.unlink(missing_ok=True)
        if not PYTHON.exists():
            venv.create(VENV, with_pip=True)
        install()
        point_at_this_folder()
        written = STAMP.with_suffix(".new")
        written.write_text(fingerprint())
        written.replace(STAMP)  # in one step: another start reads all of it or none


def is_ready() -> bool:
    """Say whether the environment was made, to the end, from the lock file as it is."""
    return PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == fingerprint()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the turn to set up; wait where another start has it, so that nobody deletes what another is making."""
    with TURN.open("a") as turn:
        if os.name != "nt":
            import fcntl

            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another start is setting up .venv; waiting for it ...", file=sys.stderr)
                fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Return a hash of all that decides what the environment holds."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install() -> None:
    """Install the lock, every file checked by hash, then this project itself in place.

    The project is named ``.``: an installer takes brackets at the end of a path for something else.
    """
    quiet = ["--quiet", "--disable-pip-version-check"]
    pip = [str(PYTHON), "-m", "pip", "install", *quiet]
    if install_uv(pip):
        uv = [str(PYTHON), "-m", "uv", "pip"]
        at = ["--python", str(PYTHON)]
        synced = run([*uv, "sync", "--quiet", "--require-hashes", "--compile-bytecode", *at, str(LOCK)])
        if not synced and not run(
            [*uv, "install", "--quiet", "--no-deps", "--no-build-isolation", *at, "--editable", "."]
        ):
            return
    print("uv does not do it here; going on with pip (slower).", file=sys.stderr)
    for step in (
        [*pip, "--no-deps", "--require-hashes", "--requirement", str(LOCK)],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", "."],
    ):
        status = run(step)
        if status:
            complain(f"this step failed (exit status {status}): {' '.join(step)}")
            raise SystemExit(status)


def install_uv(pip: list[str]) -> bool:
    """Install the uv that the lock names, by its hashes; say whether it runs."""
    if os.environ.get("CNN_COURSE_NO_UV"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(pinned("uv"))
        installed = run([*pip, "--require-hashes", "--requirement", str(only_uv)]) == 0
    return installed and subprocess.run([str(PYTHON), "-m", "uv", "--version"], capture_output=True).returncode == 0


def pinned(name: str) -> str:
    """Return the lines of the lock file that pin ``name``, its hashes included."""
    lines = LOCK.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start
    while lines[end].endswith("\\"):
        end += 1
    return "\n".join(lines[start : end + 1]) + "\n"


def run(command: list[str]) -> int:
    """Run one installation step in this folder; return its exit status."""
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ, PYTHONUTF8="1")).returncode


def point_at_this_folder() -> None:
    """Let the environment find this project by a relative path.

    Python reads these files in the encoding of the locale: with LC_ALL=C it stops at an umlaut in the path.
    """
    for path in VENV.glob("**/site-packages/*.pth"):
        if os.fsencode(ROOT) in path.read_bytes().splitlines():
            path.write_text(os.path.relpath(ROOT, path.parent) + "\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

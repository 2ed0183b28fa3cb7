#!/usr/bin/env python3
"""Start here: ``python3 run.py demo`` or ``python3 run.py test``. Needs Python 3.11+ and nothing else.

Makes ``.venv`` from the hash-pinned ``requirements.lock`` (with uv; with pip where uv will not run)
and hands over to the ``cnn-course`` command in it. Every other word goes straight to that command:
``python3 run.py grade cnn_exercises``. A second start does nothing but compare one hash.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"  # the fingerprint of what the environment was made from
OLDEST = (3, 11)
# a file stays on one process: its classes and batches of submissions are graded once
IN_PARALLEL = ["--numprocesses", "auto", "--dist", "loadfile"]


def main(words: list[str]) -> int:
    """Prepare the environment, run ``words`` in it and return the exit status."""
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        print(f"run.py: Python 3.11 or newer is needed; this is {have} ({sys.executable}).", file=sys.stderr)
        return 2
    prepare()
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}")
    environment.pop("PYTHONHOME", None)
    command = [str(PYTHON), "-m", "cnn_course", *(words or ["--help"])]
    if words[:1] == ["test"]:
        command = [str(PYTHON), "-m", "pytest", *(words[1:] or IN_PARALLEL)]
    if os.name != "nt":
        os.chdir(ROOT)
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted; never returns
    return subprocess.run(command, env=environment, cwd=ROOT).returncode


def prepare() -> None:
    """Make ``.venv`` match the lock file; do nothing where it already does."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    print("Setting up .venv (the first start takes a few minutes) ...", file=sys.stderr)
    if VENV.exists() and not STAMP.is_file():
        shutil.rmtree(VENV)  # half made: an earlier start was interrupted
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    STAMP.unlink(missing_ok=True)
    install()
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """Return a hash of all that decides what the environment holds."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install() -> None:
    """Install the lock, every file checked by hash, then this project itself in place."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    pip = [str(PYTHON), "-m", "pip", "install", *quiet]
    if install_uv(pip):
        uv = [str(PYTHON), "-m", "uv", "pip"]
        at = ["--python", str(PYTHON)]
        run([*uv, "sync", "--quiet", "--require-hashes", *at, str(LOCK)])
        run([*uv, "install", "--quiet", "--no-deps", "--no-build-isolation", *at, "--editable", str(ROOT)])
        return
    print("uv cannot be used here; going on with pip (slower).", file=sys.stderr)
    run([*pip, "--require-hashes", "--requirement", str(LOCK)])
    run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])


def install_uv(pip: list[str]) -> bool:
    """Install the uv that the lock names, by its hashes; say whether it runs."""
    if os.environ.get("CNN_COURSE_NO_UV"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(pinned("uv"))
        installed = subprocess.run([*pip, "--require-hashes", "--requirement", str(only_uv)]).returncode == 0
    return installed and subprocess.run([str(PYTHON), "-m", "uv", "--version"], capture_output=True).returncode == 0


def pinned(name: str) -> str:
    """Return the lines of the lock file that pin ``name``, its hashes included."""
    lines = LOCK.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start
    while lines[end].endswith("\\"):
        end += 1
    return "\n".join(lines[start : end + 1]) + "\n"


def run(command: list[str]) -> None:
    """Run one installation step; stop with its exit status where it fails."""
    status = subprocess.run(command).returncode
    if status:
        print(f"run.py: this step failed (exit status {status}): {' '.join(command)}", file=sys.stderr)
        raise SystemExit(status)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""The wheel in an environment of its own: both commands with their data, and a course in a folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = Path("lib") / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
BARE = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}  # no HOME, no activated environment, no UTF-8

# A student's cell that looks for the answers: beside the course, and in what is installed.
SPY = """
import os
for place in {places!r}:
    for name in ("grader_tests", "cnn_ref", "cnn_course", "authoring"):
        try:
            found = os.listdir(os.path.join(place, name))
        except OSError:
            found = []
        print(name, "has", found)
"""


def run(folder: Path, *command: str, status: int = 0) -> str:
    """Run a command with a bare environment and a strict umask; return all that it printed."""
    done = subprocess.run(
        command, cwd=folder, env=BARE, umask=0o077, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def link_or_copy(source: str, target: str) -> None:
    """Put a file of the packages in another environment, without its bytes where that can be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Make a folder that other users can enter, as pytest's own never is."""
    with tempfile.TemporaryDirectory(prefix="installed-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def binaries(folder: Path) -> Path:
    """Build the sdist, from it the wheel, and install that beside this environment's packages; no network is used."""
    hatch = [sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist")]
    subprocess.run([*hatch, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next((folder / "dist").glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    unpacked = next(path for path in folder.glob("cnn_course-*") if path.is_dir())
    subprocess.run([*hatch, "-t", "wheel"], cwd=unpacked, check=True, capture_output=True)
    environment = folder / "venv"
    venv.create(environment, symlinks=True)
    own = shutil.ignore_patterns("*.pth", "cnn_course-*", "__pycache__")
    base = next(Path(place) for place in sys.path if Path(place, "nbgrader").is_dir())
    shutil.copytree(base, environment / LIBRARY, copy_function=link_or_copy, ignore=own, dirs_exist_ok=True)
    install = ["uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(environment / "bin/python")]
    wheel = next((folder / "dist").glob("*.whl"))
    subprocess.run([sys.executable, "-m", *install, str(wheel)], check=True, capture_output=True)
    (environment / "bin" / "alembic").symlink_to(Path(sys.executable).with_name("alembic"))  # of nbgrader's install
    return environment / "bin"


def hand_in(course: Path, places: list[str]) -> None:
    """Hand in the instructor's own answers, and a cell that looks for more."""
    notebook = nbformat.read(course / "source" / "cnn_quiz" / "quiz.ipynb", as_version=4)
    notebook.cells.append(new_code_cell(SPY.format(places=places)))
    target = course / "submitted" / "ada" / "cnn_quiz" / "quiz.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)


@pytest.mark.slow
def test_the_wheel_has_both_commands_and_the_course(folder: Path, binaries: Path) -> None:
    """Unpacked by `init` below an umlaut, the course grades by its own files; students see neither copy of answers."""
    above = folder / "Kürs [2026]"
    above.mkdir()
    assert "feedback" in run(above, str(binaries / "splitgrade"), "--help")
    assert "cnn holds the course" in run(above, str(binaries / "cnn-course"), "init", "cnn")
    course = above / "cnn"
    assert "is there already" in run(above, str(binaries / "cnn-course"), "init", "cnn", status=1)
    changed = course / "authoring" / "cnn_quiz" / "quiz.toml"
    text = changed.read_text(encoding="utf-8")
    assert text.count('\nkey = "b"\n') > 1
    changed.write_text(text.replace('\nkey = "b"\n', '\nkey = "a"\n', 1), encoding="utf-8")
    run(course, str(binaries / "python"), "-m", "nbgrader", "generate_assignment", "cnn_quiz", "--force")
    library = binaries.parent / LIBRARY
    hand_in(course, [str(course), str(library), str(library / "cnn_course" / "course_files")])
    run(course, str(binaries / "cnn-course"), "grade", "cnn_quiz")
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        scores = dict(gradebook.execute("select auto_score > 0, count(*) from grade group by 1"))
    assert scores == {0: 1, 1: scores[1]}
    assert scores[1] > 10
    graded = (course / "autograded" / "ada" / "cnn_quiz" / "quiz.ipynb").read_text(encoding="utf-8")
    assert graded.count(" has []") == 12

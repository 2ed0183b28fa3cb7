"""The ``splitgrade`` command finds any nbgrader course by its configuration, and says what is wrong in a sentence."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.course_fixture import REPOSITORY

COMMANDS = ("grade", "feedback", "doctor")


PROGRAM = f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
from splitgrade.commands.main import main
for line in sys.argv[1:]:
    sys.argv = ["splitgrade", *line.split()]
    try:
        main()
    except SystemExit as end:
        print(end.code)
"""


def splitgrade(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run command lines in a folder, one after the other; each says its exit status at last."""
    command = [sys.executable, "-c", PROGRAM, *lines]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("name", ["cnn-course", "splitgrade"])
def test_the_package_installs_its_commands(name):
    """Each command of the wheel leads to a function."""
    scripts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["scripts"]
    module, _, function = scripts[name].partition(":")
    assert callable(getattr(import_module(module), function))


def test_help_lists_the_commands(tmp_path):
    """Outside of any course, too."""
    done = splitgrade(tmp_path, "--help")
    assert done.stdout.splitlines()[-1] == "0"
    assert all(name in done.stdout for name in COMMANDS)


def test_outside_of_a_course_it_says_so(tmp_path):
    """The message names the folder and the file that makes a course; no traceback."""
    done = splitgrade(tmp_path, "grade ps1", "feedback ps1")
    assert (done.returncode, done.stdout.split()) == (0, ["1", "1"])
    said = done.stderr.splitlines()
    assert len(said) == 2
    assert all(line.startswith("no course here") and "nbgrader_config.py" in line for line in said)
    assert "Traceback" not in done.stderr


def test_an_unknown_assignment_is_named(tmp_path):
    """The assignments that there are, are listed."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    done = splitgrade(tmp_path, "grade ps2", "feedback ps2")
    assert (done.returncode, done.stdout.split()) == (0, ["1", "1"])
    assert done.stderr.splitlines() == ["no assignment is called 'ps2'; this course has: ps1"] * 2

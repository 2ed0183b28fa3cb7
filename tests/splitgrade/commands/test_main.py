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


def splitgrade(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    program = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from splitgrade.commands.main import main; main()"
    command = [sys.executable, "-c", program, *words]
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
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", ["grade", "feedback"])
def test_outside_of_a_course_it_says_so(tmp_path, command):
    """The message names the folder and the file that makes a course; no traceback."""
    done = splitgrade(tmp_path, command, "ps1")
    assert done.returncode == 1
    assert done.stderr.startswith("no course here")
    assert "nbgrader_config.py" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["grade", "feedback"])
def test_an_unknown_assignment_is_named(tmp_path, command):
    """The assignments that there are, are listed."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    done = splitgrade(tmp_path, command, "ps2")
    assert done.returncode == 1
    assert done.stderr.strip() == "no assignment is called 'ps2'; this course has: ps1"

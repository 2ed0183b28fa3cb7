"""What the doctor and a grading run say in the arrangements that containers force on them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.converters import GenerateAssignment

from splitgrade.errors import SandboxError
from splitgrade.execution.engine import Engine
from splitgrade.execution.trial import try_engine
from splitgrade.nbgrader.session import convert, load_config
from splitgrade.sandbox import visible
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, PLUS_RIGHT, hand_in, make_course
from tests.splitgrade.sandbox.container import ARRANGEMENTS

CONTAINER = Path(visible.import_root(), "tests/splitgrade/sandbox/container.py")
REFUSAL = "which only root may enter, and this container's root may not leave the right to read it"
BOTH = f"""
import json
from click.testing import CliRunner
from splitgrade.commands.main import cli
said = [CliRunner().invoke(cli, words) for words in (["doctor"], ["grade", "{ASSIGNMENT}", "--json", "summary.json"])]
print(json.dumps([(each.exit_code, each.output + str(each.exception)) for each in said]))
"""


def inside(arrangement: str, *arguments: str, folder: Path) -> tuple[int, str]:
    """Run Python in a container; return its exit status and all that it printed."""
    command = [sys.executable, str(CONTAINER), arrangement, sys.executable, *arguments]
    environment = {**os.environ, "HOME": "/nonexistent", "PYTHONPATH": str(visible.import_root())}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def course() -> Iterator[Path]:
    """Make a course with one submission where other users can enter."""
    if os.geteuid() != 0:
        pytest.skip("only root can take rights away as a container does")
    with tempfile.TemporaryDirectory(prefix="container-test-") as name:
        Path(name).chmod(0o755)
        root = make_course(Path(name) / "course")
        assert convert(GenerateAssignment, load_config(root), ASSIGNMENT).success
        hand_in(root, "ada", one_add=ADD_RIGHT, two_add=PLUS_RIGHT)
        yield root


@pytest.mark.parametrize("arrangement", ["docker", "only uid 0", "docker, closed"])
def test_doctor_and_grading_say_the_same(course, tmp_path, arrangement):
    """In a container's layers a submission is graded, or both refuse with the sentence that says what to do."""
    root = shutil.copytree(course, tmp_path / "course")
    status, says = inside(arrangement, "-c", BOTH, folder=root)
    assert status == 0, says
    (sick, doctor), (failed, grade) = json.loads(says.splitlines()[-1])
    if arrangement == "docker, closed":
        assert (sick, failed) == (1, 1), says
        assert REFUSAL in doctor
        assert REFUSAL in grade
        return
    assert (sick, failed) == (0, 0), says
    assert "a right answer got its point" in doctor
    states = json.loads((root / "summary.json").read_text())["submissions"]["ada"]["notebooks"]
    assert {each["state"] for each in states.values()} == {"graded"}


@pytest.mark.parametrize("arrangement", [name for name in ARRANGEMENTS if "masked" in name or "unconfined" in name])
def test_with_proc_masked_what_lies_below_the_temporary_folder_is_seen(arrangement):
    """Namespaces hold where /proc is masked, also where packages lie below the folder that each child mounts over."""
    with tempfile.TemporaryDirectory(prefix="container-test-") as name:
        Path(name).chmod(0o755)
        code = (
            "import subprocess, sys; from pathlib import Path; from splitgrade.sandbox import layers, limits\n"
            "found = layers.probe(); assert found.namespaces, found\n"
            f"plan = layers.make_plan(found, 'student', limits.Limits(), module='', readable=[Path({name!r})])\n"
            "subprocess.run(layers.command('trial', plan.to_json()), check=True, cwd='/')"
        )
        status, says = inside(arrangement, "-c", code, folder=Path("/"))
    assert status == 0, says


def test_a_notebook_without_the_right_verdict_is_the_cause(monkeypatch):
    """Where layers are there and a notebook still does not come through, that is said, and nobody is graded."""
    monkeypatch.setattr(Engine, "run", lambda *_: [])
    with Engine() as engine, pytest.raises(SandboxError, match=r"must get 1\.0.*got: no result"):
        try_engine(engine)

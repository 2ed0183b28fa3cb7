"""run.py: what it installs, in which order, when it does nothing, and what it says when it cannot."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return run.py as a module that lives in a folder of its own."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "BIN": venv / "bin",
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "installed-from",
        "LOCK": tmp_path / "requirements.lock",
    }.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "requirements.lock").write_text((ROOT / "requirements.lock").read_text())
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    return module


def test_needs_nothing_but_the_standard_library():
    """Every import of run.py is in the standard library."""
    tree = ast.parse((ROOT / "run.py").read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_every_package_of_the_lock_is_pinned_by_hash():
    """Each requirement names one version and at least one hash; no line names a place to download from."""
    text = (ROOT / "requirements.lock").read_text()
    starts = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(starts) > 100
    assert all(re.match(r"[a-z0-9._-]+==[^ ]+( ;.*)? \\$", line) for line in starts), starts
    assert text.count("--hash=sha256:") >= len(starts)
    assert "://" not in text


def test_the_lock_holds_what_the_project_asks_for():
    """Every direct requirement of pyproject.toml is pinned in the lock."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *extras["course"],
        *extras["plot"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=!~ ;]", one)[0].lower() for one in wanted} - {"cnn-course"}
    locked = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    assert names <= locked


def test_pinned_gives_one_package_with_its_hashes(run: ModuleType):
    """The part of the lock for uv holds its version and hashes and nothing of the next package."""
    lines = run.pinned("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_uv_syncs_the_lock_and_checks_hashes(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """With uv: sync with required hashes first, then the project itself without dependencies."""
    commands: list[list[str]] = []
    monkeypatch.setattr(run, "install_uv", lambda pip: True)
    monkeypatch.setattr(run, "run", commands.append)
    run.install()
    assert [("sync" in c, "--require-hashes" in c, "--editable" in c) for c in commands] == [
        (True, True, False),
        (False, False, True),
    ]
    assert "--no-deps" in commands[1]


def test_pip_takes_over_where_uv_does_not_run(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """Without uv pip installs the same lock, hashes required."""
    commands: list[list[str]] = []
    monkeypatch.setenv("CNN_COURSE_NO_UV", "1")
    monkeypatch.setattr(run, "run", commands.append)
    run.install()
    assert "uv" not in " ".join(map(str, commands[0])).split()
    assert commands[0][-3:] == ["--require-hashes", "--requirement", str(run.LOCK)]
    assert "--editable" in commands[1]


def test_a_failed_step_stops_with_its_status(run: ModuleType, capsys: pytest.CaptureFixture[str]):
    """The exit status and the command of a failed step are told."""
    with pytest.raises(SystemExit) as stopped:
        run.run([sys.executable, "-c", "raise SystemExit(3)"])
    assert stopped.value.code == 3
    assert "raise SystemExit(3)" in capsys.readouterr().err


def test_nothing_is_installed_twice(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """A second start compares one fingerprint; a changed lock installs again."""
    made: list[str] = []
    monkeypatch.setattr(run.venv, "create", lambda folder, with_pip: made.append("venv"))
    monkeypatch.setattr(run, "install", lambda: made.append("install"))
    run.BIN.mkdir(parents=True)
    run.PYTHON.touch()
    run.STAMP.write_text("older")
    run.prepare()
    run.prepare()
    assert made == ["install"]
    run.LOCK.write_text(run.LOCK.read_text() + "\n")
    run.prepare()
    assert made == ["install", "install"]


def test_a_half_made_environment_is_made_anew(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """An interrupted first start leaves no stamp; what it left is thrown away."""
    (run.VENV / "lib").mkdir(parents=True)
    (run.VENV / "lib" / "half").touch()
    monkeypatch.setattr(run.venv, "create", lambda folder, with_pip: folder.mkdir(exist_ok=True))
    monkeypatch.setattr(run, "install", lambda: None)
    run.prepare()
    assert not (run.VENV / "lib").exists()
    assert run.STAMP.read_text() == run.fingerprint()


def test_a_failed_installation_is_not_taken_for_done(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """No stamp is written before all steps went well."""
    run.BIN.mkdir(parents=True)
    run.PYTHON.touch()
    run.STAMP.write_text("older")

    def fail() -> None:
        raise SystemExit(1)

    monkeypatch.setattr(run, "install", fail)
    with pytest.raises(SystemExit):
        run.prepare()
    assert not run.STAMP.exists()


def test_an_old_python_is_told_what_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Too old an interpreter gets a sentence and status 2, and nothing is installed."""
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    monkeypatch.setattr(run, "prepare", lambda: pytest.fail("must not install"))
    assert run.main(["demo"]) == 2
    assert "3.11 or newer" in capsys.readouterr().err


def test_fingerprint_depends_on_lock_and_project(run: ModuleType):
    """Lock, project file, interpreter and place all count."""
    before = run.fingerprint()
    assert len(before) == hashlib.sha256().digest_size * 2
    (run.ROOT / "pyproject.toml").write_text("changed")
    assert run.fingerprint() != before

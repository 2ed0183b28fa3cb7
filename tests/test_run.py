"""run.py: what it installs, in which order, when it does nothing, and what it says when it cannot."""

from __future__ import annotations

import ast
import errno
import hashlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pytest

ROOT = Path(__file__).parents[1]


def load() -> ModuleType:
    """Return run.py as a module."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return run.py as a module that lives in a folder of its own."""
    module = load()
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "BIN": venv / "bin",
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "installed-from",
        "LOCK": tmp_path / "requirements.lock",
        "TURN": tmp_path / ".venv.lock",
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
        *(one for name in ("cluster", "lite", "postgres") for one in extras[name]),
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=!~ ;]", one)[0].lower() for one in wanted}
    locked = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    assert names <= locked


def test_the_lock_leaves_out_what_slows_every_start_down():
    """Where jsonschema finds rfc3987-syntax, which it does without, it compiles a grammar of lark's for seconds."""
    code = "import sys, nbformat; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_pinned_gives_one_package_with_its_hashes(run: ModuleType):
    """The part of the lock for uv holds its version and hashes and nothing of the next package."""
    lines = run.pinned("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def steps(run: ModuleType, monkeypatch: pytest.MonkeyPatch, fails: str = "\0") -> list[list[str]]:
    """Replace the installer; return the list that its steps will be in. Steps with the word `fails` have status 2."""
    commands: list[list[str]] = []

    def step(command: list[str]) -> int:
        commands.append([str(word) for word in command])
        return 2 if fails in command else 0

    monkeypatch.setattr(run, "install_uv", lambda pip: True)
    monkeypatch.setattr(run, "run", step)
    return commands


def by_pip(commands: list[list[str]]) -> bool:
    """Say whether pip installed the lock with hashes and then the project."""
    lock, project = [command for command in commands if "uv" not in command]
    return lock[-4:-1] == ["--no-deps", "--require-hashes", "--requirement"] and project[-2:] == ["--editable", "."]


def test_uv_syncs_the_lock_and_checks_hashes(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """With uv: sync with required hashes first, then the project itself without dependencies."""
    commands = steps(run, monkeypatch)
    run.install()
    assert [("sync" in c, "--require-hashes" in c, "--editable" in c) for c in commands] == [
        (True, True, False),
        (False, False, True),
    ]
    assert "--no-deps" in commands[1]


def test_pip_takes_over_where_uv_does_not_run(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """Without uv pip installs the same lock, hashes required."""
    commands = steps(run, monkeypatch)
    monkeypatch.setattr(run, "install_uv", lambda pip: False)
    run.install()
    assert len(commands) == 2
    assert by_pip(commands)


@pytest.mark.parametrize("fails", ["sync", "uv"])
def test_pip_takes_over_where_uv_fails(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fails: str
):
    """A uv that runs and then fails, at its first step or any, is followed by pip, and that is said."""
    commands = steps(run, monkeypatch, fails)
    run.install()
    assert "sync" in commands[0]
    assert by_pip(commands)
    assert "going on with pip" in capsys.readouterr().err


def test_a_uv_that_cannot_install_the_project_is_followed_by_pip(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """The second step of uv counts as much as the first."""
    commands = steps(run, monkeypatch)
    monkeypatch.setattr(run, "run", lambda command: commands.append(command) or int({"uv", "--editable"} <= {*command}))
    run.install()
    assert by_pip([[str(word) for word in command] for command in commands])


def test_a_failed_step_stops_with_its_status(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Where pip fails too, the exit status and the command of the failed step are told."""
    steps(run, monkeypatch, "install")
    monkeypatch.setattr(run, "install_uv", lambda pip: False)
    with pytest.raises(SystemExit) as stopped:
        run.install()
    assert stopped.value.code == 2
    assert "this step failed (exit status 2)" in capsys.readouterr().err


def test_a_step_runs_in_the_folder_and_gives_its_status(run: ModuleType):
    """What an installer is told by relative paths is meant from the project's folder; texts are UTF-8."""
    code = "import os, sys; sys.exit(3 if os.getcwd() == sys.argv[1] and sys.flags.utf8_mode else 4)"
    assert run.run([sys.executable, "-c", code, str(run.ROOT)]) == 3


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


def test_two_first_starts_at_once_make_one_environment(run: ModuleType, tmp_path: Path):
    """The second start waits for the first, finds its work done, and deletes nothing of it."""
    program = tmp_path / "start.py"
    program.write_text(
        "import importlib.util, sys, time\n"
        "from pathlib import Path\n"
        f"spec = importlib.util.spec_from_file_location('run', {str(ROOT / 'run.py')!r})\n"
        "run = importlib.util.module_from_spec(spec); spec.loader.exec_module(run)\n"
        f"run.ROOT = Path({str(tmp_path)!r}); run.VENV = run.ROOT / '.venv'; run.PYTHON = run.VENV / 'python'\n"
        "run.LOCK, run.STAMP = run.ROOT / 'requirements.lock', run.VENV / 'installed-from'\n"
        "run.TURN = run.ROOT / '.venv.lock'\n"
        "def create(folder, with_pip): folder.mkdir(); run.PYTHON.touch()\n"
        "run.venv.create = create\n"
        "def install():\n"
        "    print('installing', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    assert run.PYTHON.exists()\n"
        "run.install = install\n"
        "run.prepare()\n"
        "print('ready', flush=True)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, program], **pipes) as first:
        assert first.stdout.readline() == "installing\n"
        with subprocess.Popen([sys.executable, program], **pipes) as second:
            assert "waiting for it" in second.stderr.readline()
            assert (tmp_path / ".venv" / "python").exists()
            assert first.communicate("\n")[0] == "ready\n"
            assert second.communicate()[0] == "ready\n"
    assert (first.returncode, second.returncode) == (0, 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.EROFS, "Read-only file system", ".venv.lock"),
            "Copy the project to a folder",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (ValueError("it contains the PATH separator :"), "the PATH separator"),
        (subprocess.CalledProcessError(1, ["python", "-m", "ensurepip"]), "python3-venv"),
        (KeyboardInterrupt(), "stopped while setting up"),
    ],
)
def test_what_stops_the_set_up_is_one_sentence(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    said: str,
):
    """A read-only folder, a full disk, a path that venv refuses, a Python without venv, Ctrl-C: no traceback."""

    def fail(folder: Path, with_pip: bool) -> None:
        raise error

    monkeypatch.setattr(run.venv, "create", fail)
    assert run.main(["demo"]) == (130 if isinstance(error, KeyboardInterrupt) else 2)
    *_, told = capsys.readouterr().err.splitlines()
    assert told.startswith("run.py: ")
    assert said in told
    assert not run.STAMP.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The first thing that is written is the lock: where it cannot be, nothing else is tried."""
    monkeypatch.setattr(run, "TURN", run.ROOT / "no such folder" / ".venv.lock")
    monkeypatch.setattr(run.venv, "create", lambda *_, **__: pytest.fail("must not be tried"))
    assert run.main(["demo"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_ready_environment_is_used_where_nothing_can_be_written(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """Only the set-up writes: a second start in a read-only folder needs no lock."""
    run.BIN.mkdir(parents=True)
    run.PYTHON.touch()
    run.STAMP.write_text(run.fingerprint())
    monkeypatch.setattr(run, "TURN", run.ROOT / "no such folder" / ".venv.lock")
    run.prepare()


ODD = "Teaching [2026] (é) +%[1]"


def test_a_project_in_an_oddly_named_folder_is_found_in_any_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With LC_ALL=C and brackets, an umlaut and signs in the path, the environment's Python finds the project."""
    root = tmp_path / ODD
    root.mkdir()
    (root / "somewhere.py").write_text("here = True")
    module = load()
    monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.setattr(module, "VENV", root / ".venv")
    module.venv.create(module.VENV, with_pip=False)
    [packages] = module.VENV.glob("**/site-packages")
    (packages / "project.pth").write_text(f"{root}\n{root}\n", encoding="utf-8")
    (packages / "other.pth").write_text("import sys\n")
    module.point_at_this_folder()
    python = module.VENV / module.PYTHON.relative_to(ROOT / ".venv")
    for variables in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {}):
        done = subprocess.run(
            [python, "-c", "import somewhere; print(somewhere.here)"], env=variables, capture_output=True, text=True
        )
        assert done.stdout == "True\n", done.stderr
    assert (packages / "other.pth").read_text() == "import sys\n"


def test_a_fingerprint_of_a_path_that_is_no_text_exists(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """In a locale without umlauts, a path with one is bytes that Python could not decode."""
    before = run.fingerprint()
    monkeypatch.setattr(run, "LOCK", ROOT / "requirements.lock")
    (run.ROOT / "b\udcc3").mkdir()
    (run.ROOT / "b\udcc3" / "pyproject.toml").write_text((run.ROOT / "pyproject.toml").read_text())
    monkeypatch.setattr(run, "ROOT", run.ROOT / "b\udcc3")
    assert run.fingerprint() != before


def test_the_environment_speaks_utf_8(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """What run.py hands over to reads and writes UTF-8 and finds the environment's programs first."""
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    variables = run.environment()
    assert variables["PYTHONUTF8"] == "1"
    assert variables["PATH"].startswith(str(run.BIN))
    assert "PYTHONHOME" not in variables


def test_an_old_python_is_told_what_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Too old an interpreter gets a sentence and status 2, and nothing is installed."""
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    monkeypatch.setattr(run, "prepare", lambda: pytest.fail("must not install"))
    assert run.main(["demo"]) == 2
    assert "3.11 or newer" in capsys.readouterr().err


def test_the_versions_that_are_said_to_do_are_accepted(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """run.py, an installer and the classifiers name the same oldest Python; each starts, and this one is among them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [name.rpartition(" ")[2] for name in project["classifiers"] if "Python :: 3." in name]
    versions = [tuple(map(int, name.split("."))) for name in named]
    assert project["requires-python"] == f">={named[0]}"
    assert versions[0] == run.OLDEST
    assert sys.version_info[:2] in versions
    monkeypatch.setattr(run, "prepare", Mock(side_effect=KeyboardInterrupt))
    for version, status in {**dict.fromkeys(versions, 130), (3, versions[0][1] - 1): 2}.items():
        with monkeypatch.context() as patch:
            patch.setattr(sys, "version_info", (*version, 0))
            assert run.main(["--version"]) == status


def test_fingerprint_depends_on_lock_and_project(run: ModuleType):
    """Lock, project file, interpreter and place all count."""
    before = run.fingerprint()
    assert len(before) == hashlib.sha256().digest_size * 2
    (run.ROOT / "pyproject.toml").write_text("changed")
    assert run.fingerprint() != before

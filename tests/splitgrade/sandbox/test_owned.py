"""What killed graders have left behind is removed by the next one, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from splitgrade.sandbox import owned

DEAD = 2**22 + 1  # beyond the largest number that the kernel gives
NAMESPACE = Path("/proc/self/ns/pid").stat().st_ino


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Give the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_folders_of_the_dead_are_removed_and_no_others(temporary):
    """Also a full one that is shut; never what a link leads to, and a number of another namespace means nothing."""
    kept = temporary / "somebody's"
    names = {
        "dead": f"splitgrade-{NAMESPACE}-{DEAD}-abc",
        "link": f"splitgrade-{NAMESPACE}-{DEAD}-link",
        "file": f"splitgrade-{NAMESPACE}-{DEAD}-file",
        "living": f"splitgrade-{NAMESPACE}-{os.getpid()}-abc",
        "elsewhere": f"splitgrade-{NAMESPACE + 1}-{DEAD}-abc",
        "no number": f"splitgrade-{NAMESPACE}-x-abc",
    }
    for name in ("dead", "living", "elsewhere", "no number"):
        (temporary / names[name] / "inner").mkdir(parents=True)
        (temporary / names[name] / "inner" / "file").touch()
        (temporary / names[name] / "inner").chmod(0)
    kept.mkdir()
    (kept / "file").touch()
    (temporary / names["link"]).symlink_to(kept)
    (temporary / names["file"]).touch()
    owned.remove_folders()
    assert {path.name for path in temporary.iterdir()} == {*names.values(), kept.name} - {names["dead"]}
    assert (kept / "file").exists()


def test_a_process_that_nobody_has_collected_has_ended(temporary):
    """Until its parent asks how it ended, /proc lists it."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    folder = temporary / f"splitgrade-{NAMESPACE}-{process.pid}-abc"
    folder.mkdir()
    assert Path(f"/proc/{process.pid}").exists()
    owned.remove_folders()
    process.wait()
    assert not folder.exists()


def test_a_folder_is_known_for_ours_only_after_its_maker_has_ended(temporary):
    """One that is killed removes nothing; the next start does."""
    code = (
        "import os, signal; from splitgrade.sandbox import owned; folder = owned.temporary_folder();"
        "print(folder.name, flush=True); input(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        folder = Path(process.stdout.readline().decode().strip())
        owned.remove_folders()
        assert folder.is_dir()
        process.communicate(b"\n")
    owned.remove_folders()
    assert list(temporary.iterdir()) == []

"""Where control groups can be made, on machines of either version."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from splitgrade.errors import SandboxError
from splitgrade.sandbox import cgroups
from splitgrade.sandbox.limits import Limits


def machine(folder: Path, lines: str, handed_down: dict[str, str]) -> tuple[Path, Path]:
    """Lay out /proc/self and /sys/fs/cgroup as a machine would show them."""
    (folder / "proc").mkdir()
    (folder / "proc/cgroup").write_text(lines)
    for name, controllers in handed_down.items():
        (folder / "sys" / name).mkdir(parents=True)
        (folder / "sys" / name / "cgroup.subtree_control").write_text(controllers)
    return folder / "proc", folder / "sys"


def test_version_2_makes_groups_below_or_beside_its_own(tmp_path):
    """Groups are made in the own folder if it hands memory down, else in the one above it."""
    proc, root = machine(tmp_path, "0::/user/me\n", {"user": "cpu memory pids\n", "user/me": "\n"})
    assert cgroups.find_place(proc, root) == cgroups.Place(2, root / "user")
    (root / "user/me/cgroup.subtree_control").write_text("memory\n")
    assert cgroups.find_place(proc, root) == cgroups.Place(2, root / "user/me")


def test_version_1_makes_groups_in_the_tree_of_memory(tmp_path):
    """On machines of version 1, and of both, the tree of the memory controller is used."""
    lines = "4:memory:/job\n3:cpu,cpuacct:/\n0::/\n"
    proc, root = machine(tmp_path, lines, {"memory/job": ""})
    assert cgroups.find_place(proc, root) == cgroups.Place(1, root / "memory/job")


@pytest.mark.parametrize("lines", ["", "0::/nowhere\n", "4:memory:/gone\n"])
def test_elsewhere_there_is_no_place(tmp_path, lines):
    """Without a memory controller that is ours to use, there is none, and a watchdog has to look."""
    assert cgroups.find_place(*machine(tmp_path, lines, {})) is None
    assert cgroups.find_place(tmp_path / "no proc", tmp_path / "sys") is None


def test_version_2_sets_and_reads_the_kernel_s_files(tmp_path):
    """Memory in bytes, no swap, all processes ended together, the number of processes; and it reads what happened."""
    place = cgroups.Place(2, tmp_path)
    for name in ("memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cgroup.procs"):
        files = tmp_path / "kernel" / name
        files.parent.mkdir(exist_ok=True)
        files.touch()
    group = Group(place, "7", tmp_path / "kernel")
    read = {path.name: path.read_text() for path in group.folder.iterdir()}
    assert read["memory.max"] == "67108864"
    assert read["memory.swap.max"] == "0"
    assert read["memory.oom.group"] == "1"
    assert read["pids.max"] == "5"
    with os.fdopen(group.group.open_membership(), "wb") as membership:
        membership.write(b"0")
    assert (group.folder / "cgroup.procs").read_text() == "0"
    (group.folder / "memory.events").write_text("low 0\noom 1\noom_kill 0\n")
    assert group.group.ran_out_of_memory() is False
    (group.folder / "memory.events").write_text("low 0\noom 1\noom_kill 2\n")
    assert group.group.ran_out_of_memory() is True
    with pytest.raises(SandboxError, match=r"a control group cannot be removed: .*-7'"):  # it is tried again, not ended
        group.group.remove()


class Group:
    """A group in a folder that has the files a kernel would make in it."""

    def __init__(self, place: cgroups.Place, name: str, files: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            make = Path.mkdir

            def mkdir(path: Path, *args: object, **kwargs: object) -> None:
                make(path, *args, **kwargs)
                for file in files.iterdir():
                    (path / file.name).touch()

            patch.setattr(Path, "mkdir", mkdir)
            self.group = cgroups.Group(place, name, Limits(memory_mb=64, processes=5))
        (self.folder,) = place.folder.glob("splitgrade-*")


def test_groups_of_the_dead_are_removed_and_no_others(tmp_path):
    """A killed grader leaves groups; one of another container, whose number means nothing here, keeps its own."""
    place = cgroups.Place(2, tmp_path)
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    dead = 2**22 + 1  # beyond the largest number that the kernel gives
    names = {
        "dead": f"splitgrade-{namespace}-{dead}-1-1",
        "living": f"splitgrade-{namespace}-{os.getpid()}-1-1",
        "elsewhere": f"splitgrade-{namespace + 1}-{dead}-1-1",
        "foreign": "system.slice",
        "busy": f"splitgrade-{namespace}-{dead}-1-2",
    }
    for name in names.values():
        (tmp_path / name).mkdir()
    (tmp_path / names["busy"] / "cgroup.procs").touch()  # cannot be removed: no reason to end a run
    cgroups.remove_left_behind(place)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {names[which] for which in ("living", "elsewhere", "foreign", "busy")}

"""Generated folders are put in place in one step or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnn_course.authoring.folders import copy_clean, list_files, scratch_folder, swap


def write(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_swap_replaces_the_whole_folder(tmp_path):
    """Files that only the old folder had are gone, and no third folder is left."""
    write(tmp_path / "source/old.txt", "old")
    write(tmp_path / "new/new.txt", "new")
    swap(tmp_path / "new", tmp_path / "source")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
    assert list_files(tmp_path / "source") == {"new.txt"}


def test_swap_puts_the_old_folder_back_when_it_fails(tmp_path, monkeypatch):
    """When the new folder cannot be moved, the old one is where it was."""
    write(tmp_path / "source/old.txt", "old")
    write(tmp_path / "new/new.txt", "new")
    rename = Path.rename

    def fail_for_the_new_folder(self, target):
        if self.name == "new":
            raise OSError("no space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_new_folder)
    with pytest.raises(OSError, match="no space left"):
        swap(tmp_path / "new", tmp_path / "source")
    assert (tmp_path / "source/old.txt").read_text(encoding="utf-8") == "old"


def test_a_scratch_folder_goes_away_whatever_happens(tmp_path):
    """After an error nothing is left beside the place."""

    def fail():
        with scratch_folder(tmp_path / "source") as folder:
            write(folder / "half.txt", "half made")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_litter_is_neither_copied_nor_listed(tmp_path):
    """Caches and checkpoints of programs do not travel."""
    for name in ("kit/a.py", "kit/__pycache__/a.pyc", "kit/.ipynb_checkpoints/b.ipynb", "kit/deep/c.txt"):
        write(tmp_path / name, "x")
    (tmp_path / "out").mkdir()
    copy_clean(tmp_path / "kit", tmp_path / "out")
    assert {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.glob("out/**/*") if path.is_file()} == {
        "kit/a.py",
        "kit/deep/c.txt",
    }
    assert list_files(tmp_path / "kit") == {"a.py", "deep/c.txt"}

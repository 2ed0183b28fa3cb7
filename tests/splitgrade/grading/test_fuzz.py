"""Classes made by chance: no run ends, nobody is failed by it, neighbours keep their points."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splitgrade.grading.submitted import look_alikes, look_through, students_of
from splitgrade.sandbox import layers
from splitgrade.submission.names import kept_about, recorded, shown, student_fault
from tests.attacks.course import write_course
from tests.attacks.fuzzing import fuzz_class

NAMES = st.binary(min_size=1, max_size=255).filter(lambda raw: not {0, 47} & set(raw) and raw not in (b".", b".."))


@settings(max_examples=80, deadline=None)
@given(st.lists(NAMES, max_size=4, unique=True))
def test_any_names_of_folders_are_listed_shown_and_kept(names: list[bytes]) -> None:
    """Whatever a file system can name is one student, on one printable line, in files that a system can make."""
    with TemporaryDirectory() as folder:
        for name in names:
            Path(folder, os.fsdecode(name), "lab").mkdir(parents=True)
        found = students_of(Path(folder), "lab")
        assert sorted(map(os.fsencode, found)) == sorted(names)
        assert set(look_alikes(found)) <= set(found)
        for student in found:
            assert shown(student).isprintable()
            recorded(student).encode()
            assert len(os.fsencode(kept_about(Path(), "runs", "tiny", student, ".json").name)) <= 255
            assert student_fault(student) or len(student.encode()) <= 255
        assert look_through(Path(folder), "lab", ["lab"]) == (found, [])
        others = [each.says for each in look_through(Path(folder), "other", ["other"])[1]]
        assert len(others) == len(found)
        assert all(line.isprintable() for line in others)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [20261128])  # benchmarks/fuzz.py tries many
def test_a_class_made_by_chance_is_graded(tmp_path: Path, seed: int) -> None:
    """A dozen submissions changed by chance in name, time, cells and files, graded twice."""
    if layers.probe().isolation == "none":
        pytest.skip("this machine has no sandbox")
    root = write_course(tmp_path / "course")
    assert fuzz_class(root, Random(seed), 12) == []  # noqa: S311 - chance, no secret

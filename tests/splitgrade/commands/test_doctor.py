"""What the doctor says about machines that offer much and little."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner

from splitgrade.commands import doctor
from splitgrade.commands.course_folder import find_course
from splitgrade.sandbox.cgroups import Place
from splitgrade.sandbox.layers import Layers, probe

FULL = Layers("x86_64", True, False, 7, True, Place(2, Path("/g")), True)
CLOSED = dataclasses.replace(FULL, namespaces=False, closed="/root")
BARE = Layers("riscv64", False, False, 0, False, None, False, "clone: Operation not permitted")


def test_a_machine_with_everything_needs_nothing():
    """Every layer is active and no remedy is offered."""
    rows = doctor.findings(FULL)
    assert all(row.active for row in rows)
    assert [row.remedy for row in rows if row.remedy] == []


def test_what_is_missing_comes_with_a_remedy():
    """Each missing layer that can be had says how."""
    rows = {row.layer: row for row in doctor.findings(BARE)}
    for layer in ("namespaces and mounts", "Landlock", "seccomp", "control group"):
        assert not rows[layer].active
        assert rows[layer].remedy
    assert "Operation not permitted" in rows["namespaces and mounts"].detail


@pytest.mark.parametrize("layers", [BARE, CLOSED, dataclasses.replace(FULL, seccomp=False)])
def test_the_exit_status_tells_whether_grading_is_possible(monkeypatch, layers):
    """Where nothing keeps students' code in, the command fails and says that grading refuses."""
    monkeypatch.setattr(doctor, "probe", lambda: layers)
    result = CliRunner().invoke(doctor.doctor)
    assert result.exit_code == 1
    assert "Grading refuses" in result.output


def test_on_this_machine_it_grades_a_notebook():
    """Where a layer is there, a small notebook is graded for real, with the settings of the course around."""
    if probe().isolation == "none":
        pytest.skip("this machine has no layer at all")
    result = CliRunner().invoke(doctor.doctor)
    assert result.exit_code == 0, result.output
    assert f"with the settings of {find_course()}: a right answer got its point" in result.output

"""What the doctor says about machines that offer much and little."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner

from splitgrade.commands import doctor
from splitgrade.sandbox.cgroups import Place
from splitgrade.sandbox.layers import Layers, probe

FULL = Layers("x86_64", True, False, 7, True, Place(2, Path("/g")), True)
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


@pytest.mark.parametrize("layers", [BARE, dataclasses.replace(FULL, seccomp=False)])
def test_the_exit_status_tells_whether_grading_is_possible(monkeypatch, layers):
    """Where nothing keeps students' code in, the command fails and says that grading refuses."""
    monkeypatch.setattr(doctor, "probe", lambda: layers)
    result = CliRunner().invoke(doctor.doctor)
    assert result.exit_code == 1
    assert "Grading refuses" in result.output


def test_on_this_machine_it_starts_both_processes():
    """Where a layer is there, both fork servers are started for real."""
    if probe().isolation == "none":
        pytest.skip("this machine has no layer at all")
    result = CliRunner().invoke(doctor.doctor)
    assert result.exit_code == 0, result.output
    assert "Both processes" in result.output

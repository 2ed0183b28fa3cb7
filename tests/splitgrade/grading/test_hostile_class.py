"""A class of hostile names, times and files in a folder of a hostile name: all others are graded, and each is said."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.converters import Autograde, GenerateAssignment

from splitgrade.commands.grade import grade_command
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.record_file import GONE, read_record
from splitgrade.grading.submitted import look_through, students_of
from splitgrade.nbgrader.session import convert, load_config
from tests.course_fixture import ADD_RIGHT, ADD_WRONG, ASSIGNMENT, MODEL_ANSWER, PLUS_RIGHT, hand_in, make_course
from tests.splitgrade.grading.conftest import rows

pytestmark = pytest.mark.usefixtures("kept_servers")

RIGHT = {"one_add": ADD_RIGHT, "two_add": PLUS_RIGHT}
NFC, NFD = unicodedata.normalize("NFC", "Zoë"), unicodedata.normalize("NFD", "Zoë")
GRADED = ("ada", "[abc]", "*", "=1+1", "{0}", "-rf", "a\x1b[2J", "\u202eb", "%s $(id)", NFC, NFD, "é" * 60, "zed")
NOT_TEXT = os.fsdecode(b"J\xfcrgen")
LONG = "x" * 255


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """Grade such a class by the command, and return the course and the summary."""
    above = tmp_path_factory.mktemp("t") / "Teaching [2026] (é) +%"
    root = make_course(above / "course")
    assert convert(GenerateAssignment, load_config(root), ASSIGNMENT).success
    for student in GRADED:
        hand_in(root, student, **RIGHT)
    for student in (NOT_TEXT, LONG):
        shutil.copytree(root / "submitted" / "ada", root / "submitted" / student)
    (hand_in(root, "half", **RIGHT) / "one.ipynb").unlink()
    nested = hand_in(root, "nested", **RIGHT)
    (nested / ASSIGNMENT).mkdir()
    (nested / "one.ipynb").rename(nested / ASSIGNMENT / "one.ipynb.txt")
    (hand_in(root, "puzzle", **RIGHT) / "one.ipynb").rename(root / "submitted" / "puzzle" / ASSIGNMENT / "one.rar")
    for student, time in (("late", "2020-01-01 00:00:00 " + "x" * 300), ("zone", "2020-01-01 00:00 ../../etc/passwd")):
        (hand_in(root, student, **RIGHT) / "timestamp.txt").write_text(time)
    (root / "submitted" / "typo" / "tinny").mkdir(parents=True)
    (root / "submitted" / "loose").mkdir()
    (root / "submitted" / "loose" / "one.ipynb").write_text("{}")
    (root / "submitted" / "all.zip").write_bytes(b"PK")
    folder = Path.cwd()
    os.chdir(root)
    try:
        done = CliRunner().invoke(grade_command, [ASSIGNMENT, "--seed", "1", "--json"])
    finally:
        os.chdir(folder)
    assert done.exit_code == 3, done.output
    return root, json.loads(done.stdout)


def test_everybody_with_a_name_that_is_text_is_graded(hostile: tuple[Path, dict[str, object]]) -> None:
    """Patterns, formulas, brackets, terminal codes and two forms of one name are names; their points are right."""
    found = rows(hostile[0])
    for student in GRADED:
        assert ("two-add-test", 1.0, None, False) in found[student]["two"]["grades"], student
        assert ("one-add-test", 2.0, None, False) in found[student]["one"]["grades"], student


def test_a_name_that_no_gradebook_can_hold_is_refused_by_name(hostile: tuple[Path, dict[str, object]]) -> None:
    """Bytes that are no text are shown escaped; a name of 255 bytes is too long; neither ends the run."""
    submissions = hostile[1]["submissions"]
    assert isinstance(submissions, dict)
    for student, why in (("J\\xfcrgen", "not UTF-8"), (LONG, "255 characters")):
        assert {each["state"] for each in submissions[student]["notebooks"].values()} == {"refused"}
        assert why in submissions[student]["notebooks"]["one"]["reason"]
    assert "looks the same" in submissions[NFC]["notes"][0]


def test_the_instructors_notebooks_never_reach_a_students_folder(hostile: tuple[Path, dict[str, object]]) -> None:
    """Who handed in half of the notebooks has half of them, in a course whose path is no pattern, and no solution."""
    autograded = hostile[0] / "autograded"
    assert [path.name for path in (autograded / "half" / ASSIGNMENT).iterdir() if path.suffix == ".ipynb"] == [
        "two.ipynb"
    ]
    marked = {path for path in autograded.rglob("*.ipynb") if "BEGIN SOLUTION" in path.read_text()}
    assert marked == set()
    assert MODEL_ANSWER not in (autograded / "half" / ASSIGNMENT / "two.ipynb").read_text()


def test_what_is_not_read_is_open_and_what_is_missing_is_zero(hostile: tuple[Path, dict[str, object]]) -> None:
    """A folder in the folder is found; an archive that cannot be read leaves the points open; nothing there is 0."""
    found, submissions = rows(hostile[0]), hostile[1]["submissions"]
    assert isinstance(submissions, dict)
    assert ("one-add-test", 2.0, None, False) in found["nested"]["one"]["grades"]
    assert submissions["puzzle"]["notebooks"]["one"]["state"] == "unread"
    assert "one.rar" in submissions["puzzle"]["notebooks"]["one"]["reason"]
    assert ("one-add-test", None, None, True) in found["puzzle"]["one"]["grades"]
    assert ("one-add-test", 0.0, None, False) in found["half"]["one"]["grades"]


def test_what_matches_no_assignment_is_named(hostile: tuple[Path, dict[str, object]]) -> None:
    """A misspelled folder, loose files of a student and in submitted/ itself stand in the record and in the summary."""
    lines = hostile[1]["unplaced"]
    assert isinstance(lines, list)
    assert [line.partition(":")[0] for line in lines] == ["all.zip", "loose/one.ipynb", "typo/tinny/"]
    assert "is 'tiny' meant?" in lines[2]
    record = read_record(hostile[0], ASSIGNMENT)
    assert record is not None
    assert record.unplaced == lines


def test_a_time_that_is_none_is_said_and_nobody_is_late_by_it(hostile: tuple[Path, dict[str, object]]) -> None:
    """300 letters and a path in place of a zone: the gradebook has no time, the notes say why."""
    submissions = hostile[1]["submissions"]
    assert isinstance(submissions, dict)
    for student in ("late", "zone"):
        assert rows(hostile[0])[student]["timestamp"] is None
        assert any("timestamp.txt left out: it holds no time" in note for note in submissions[student]["notes"])


def test_a_rerun_leaves_everybody_alone_and_remembers_who_is_gone(hostile: tuple[Path, dict[str, object]]) -> None:
    """The second run starts no worker; a folder that was deleted since keeps its record and its points."""
    root = hostile[0]
    shutil.rmtree(root / "submitted" / "half")
    grader = Grader.of(root, load_config(root), ASSIGNMENT)
    run = GradingRun(grader, grader.students())
    records = dict(run.outcomes())
    assert run.unchanged == set(records) - {"J\\xfcrgen", LONG}
    record = read_record(root, ASSIGNMENT)
    assert record is not None
    assert record.submissions["half"].notes[0] == GONE
    assert record.submissions["half"].having("graded") == ["two"]
    assert ("two-add-test", 1.0, None, False) in rows(root)["half"]["two"]["grades"]


def test_nbgraders_own_command_takes_names_and_times_as_they_are(hostile: tuple[Path, dict[str, object]]) -> None:
    """``nbgrader autograde``: a student ``[abc]`` in a folder with brackets, a time that nbgrader would guess."""
    root = hostile[0]
    (root / "submitted" / "[abc]" / ASSIGNMENT / "timestamp.txt").write_text("2026-07-20 22:00:00 CEST")
    (root / "submitted" / "zone" / ASSIGNMENT / "two.ipynb").unlink()
    for student in ("[abc]", "zone"):
        outcome = convert(Autograde, load_config(root), ASSIGNMENT, student)
        assert outcome.success, outcome.log
    assert str(rows(root)["[abc]"]["timestamp"]) == "2026-07-20 20:00:00"
    assert rows(root)["zone"]["timestamp"] is None
    assert not (root / "autograded" / "zone" / ASSIGNMENT / "two.ipynb").exists()


def test_names_of_students_and_assignments_are_no_patterns(tmp_path: Path) -> None:
    """``*`` is one student, and an assignment ``[ab]`` is not the assignment ``a``."""
    for student, assignment in (("*", "a"), ("ada", "[ab]")):
        (tmp_path / student / assignment).mkdir(parents=True)
    assert students_of(tmp_path, "a") == ["*"]
    assert students_of(tmp_path, "[ab]") == ["ada"]
    students, loose = look_through(tmp_path, "a", ["a"])
    assert (students, [each.says for each in loose]) == (["*"], ["ada/[ab]/: no assignment is called so"])


def test_a_class_that_is_looked_through_has_all_its_students(tmp_path: Path) -> None:
    """A folder with the name of what systems leave behind is a student's where work lies in it."""
    for name in ("ada", ".ipynb_checkpoints", "README.md"):
        (tmp_path / name / "lab").mkdir(parents=True)
    (tmp_path / ".DS_Store").write_bytes(b"")
    assert students_of(tmp_path, "lab") == [".ipynb_checkpoints", "README.md", "ada"]
    assert look_through(tmp_path, "lab", ["lab"]) == (students_of(tmp_path, "lab"), [])


def test_a_file_that_changes_while_it_is_graded_is_graded_again(
    hostile: tuple[Path, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A, then B while the worker reads, then A again: B's points are not kept for A."""
    root = hostile[0]
    path = root / "submitted" / "zed" / ASSIGNMENT / "one.ipynb"
    right = path.read_bytes()
    notebook = nbformat.reads(right.decode(), as_version=4)
    next(each for each in notebook.cells if each["id"] == "one-add").source = ADD_WRONG
    grader = Grader.of(root, load_config(root), ASSIGNMENT)
    original = GradingRun._without_a_run

    def swapped(self: GradingRun, *arguments: object) -> object:
        found = original(self, *arguments)  # type: ignore[arg-type]
        nbformat.write(notebook, path)  # between the look at it and the worker
        return found

    monkeypatch.setattr(GradingRun, "_without_a_run", swapped)
    list(GradingRun(grader, ["zed"], force=True, seed=1).outcomes())
    monkeypatch.undo()
    path.write_bytes(right)
    run = GradingRun(grader, ["zed"])
    list(run.outcomes())
    assert run.unchanged == set()
    assert ("one-add-test", 2.0, None, False) in rows(root)["zed"]["one"]["grades"]

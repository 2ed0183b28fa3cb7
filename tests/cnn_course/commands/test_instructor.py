"""Roster, deadline, collecting, decisions, export and report as an instructor types them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from cnn_course.commands.main import cli
from splitgrade.nbgrader.environment import prepare
from tests.course_fixture import ASSIGNMENT, make_course

ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77)
    Points Possible,,,,,3.00
"Okafor, Ada",1001,m1,ada,A,
"de la Cruz, Ben",1002,m2,ben,B,
"""
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own queries


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with an assignment in its gradebook, ada graded."""
    prepare()
    root = make_course(tmp_path_factory.mktemp("made") / "course")
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{root / 'gradebook.db'}", "cnn") as gradebook:
        warnings.simplefilter("ignore")
        gradebook.add_assignment(ASSIGNMENT)
        for notebook, points in (("one", 2.0), ("two", 1.0)):
            gradebook.add_notebook(notebook, ASSIGNMENT)
            name = "one-add-test" if notebook == "one" else "two-add-test"
            gradebook.add_grade_cell(name, notebook, ASSIGNMENT, max_score=points, cell_type="code")
        gradebook.add_student("ada")
        gradebook.add_submission(ASSIGNMENT, "ada")
        for notebook, score in (("one", 1.5), ("two", 1.0)):
            grade = gradebook.find_grade(f"{notebook}-add-test", notebook, ASSIGNMENT, "ada")
            grade.auto_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()
    return root


@pytest.fixture
def course(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the course, with a roster."""
    root = shutil.copytree(made, tmp_path / "course")
    monkeypatch.chdir(root)
    (root / "list.csv").write_text(ROSTER)
    assert run("roster", "list.csv").exit_code == 0
    return root


def run(*words: str, given: str | None = None) -> Result:
    """Run a command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CliRunner().invoke(cli, words, input=given)


def exported(course: Path, name: str) -> list[dict[str, Any]]:
    """Read an export."""
    return list(csv.DictReader(io.StringIO((course / "exports" / name).read_text(encoding="utf-8"), newline="")))


def test_from_roster_to_canvas(course: Path) -> None:
    """The roster's file is also the one to fill; who handed nothing in stays as Canvas has it."""
    done = run("export", ASSIGNMENT, "--to", "canvas", "--for", "list.csv")
    assert done.exit_code == 0, done.output
    rows = exported(course, f"grades-{ASSIGNMENT}-for-canvas.csv")
    assert [row["Tiny (77)"] for row in rows] == ["3.00", "2.5", ""]


def test_a_dry_run_of_the_roster_changes_nothing(course: Path) -> None:
    """It says who would be read."""
    before = (course / ".cnn-course/roster.json").read_bytes()
    (course / "more.csv").write_text("id,name\nzoe,Zoe Z\n")
    assert "1 student would be read, 1 of them new" in run("roster", "more.csv", "--dry-run").output
    assert (course / ".cnn-course/roster.json").read_bytes() == before


def test_collecting_places_asks_and_names(course: Path) -> None:
    """A hand-in by name, one that is asked for, one that is left; the exit status says so; a second run is quiet."""
    source = (course / "source" / ASSIGNMENT / "one.ipynb").read_text()
    with zipfile.ZipFile(course / "moodle.zip", "w") as target:
        for name in ("Ada Okafor_11", "Benny_12", "Nobody_13"):
            target.writestr(f"{name}_assignsubmission_file/one (1).ipynb", source)
    seen = run("collect", "moodle.zip", "--dry-run")
    assert seen.exit_code == 3
    assert not (course / "submitted").exists()
    done = run("collect", "moodle.zip", "--ask", given="nope\nben\n\n")
    assert done.exit_code == 3, done.output
    assert "no student has the id 'nope'" in done.output
    assert "Nobody (moodle 13)" in done.output
    assert sorted(path.parts[-3] for path in (course / "submitted").rglob("one.ipynb")) == ["ada", "ben"]
    again = json.loads(run("collect", "moodle.zip", "--json").output)
    assert again["counts"] == {"new": 0, "replaces": 0, "same": 2, "older": 0}  # ben's answer is remembered
    refused = run("export", ASSIGNMENT)
    assert "ben: handed in, not graded yet" in str(refused.exception)


def test_collecting_a_class_prints_numbers_and_what_needs_a_person(course: Path) -> None:
    """Thirty hand-ins are a few lines of 80 columns; --verbose has one for each file."""
    rows = "".join(f'"Very Long Family Name {n}, Given",{2000 + n},n{n},p{n:02},A,\n' for n in range(30))
    (course / "more.csv").write_text(ROSTER + rows)
    assert run("roster", "more.csv").exit_code == 0
    source = (course / "source" / ASSIGNMENT / "one.ipynb").read_text()
    with zipfile.ZipFile(course / "canvas.zip", "w") as target:
        for n in range(30):
            target.writestr(f"verylongfamilyname{n}given_LATE_{2000 + n}_{n}_my homework (1).ipynb", source)
        target.writestr("strangers_9_99_one.ipynb", source)
    seen, said = run("collect", "canvas.zip", "--dry-run", "--verbose").output, run("collect", "canvas.zip").output
    assert seen.count(f"{ASSIGNMENT}: one.ipynb <- canvas.zip: verylong") == 30
    assert said.splitlines()[:4] == [
        "30 new, of 30 students",
        "  students known by id (30)",
        "  30 under another name, recognized by cells",
        "  30 late, says Canvas",
    ]
    assert "1 not placed:\n  strangers (canvas 9)" in said
    assert max(map(len, [*seen.splitlines(), *said.splitlines()])) <= 80


def test_folders_are_those_of_the_configuration(course: Path) -> None:
    """Hand-ins go where grading looks, exports know what lies there, `submitted/` is not made."""
    with (course / "nbgrader_config.py").open("a") as config:
        config.write('\nc.CourseDirectory.submitted_directory = "handed_in"\n')
    with zipfile.ZipFile(course / "all.zip", "w") as target:
        target.writestr("ben/one.ipynb", (course / "source" / ASSIGNMENT / "one.ipynb").read_text())
    assert run("collect", "all.zip").exit_code == 0
    assert (course / "handed_in" / "ben" / ASSIGNMENT / "one.ipynb").is_file()
    assert not (course / "submitted").exists()
    assert "ben: handed in, not graded yet" in str(run("export", ASSIGNMENT).exception)


def test_decisions_are_checked_recorded_and_applied(course: Path) -> None:
    """A question that there is not is refused by name; the others change the export, once."""
    assert "no question 'conv'" in str(run("decide", "void", ASSIGNMENT, "conv", "--why", "x").exception)
    assert not (course / "decisions.toml").exists()
    for _ in range(2):
        assert run("decide", "full", ASSIGNMENT, "one-add", "--why", "two readings", "--who", "kim").exit_code == 0
        assert run("decide", "bonus", ASSIGNMENT, "0.5", "--student", "ada", "--why", "helped").exit_code == 0
    for points in ("nan", "inf", "0"):
        assert run("decide", "bonus", ASSIGNMENT, points, "--why", "x").exit_code == 2
    assert run("export", ASSIGNMENT).exit_code == 0
    assert exported(course, f"grades-{ASSIGNMENT}.csv")[-1]["score"] == "3.5"
    assert len(json.loads(run("decide", "list", "--json").output)) == 2
    assert run("decide", "withdraw", "d2", "--why", "a slip").exit_code == 0
    assert run("export", ASSIGNMENT, "--to", "json").exit_code == 0
    data = json.loads((course / f"exports/grades-{ASSIGNMENT}.json").read_text())
    assert {each["student"]: each["score"] for each in data["assignments"][0]["students"]} == {"ada": 3.0, "ben": None}


def test_deadlines_and_extensions(course: Path) -> None:
    """A deadline goes into the gradebook, an extension on record with its reason; a time without zone is refused."""
    assert "names no time zone" in str(run("due", ASSIGNMENT, "2026-12-01 23:59").exception)
    assert run("due", ASSIGNMENT, "2026-12-01 23:59", "--zone", "Europe/Vienna").exit_code == 0
    assert "2026-12-01 22:59 UTC" in run("due", ASSIGNMENT).output
    assert run("due", ASSIGNMENT, "2026-12-08 23:59 UTC", "--section", "A").exit_code == 2
    assert "has no section 'C'; it has: A, B" in str(
        run("due", ASSIGNMENT, "2026-12-08 23:59 UTC", "--section", "C", "--why", "x").exception
    )
    assert "(d1)" in run("due", ASSIGNMENT, "2026-12-08 23:59 UTC", "--section", "A", "--why", "ill").output
    said = run("due", ASSIGNMENT, "2026-12-01 22:59 UTC", "--student", "ada", "--why", "ill").exception
    assert "is not after the deadline, 2026-12-01 22:59 UTC" in str(said)
    assert run("due", ASSIGNMENT, "--student", "ada").exit_code == 2
    later = run("due", ASSIGNMENT, "2026-12-09 12:00 UTC", "--section", "A", "--why", "ill").output
    assert "(d1; not used: d2 is as late or later)" in later


def test_the_report_is_written_where_it_says(course: Path) -> None:
    """A page that needs no other file; JSON on standard output and nothing else."""
    assert run("report", ASSIGNMENT, "--html").exit_code == 0
    assert "de la Cruz, Ben" in (course / f"exports/report-{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert json.loads(run("report", ASSIGNMENT, "--json").stdout)["counts"]["missing"] == 1


def test_a_file_for_nobody_is_refused(course: Path) -> None:
    """--for belongs to Canvas and Moodle; the file given is never overwritten."""
    assert run("export", ASSIGNMENT, "--to", "json", "--for", "list.csv").exit_code == 2
    for option in (("--scale",), ("--column", f"{ASSIGNMENT}=Homework (7)")):
        assert run("export", ASSIGNMENT, "--to", "canvas", *option).exit_code == 2, option
    strange = run("export", ASSIGNMENT, "--to", "canvas", "--for", "list.csv", "--column", "other=Homework (7)")
    assert f"--column is for other, which is not exported; exported: {ASSIGNMENT}" in strange.output
    done = run("export", ASSIGNMENT, "--to", "canvas", "--for", "list.csv", "--output", "list.csv")
    assert "choose another --output" in str(done.exception)
    assert (course / "list.csv").read_text() == ROSTER

"""Grading runs: what they write, what they leave alone, and what happens when somebody ends them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.converters import Autograde
from nbgrader.preprocessors import SaveAutoGrades
from rich.console import Console

from splitgrade.commands.grade import grade_command
from splitgrade.commands.progress import show
from splitgrade.errors import CourseError
from splitgrade.grading import pool, submission_run
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.partial import Partial
from splitgrade.grading.pool import WorkerPool
from splitgrade.grading.publish import only_run, publish, staging_folder
from splitgrade.grading.submission_run import SubmissionRunner
from splitgrade.grading.task import Finished, NotebookGrades, Task
from splitgrade.nbgrader.session import convert, load_config, open_gradebook
from splitgrade.sandbox.limits import MAX_STARTS
from tests.course_fixture import ADD_RIGHT, ASSIGNMENT, REPOSITORY
from tests.splitgrade.grading.conftest import STUDENTS, files, rows

pytestmark = pytest.mark.usefixtures("kept_servers")

SEED = 5
ORDINARY = ("ada", "bob", "cyd", "dan")  # what nbgrader, too, can grade


def graded(root: Path, **options: object) -> GradingRun:
    """Grade the class and return the run."""
    run = GradingRun(Grader.of(root, load_config(root), ASSIGNMENT), STUDENTS, **{"seed": SEED, **options})
    assert sorted(student for student, _ in run.outcomes()) == sorted(STUDENTS)
    return run


def test_the_same_as_nbgrader_autograde(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores, comments, open marks, penalties, timestamps, files and their permissions: as nbgrader leaves them."""
    other = shutil.copytree(course, tmp_path / "other")
    config = load_config(other)
    monkeypatch.setenv("SPLITGRADE_SEED", str(SEED))
    for student in ORDINARY:
        outcome = convert(Autograde, config, ASSIGNMENT, student)
        assert outcome.success, outcome.log
    graded(course)
    theirs, ours = rows(other), rows(course)
    assert {student: ours[student] for student in ORDINARY} == theirs
    kept = re.compile(f"({'|'.join(ORDINARY)})/")
    assert {name: each for name, each in files(course).items() if kept.match(name)} == files(other)


def test_a_late_submission_loses_what_the_plugin_says(course: Path, tmp_path: Path) -> None:
    """The configured plugin is asked for late notebooks, and for no others."""
    other = shutil.copytree(course, tmp_path / "other")
    for root in (course, other):
        with (root / "nbgrader_config.py").open("a") as stream:
            stream.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert convert(Autograde, load_config(other), ASSIGNMENT, "bob").success
    graded(course)
    assert rows(course)["bob"]["two"]["penalty"] == 1
    assert rows(course)["ada"]["two"]["penalty"] is None
    assert rows(course)["bob"] == rows(other)["bob"]


def test_what_is_missing_has_no_points_and_what_could_not_be_read_is_left_open(course: Path) -> None:
    """A missing notebook has 0, a refused one waits for a person, the other notebook of each has its points."""
    graded(course)
    found = rows(course)
    for student, grade in (("eve", (None, None, True)), ("fay", (0.0, None, False))):
        assert found[student]["two"]["grades"] == [("two-add-test", *grade)]
        assert ("one-add-test", 2.0, None, False) in found[student]["one"]["grades"]


def test_what_a_verdict_depends_on_makes_it_run_again(course: Path) -> None:
    """Nothing, another answer, extension, score in the gradebook, assignment, configuration, seed; and force."""
    graded(course)

    def run_again(**options: object) -> set[str]:
        return set(STUDENTS) - graded(course, **options).unchanged

    assert run_again() == set()
    path = course / "submitted" / "bob" / ASSIGNMENT / "one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(each for each in notebook.cells if each["id"] == "one-add").source = ADD_RIGHT
    nbformat.write(notebook, path)
    assert run_again() == {"bob"}
    assert ("one-add-test", 2.0, None, False) in rows(course)["bob"]["one"]["grades"]
    with open_gradebook(course, load_config(course)) as gradebook:
        gradebook.grant_extension(ASSIGNMENT, "bob", days=2)
    assert run_again() == {"bob"}
    with open_gradebook(course, load_config(course)) as gradebook:
        gradebook.find_grade("one-add-test", "one", ASSIGNMENT, "bob").auto_score = 0.0
        gradebook.db.commit()
    assert run_again() == {"bob"}
    (course / "source" / ASSIGNMENT / "data.txt").write_text("new")
    assert run_again() == set(STUDENTS)
    with (course / "nbgrader_config.py").open("a") as stream:
        stream.write("c.LimitOutput.max_lines = 7\n")
    assert run_again() == set(STUDENTS)
    assert run_again(force=True) == set(STUDENTS)
    assert run_again(seed=SEED + 1) == set(STUDENTS)


def test_the_seed_of_the_run_before_is_kept(course: Path) -> None:
    """A class whose parts come in one after the other is graded with the same inputs, unless forced."""
    grader = Grader.of(course, load_config(course), ASSIGNMENT)
    first = GradingRun(grader, ["ada"])
    list(first.outcomes())
    assert GradingRun(grader, ["bob"]).seed == first.seed
    assert GradingRun(grader, ["bob"], force=True).seed != first.seed


def test_a_manual_mark_is_kept_and_asked_for_only_when_the_text_changes(course: Path) -> None:
    """Graded again with another seed: the mark stays; with another text: it stays, and a person has to look again."""
    graded(course)
    with open_gradebook(course, load_config(course)) as gradebook:
        grade = gradebook.find_grade("one-why", "one", ASSIGNMENT, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    graded(course, force=True)
    assert ("one-why", None, 0.5, False) in rows(course)["ada"]["one"]["grades"]
    path = course / "submitted" / "ada" / ASSIGNMENT / "one.ipynb"
    path.write_text(path.read_text().replace("The order does not matter.", "Because."))
    graded(course)
    assert ("one-why", None, 0.5, True) in rows(course)["ada"]["one"]["grades"]


def test_a_worker_that_dies_or_is_stopped_costs_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The submission of the one is run again by another worker; the other is let go on."""
    monkeypatch.setattr(pool, "LOOK_SECONDS", 0.2)
    _deadly(monkeypatch, course / "died", times=1, stopped="bob")
    records = dict(GradingRun(Grader.of(course, load_config(course), ASSIGNMENT), STUDENTS, SEED).outcomes())
    assert records["ada"].having("graded") == records["bob"].having("graded") == ["one", "two"]


def test_a_fault_of_the_machine_is_never_a_zero(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every worker dies, the points stay open, the others are graded, and the next run tries again."""
    _deadly(monkeypatch, course / "died", times=9)
    grader = Grader.of(course, load_config(course), ASSIGNMENT)
    records = dict(GradingRun(grader, STUDENTS, SEED).outcomes())
    assert [each.state for each in records["ada"].notebooks.values()] == ["failed", "failed"]
    assert "SIGKILL" in records["ada"].notebooks["one"].reason
    assert records["bob"].having("graded") == ["one", "two"]
    assert all(score is None and waits for _, score, _, waits in rows(course)["ada"]["one"]["grades"])
    monkeypatch.undo()
    assert graded(course).unchanged == set(STUDENTS) - {"ada"}
    assert ("one-add-test", 2.0, None, False) in rows(course)["ada"]["one"]["grades"]


def _deadly(monkeypatch: pytest.MonkeyPatch, marks: Path, times: int, stopped: str = "") -> None:
    """Have workers die, the first times that they run ada's submission, and stop before another student's."""
    original = SubmissionRunner.run

    def run(self: SubmissionRunner, task: Task, *rest: object) -> object:
        if task.student == stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        count = len(marks.read_text()) if marks.exists() else 0
        if task.student == "ada" and count < times:
            marks.write_text("x" * (count + 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, task, *rest)

    monkeypatch.setattr(SubmissionRunner, "run", run)


def test_a_kill_loses_no_finished_notebook(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a run was killed in the middle of a submission, the next one runs only what was not finished."""
    undisturbed = shutil.copytree(course, tmp_path / "undisturbed")
    graded(undisturbed)
    log, original = tmp_path / "log", SubmissionRunner._run_notebook

    def run(self: SubmissionRunner, student: str, name: str, *rest: object) -> object:
        with log.open("a") as lines:
            lines.write(f"{student} {name}\n")
        if (student, name) == ("ada", "two") and deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, student, name, *rest)

    monkeypatch.setattr(SubmissionRunner, "_run_notebook", run)
    monkeypatch.setattr(submission_run, "KEPT_SECONDS", 0.0)  # else only what has taken a while
    deadly = True
    assert graded(course).unchanged == set()
    assert log.read_text().count("ada one\n") == 1
    assert log.read_text().count("ada two\n") == MAX_STARTS
    deadly = False
    assert graded(course).unchanged == set(STUDENTS) - {"ada"}
    assert log.read_text().count("ada one\n") == 1
    assert rows(course) == rows(undisturbed)
    namespace, dead = Path("/proc/self/ns/pid").stat().st_ino, 2**22 + 1  # beyond what the kernel gives
    left = Path(tempfile.gettempdir(), f"splitgrade-{namespace}-{dead}-{os.getpid()}")
    left.mkdir()
    assert graded(course).unchanged == set(STUDENTS)
    assert not left.exists()  # also where no engine starts
    assert files(course) == files(undisturbed)
    assert list((course / ".splitgrade" / "partial").glob("*/*")) == []


@pytest.mark.parametrize("damage", ["text", "fingerprint", "notebook"])
def test_what_is_damaged_or_of_another_verdict_is_run_again(tmp_path: Path, damage: str) -> None:
    """A finished notebook is taken only whole and only for the same fingerprint."""
    partial, finished = (
        Partial(tmp_path, "tiny", "ada"),
        Finished(b"run", NotebookGrades({"one": 1.0}, {}, {}), ["said"]),
    )
    partial.keep("one", "abc", finished)
    kept = tmp_path / ".splitgrade" / "partial" / "tiny" / "ada"
    if damage == "text":
        (kept / "one.json").write_text('{"fingerprint": "abc"')
    elif damage == "notebook":
        (kept / "one.ipynb").unlink()
    assert partial.take("one", "abd" if damage == "fingerprint" else "abc") is None
    partial.keep("one", "abc", finished)
    assert partial.take("one", "abc") == finished
    partial.remove()
    assert not kept.exists()


def test_the_order_of_completion_changes_nothing(course: Path, tmp_path: Path) -> None:
    """One worker or three, from the front or from the back: the same rows and files."""
    other = shutil.copytree(course, tmp_path / "other")
    graded(course, workers=1)
    run = GradingRun(Grader.of(other, load_config(other), ASSIGNMENT), STUDENTS[::-1], SEED, workers=3)
    assert len(list(run.outcomes())) == len(STUDENTS)
    assert rows(other) == rows(course)
    assert files(other) == files(course)


@pytest.mark.slow
def test_after_ctrl_c_the_next_start_goes_on(course: Path) -> None:
    """Exit status 130, no process left; the next run leaves alone what had been graded."""
    for number in range(20):  # enough that it cannot be done before it is stopped
        shutil.copytree(course / "submitted" / "bob", course / "submitted" / f"bob{number}")
    process = _command(course, "--workers", "1", "--json", str(course / "first.json"))
    record = course / ".splitgrade" / "runs" / ASSIGNMENT
    deadline = time.monotonic() + 120
    while len(list(record.glob("*.json"))) < 2:  # the first is in the summary, whatever the second has come to
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    done = set(json.loads((course / "first.json").read_text())["submissions"])
    assert 1 <= len(done) < len(STUDENTS) + 20
    assert not (course / ".splitgrade" / "staging").exists()
    assert _command(course, "--json", str(course / "second.json")).wait(300) == 3
    second = json.loads((course / "second.json").read_text())["submissions"]
    assert {student for student, each in second.items() if each["unchanged"]} >= done


def _command(root: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start ``cnn-course grade`` in a course."""
    command = [sys.executable, "-m", "cnn_course", "grade", ASSIGNMENT, "--seed", str(SEED), *words]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=root, env=environment, **quiet)


def test_the_summary_says_what_was_done(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seed, workers, counts, state and reason of each notebook, and the exit status, in one file."""
    monkeypatch.chdir(course)
    done = CliRunner().invoke(
        grade_command, [ASSIGNMENT, "--workers", "2", "--seed", str(SEED), "--json", "summary.json"]
    )
    assert done.exit_code == 3, done.output
    found = json.loads((course / "summary.json").read_text())
    assert (found["seed"], found["workers"], found["exit_status"]) == (SEED, 2, 3)
    assert (found["submissions_run"], found["submissions_unchanged"]) == (6, 0)
    assert found["notebooks"] == {"graded": 10, "missing": 1, "refused": 1}
    assert found["submissions"]["eve"]["notebooks"]["two"]["state"] == "refused"
    assert found["submissions"]["ada"]["seconds"] > 0


def test_a_step_that_writes_to_the_gradebook_by_itself_is_refused(course: Path) -> None:
    """A class derived from nbgrader's own writer could write anything: the run says what to use instead."""

    class Other(SaveAutoGrades):
        pass

    config = load_config(course)
    config.Autograde.autograde_preprocessors = [*config.Autograde.autograde_preprocessors, Other]
    with pytest.raises(CourseError, match="nbgrader autograde"):
        list(GradingRun(Grader.of(course, config, ASSIGNMENT), ["ada"], SEED).outcomes())


def test_a_solution_that_fails_its_own_test_is_told_once(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An instructor learns, before anybody asks about a grade, that the reference does not get its points."""
    path = course / "source" / ASSIGNMENT / "one.ipynb"
    path.write_text(path.read_text().replace("return a + b", "return a * b"))
    run = GradingRun(Grader.of(course, load_config(course), ASSIGNMENT), ["ada", "bob"], SEED)
    show(run, Console(width=200), {})
    warning = "one, one-add-test: the instructor's own solution gets 0.0 of 2.0 points"
    assert run.warnings == [warning]
    assert capsys.readouterr().out.count(warning) == 1


def test_hooks_are_refused(course: Path) -> None:
    """A run that would silently leave out a hook does not start."""
    config = load_config(course)
    config.Autograde.post_convert_hook = "os.path.join"
    with pytest.raises(CourseError, match="hooks"):
        list(GradingRun(Grader.of(course, config, ASSIGNMENT), ["ada"], SEED).outcomes())


def test_a_release_of_another_version_is_refused_and_a_corrected_text_is_not(course: Path) -> None:
    """What was promised when it was released counts: other points or cells are named, other words are graded."""
    path = course / "source" / ASSIGNMENT / "one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += " A typo less."
    nbformat.write(notebook, path)
    Grader.of(course, load_config(course), ASSIGNMENT)
    test, written = notebook.cells[3], notebook.cells[4]
    assert test.metadata.nbgrader.points == 2
    test.metadata.nbgrader.points = 5.0
    notebook.cells.remove(written)
    nbformat.write(notebook, path)
    (course / "source" / ASSIGNMENT / "two.ipynb").unlink()
    says = (
        r"source/ has changed since \(one, one-add-test: 5 points in source/, 2 points there; "
        r"one, one-why: not in source/, 1 points there; the notebook two is in the gradebook only\): release it again"
    )
    before = rows(course)
    with pytest.raises(CourseError, match=says):
        Grader.of(course, load_config(course), ASSIGNMENT)
    assert rows(course) == before


def test_two_runs_at_once_are_refused(course: Path) -> None:
    """While another process grades in the course, a run does not start, and changes nothing."""
    code = (
        "import sys, pathlib\nfrom splitgrade.grading.publish import only_run\n"
        "with only_run(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": REPOSITORY}
    with subprocess.Popen([sys.executable, "-c", code, str(course)], **pipes) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CourseError, match="another process"):
            graded(course)
        holder.communicate()
    with only_run(course):
        pass


def test_a_folder_whose_replacement_was_killed_comes_back(tmp_path: Path) -> None:
    """Between the two renames there is no folder; the next run puts the old one back."""
    autograded = tmp_path / "autograded"
    target = autograded / "ada" / "tiny"
    killed = tmp_path / ".splitgrade" / "staging" / "killed" / "old" / "ada" / "tiny"
    killed.mkdir(parents=True)
    (killed / "one.ipynb").write_text("old")
    with staging_folder(tmp_path, autograded) as staging:
        assert (target / "one.ipynb").read_text() == "old"
        new = staging / "ada" / "tiny"
        new.mkdir(parents=True)
        (new / "one.ipynb").write_text("new")
        publish(new, target, staging)
        assert (target / "one.ipynb").read_text() == "new"
        publish(None, target, staging)
        assert not target.exists()
    assert not (tmp_path / ".splitgrade" / "staging").exists()


def test_workers_are_at_least_one() -> None:
    """A pool of no workers would wait for ever."""
    with pytest.raises(ValueError, match="at least 1, got 0"):
        WorkerPool(None, 0)  # type: ignore[arg-type]

"""Grading on a cluster: a real scheduler and two worker processes of Dask's on this machine, over TLS."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import dask.config
import pytest
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.grading import bundle
from splitgrade.grading import cluster as cluster_module
from splitgrade.grading.bundle import Bundle, config_text
from splitgrade.grading.class_run import Grader, GradingRun
from splitgrade.grading.desk import Desk, RunPlan
from splitgrade.grading.executor_pool import ExecutorPool
from splitgrade.grading.gradebook_copy import read_assignment
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.grading.task import Verdict
from splitgrade.grading.versions import Versions, difference, versions_here
from splitgrade.nbgrader.session import load_config, open_gradebook
from tests.course_fixture import ASSIGNMENT
from tests.splitgrade.grading.conftest import STUDENTS, files, rows

SEED = 5
START_SECONDS = 120  # of a cluster on a busy machine


@dataclass
class Cluster:
    """The address of a scheduler, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


def certificates(folder: Path) -> dict[str, str]:
    """Make a certificate; return the variables by which Dask's documentation passes it to all three parties."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    roles = {
        f"{tls}{role}__{part}": path
        for role in ("SCHEDULER", "WORKER", "CLIENT")
        for part, path in (("KEY", key), ("CERT", certificate))
    }
    found = {**roles, f"{tls}CA_FILE": certificate, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": True}
    return {name: str(value) for name, value in found.items()}


def address_of(scheduler: Path, started: list[subprocess.Popen[bytes]]) -> str:
    """Wait for the scheduler's file; return the address in it."""
    for _ in range(10 * START_SECONDS):
        if scheduler.exists() and (text := scheduler.read_text()).endswith("}"):
            return str(json.loads(text)["address"])
        assert all(process.poll() is None for process in started), scheduler.with_name("log").read_text()
        time.sleep(0.1)
    raise AssertionError(scheduler.with_name("log").read_text())


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a scheduler and two workers as Dask's documentation says."""
    folder = tmp_path_factory.mktemp("cluster")
    scheduler = folder / "scheduler.json"
    command = [str(Path(sys.executable).with_name("dask"))]
    common = ["--scheduler-file", str(scheduler), "--protocol", "tls://"]
    worker = ["worker", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in certificates(folder).items():
            patch.setenv(name, value)
        stack.enter_context(dask.config.set(dask.config.collect_env()))
        log = stack.enter_context((folder / "log").open("wb"))
        started: list[subprocess.Popen[bytes]] = []
        for words in (["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], worker, worker):
            process = subprocess.Popen([*command, *words, *common], cwd=folder, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        yield Cluster(address_of(scheduler, started), started[1:])


def plan_of(root: Path, config: Config | None = None) -> RunPlan:
    """Return the plan of a run."""
    config = config or load_config(root)
    with open_gradebook(root, load_config(root)) as gradebook:
        copy = read_assignment(gradebook, ASSIGNMENT)
    grader = Grader.of(root, load_config(root), ASSIGNMENT)
    return RunPlan(root, config, copy, grader.expected, root / ".splitgrade" / "staging", "", {}, SEED)


def test_a_worker_of_another_version_takes_nothing(course: Path, cluster: Cluster, monkeypatch) -> None:
    """Where no worker has the versions of the run, it ends before the first submission and says what differs."""
    here = versions_here
    monkeypatch.setattr(bundle, "versions_here", lambda: replace(here(), python="CPython 2.7"))
    run = GradingRun(Grader.of(course, load_config(course), ASSIGNMENT), STUDENTS, SEED, scheduler=cluster.address)
    with pytest.raises(CourseError, match=r"no worker of tls://\S+ can grade: .*the run CPython 2\.7"):
        list(run.outcomes())


def test_a_lost_worker_changes_no_point(
    course: Path, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers without the course and its checks give what this machine gives, although one of them is killed."""
    (course / "own_checks").mkdir()
    (course / "own_checks" / "__init__.py").write_text("POINTS = 1.0\n")
    monkeypatch.syspath_prepend(course)
    with (course / "nbgrader_config.py").open("a") as stream:
        stream.write('c.SplitExecute.checks = ["own_checks"]\n')
    source = course / "source" / ASSIGNMENT / "two.ipynb"
    text = source.read_text()
    source.write_text(text.replace("lambda: plus, 1.0)", "lambda: plus, __import__('own_checks').POINTS)"))
    assert source.read_text() != text
    here = shutil.copytree(course, tmp_path / "here")
    local = dict(GradingRun(Grader.of(here, load_config(here), ASSIGNMENT), STUDENTS, SEED).outcomes())
    run = GradingRun(Grader.of(course, load_config(course), ASSIGNMENT), STUDENTS, SEED, scheduler=cluster.address)
    outcomes = run.outcomes()
    remote = [next(outcomes)]
    cluster.workers[0].kill()
    remote += outcomes
    assert dict(remote) == local
    assert rows(course) == rows(here)
    assert ("two-add-test", 1.0, None, False) in rows(course)["ada"]["two"]["grades"]
    assert files(course) == files(here)


def test_nobody_at_the_address_is_one_sentence(course: Path, monkeypatch) -> None:
    """A scheduler that does not answer is named."""
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.5)
    run = GradingRun(Grader.of(course, load_config(course), ASSIGNMENT), STUDENTS, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(CourseError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        list(run.outcomes())


def test_any_executor_will_do(course: Path) -> None:
    """The seam is that of `concurrent.futures`; a task that an executor loses is handed out again, and not for ever."""

    class Losing(Executor):
        """Loses ada's submission always, and bob's once."""

        def __init__(self) -> None:
            self.given: list[str] = []

        def submit(self, _, *arguments):  # type: ignore[no-untyped-def]
            future: Future[Verdict] = Future()
            student = arguments[1].student
            self.given.append(student)
            if student == "ada" or (student == "bob" and self.given.count("bob") == 1):
                future.set_exception(BrokenExecutor("it has gone"))
            else:
                future.set_result(Verdict(student, SubmissionRecord({"one": NotebookRecord("graded")})))
            return future

    executor = Losing()
    desk = Desk(plan_of(course))
    verdicts = {each.student: each for each in ExecutorPool(executor, None, lambda: 2).run(["ada", "bob", "cyd"], desk)}
    assert sorted(executor.given) == ["ada", "ada", "bob", "bob", "cyd"]
    assert verdicts["ada"].record.having("failed") == ["one", "two"]
    assert "it has gone" in verdicts["ada"].record.notebooks["one"].reason
    assert verdicts["bob"].record.having("graded") == ["one"]


def test_a_worker_that_cannot_grade_ends_the_run_only_where_it_is_the_last(course: Path) -> None:
    """Its submission goes to another, and it is named; without another the run ends with what it said."""

    class Unfit(Executor):
        """Cannot grade the first time."""

        def __init__(self) -> None:
            self.count = 0

        def submit(self, _, *arguments):  # type: ignore[no-untyped-def]
            future: Future[Verdict] = Future()
            self.count += 1
            if self.count == 1:
                future.set_exception(CourseError("the worker on far cannot grade: no sandbox"))
            else:
                future.set_result(Verdict(arguments[1].student, SubmissionRecord({"one": NotebookRecord("graded")})))
            return future

    desk = Desk(plan_of(course))
    pool = ExecutorPool(Unfit(), None, lambda: 2, others=lambda: True)
    assert {each.student for each in pool.run(["ada", "bob"], desk)} == {"ada", "bob"}
    assert pool.warnings == ["the worker on far cannot grade: no sandbox"]
    with pytest.raises(CourseError, match="far cannot grade"):
        list(ExecutorPool(Unfit(), None, lambda: 2).run(["ada"], desk))


def test_what_differs_is_named() -> None:
    """Python, a package that both have, and the code; what one side has alone is no difference."""
    wanted = Versions("abc", "CPython 3.11", {"numpy": "2.2", "pytest": "8"})
    assert difference(wanted, Versions("abc", "CPython 3.11", {"numpy": "2.2", "dask": "1"})) == ""
    assert "CPython 3.12" in difference(wanted, replace(wanted, python="CPython 3.12"))
    assert "numpy 2.1 (the run: 2.2)" in difference(wanted, replace(wanted, packages={"numpy": "2.1"}))
    assert "code of the engine" in difference(wanted, replace(wanted, code="abd"))


def test_a_bundle_keeps_the_gradebooks_address_and_needs_plain_settings(course: Path, tmp_path: Path) -> None:
    """The password in the address stays here; a setting that is a function is refused by name."""
    config = load_config(course)
    config.CourseDirectory.db_url = "postgresql://grader:secret@db/cnn"
    config.SplitExecute.check_data = [str(course / "authoring")]
    place = replace(plan_of(course, config).workplace, scratch=tmp_path)
    sent = Bundle.of(place)
    assert "secret" not in sent.config
    assert sent.digest == Bundle.of(place).digest != Bundle.of(replace(place, seed=7)).digest
    other = replace(sent, packages={**sent.packages, "cnn_ref": {}})
    assert sent.packages["cnn_ref"]
    assert other.digest != sent.digest
    unpacked = sent.unpack(tmp_path / "there")
    assert {path.name for path in unpacked.source.rglob("*.ipynb")} == {"one.ipynb", "two.ipynb"}
    assert Path(unpacked.config.SplitExecute.check_data[0], "course.toml").is_file()
    config.Autograde.pre_convert_hook = print
    with pytest.raises(CourseError, match="cannot cross to other machines"):
        config_text(config)

"""The attacks of `tests/attacks` against nbgrader's own execution and against this engine, in one table.

Run ``.venv/bin/python benchmarks/attacks.py [--kinds verdict,file] [--only NAME,NAME] [--list]``. Both grade the same
submissions of the same small course. Stock nbgrader runs with its own configuration, one submission at a time, each in
a process of its own with a limit on time and memory; it gets no attack that would take the machine along, since nothing
would stop it: such rows say ``not tried``. An attack is ``held`` when everything that `tests.attacks.judge` looks at is
as it has to be: scores, state, feedback, report, submitted files. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tests are no installed package

from bs4 import BeautifulSoup  # noqa: E402 - needs the line above
from nbgrader.api import Gradebook, MissingEntry  # noqa: E402 - needs the line above
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from traitlets.config import Config  # noqa: E402

from splitgrade.grading.record import NotebookRecord, SubmissionRecord  # noqa: E402
from splitgrade.nbgrader.environment import prepare  # noqa: E402
from splitgrade.nbgrader.session import convert  # noqa: E402
from tests.attacks import harness, judge  # noqa: E402
from tests.attacks.attack import Attack  # noqa: E402
from tests.attacks.corpus import ATTACKS  # noqa: E402
from tests.attacks.course import ASSIGNMENT, LIMITS, NOTEBOOK, write_course  # noqa: E402

STOCK_SECONDS = 60
STOCK_MEMORY = 2 << 30


def stock_configuration(root: Path) -> Config:
    """Return nbgrader's own configuration but for the time of a cell, which is that of our limits."""
    config = Config()
    config.CourseDirectory.course_id = "cnn"
    config.CourseDirectory.root = str(root)
    config.Execute.timeout = LIMITS["cell_seconds"]
    return config


def prepare_stock(root: Path, attacks: Sequence[Attack]) -> None:
    """Write the course and its submissions, and make nbgrader's own release known to its gradebook."""
    write_course(root)
    (root / "nbgrader_config.py").unlink()
    (root / "gradebook.db").unlink()
    outcome = convert(GenerateAssignment, stock_configuration(root), ASSIGNMENT)
    if not outcome.success:
        raise RuntimeError("\n".join(outcome.log))
    harness.hand_in(root, attacks)


def grade_with_stock(root: Path, student: str) -> str:
    """Grade one submission in a process of its own and return why that failed, or nothing."""
    command = [sys.executable, __file__, "--stock", str(root), "--student", student]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (STOCK_MEMORY, STOCK_MEMORY))

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=limit, text=True
    ) as process:
        try:
            printed, _ = process.communicate(timeout=STOCK_SECONDS)
        except subprocess.TimeoutExpired:
            return f"it took longer than {STOCK_SECONDS} s"
        finally:
            _end_session(process.pid)
    return printed.strip() if process.returncode in (0, 1) else f"the grader ended with status {process.returncode}"


def stock_result(root: Path, student: str, why: str, before: dict[str, str]) -> harness.Result:
    """Return what stock nbgrader left of one submission."""
    scores = {}
    course = CourseDirectory(config=stock_configuration(root))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            book = gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student)
            scores = {grade.name: float(grade.score or 0) for grade in book.grades}
        except MissingEntry:
            scores = {}
    page = root / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    state = "failed" if why else "graded"
    return harness.Result(
        scores,
        SubmissionRecord({NOTEBOOK: NotebookRecord(state, why)}),
        text,
        harness.fingerprint(root / "submitted" / student) == before,
    )


def stock_objections(root: Path, attack: Attack, usual: Sequence[str]) -> list[str]:
    """Return what stock nbgrader did not hold of an attack, without what is said of its every page."""
    before = harness.fingerprint(root / "submitted" / attack.name)
    why = grade_with_stock(root, attack.name)
    result = stock_result(root, attack.name, why, before)
    if not why:
        # It writes no report, and marks no states: only what a student gets and sees is compared.
        plain = Attack(attack.name, attack.kind, attack.recipe, attack.scores)
        return [each for each in judge.objections(plain, result, root) if each not in usual]
    if attack.state != "graded":
        return []  # it stopped with an error, which refuses the file all the same
    return [f"not graded: {why[:100]}"]


def ours(attacks: Sequence[Attack], folder: Path) -> dict[str, list[str]]:
    """Return what this engine did not hold, by attack."""
    results = harness.run(folder, attacks)
    for line in judge.honest_objections(results):
        print(f"an honest neighbour: {line}")
    return {attack.name: judge.objections(attack, results[attack.name], folder) for attack in attacks}


def main() -> None:
    """Print the table and one line of JSON, or serve one submission with stock nbgrader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", default="", help="with commas; all by default")
    parser.add_argument("--only", default="", help="names of attacks, with commas; all by default")
    parser.add_argument("--list", action="store_true", help="print the attacks and stop")
    parser.add_argument("--stock", help=argparse.SUPPRESS)
    parser.add_argument("--student", help=argparse.SUPPRESS)
    options = parser.parse_args()
    prepare()
    if options.stock:
        raise SystemExit(_serve(Path(options.stock), options.student))
    kinds, names = (set(filter(None, text.split(","))) for text in (options.kinds, options.only))
    wanted = [each for each in ATTACKS if (not kinds or each.kind in kinds) and (not names or each.name in names)]
    if options.list:
        print("\n".join(f"{attack.kind}-{attack.name}" for attack in wanted))
        return
    _table(wanted)


def _table(wanted: Sequence[Attack]) -> None:
    """Run both and print a row for each attack."""
    held: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="attacks") as folder:
        found = ours(wanted, Path(folder, "ours"))
        stock = Path(folder, "stock")
        prepare_stock(stock, [attack for attack in wanted if attack.host])
        grade_with_stock(stock, harness.HONEST[0])
        page = stock / "feedback" / harness.HONEST[0] / ASSIGNMENT / f"{NOTEBOOK}.html"
        usual = judge.page_objections(BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser"), stock)
        print(f"{'attack':<56} {'stock':<10} {'ours':<10} what stock did")
        for attack in wanted:
            objections = stock_objections(stock, attack, usual) if attack.host else []
            words = {"stock": "not tried" if not attack.host else "lost" if objections else "held"}
            words["ours"] = "lost" if found[attack.name] else "held"
            held.update(f"{name} {word}" for name, word in words.items())
            name = f"{attack.kind}-{attack.name}"
            print(f"{name:<56} {words['stock']:<10} {words['ours']:<10} {'; '.join(objections)[:150]}", flush=True)
            for line in found[attack.name]:
                print(f"    ours: {line}")
    print(json.dumps({"attacks": len(wanted), **{key.replace(" ", "_"): count for key, count in held.items()}}))


def _serve(root: Path, student: str) -> int:
    """Grade one submission with stock nbgrader in this process; print the reason where that fails."""
    for converter in (Autograde, GenerateFeedback):
        outcome = convert(converter, stock_configuration(root), ASSIGNMENT, student)
        if not outcome.success:
            print(outcome.reason)
            return 1
    return 0


def _end_session(leader: int) -> None:
    """End what a hostile notebook has left running in the session of its grader."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:  # its session
                os.kill(int(status.parent.name), signal.SIGKILL)
        except (OSError, ValueError, IndexError):
            continue  # it has ended meanwhile


if __name__ == "__main__":
    main()

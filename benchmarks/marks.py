"""Whether a mistake costs its price and nothing else: `python benchmarks/marks.py` (about ten minutes on one core).

Every known mistake of the notebooks is put alone into a notebook of right answers. Where later questions build on the
answer, the engine grades it, carried errors and all; where none does, its cells are run and judged in this process.
And every known mistake of the course is tried on fresh inputs from many seeds. The last line is JSON:

- mistakes_alone: how many were put alone into a notebook, by_the_engine: how many of them the engine graded,
- lost_elsewhere: points that other questions lost by them (0),
- lost_at_home, listed: points that their own questions lost, and what `grader_tests/prices.toml` says (equal),
- not_as_listed: how many lost something else than the list says, in a notebook or on any seed (0),
- mistakes, seeds, seed_dependent: how many were tried on how many seeds, and how many of them earned different points
  in some aspect (0),
- unnamed: how many were not recognized on the first seed (0),
- keys_in_released_material: keys of graded questions in what the build would release (0).

With `--done FILE` each question is written down when it is finished, and one that stands there is not tried again: a
run that was stopped goes on, and runs over parts (`--question ex41`) add up to the whole. Lines of other code do not
count.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from anywhere, also where nothing is installed
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are tiny: threads would only fight for the cores

import numpy as np

import grader_tests
from cnn_course.authoring.build import build_into
from cnn_course.course import load_course
from cnn_course.errors import BuildError
from grader_tests.answers import WrongAnswer, wrong_answers
from grader_tests.function_question import FunctionQuestion
from grader_tests.grading import drawn
from grader_tests.question import Question
from splitgrade.execution.engine import Engine
from student_kit.call import silence
from tests.grader_tests.alone import course_engine, followed, lost, lost_here, mistakes_of_the_notebooks
from tests.grader_tests.pasting import pasted

Verdict = tuple[tuple[Fraction, ...], bool]  # what each aspect earned, and whether the mistake was named
ROOT = Path(__file__).resolve().parents[1]
POINTS = ("lost_elsewhere", "lost_at_home", "listed")
WATCHED = (
    "grader_tests",
    "student_kit",
    "splitgrade",
    "cnn_ref",
    "source",
    "tests/grader_tests",
    "benchmarks/marks.py",
)


def keys_shown() -> int:
    """Return how many keys of graded questions stand in what the build would release."""
    course = load_course(ROOT)
    with tempfile.TemporaryDirectory() as name:
        for assignment in course.assignments:
            (Path(name) / assignment).mkdir()
        try:
            build_into(course, Path(name))
        except BuildError as error:
            return sum(problem.rule.startswith("nothing released holds a key") for problem in error.problems)
    return 0


def put_alone(engine: Engine, known: Sequence[WrongAnswer]) -> Counter[str]:
    """Return the figures of mistakes that are put alone into notebooks of right answers."""
    figures: Counter[str] = Counter()
    where = {wrong.id: path for path, wrong in mistakes_of_the_notebooks()}
    for wrong in known:
        path, question = where.get(wrong.id), grader_tests.QUESTIONS[wrong.question]
        if path is None:
            continue
        carried = wrong.question in followed(path)
        found = lost(engine, path, wrong) if carried else lost_here(path, wrong)
        home, price = found.pop(wrong.question, Fraction(0)), question.price(wrong.id) * question.points
        same = abs(home - price) < Fraction(1, 10**6)  # a notebook holds points as decimal numbers
        if found or not same:
            others = {name: float(points) for name, points in found.items()}
            print(f"{wrong.id}: costs {float(home)} at home (listed: {float(price)}), elsewhere {others}", flush=True)
        elsewhere = sum(found.values(), Fraction(0))
        figures.update(mistakes_alone=1, by_the_engine=carried, not_as_listed=not same)
        figures.update({"lost_elsewhere": elsewhere, "lost_at_home": home, "listed": price})  # type: ignore[dict-item]
    return figures


def verdicts(question: Question, answers: Sequence[tuple[WrongAnswer, object]], seed: int) -> Iterator[Verdict]:
    """Yield the verdict on each known mistake of a question, all tried on one draw of the cases."""
    with silence(), np.errstate(all="ignore"):  # as in `examine`
        for wrong, answer in answers:
            if isinstance(question, FunctionQuestion):
                found = question.judged(answer, drawn(question.id, seed))
                yield tuple(aspect.earned for aspect in found.aspects), wrong.id in found.misconceptions
            else:
                result = grader_tests.examine(question.id, lambda answer=answer: answer, seed)
                yield tuple(aspect.earned for aspect in result.aspects), wrong.id in result.misconceptions


def over_seeds(question: Question, known: Sequence[WrongAnswer], seeds: int) -> Counter[str]:
    """Return the figures of the mistakes of one question that are tried on many seeds."""
    figures: Counter[str] = Counter(mistakes=len(known))
    answers = [(wrong, pasted(wrong)) for wrong in known]
    columns = zip(*(list(verdicts(question, answers, seed)) for seed in range(seeds)), strict=True)
    for wrong, seen in zip(known, columns, strict=True):
        points = {earned for earned, _ in seen}
        costs = {question.points - sum(earned) for earned in points}
        as_listed = costs == {question.price(wrong.id) * question.points}
        named = seen[0][1]
        figures.update(not_as_listed=not as_listed, seed_dependent=len(points) > 1, unnamed=not named)
        if len(points) > 1 or not as_listed or not named:
            print(f"{wrong.id}: costs {sorted(map(str, costs))}, named: {named}", flush=True)
    return figures


def code_now() -> str:
    """Return what differs when anything differs that a figure depends on."""
    text = hashlib.sha256()
    for name in WATCHED:
        files = sorted((ROOT / name).rglob("*")) if (ROOT / name).is_dir() else [ROOT / name]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                text.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return text.hexdigest()


def finished(done: Path | None, code: str, seeds: int) -> dict[str, Counter[str]]:
    """Return the figures of the questions that stand in a file and were made by this code with as many seeds."""
    lines = done.read_text(encoding="utf-8").splitlines() if done and done.exists() else []
    rows = [row for row in map(json.loads, lines) if (row["code"], row["seeds"]) == (code, seeds)]
    return {row["question"]: Counter({name: Fraction(value) for name, value in row["figures"].items()}) for row in rows}


def write_down(done: Path, row: dict[str, Any]) -> None:
    """Add one finished question to a file."""
    with done.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, default=str) + "\n")


def main() -> None:
    """Run the benchmark and print its counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds (default: 50)")
    parser.add_argument("--question", default="", help="only questions whose id begins like this")
    parser.add_argument("--done", type=Path, help="a file of finished questions, to go on from and to add to")
    options = parser.parse_args()
    known: dict[str, list[WrongAnswer]] = defaultdict(list)
    for wrong in wrong_answers().values():
        if wrong.question.startswith(options.question):
            known[wrong.question].append(wrong)
    code = code_now()
    figures = finished(options.done, code, options.seeds)
    with course_engine() as engine:
        for name, mistakes in known.items():
            if name in figures:
                continue
            question = grader_tests.QUESTIONS[name]
            figures[name] = put_alone(engine, mistakes) + over_seeds(question, mistakes, options.seeds)
            drawn.cache_clear()
            if options.done:
                row = {"question": name, "seeds": options.seeds, "code": code, "figures": dict(figures[name])}
                write_down(options.done, row)
    names = ("mistakes_alone", "by_the_engine", *POINTS, "not_as_listed", "mistakes", "seed_dependent", "unnamed")
    total = {name: sum(figures[question][name] for question in known) for name in names}
    counts = {name: round(float(value), 3) if name in POINTS else int(value) for name, value in total.items()}
    print(json.dumps({**counts, "seeds": options.seeds, "keys_in_released_material": keys_shown()}))


if __name__ == "__main__":
    main()

"""Whether a mistake costs its price and nothing else: `python benchmarks/marks.py` (some minutes on one core).

Every known mistake of the notebooks is put alone into a notebook of right answers and graded by the engine, carried
errors and all; and every known mistake of the course is tried on fresh inputs from many seeds. The last line is JSON:

- mistakes_alone: how many were put alone into a notebook,
- lost_elsewhere: points that other questions lost by them (0),
- lost_at_home, listed: points that their own questions lost, and what `grader_tests/prices.toml` says (equal),
- not_as_listed: how many lost something else than the list says, in a notebook or on any seed (0),
- mistakes, seeds, seed_dependent: how many were tried on how many seeds, and how many of them earned different points
  in some aspect (0),
- unnamed: how many were not recognized on the first seed (0),
- keys_in_released_material: keys of graded questions in what the build would release (0).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
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
from grader_tests.grading import generator
from grader_tests.question import Question
from student_kit.call import silence
from tests.grader_tests.alone import course_engine, lost, mistakes_of_the_notebooks
from tests.grader_tests.pasting import pasted

Verdict = tuple[tuple[Fraction, ...], bool]  # what each aspect earned, and whether the mistake was named


def keys_shown() -> int:
    """Return how many keys of graded questions stand in what the build would release."""
    course = load_course(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as name:
        for assignment in course.assignments:
            (Path(name) / assignment).mkdir()
        try:
            build_into(course, Path(name))
        except BuildError as error:
            return sum(problem.rule.startswith("nothing released holds a key") for problem in error.problems)
    return 0


def put_alone(known: Sequence[WrongAnswer]) -> dict[str, Any]:
    """Return the figures of mistakes that are put alone into notebooks of right answers."""
    alone = [(path, wrong) for path, wrong in mistakes_of_the_notebooks() if wrong in known]
    elsewhere = at_home = listed = Fraction(0)
    differing = 0
    with course_engine() as engine:
        for path, wrong in alone:
            question = grader_tests.QUESTIONS[wrong.question]
            found = lost(engine, path, wrong)
            home, price = found.pop(wrong.question, Fraction(0)), question.price(wrong.id) * question.points
            same = abs(home - price) < Fraction(1, 10**6)  # a notebook holds points as decimal numbers
            if found or not same:
                others = {name: float(points) for name, points in found.items()}
                print(
                    f"{wrong.id}: costs {float(home)} at home (listed: {float(price)}), elsewhere {others}", flush=True
                )
            elsewhere, at_home, listed = elsewhere + sum(found.values()), at_home + home, listed + price
            differing += not same
    figures = {"lost_elsewhere": elsewhere, "lost_at_home": at_home, "listed": listed}
    rounded = {name: round(float(points), 3) for name, points in figures.items()}
    return {"mistakes_alone": len(alone), **rounded, "not_as_listed": differing}


def verdicts(question: Question, known: Sequence[WrongAnswer], seed: int) -> Iterator[Verdict]:
    """Yield the verdict on each known mistake of a question, all tried on one draw of the cases."""
    answers = [pasted(wrong) for wrong in known]
    if not isinstance(question, FunctionQuestion):
        found = [grader_tests.examine(question.id, lambda answer=answer: answer, seed) for answer in answers]
        for wrong, result in zip(known, found, strict=True):
            yield tuple(aspect.earned for aspect in result.aspects), wrong.id in result.misconceptions
        return
    with silence(), np.errstate(all="ignore"):  # as in `examine`
        draw = question.draw(generator(question.id, seed))
        judged = [question.judged(answer, draw) for answer in answers]
    for wrong, diagnosis in zip(known, judged, strict=True):
        yield tuple(aspect.earned for aspect in diagnosis.aspects), wrong.id in diagnosis.misconceptions


def over_seeds(known: Sequence[WrongAnswer], seeds: int) -> dict[str, int]:
    """Return the figures of mistakes that are tried on many seeds."""
    by_question: dict[str, list[WrongAnswer]] = defaultdict(list)
    for wrong in known:
        by_question[wrong.question].append(wrong)
    differing = dependent = unnamed = 0
    for name, mistakes in by_question.items():
        question = grader_tests.QUESTIONS[name]
        columns = zip(*(verdicts(question, mistakes, seed) for seed in range(seeds)), strict=True)
        for wrong, seen in zip(mistakes, columns, strict=True):
            points = {earned for earned, _ in seen}
            costs = {question.points - sum(earned) for earned in points}
            as_listed = costs == {question.price(wrong.id) * question.points}
            unnamed += not seen[0][1]
            differing += not as_listed
            dependent += len(points) > 1
            if len(points) > 1 or not as_listed or not seen[0][1]:
                print(f"{wrong.id}: costs {sorted(map(str, costs))}, named: {seen[0][1]}", flush=True)
    return {"not_as_listed": differing, "seed_dependent": dependent, "unnamed": unnamed}


def main() -> None:
    """Run the benchmark and print its counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds (default: 50)")
    parser.add_argument("--sample", type=int, default=1, help="only every n-th mistake (default: all)")
    parser.add_argument("--question", default="", help="only questions whose id begins like this")
    options = parser.parse_args()
    known = [wrong for wrong in wrong_answers().values() if wrong.question.startswith(options.question)]
    known = known[:: options.sample]
    alone, seeded = put_alone(known), over_seeds(known, options.seeds)
    result = {
        **alone,
        "mistakes": len(known),
        "seeds": options.seeds,
        **seeded,
        "not_as_listed": alone["not_as_listed"] + seeded["not_as_listed"],
        "keys_in_released_material": keys_shown(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

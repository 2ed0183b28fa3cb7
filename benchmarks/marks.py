"""Whether a mistake costs its price and nothing else: `python benchmarks/marks.py`.

Every known mistake is put alone into a notebook of right answers. The last line is JSON: mistakes, priced_as_listed
(lost at home exactly what `grader_tests/prices.toml` says), seed_dependent (earned different points for different
seeds, aspect by aspect), named, alone_in_an_exercise (put alone into a notebook of Exercises 39 to 44 and graded by the
engine), cost_elsewhere and lost_elsewhere (how many of those cost other questions points, and how many points in all),
and keys_in_released_material.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
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
from tests.grader_tests.alone import course_engine, lost, mistakes_of_the_exercises


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


def pasted(wrong: WrongAnswer) -> Any:
    """Return what a notebook that imports NumPy holds after the source of a mistake was run."""
    asked = grader_tests.QUESTIONS[wrong.question]
    names: dict[str, Any] = {"np": np}
    exec(asked.source(wrong.answer, wrong.needs), names)  # noqa: S102 (the source is our own)
    return names[asked.name]


def marks(wrong: WrongAnswer, seeds: range) -> Iterator[tuple[Fraction, ...]]:
    """Yield what each aspect earns, seed by seed; a value does not depend on it."""
    answer = pasted(wrong)
    for seed in seeds if isinstance(grader_tests.QUESTIONS[wrong.question], FunctionQuestion) else seeds[:1]:
        result = grader_tests.examine(wrong.question, lambda: answer, seed)
        yield tuple(aspect.earned for aspect in result.aspects)


def main() -> None:
    """Run the benchmark and print its counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds (default: 50)")
    parser.add_argument("--sample", type=int, default=1, help="only every n-th mistake (default: all)")
    parser.add_argument("--question", default="", help="only questions whose id begins like this")
    options = parser.parse_args()
    known = [wrong for wrong in wrong_answers().values() if wrong.question.startswith(options.question)]
    known = known[:: options.sample]
    priced = dependent = named = costing = 0
    total = Fraction(0)
    alone = [(path, wrong) for path, wrong in mistakes_of_the_exercises() if wrong in known]
    with course_engine() as engine:
        for path, wrong in alone:
            others = {name: points for name, points in lost(engine, path, wrong).items() if name != wrong.question}
            if others:
                print(f"{wrong.id}: costs elsewhere { ({name: float(points) for name, points in others.items()}) }")
            costing += bool(others)
            total += sum(others.values(), Fraction(0))
    for wrong in known:
        question = grader_tests.QUESTIONS[wrong.question]
        points = question.points
        seen = list(marks(wrong, range(options.seeds)))
        as_listed = all(points - sum(each, Fraction(0)) == question.price(wrong.id) * points for each in seen)
        if not as_listed or len(set(seen)) > 1:
            print(f"{wrong.id}: costs {sorted({str(points - sum(each, Fraction(0))) for each in seen})}", flush=True)
        priced += as_listed
        dependent += len(set(seen)) > 1
        answer = pasted(wrong)
        named += wrong.id in grader_tests.examine(wrong.question, lambda answer=answer: answer, 0).misconceptions
    result = {
        "mistakes": len(known),
        "priced_as_listed": priced,
        "seed_dependent": dependent,
        "named": named,
        "cost_elsewhere": costing,
        "alone_in_an_exercise": len(alone),
        "lost_elsewhere": round(float(total), 3),
        "keys_in_released_material": keys_shown(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

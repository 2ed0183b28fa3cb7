"""Whether a mistake costs its price and nothing else: `python benchmarks/marks.py`.

Every known mistake is put alone into a notebook of right answers. The last line is JSON: mistakes, priced_as_listed
(lost at home exactly what `grader_tests/prices.toml` says), seed_dependent (earned different points for different
seeds, aspect by aspect), named, cost_elsewhere (made other questions of the notebook lose points, before the engine
carries earlier answers over), lost_elsewhere (points lost there on average over all mistakes), and
keys_in_released_material (null: `python run.py test` looks for those).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from anywhere, also where nothing is installed
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are tiny: threads would only fight for the cores

import numpy as np

import grader_tests
from grader_tests.answers import WrongAnswer, wrong_answers
from grader_tests.function_question import FunctionQuestion

AUTHORING = Path(__file__).resolve().parents[1] / "authoring"
CELL = re.compile(r'^# %% id="([\w-]+)" (?:solution|locked)=true.*\n((?:(?!# %%).*\n)*)', re.MULTILINE)


@cache
def model_answers() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return for each question the (id, source) of all set-up and answer cells of its notebook, in order."""
    found = {}
    for notebook in sorted(AUTHORING.glob("*/*.py")):
        cells = tuple(CELL.findall(notebook.read_text(encoding="utf-8")))
        found.update({question: cells for question, _ in cells if question in grader_tests.QUESTIONS})
    return found


def elsewhere(wrong: WrongAnswer, seed: int) -> Fraction:
    """Return the points that a mistake makes the other questions of its notebook lose."""
    cells = model_answers().get(wrong.question, ())
    own = grader_tests.QUESTIONS[wrong.question].source(wrong.answer, wrong.needs)
    names: dict[str, Any] = {"np": np}
    later, lost = False, Fraction(0)
    for question, source in cells:
        exec(own if question == wrong.question else source, names)  # noqa: S102 (the source is our own)
        if later and question in grader_tests.QUESTIONS:
            asked = grader_tests.QUESTIONS[question]
            if isinstance(asked, FunctionQuestion):
                lost += asked.points - grader_tests.examine(question, names[asked.name], seed).earned
        later = later or question == wrong.question
    return lost


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
        lost = elsewhere(wrong, 0)
        costing += lost > 0
        total += lost
    result = {
        "mistakes": len(known),
        "priced_as_listed": priced,
        "seed_dependent": dependent,
        "named": named,
        "cost_elsewhere": costing,
        "lost_elsewhere": round(float(total / len(known)), 3),
        "keys_in_released_material": None,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

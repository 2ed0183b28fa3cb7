"""How many wrong variants of right answers the checks catch: `python benchmarks/mutation.py`.

Every right answer and every model answer of the notebooks is changed in one place at a time. Wide random inputs say
whether the result is really wrong; then the hidden checks examine it. The last line is JSON: mutants, equivalent (no
wide input tells them from the right answer), killed (really wrong, lost points), survived (really wrong, kept all
points), wrongly_refused (right by the wide inputs, yet lost points), diagnosed (killed with a hint: a known mistake,
what an error or a shape points to, or the property that broke first), named (killed and recognized as a known mistake).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from anywhere, also where nothing is installed
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are tiny: threads would only fight for the cores

import numpy as np

import grader_tests
from benchmarks.mutants import mutants
from benchmarks.wide_inputs import WIDE, calls
from grader_tests.answers import right_answers
from grader_tests.function_question import FunctionQuestion
from student_kit.call import call, silence
from student_kit.stages import COMPARISONS

SECONDS = 4.0  # of CPU, whatever else the machine does; a mutant that needs more is killed by the limit of a test cell
MEMORY = 4 * 2**30

EXERCISES = Path(__file__).resolve().parents[1] / "authoring" / "cnn_exercises"
ANSWER_CELL = re.compile(r'^# %% id="([\w-]+)" solution=true.*\n((?:(?!# %%).*\n)*)', re.MULTILINE)

Work = tuple[str, str, str]  # question, name of the right answer, source of the mutant


def work(question: str | None) -> Iterator[Work]:
    """Yield every mutant of every right answer and of the model answers in the notebooks."""
    for right in right_answers().values():
        if right.question in WIDE and question in (None, right.question):
            source = grader_tests.QUESTIONS[right.question].source(right.answer, right.needs)
            yield from ((right.question, right.name, mutant) for mutant in mutants(source))
    for name, before, source in model_answers():
        if name in WIDE and question in (None, name):
            yield from ((name, "model answer", f"{before}\n{mutant}") for mutant in mutants(source))


def model_answers() -> Iterator[tuple[str, str, str]]:
    """Yield (question, earlier answer cells of the notebook, answer cell) of every notebook."""
    for notebook in sorted(EXERCISES.glob("ex*.py")):
        before = ""
        for name, cell in ANSWER_CELL.findall(notebook.read_text(encoding="utf-8")):
            yield name, before, cell
            before += cell


def judge(seed: int, item: Work) -> tuple[str, Work]:
    """Return the verdict on one mutant, ended by the clock where it runs on."""
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return _verdict(item, seed), item
    except KeyboardInterrupt:
        return "killed", item
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt  # the only error that a check lets pass


def _verdict(item: Work, seed: int) -> str:
    question_id, _, source = item
    question = grader_tests.QUESTIONS[question_id]
    assert isinstance(question, FunctionQuestion)  # noqa: S101 (WIDE lists functions only)
    names: dict[str, Any] = {"np": np}
    try:
        exec(compile(source, "mutant", "exec"), names)  # noqa: S102 (the source is our own)
    except Exception:  # a mutant may fail while it is defined; that is as wrong as it gets
        return "killed"
    function = names[question.name]
    with silence():
        wrong = is_wrong(question, function)
    result = grader_tests.examine(question_id, lambda: function, seed)
    if result.earned == result.points:
        return "survived" if wrong else "equivalent"
    if not wrong:
        return "wrongly_refused"
    return "named" if result.misconceptions else "diagnosed" if result.hint else "killed"


def is_wrong(question: FunctionQuestion, function: Any) -> bool:
    """Return whether some wide input tells a function from the reference."""
    count = 200 if question.returns == "array" else 1000
    for arguments, keywords in calls(question.id, count):
        right = call(question.reference, arguments, keywords)
        got = call(function, arguments, keywords)
        if right.error:
            if "ValueError" not in got.kinds:
                return True
        elif got.error or got.changed or COMPARISONS[question.returns](got.value, right.value) is not None:
            return True
    return False


def main() -> None:
    """Run the benchmark and print its counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--question", help="only this question")
    parser.add_argument("--sample", type=int, default=0, help="only about this many mutants (default: all)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the fresh inputs (default: 1)")
    parser.add_argument("--show", default="survived,wrongly_refused", help="verdicts to print with their source")
    options = parser.parse_args()
    items = list(work(options.question))
    if options.sample:
        items = items[:: max(1, len(items) // options.sample)]
    counts: dict[str, Counter[str]] = {question: Counter() for question, _, _ in items}
    with multiprocessing.Pool(options.jobs, resource.setrlimit, (resource.RLIMIT_AS, (MEMORY, MEMORY))) as pool:
        for verdict, (question, name, source) in pool.imap_unordered(partial(judge, options.seed), items, chunksize=4):
            counts[question][verdict] += 1
            if verdict in options.show.split(","):
                print(f"--- {verdict}: {question}, {name}\n{source}\n", flush=True)
    print("| question |", " | ".join(COLUMNS), "|")
    print("|---" * (1 + len(COLUMNS)) + "|")
    for question, verdicts in counts.items():
        print(f"| `{question}` |", " | ".join(map(str, summed(verdicts).values())), "|")
    total = summed(sum(counts.values(), Counter()))
    print(json.dumps({name: total[name] for name in COLUMNS if name != "named"}))


COLUMNS = ("mutants", "equivalent", "killed", "survived", "wrongly_refused", "diagnosed", "named")


def summed(verdicts: Counter[str]) -> dict[str, int]:
    """Return the columns of the table: what is named is diagnosed too, and what is diagnosed is killed."""
    diagnosed = verdicts["diagnosed"] + verdicts["named"]
    given = {
        "mutants": verdicts.total(),
        "killed": verdicts["killed"] + diagnosed,
        "diagnosed": diagnosed,
    }
    return {name: given.get(name, verdicts[name]) for name in COLUMNS}


if __name__ == "__main__":
    main()

"""How many wrong variants of right answers the checks catch: `python benchmarks/mutation.py`.

Every right answer and every model answer of the exercises and of the notebooks on architectures is changed in one
place at a time. Wide random inputs, or plain loops over what a construction has to do, say whether the result is really
wrong; then the hidden checks examine it. The last line is JSON: mutants, equivalent (nothing tells them from the right
answer), killed (really wrong, lost points), survived (really wrong, kept all points), wrongly_refused (right, yet lost
points), diagnosed (killed with a hint: a known mistake, what an error or a shape points to, or the property that broke
first), named (killed and recognized as a known mistake).
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import os
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from anywhere, also where nothing is installed
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are tiny: threads would only fight for the cores

import numpy as np

import grader_tests
import student_kit
from benchmarks.mutants import mutants
from benchmarks.true_values import CONSTRUCTED, constructed_wrongly, differs
from benchmarks.wide_inputs import Call, calls
from grader_tests.answers import right_answers
from grader_tests.draw import Draw
from grader_tests.function_question import FunctionQuestion
from grader_tests.grading import generator
from grader_tests.question import Question
from student_kit.call import Outcome, call, silence
from student_kit.stages import COMPARISONS

SECONDS = 4.0  # of CPU, whatever else the machine does; a mutant that needs more is killed by the limit of a test cell
MEMORY = 4 * 2**30

TEXTS = Path(__file__).resolve().parents[1] / "authoring"
NOTEBOOKS = [
    *sorted(TEXTS.glob("cnn_exercises/ex*.py")),
    *sorted(TEXTS.glob("cnn_architectures/arch?.py")),
    *sorted(TEXTS.glob("cnn_chapters/chap?.py")),
]
CODE_CELL = re.compile(r'^# %% id="([\w-]+)"(.*)\n((?:(?!# %%).*\n?)*)', re.MULTILINE)

Work = tuple[str, str, str]  # question, name of the right answer, source of the mutant


def work(question: str) -> Iterator[Work]:
    """Yield every mutant of every right answer and of the model answers in the notebooks."""
    for right in right_answers().values():
        if right.question.startswith(question):
            source = grader_tests.QUESTIONS[right.question].source(right.answer, right.needs)
            yield from ((right.question, right.name, mutant) for mutant in mutants(source))
    for name, (before, source) in model_answers().items():
        if name.startswith(question):
            yield from ((name, "model answer", f"{before}\n{mutant}") for mutant in mutants(source))


@cache
def model_answers() -> dict[str, tuple[str, str]]:
    """Return for every question what its notebook defines before, and its answer cell."""
    found = {}
    for notebook in NOTEBOOKS:
        before = ""
        for name, marker, cell in CODE_CELL.findall(notebook.read_text(encoding="utf-8")):
            if "solution=true" in marker:
                found[name] = before, cell
            if not name.endswith("-test"):
                before += _definitions(cell)
    return found


def _definitions(cell: str) -> str:
    """Return the assignments and functions of a cell: what it shows, draws or imports from the kit is left out."""
    kept = (part for part in ast.parse(cell).body if isinstance(part, ast.Assign | ast.FunctionDef))
    return "".join(f"{ast.unparse(part)}\n" for part in kept)


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
    try:
        answer = _ran(source, question)
    except Exception:  # a mutant may fail while it is defined; that is as wrong as it gets
        return "killed"
    if not isinstance(question, FunctionQuestion):
        wrong = is_other(question, answer)
        found = grader_tests.examine(question_id, lambda: answer, seed)
        lost, misconceptions, hint = found.points - found.earned, found.misconceptions, found.hint
        hint = hint or " ".join(aspect.message for aspect in found.aspects if not aspect.held)
    else:
        with silence(), np.errstate(all="ignore"):  # as in `examine`
            wrong = is_wrong(question, answer)
            diagnosis = question.judged(answer, _draw(question_id, seed))
        lost = question.points - sum(aspect.earned for aspect in diagnosis.aspects if diagnosis.answered)
        misconceptions, hint = diagnosis.misconceptions, diagnosis.hint
    if not lost:
        return "survived" if wrong else "equivalent"
    if not wrong:
        return "wrongly_refused"
    return "named" if misconceptions else "diagnosed" if hint else "killed"


def _ran(source: str, question: Question) -> Any:
    """Return what a notebook holds under the name of a question after an answer was run."""
    names: dict[str, Any] = {"np": np, **{name: getattr(student_kit, name) for name in student_kit.__all__}}
    exec(compile(source, "answer", "exec"), names)  # noqa: S102 (the source is our own)
    return names[question.name]


@cache
def _draw(question_id: str, seed: int) -> Draw:
    """Return the cases of a question; all mutants are tried on the same ones."""
    question = grader_tests.QUESTIONS[question_id]
    assert isinstance(question, FunctionQuestion)  # noqa: S101 (functions only)
    return question.draw(generator(question_id, seed))


def is_other(question: Question, answer: Any) -> bool:
    """Return whether a value does not answer its question."""
    if question.id in CONSTRUCTED:
        return constructed_wrongly(question.id, answer)
    return differs(answer, _key(question.id), getattr(question, "tolerance", 0.0))


@cache
def _key(question_id: str) -> Any:
    """Return what the model answer of a notebook comes out as."""
    return _ran("\n".join(model_answers()[question_id]), grader_tests.QUESTIONS[question_id])


def is_wrong(question: FunctionQuestion, function: Any) -> bool:
    """Return whether some wide input tells a function from the reference."""
    for arguments, keywords, right in _wide(question.id):
        got = call(function, arguments, keywords)
        if right.error:
            if "ValueError" not in got.kinds:
                return True
        elif got.error or got.changed or COMPARISONS[question.returns](got.value, right.value) is not None:
            return True
    return False


@cache
def _wide(question_id: str) -> list[tuple[*Call, Outcome]]:
    """Return wide inputs of a question with what the reference makes of them."""
    question = grader_tests.QUESTIONS[question_id]
    assert isinstance(question, FunctionQuestion)  # noqa: S101 (functions only)
    count = 200 if question.returns == "array" else 1000
    return [(*given, call(question.reference, *given)) for given in calls(question_id, count)]


def main() -> None:
    """Run the benchmark and print its counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--question", default="", help="only questions whose id begins like this")
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

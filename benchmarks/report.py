"""The report on a large class, and the search for code that is alike: seconds, and ratios to a peer of the same run.

``python benchmarks/report.py [--students 3000] [--models 3] [--seed 1]`` grades a few drawn students of this course in
earnest; the rest of the class are copies of them in gradebook, folders and record, each notebook with code of its own
in a cell before the others. One student in a hundred has another's code under other names. It prints one line of JSON:
for ``report --html`` and ``similar`` seconds and CPU seconds of the whole command, and the ratio of these to a plain
``json.load`` of every graded notebook, which is the least that reading a class costs; and how many of the copies were
found. The exit status is 1 where the report takes more than ten seconds, a copy was not found, or another pair was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from growth import grow
from instructor import ASSIGNMENT, NOTEBOOKS, Drawn, answered, draw_class, make_course, run

MOST = 10.0  # seconds for a report
ONE_IN = 100  # students who have another's code
FORMS = (
    "for {a} in {b}:\n    {c} = {c} {o} {a}[{n}]",
    "if {a} {o} {n} > {b}:\n    {c}.append({a})",
    "{a} = [{b} {o} {n} for {b} in {c}]",
    "while {a} < {n}:\n    {a} = {a} {o} {b}.size",
    "{a}, {b} = {b}[{n}:], {c}[:-{n}]",
    "{a} = {b}({c}, axis={n}) {o} {c}.shape[0]",
    "{a} = ({b} {o} {c}) % {n}",
    "assert {a} is not {b}, {c}[{n}]",
    "{a}[{b} {o} {n}, ...] = {c}.T @ {b}",
    "try:\n    {a} = {b}[{c} {o} {n}]\nexcept KeyError:\n    {a} = None",
    "{a} = lambda {b}: {b} {o} {c}({n})",
    "{a} = {{{b}: {c} {o} {n} for {b} in {a}}}",
)


def main() -> int:
    """Make the class, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=3000)
    parser.add_argument("--models", type=int, default=3, help="students who are graded in earnest")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        root = Path(folder)
        names = make_class(root, draw, options.models, options.students)
        copies = write_code(root, draw, names)
        found: dict[str, dict[str, float]] = {}
        with measured(found, "read"):
            for path in root.glob(f"autograded/*/{ASSIGNMENT}/*.ipynb"):
                with path.open(encoding="utf-8") as source:
                    json.load(source)
        with measured(found, "report"):
            run(root, "report", ASSIGNMENT, "--html")
        with measured(found, "similar"):
            pairs = json.loads(run(root, "similar", ASSIGNMENT, "--json"))["pairs"]
        page = (root / "exports" / f"report-{ASSIGNMENT}.html").stat().st_size
    pairs = {(each["notebook"], each["first"], each["second"]) for each in pairs}
    for name in ("report", "similar"):
        found[name]["ratio"] = round(found[name]["cpu"] / found["read"]["cpu"], 2)
    counts = {"copies": len(copies), "copies_found": len(copies & pairs), "other_pairs": len(pairs - copies)}
    print(json.dumps({"students": len(names), "seed": options.seed, **found, "page_bytes": page, **counts}))
    return int(found["report"]["seconds"] > MOST or pairs != copies)


def make_class(root: Path, draw: random.Random, models: int, students: int) -> list[str]:
    """Grade the models, copy them, and return the names of the class."""
    make_course(root)
    people = draw_class(draw, models)
    for one in people:
        hand_in(root, one)
    run(root, "grade", ASSIGNMENT, "--json", "run.json", status=(0, 3))
    graded = [one.id for one in people]
    os.chdir(root)
    names = grow(root, models, students, ASSIGNMENT, graded)
    os.chdir("/")
    return [*graded, *names]


def hand_in(root: Path, one: Drawn) -> None:
    """Put a drawn student's notebooks where grading finds them."""
    folder = root / "submitted" / one.id / ASSIGNMENT
    folder.mkdir(parents=True)
    for name in NOTEBOOKS:
        released = (root / "release" / ASSIGNMENT / f"{name}.ipynb").read_text(encoding="utf-8")
        (folder / f"{name}.ipynb").write_text(answered(released, one), encoding="utf-8")


def write_code(root: Path, draw: random.Random, names: list[str]) -> set[tuple[str, str, str]]:
    """Give each graded notebook code of its own, or another's; return notebook, and whose two are alike."""
    alike = set()
    for notebook in NOTEBOOKS:
        codes: dict[str, str] = {}
        for place, name in enumerate(names):
            copied = place % ONE_IN == ONE_IN - 1
            codes[name] = renamed(codes[names[place - 1]]) if copied else own_code(draw)
            if copied:
                alike.add((notebook, min(names[place - 1], name), max(names[place - 1], name)))
            path = root / "autograded" / name / ASSIGNMENT / f"{notebook}.ipynb"
            cell: dict[str, object] = {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": codes[name],
            }
            content = path.read_text(encoding="utf-8").replace('"cells": [', f'"cells": [{json.dumps(cell)},', 1)
            path.unlink()  # one file in the folders of all
            path.write_text(content, encoding="utf-8")
    return alike


def own_code(draw: random.Random) -> str:
    """Return about forty lines that nobody else has."""
    lines = []
    for _ in range(30):
        fields = dict(zip("abc", draw.sample(("left", "right", "image", "total", "value"), 3), strict=True))
        lines.append(draw.choice(FORMS).format(o=draw.choice("+-*/"), n=draw.randrange(1, 9), **fields))
    return "\n".join(lines)


def renamed(code: str) -> str:
    """Return code under other names."""
    return re.sub(r"\b(left|right|image|total|value)\b", r"my_\1", code)


@contextmanager
def measured(into: dict[str, dict[str, float]], step: str) -> Iterator[None]:
    """Note the seconds of a step, and the CPU seconds of this process and of its children that have ended."""
    started, cpu = time.perf_counter(), sum(os.times()[:4])
    yield
    into[step] = {
        "seconds": round(time.perf_counter() - started, 2),
        "cpu": round(sum(os.times()[:4]) - cpu, 2),
    }


if __name__ == "__main__":
    sys.exit(main())

"""A class from the LMS's zip to the LMS's gradebook: collect, grade, mark, decide, report, export.

``python benchmarks/instructor.py [--students 300] [--seed 1]`` draws a class (abilities, misconceptions, words, late,
missing and odd files), packs it as Moodle does, and takes the way of ``docs/instructor.md`` with the commands and the
marking page's own API. It prints one line of JSON: seconds of each step, files placed and named, how many grades in the
filled worksheet are those that were drawn (they are worked out here, without engine and gradebook), and the actions
that marking took. The exit status is 1 where a grade differs, a file is not where it was drawn to be, the report counts
others as late, missing or unfinished, or marking takes more than one action for each different answer.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nbformat
import numpy as np

import grader_tests
from grader_tests.answers import right_answers, wrong_answers

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "cnn_exercises"
ZONE = "Europe/Vienna"
DUE = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
VOID, FULL, PERCENT, MOST, BONUS = "ex41-conv-parameters", "ex39-same-padding", 10, 50, 0.25
WORDS = {"ex39-words": 0.25, "ex40-words": 0.375}
NOTEBOOKS = ("ex39", "ex40", "ex41", "ex42", "ex43", "ex44")
ODD = ("nested", "zipped", "renamed", "beside", "broken", "nobody's")


@dataclass
class Drawn:
    """One student of the class: what is handed in and what it is worth, question by question."""

    id: str
    number: int
    first: str
    last: str
    cells: dict[str, str] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)  # words -> what a marker gives
    late: timedelta = timedelta()
    odd: str = ""
    missing: bool = False


def main() -> int:
    """Take the way and print the line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        people = draw_class(random.Random(options.seed), options.students)  # noqa: S311 - no secret
        make_course(course)
        pack(course, people)
        line = take_the_way(course, people)
    print(json.dumps({"students": options.students, "seed": options.seed, **line}))
    return int(line["grades_equal"] != line["grades"] or line["not_as_drawn"] != [])


# ---- the class, as drawn


def draw_class(draw: random.Random, count: int) -> list[Drawn]:
    """Return students with abilities; two of them share a name."""
    answers = known_answers()
    people = []
    for number in range(count):
        name = number if number != 1 else 0  # two students of one name
        one = Drawn(f"s{number:04}", 7000 + number, f"Ana{name}", f"Özil {name}")
        able = draw.betavariate(4, 2)
        one.missing = draw.random() < 0.04
        one.odd = ODD[number % len(ODD)] if draw.random() < 0.4 else ""
        one.late = (
            timedelta(hours=draw.randrange(1, 70)) if draw.random() < 0.1 else -timedelta(hours=draw.randrange(1, 99))
        )
        for question, (rights, wrongs) in answers.items():
            if draw.random() < 0.05:
                one.points[question] = 0.0  # left blank
                continue
            known = draw.choice(rights if draw.random() < able or not wrongs else wrongs)
            one.cells[question], one.points[question] = known
        for words, most in WORDS.items():
            text, share = draw_words(draw, able, number)
            one.cells[words], one.marks[words] = text, most * share
        people.append(one)
    return people


def draw_words(draw: random.Random, able: float, number: int) -> tuple[str, float]:
    """Return an answer in words and the share that a marker gives: some are equal, some are a student's own."""
    if draw.random() < 0.6:
        kind = draw.randrange(8)
        blanks = " " * draw.randrange(3)  # equal but for blanks at the end
        return f"Answer of kind K{kind}Z, as many give it.{blanks}", (0.0, 0.5, 1.0)[kind % 3]
    share = draw.choice((0.5, 1.0)) if draw.random() < able else 0.0
    return f"My own words, N{number}Z: share S{share}Z.", share


def known_answers() -> dict[str, tuple[list[tuple[str, float]], list[tuple[str, float]]]]:
    """Return question -> right and wrong answers, each with what the checks alone give for it."""
    found: dict[str, tuple[list[tuple[str, float]], list[tuple[str, float]]]] = {}
    every = [*((each, 0) for each in right_answers().values()), *((each, 1) for each in wrong_answers().values())]
    for known, place in every:
        if known.question[:4] not in NOTEBOOKS:
            continue
        sides = found.setdefault(known.question, ([], []))
        if len(sides[place]) < 4:
            question = grader_tests.QUESTIONS[known.question]
            text = question.source(known.answer, known.needs)
            names: dict[str, Any] = {"np": np}
            exec(text, names)  # noqa: S102 - our own
            result = grader_tests.examine(known.question, lambda names=names, name=question.name: names[name], seed=1)
            sides[place].append((text, result.score))
    return {question: sides for question, sides in found.items() if sides[0]}


# ---- the course and the download


def make_course(folder: Path) -> None:
    """Make a course at work."""
    copy_course(folder)
    run(folder, "release", ASSIGNMENT)


def copy_course(folder: Path) -> None:
    """Copy what a course has before its first release is in a gradebook."""
    for name in ("authoring", "source", "release", "student_kit", "grader_tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)


def pack(folder: Path, people: list[Drawn]) -> None:
    """Write Moodle's list of participants, its grading worksheet, and its download of all submissions."""
    rows = [("First name", "Last name", "Username", "Email address", "Groups")]
    rows += [(one.first, one.last, one.id, f"{one.id}@example.org", "A" if one.number % 2 else "B") for one in people]
    write_csv(folder / "participants.csv", rows)
    head = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed")
    rows = [(*head, "Last modified (grade)", "Feedback comments")]
    most = 12 - question_points(VOID)
    for one in people:
        who = (f"Participant {one.number}", f"{one.first} {one.last}", f"{one.id}@example.org", "Submitted for grading")
        rows.append((*who, "", f"{most:.4f}", "Yes", "-", ""))
    write_csv(folder / "worksheet.csv", rows)
    released = {name: (folder / "release" / ASSIGNMENT / f"{name}.ipynb").read_text() for name in NOTEBOOKS}
    with zipfile.ZipFile(folder / "download.zip", "w", zipfile.ZIP_DEFLATED) as target:
        for one in people:
            if not one.missing:
                for name, content in files(one, released):
                    target.writestr(stamped(name, DUE + one.late), content)
        target.writestr(stamped("Nobody Known_99999_assignsubmission_file/ex39.ipynb", DUE), released["ex39"])


def files(one: Drawn, released: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield the paths and contents of one student's part of the download."""
    above = f"{one.first} {one.last}_{one.number}_assignsubmission_file"
    books = {f"{name}.ipynb": answered(text, one).encode() for name, text in released.items()}
    if one.odd == "renamed":
        books["ex41 (2).ipynb"] = books.pop("ex41.ipynb")
    if one.odd == "broken":
        books["ex44.ipynb"] = b"this was a notebook"
        one.points.update({name: 0.0 for name in one.points if name.startswith("ex44")})
    if one.odd == "beside":
        books["notes.pdf"] = b"%PDF-1.4"
    if one.odd == "nobody's":
        books["holiday.ipynb"] = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    if one.odd == "zipped":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as inner:
            for name, content in books.items():
                inner.writestr(f"my work/{name}", content)
        books = {"homework.zip": packed.getvalue()}
    inside = f"{ASSIGNMENT}/" if one.odd == "nested" else ""
    yield from ((f"{above}/{inside}{name}", content) for name, content in books.items())


def answered(text: str, one: Drawn) -> str:
    """Return a notebook with a student's answers."""
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        cell.source = one.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return str(nbformat.writes(notebook))


def stamped(name: str, when: datetime) -> zipfile.ZipInfo:
    """Return the entry of a zip with the time that a clock in ``ZONE`` shows."""
    return zipfile.ZipInfo(name, when.astimezone(ZoneInfo(ZONE)).timetuple()[:6])


def write_csv(path: Path, rows: list[tuple[str, ...]]) -> None:
    """Write a table as Moodle does."""
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)


# ---- the way


def take_the_way(folder: Path, people: list[Drawn]) -> dict[str, Any]:
    """Run the commands; return what the line says."""
    seconds: dict[str, float] = {}
    run(folder, "roster", "participants.csv")
    run(folder, "roster", "worksheet.csv")
    run(folder, "due", ASSIGNMENT, f"{DUE:%Y-%m-%d %H:%M} UTC")
    with timed(seconds, "collect"):
        collected = json.loads(run(folder, "collect", "download.zip", "--zone", ZONE, "--json", status=(0, 3)))
    with timed(seconds, "grade"):
        run(folder, "grade", ASSIGNMENT, "--json", "run.json", status=(0, 3))
    with timed(seconds, "mark"):
        actions, answers = mark(folder)
    full = next(one for one in people if not one.missing)
    with timed(seconds, "decide"):
        why = ("--why", "benchmark")
        run(folder, "decide", "void", ASSIGNMENT, VOID, *why)
        run(folder, "decide", "full", ASSIGNMENT, FULL, "--student", full.id, *why)
        run(folder, "decide", "late", ASSIGNMENT, str(PERCENT), "--most", str(MOST), *why)
        run(folder, "decide", "bonus", ASSIGNMENT, str(BONUS), *why)
    with timed(seconds, "report"):
        run(folder, "report", ASSIGNMENT, "--html")
    counted = json.loads(run(folder, "report", ASSIGNMENT, "--json"))["counts"]
    with timed(seconds, "export"):
        words = ("--to", "moodle", "--for", "worksheet.csv", "--output", "filled.csv", "--partial")
        run(folder, "export", ASSIGNMENT, *words, status=(0, 3))
    drawn = {f"Participant {one.number}": worth(one, one is full) for one in people}
    with (folder / "filled.csv").open(encoding="utf-8-sig", newline="") as source:
        filled = {row["Identifier"]: row["Grade"] for row in csv.DictReader(source)}
    equal = [who for who, points in drawn.items() if same(filled.get(who, ""), points)]
    for who in sorted(set(drawn) - set(equal)):
        print(f"{who}: {filled.get(who)!r}, drawn {drawn[who]}", file=sys.stderr)
    found = {
        "files_placed": sum(collected["counts"].values()),
        "files_named": len(collected["left"]),
        "answers": answers,
        "actions": actions,
        **{name: counted[name] for name in ("late", "missing", "unfinished")},
    }
    wanted = counts_drawn(people)
    return {
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        **found,
        "grades": len(drawn),
        "grades_equal": len(equal),
        "not_as_drawn": [
            f"{name}: {found[name]}, drawn {wanted[name]}" for name in wanted if found[name] != wanted[name]
        ],
    }


def counts_drawn(people: list[Drawn]) -> dict[str, int]:
    """Return what has to be counted on the way: files, answers in words, different ones, states in the report."""
    here = [one for one in people if not one.missing]
    odd = Counter(one.odd for one in here)
    return {
        "files_placed": len(NOTEBOOKS) * len(here) + odd["beside"],
        "files_named": odd["nobody's"] + 1,  # and what is of no student
        "answers": len(WORDS) * len(here),
        "actions": len({(words, one.cells[words].strip()) for one in here for words in WORDS}),
        "late": sum(one.late > timedelta() for one in here),
        "missing": len(people) - len(here),
        "unfinished": odd["broken"],
    }


def worth(one: Drawn, full: bool) -> float | None:
    """Return what a student's submission is worth after the decisions; None where nothing was handed in."""
    if one.missing:
        return None
    points = {**one.points, **one.marks}
    if full:
        points[FULL] = question_points(FULL)
    reached = sum(value for name, value in points.items() if name != VOID)
    days = -(-one.late // timedelta(days=1)) if one.late > timedelta() else 0
    return reached * (1 - min(days * PERCENT, MOST) / 100) + BONUS


def question_points(name: str) -> float:
    """Return what a question is worth."""
    return float(grader_tests.QUESTIONS[name].points)


def same(said: str, points: float | None) -> bool:
    """Say whether a field of the worksheet holds a grade, to the digits that are written."""
    return said == "" if points is None else said != "" and abs(float(said) - points) < 5e-5


def mark(folder: Path) -> tuple[int, int]:
    """Mark all words by the page's API; return how many actions it took, and how many answers there were."""
    command = [sys.executable, "-m", "cnn_course", "mark", ASSIGNMENT, "--json"]
    server = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None  # noqa: S101
        address = json.loads(server.stdout.readline())["address"]
        base = address.partition("?")[0].rstrip("/")
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        browser.open(address).read()

        def ask(path: str, said: dict[str, Any] | None = None) -> Any:
            content = None if said is None else json.dumps(said).encode()
            headers = {"Content-Type": "application/json", "X-Marker": "benchmark"}
            return json.load(browser.open(urllib.request.Request(f"{base}{path}", content, headers)))  # noqa: S310

        actions = answers = 0
        for question in ask("/api/questions")["questions"]:
            name = question["name"]
            answers += question["waiting"]
            for group in ask(f"/api/groups/{name}")["groups"]:
                shown = ask(f"/api/answer/{name}/{group['key']}")["html"]
                share = next((s for s in (0.5, 1.0) if f"S{s}Z" in shown), 0.0)
                kind = next((k for k in range(8) if f"K{k}Z" in shown), None)
                share = share if kind is None else (0.0, 0.5, 1.0)[kind % 3]
                said = {"question": name, "key": group["key"], "score": WORDS[name] * share, "comment": ""}
                actions += bool(ask("/api/mark", said)["marked"])
        return actions, answers
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def run(folder: Path, *words: str, status: tuple[int, ...] = (0,)) -> str:
    """Run a command in the course; stop with its words where its exit status is another."""
    command = [sys.executable, "-m", "cnn_course", *words]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode not in status:
        raise SystemExit(
            f"{' '.join(words)}: exit status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return done.stdout


def environment() -> dict[str, str]:
    """Return an environment in which the packages of the repository are found."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Note how long a step takes."""
    started = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())

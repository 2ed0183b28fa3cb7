"""Hold what came of an attack against what has to come of it."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup

from tests.attacks.attack import MARK, Attack
from tests.attacks.bits import CELL
from tests.attacks.course import FULL, HIDDEN_INPUT, MODEL_ANSWER, NOTEBOOK
from tests.attacks.harness import ENVIRONMENT_SECRET, HONEST, Result

NEVER = (MARK, str(HIDDEN_INPUT), MODEL_ANSWER, "HIDDEN TESTS", "grader_tests.grade(", ENVIRONMENT_SECRET, "FORGED")
ROUNDING = 1e-9
RUNS = re.compile(r"^on\w+=|=\s*javascript:|^src=(?!data:image/)|^srcdoc=", re.IGNORECASE)


def objections(attack: Attack, result: Result, root: Path) -> list[str]:
    """Return everything about a result that is not as it has to be; empty where the attack was held.

    Parameters
    ----------
    attack : Attack
        What was handed in.
    result : Result
        What came of it.
    root : Path
        The folder of the course, whose name no student may read.
    """
    notebook = result.record.notebooks[NOTEBOOK]
    found = [
        f"{name}: {result.scores.get(name)} points instead of {points}"
        for name, points in attack.scores.items()
        if abs(result.scores.get(name, -1.0) - points) > ROUNDING
    ]
    if notebook.state != attack.state:
        found.append(f"the notebook is {notebook.state} ({notebook.reason}) instead of {attack.state}")
    tree = BeautifulSoup(result.page, "html.parser")
    said = notebook.reason + tree.get_text(" ")
    found += [f"{text!r} is not said" for text in attack.says if text not in said]
    report = "\n".join(result.record.notes)
    found += [f"{text!r} is not in the report: {report}" for text in attack.notes if text not in report]
    found += ["the report repeats what the submission says of itself"] if "FORGED" in report else []
    found += page_objections(tree, root)
    if not result.unchanged:
        found.append("the submitted files were changed")
    return found


def page_objections(tree: BeautifulSoup, root: Path) -> list[str]:
    """Return what a feedback page shows that no student may see, or runs in a browser; takes its code out."""
    told = what_bits_show(tree)
    for source in tree.select(".highlight"):
        source.decompose()  # the code that the student wrote may hold anything
    shown = str(tree)
    found = [f"the feedback shows {word!r}" for word in (*NEVER, str(root)) if word in shown]
    if "data:image/png" in shown:
        found.append("the feedback shows a picture that was drawn from hidden inputs")
    if len(told) > 1:
        found.append(f"cells that spell a hidden input show different things: {sorted(told)}")
    active = [str(tag)[:80] for tag in tree.find_all(["script", "iframe", "object", "embed"])]
    active += [each[:80] for tag in tree.find_all(True) for each in _attributes(tag) if RUNS.search(each)]
    return [*found, *(f"a browser would run {part!r}" for part in active)]


def what_bits_show(tree: BeautifulSoup) -> set[str]:
    """Return what the cells of `bits` show beside their code: a page that tells nothing has one text for all."""
    cells = tree.select(".cell")
    spelling = [cell for cell in cells if str(CELL) in cell.get_text() and cell.select_one(".highlight")]
    return {re.sub(r"\d+", "N", " ".join(part.get_text() for part in cell.select(".outputs"))) for cell in spelling}


def honest_objections(results: dict[str, Result]) -> list[str]:
    """Return what the neighbours of a batch lost."""
    return [
        f"{student}: {results[student].scores} instead of {FULL}, {results[student].record}"
        for student in HONEST
        if any(abs(results[student].scores.get(name, -1.0) - points) > ROUNDING for name, points in FULL.items())
        or results[student].record.notes
        or not results[student].unchanged
    ]


def _attributes(tag: object) -> list[str]:
    return [f"{name}={value}" for name, value in getattr(tag, "attrs", {}).items()]

"""A tiny course on disk, with secrets that no student may ever read, for tests of the machinery."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REPOSITORY = Path(__file__).resolve().parents[1]
ASSIGNMENT = "tiny"

HIDDEN_INPUT = 730201  # appears in the hidden tests only
SEED = 918273645  # appears in the result data only
REFERENCE_VALUE = 555123.25  # appears in the result data only
MISCONCEPTION = "E00-minus"
TABLE = "the table as plain text"
MODEL_ANSWER = "Because addition commutes, says the model answer."
RUBRIC = "says that the order does not matter"
SECRETS = (
    str(HIDDEN_INPUT),
    str(SEED),
    str(REFERENCE_VALUE),
    MISCONCEPTION,
    MODEL_ANSWER,
    RUBRIC,
    "HIDDEN TESTS",
    "BEGIN SOLUTION",
)

# What a course's checks package does, in a few lines: show the result data, end with a plain number.
GRADE = f"""
def grade(answer, points):
    from IPython.display import display
    try:
        right, message = [answer()(a, b) == a + b for a, b in ((1, 2), ({HIDDEN_INPUT}, 1))], "differs"
    except Exception as error:
        right, message = [False, False], "Your code raised " + type(error).__name__ + "."
    aspects = [
        {{"name": name, "points": points / 2, "earned": points / 2 * held, "held": held, "stage": "values",
          "message": "" if held else message}}
        for name, held in zip(("small numbers", "large numbers"), right)
    ]
    earned = float(sum(aspect["earned"] for aspect in aspects))
    result = {{"version": 1, "question": "one-add", "points": points, "earned": earned, "answered": True,
              "aspects": aspects, "misconceptions": ["{MISCONCEPTION}"], "seed": {SEED},
              "reference": {REFERENCE_VALUE}, "hint": "" if all(right) else "Look at the sign."}}
    display({{"application/vnd.splitgrade.result+json": result, "text/plain": "{TABLE}"}}, raw=True)
    return earned
"""

ADD = '''def add(a, b):
    """Return the sum of two numbers."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION'''


ADD_RIGHT = "def add(a, b):\n    return a + b"
ADD_WRONG = "def add(a, b):\n    return a - b"
PLUS_RIGHT = ADD_RIGHT.replace("add", "plus")


def hidden_test(name: str, points: float) -> str:
    """Return the source of a test cell with a hidden region."""
    grade = f"{GRADE}grade(lambda: {name}, {points!r})"
    return f"# public part\n### BEGIN HIDDEN TESTS{grade}\n### END HIDDEN TESTS"


def marked(grade_id: str, **fields: Any) -> dict[str, Any]:
    """Return a cell's nbgrader metadata."""
    basic = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**basic, "grade_id": grade_id, **fields}}


def notebook(*cells: Any) -> Any:
    """Return a notebook whose cell ids are the grade_ids."""
    for number, cell in enumerate(cells):
        cell["id"] = cell.metadata.get("nbgrader", {}).get("grade_id", f"text-{number}")
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def question(name: str, source: str, points: float, function: str) -> list[Any]:
    """Return an answer cell and its test cell."""
    test = marked(f"{name}-test", grade=True, locked=True, points=points)
    return [
        new_code_cell(source, metadata=marked(name, solution=True)),
        new_code_cell(hidden_test(function, points), metadata=test),
    ]


def source_notebooks() -> dict[str, Any]:
    """Return the notebooks of the tiny assignment: ``one`` (2 points and 1 written), ``two`` (1 point)."""
    written = f"{MODEL_ANSWER}\n\n**Rubric**\n\n- 1: {RUBRIC}"
    one = notebook(
        new_markdown_cell("# Adding\n\nThe size is $\\lfloor (W - F)/S \\rfloor + 1$.\n\n![dots](images/dots.png)"),
        new_code_cell("import math", metadata=marked("one-setup", locked=True)),
        *question("one-add", ADD, 2.0, "add"),
        new_markdown_cell(written, metadata=marked("one-why", grade=True, solution=True, points=1.0)),
    )
    two = notebook(new_markdown_cell("# Adding again"), *question("two-add", ADD.replace("add", "plus"), 1.0, "plus"))
    return {"one": one, "two": two}


def make_course(root: Path) -> Path:
    """Write the course into ``root`` with the repository's own nbgrader configuration."""
    folder = root / "source" / ASSIGNMENT
    (folder / "images").mkdir(parents=True)
    for name, content in source_notebooks().items():
        nbformat.write(content, folder / f"{name}.ipynb")
    _picture(folder / "images" / "dots.png")
    (root / "authoring").mkdir()
    (root / "authoring" / "course.toml").write_text(
        'title = "Tiny"\ncourse_id = "cnn"\nchecks = "grader_tests"\n\n'
        f"[assignments.{ASSIGNMENT}]\npoints = {{ one = 3, two = 1 }}\n"
    )
    # Its tests read no data beside them: interpreters that are warm do not depend on where the course lies.
    config = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(f"{config}\nc.SplitExecute.check_data = []\n", encoding="utf-8")
    return root


def hand_in(root: Path, student: str, **answers: str) -> Path:
    """Make a submission from the released notebooks with some cells (by grade_id, ``_`` for ``-``) filled in."""
    target = root / "submitted" / student / ASSIGNMENT
    shutil.copytree(root / "release" / ASSIGNMENT, target)
    for path in target.glob("*.ipynb"):
        content = nbformat.read(path, as_version=4)
        for cell in content.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
            if name in answers:
                cell.source = answers[name]
        nbformat.write(content, path)
    return target


def _picture(path: Path) -> None:
    """Write a picture of a few dots."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    figure.add_subplot().plot([1, 2, 3], "o")
    figure.savefig(path)

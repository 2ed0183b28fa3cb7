"""The course that is attacked: one notebook with an assert test, the checks of this course, and a bystander."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from splitgrade.nbgrader.session import convert, load_config
from tests.course_fixture import REPOSITORY, marked, notebook

ASSIGNMENT = "lab"
NOTEBOOK = "lab"
HIDDEN_INPUT = 730201  # stands in the hidden tests only
MODEL_ANSWER = "Because a sum has no order, says the model answer."
LIMITS = {"cell_seconds": 3, "notebook_seconds": 40, "memory_mb": 384, "output_kb": 64, "processes": 48, "tmp_mb": 16}
FULL = {"double-test": 1.0, "pool-test": 0.75, "later-test": 1.0, "why": 0.0}

DOUBLE = "def double(x):\n    return 2 * x"
POOL = '''def max_pool2d(x, kernel_size, stride=None):
    """Keep the largest number of every window."""
    import numpy as np
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    stride = (height, width) if stride is None else stride
    down, right = (stride,) * 2 if isinstance(stride, int) else stride
    x = np.asarray(x)
    if min(height, width, down, right) < 1 or height > x.shape[2] or width > x.shape[3]:
        raise ValueError("the window does not fit")
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    return windows[:, :, ::down, ::right].max(axis=(4, 5))'''
LATER = "later = limit + 1"
RIGHT = {"double": DOUBLE, "pool": POOL, "later": LATER, "why": "A sum has no order."}

DOUBLE_TEST = f"""
assert double(4) == 8
assert double({HIDDEN_INPUT}) == {2 * HIDDEN_INPUT}
assert double(1.5) == 3.0
assert np.array_equal(double(np.arange(6.0).reshape(2, 3)), np.array([[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]))
np.testing.assert_allclose(double(np.full(3, 0.1)), [0.2, 0.2, 0.2])
"""


def write_course(root: Path) -> Path:
    """Write the course with the repository's configuration, and release it."""
    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(_lab(), folder / f"{NOTEBOOK}.ipynb")
    (folder / "data.csv").write_text("1,2\n")
    shutil.copytree(REPOSITORY / "student_kit", folder / "student_kit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    outcome = convert(GenerateAssignment, load_config(root), ASSIGNMENT)
    if not outcome.success:
        raise RuntimeError("\n".join(outcome.log))
    return root


def configuration(root: Path) -> Config:
    """Return the repository's configuration with little patience."""
    config = load_config(root)
    config.SplitExecute.limits = LIMITS
    return config


def _lab() -> nbformat.NotebookNode:
    """Return the instructor's notebook."""
    pool_test = 'import grader_tests; grader_tests.grade("ex43-max-pool2d", lambda: max_pool2d)'
    why = f"{MODEL_ANSWER}\n\n**Rubric**\n\n- 1: says that the order does not matter"
    return notebook(
        new_markdown_cell("# Lab"),
        new_code_cell("import numpy as np\nlimit = 3", metadata=marked("setup", locked=True)),
        _answer("double", DOUBLE),
        _test("double-test", DOUBLE_TEST.strip(), 1.0),
        _answer("pool", POOL),
        _test("pool-test", pool_test, 0.75),
        new_markdown_cell(why, metadata=marked("why", grade=True, solution=True, points=1.0)),
        _answer("later", LATER),
        _test("later-test", "assert later == 4", 1.0),
    )


def _answer(name: str, solution: str) -> nbformat.NotebookNode:
    text = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    return new_code_cell(text, metadata=marked(name, solution=True))


def _test(name: str, hidden: str, points: float) -> nbformat.NotebookNode:
    text = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return new_code_cell(text, metadata=marked(name, grade=True, locked=True, points=points))

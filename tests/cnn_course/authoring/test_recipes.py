"""The recipes of CONTRIBUTING.md, each followed on a copy of the course; the copy builds, and what is new is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`((?:authoring|grader_tests|student_kit|cnn_ref|demo|docs|tests)/[\w./]+\.(?:py|toml|js|md))`")
_STANDS_FOR = {"exNN": "ex43", "TOPIC": "pooling", "NAME": "doubling"}


class Copy:
    """A copy of the course, and the files of it that were touched."""

    def __init__(self, root: Path) -> None:
        self.root, self.touched = root, set[str]()
        for name in ("authoring", "student_kit", "grader_tests", "cnn_ref", "demo"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "nbgrader_config.py", root)

    def put(self, name: str, text: str, before: str = "") -> None:
        """Write a text into a file: before the last place where another stands, else at the end."""
        path = self.root / name
        self.touched.add(name)
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        place = old.rindex(before) if before else len(old)
        path.write_text(old[:place] + text + old[place:], encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace what is there once."""
        path = self.root / name
        self.touched.add(name)
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *words: str) -> str:
        """Run Python in the copy, with the copy's packages, and return what it prints."""
        plain = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=self.root, env=plain, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def question(copy: Copy) -> None:
    """Prompt, answer, test; points; public example."""
    text = '''\
# %% [markdown] id="ex43-kept-prompt"
# ## 3. How much is kept ({worth:ex43-kept})
#
# Of a map of `height` × `width`, how many numbers are left after windows of `side` × `side`, side by side?
#
# {examples:ex43-kept}

# %% id="ex43-kept" solution=true
def kept(height, width, side):
    """Return how many numbers are left."""
    ### BEGIN SOLUTION
    return (height // side) * (width // side)
    ### END SOLUTION

# %% id="ex43-kept-test" points=0.5
check("ex43-kept", lambda: kept)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex43-kept", lambda: kept)
### END HIDDEN TESTS

'''
    copy.put("authoring/cnn_exercises/ex43.py", text, before='# %% [markdown] id="ex43-end"')
    copy.change("authoring/course.toml", "ex43 = 1,", "ex43 = 1.5,")
    copy.touched.add("demo/class.toml")  # points of the demo class: `cnn-course demo` says what they are
    example = (
        '"ex43-kept": FunctionExamples("kept", "whole", (Example.of("kept(5, 7, 2)", 6, "2 rows of 3 windows."),)),\n'
    )
    copy.change(
        "student_kit/examples/cnn_exercises.py", '    "ex43-max-pool2d":', f'    {example}    "ex43-max-pool2d":'
    )


def check(copy: Copy) -> None:
    """Write a question, a mistake, eight right answers."""
    text = '''\
def kept(height: int, width: int, side: int) -> int:
    """Return how many numbers are left."""
    return (height // side) * (width // side)


def _kept(rng: Generator) -> Iterator[Case]:
    yield Case("by hand", (4, 9, 2))
    for height, width, side in rng.integers((20, 20, 3), (90, 90, 9), (3, 3)):
        yield Case("drawn anew", (int(height), int(width), int(side)))


KEPT = FunctionQuestion(
    id="ex43-kept",
    name="kept",
    points=Fraction(1, 2),
    reference=kept,
    returns="whole",
    aspects=(Aspect("count", Fraction(1, 2), _kept, clue="Count the windows of a small map."),),
)

'''
    copy.put("grader_tests/questions/ex43.py", text, before="QUESTIONS = (")
    copy.change("grader_tests/questions/ex43.py", "QUESTIONS = (MAX_POOL2D,)", "QUESTIONS = (MAX_POOL2D, KEPT)")
    mistake = """

def not_rounded_apart(height, width, side):
    return height * width // side**2


WRONG_ANSWERS = (
    *WRONG_ANSWERS,
    WrongAnswer(
        "X43-area", "ex43-kept", "the area is divided by a window's", "Which cells fill no window?", not_rounded_apart
    ),
)
"""
    copy.put("grader_tests/wrong_answers/ex43.py", mistake)
    rights = (
        "\n\ndef kept(height, width, side):\n    return (height // side) * (width // side)\n\n\nRIGHT_ANSWERS += tuple("
    )
    rights += 'RightAnswer(f"make {number}", "ex43-kept", kept) for number in range(8))\n'
    copy.put("grader_tests/right_answers/ex43.py", rights)


def item(copy: Copy) -> None:
    """Let `new item` write it, then change its texts."""
    copy.run("-m", "cnn_course", "new", "item", "cnn_quiz")
    quiz = "authoring/cnn_quiz/quiz.toml"
    copy.change(quiz, 'title = "A new question"', 'title = "Which one slides?"')
    copy.change(quiz, "Ask here what **one** of the options answers.", "What moves over the image?")
    copy.touched |= {"student_kit/examples/cnn_quiz.py", "authoring/course.toml"}


def bank(copy: Copy) -> None:
    """Write an item, draw its variants for the kit."""
    text = """
[[items]]
id = "pooling-kept"
title = "How much is kept?"
difficulty = 1
level = "apply"
form = "number"
prompt = "A line of {n} cells is pooled in windows of {w}, side by side. How many cells are left?"
draw = { n = [20, 120], w = [3, 9] }
require = ["n % w > 0"]
key = "pool_output_size(n, w)"
mistakes = [
    { value = "-(-n // w)", hint = "Does a window that sticks out at the end count?" },
    { value = "n - w + 1", hint = "That is how many windows there are with a stride of 1." },
    { value = "n - w", hint = "How far is it from one window to the next?" },
]
solution = "{w} cells give one: {n} divided by {w}, rounded down, is **{key}**."
"""
    copy.put("authoring/bank/pooling.toml", text)
    copy.run("-m", "cnn_course", "variants", "pooling-kept", "--draws", "20")
    copy.run("-m", "cnn_course", "variants", "--write")


def explorer(copy: Copy) -> None:
    """Write a script, its still, its line."""
    script = """\
function build(root) {
    const card = K.card(root, "Doubling", "Move the slider: the number below is twice as large.");
}
"""
    copy.put("student_kit/explorers/doubling.js", script)
    still = '\n\ndef doubling() -> str:\n    """Draw a number and its double."""\n    sketch = Sketch(200, 60)\n'
    copy.put(
        "student_kit/explorers/stills.py",
        f'{still}    sketch.words(20, 40, f"{{3}} and {{2 * 3}}")\n    return sketch.svg()\n',
    )
    line = '    "doubling": Explorer("doubling", "a number and its double", stills.doubling),\n'
    copy.change("student_kit/explorers/__init__.py", '    "scaling":', f'{line}    "scaling":')


def operation(copy: Copy) -> None:
    """Write a module, its loops and gradient, its names."""
    text = '''\
"""Adding a constant."""

from __future__ import annotations

import numpy as np

from cnn_ref._validate import Array


def shift(x: Array, by: float) -> Array:
    """Add a constant to every cell, shape=(N, C, H, W).

    Examples
    --------
    >>> float(shift(np.zeros((1, 1, 1, 1)), 2.0)[0, 0, 0, 0])
    2.0
    """
    return np.asarray(x) + by


def shift_backward(grad_output: Array, x: Array, by: float) -> Array:
    """Return the gradient of the input."""
    return grad_output.copy()
'''
    copy.put("cnn_ref/shift.py", text)
    loops = '\n\ndef shift(x: Array, by: float) -> Array:\n    """Cell by cell."""\n'
    copy.put("cnn_ref/specification.py", f"{loops}    return np.vectorize(lambda cell: cell + by)(x)\n")
    copy.touched.add("cnn_ref/specification_pooling.py")  # for pooling
    copy.change("cnn_ref/__init__.py", "__all__ = [", "from cnn_ref.shift import shift, shift_backward\n\n__all__ = [")
    copy.change(
        "cnn_ref/__init__.py",
        '    "shared_parameters",',
        '    "shared_parameters",\n    "shift",\n    "shift_backward",',
    )


RECIPES = {
    "Add a question to an exercise": question,
    "Add a check": check,
    "Add a quiz item": item,
    "Add an item to the bank": bank,
    "Add an explorer": explorer,
    "Add a reference operation": operation,
}
_SEEN = """
import cnn_ref, grader_tests
from grader_tests.answers import right_answers, wrong_answers
from grader_tests.bank.item import bank
from student_kit.explore import page
wrong = grader_tests.examine("ex43-kept", lambda: wrong_answers()["X43-area"].answer, seed=1)
rights = [each for each in right_answers().values() if each.question == "ex43-kept"]
print(wrong.misconceptions, float(wrong.earned), len(rights))
print([float(grader_tests.examine("ex43-kept", lambda: each.answer, seed=1).earned) for each in rights[:1]])
print("Doubling" in page("doubling"), "pooling-kept" in bank(), "shift" in cnn_ref.__all__, cnn_ref.shift.__module__)
print(grader_tests.QUESTIONS["q34"].key)
"""


def section(heading: str) -> str:
    """Return the text of a recipe."""
    return CONTRIBUTING.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_every_recipe_is_followed() -> None:
    """The page has no recipe that nobody tries."""
    assert re.findall(r"^## (Add .*)$", CONTRIBUTING, re.MULTILINE) == list(RECIPES)


@pytest.mark.slow
def test_each_recipe_on_a_copy_and_the_copy_builds(tmp_path: Path) -> None:
    """What a recipe names was changed for it, or is a test or page that is there; what was added is found."""
    copy = Copy(tmp_path / "course")
    for heading, follow in RECIPES.items():
        copy.touched = set()
        follow(copy)
        text = section(heading)
        for word, name in _STANDS_FOR.items():
            text = text.replace(word, name)
        named = set(_NAMED.findall(text))
        elsewhere = {name for name in named if name.startswith(("tests/", "docs/"))}
        assert named - elsewhere <= copy.touched, heading
        assert all((ROOT / name).is_file() for name in elsewhere), heading
    told = copy.run("-m", "cnn_course", "build")
    assert "1.5" in next(line for line in told.splitlines() if "ex43" in line)
    assert copy.run("-c", _SEEN).splitlines() == [
        "('X43-area',) 0.25 8",
        "[0.5]",
        "True True True cnn_ref.shift",
        "b",
    ]
    built = (copy.root / "source" / "cnn_exercises" / "ex43.ipynb").read_text(encoding="utf-8")
    assert "kept(5, 7, 2)" in built
    assert "q34 = ..." in (copy.root / "source" / "cnn_quiz" / "quiz.ipynb").read_text(encoding="utf-8")

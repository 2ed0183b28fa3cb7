"""No key of a graded question can be read in what is released: texts, alt texts, pictures, students' files."""

from __future__ import annotations

import pytest

from cnn_course.authoring.build import build
from cnn_course.authoring.numbers_in_text import numbers_in
from cnn_course.course import load_course
from cnn_course.errors import BuildError

EX1, QUIZ, INIT = "authoring/exercises/ex1.py", "authoring/quiz_week/quiz.toml", "CHECKS/__init__.py"
KEYS = """\
QUESTIONS["q02"].expected = 12443648
QUESTIONS["ex1-size"].expected = {"side": 37, "share": 9.677, "Conv": frozenset({"weights", "biases"})}


def grade("""
DRAWN = """\
from matplotlib.figure import Figure


def draw(folder):
    figure = Figure()
    figure.add_subplot().set_title("it costs 12,443,648")
    figure.savefig(folder / "ex1-window.png")
"""

# file, what is there, what is put in its place, (file, item) that the message names, what the message names as found
SHOWN = {
    "in a text": (EX1, "Why is that so?", "Why 12,443,648?", (EX1, "ex1-why-prompt"), "Why 12,443,648?"),
    "with other separators": (EX1, "Why is that so?", "Why 12{,}443{,}648?", (EX1, "ex1-why-prompt"), "12{,}443"),
    "in millions": (EX1, "Why is that so?", "Why 12.4 million?", (EX1, "ex1-why-prompt"), "12.4 million"),
    "in an alt text": (EX1, "![a window]", "![12 443 648 windows]", (EX1, "ex1-intro"), "12 443 648"),
    "in the code of a student": (EX1, "size(3)", "size(12_443_648)", (EX1, "ex1-try"), "12_443_648"),
    "in another notebook": (QUIZ, "What slides?", "What slides 12443648 times?", (QUIZ, "q01-prompt"), "12443648"),
    "rounded": (EX1, "Why is that so?", "Why 9.68?", (EX1, "ex1-why-prompt"), "9.68"),
    "two digits at home": (EX1, "Why is that so?", "Why 37?", (EX1, "ex1-why-prompt"), "Why 37?"),
    "a set": (EX1, "Why is that so?", "Conv: biases, weights", (EX1, "ex1-why-prompt"), "Conv: biases, weights"),
    "an option": (
        QUIZ, "How many weights has a filter", "How many weights has, on its way over the page, the filter",
        (QUIZ, "q02-prompt"), "on its way over the page, the filter",
    ),
    "in the students' files": ("small_kit/__init__.py", "hidden tests", "12443648", ("small_kit", ""), "12443648"),
}  # fmt: skip


@pytest.fixture
def keyed(files):
    """Return the small course with keys that tell."""
    files.change(INIT.replace("CHECKS", files.checks), "def grade(", KEYS)
    files.change(QUIZ, 'b = "the filter"', 'b = "on its way over the page, the filter"')
    return files


def problems(files):
    """Return what stops the build."""
    with pytest.raises(BuildError) as caught:
        build(load_course(files.root))
    return caught.value.problems


@pytest.mark.parametrize("place", SHOWN)
def test_a_key_that_is_shown_stops_the_build(keyed, place):
    """The build names file, item, the rule with the question, the line, and what to do."""
    file, old, new, (where, item), found = SHOWN[place]
    keyed.change(file, old, new)
    (problem,) = problems(keyed)
    assert problem.file.startswith(where)
    assert item in problem.item
    assert "nothing released holds a key" in problem.rule
    assert found in problem.value
    assert "authoring/shown_keys.toml" in problem.next_step


def test_a_key_in_a_picture_stops_the_build(keyed):
    """The texts of a figure are read while it is drawn."""
    keyed.write("authoring/exercises/pictures.py", DRAWN)
    (problem,) = problems(keyed)
    assert (problem.file, problem.item) == ("authoring/exercises/images/ex1-window.png", "ex1-window.png")
    assert problem.value == "it costs 12,443,648"


def test_a_picture_that_cannot_be_read_needs_its_words(keyed):
    """A picture that matplotlib did not draw comes with a file of the words in it."""
    (keyed.root / "authoring/exercises/images/ex1-window.txt").unlink()
    (problem,) = problems(keyed)
    assert problem.item == "ex1-window.png"
    assert "ex1-window.txt" in problem.next_step
    keyed.write("authoring/exercises/images/ex1-window.txt", "it costs 12,443,648\n")
    (problem,) = problems(keyed)
    assert "12,443,648" in problem.value


@pytest.mark.parametrize("harmless", ["Why 12,443,649?", "Why 3 of 9?", "Why 9.7?", "Why 37.5?", "Conv has weights."])
def test_other_numbers_may_stand_anywhere(keyed, harmless):
    """Numbers near a key, numbers of one digit and parts of a set stop nothing."""
    keyed.change(EX1, "Why is that so?", harmless)
    build(load_course(keyed.root))


def test_two_digits_of_another_notebook_stop_nothing(keyed):
    """Numbers of two digits stand everywhere; only the notebook of their question keeps them."""
    keyed.change(QUIZ, "What slides?", "What slides 37 times?")
    build(load_course(keyed.root))


EXCEPTION = '[[shown]]\nquestion = "ex1-size"\nvalue = "37"\nwhere = ["ex1-why-prompt"]\nreason = "It is given."\n'


def test_an_exception_with_a_reason_is_let_through(keyed):
    """What authoring/shown_keys.toml names may stand where it says, and nowhere else."""
    keyed.write("authoring/shown_keys.toml", EXCEPTION)
    keyed.change(EX1, "Why is that so?", "Why 37?")
    build(load_course(keyed.root))
    keyed.change(EX1, "size(3)", "size(37)")
    (problem,) = problems(keyed)
    assert problem.item == "ex1-try"


@pytest.mark.parametrize(
    ("text", "rule"),
    [(EXCEPTION, "every exception is needed"), (EXCEPTION.replace("reason", "why"), "only known keys are used")],
)
def test_a_list_of_exceptions_is_kept_true(keyed, text, rule):
    """An exception that excuses nothing, or has no reason, stops the build."""
    keyed.write("authoring/shown_keys.toml", text)
    assert rule in {problem.rule for problem in problems(keyed)}


def test_numbers_are_read_as_people_write_them():
    """Separators of thousands, decimals, headings that count, and words with digits."""
    text = "## 7. 1,080 and 3.5, x2 or 4x4, 1 234; 10.0 and 0.5."
    assert {str(written.value) for written in numbers_in(text)} == {"1080", "3.5", "1234", "1", "234", "10", "0.5"}

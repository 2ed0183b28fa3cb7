"""Every rule of the texts: broken once, it is named with its place, and the old output stays."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnn_course.authoring.build import build
from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.follows import check_follows
from cnn_course.authoring.rules import asked_twice
from cnn_course.course import load_course
from cnn_course.errors import BuildError

EX1 = "authoring/exercises/ex1.py"
QUIZ = "authoring/quiz_week/quiz.toml"
COURSE = "authoring/course.toml"
INIT, KIT = "CHECKS/__init__.py", "small_kit/examples.py"

# file, what is there, what is put in its place, (file, item) that the message names, words of rule and value
BREACHES = {
    "option unknown": (EX1, "locked=true", "frozen=true", (EX1, "ex1-setup"), "known options", "frozen"),
    "option not encoded": (EX1, "points=1\n", "points=one\n", (EX1, "without a name"), "name=value", "points=one"),
    "option false": (EX1, "locked=true", "locked=false", (EX1, "ex1-setup"), "locked is true", "False"),
    "options contradict": (EX1, "locked=true", "locked=true points=1", (EX1, "ex1-setup"), "one kind", "locked"),
    "cell without name": (EX1, '# %% id="ex1-try"', "# %%", (EX1, "without a name"), "has a name", "None"),
    "name not legal": (EX1, 'id="ex1-try"', 'id="Ex1_try"', (EX1, "Ex1_try"), "letters", "Ex1_try"),
    "name too long": (EX1, "ex1-try", "ex1-" + "try" * 21, (EX1, "ex1-trytry"), "up to 64", "trytrytry"),
    "points negative": (EX1, "points=1\n", "points=-1\n", (EX1, "ex1-size-test"), "positive", "-1"),
    "raw cell": (EX1, '# %% id="ex1-try"', '# %% [raw] id="ex1-try"', (EX1, "ex1-try"), "one kind", "raw"),
    "name twice": (EX1, 'id="ex1-try"', 'id="ex1-setup"', (EX1, "ex1-setup"), "used once", EX1 + ":6"),
    "no test": (EX1, 'id="ex1-size-test" points=1', 'id="ex1-trial"', (EX1, "ex1-size"), "has a test cell", "none"),
    "no answer": (EX1, 'size" solution=true', 'size"', (EX1, "ex1-size-test"), "named after", "no answer cell"),
    "test name": (EX1, "ex1-size-test", "ex1-size-exam", (EX1, "ex1-size-exam"), "named after", "ex1-size-exam"),
    "no solution": (EX1, "### BEGIN SOLUTION", "# now", (EX1, "ex1-size"), "come in pairs", "0 BEGIN, 1 END"),
    "unclosed": (EX1, "### END HIDDEN TESTS", "", (EX1, "ex1-size-test"), "come in pairs", "1 BEGIN, 0 END"),
    "region in try cell": (
        EX1, "size(3)", "### BEGIN SOLUTION\nsize(3)\n### END SOLUTION",
        (EX1, "ex1-try"), "lies in a cell of its kind", "code cell of the student",
    ),
    "empty region": (
        EX1, "    answer = int(np.floor(n / 2)) + 1\n    return answer\n", "",
        (EX1, "ex1-size"), "has a SOLUTION region", "nothing",
    ),
    "not Python once blank": (
        EX1, '    """Return the size."""\n', "", (EX1, "ex1-size"), "still Python", "expected an indented block",
    ),
    "check of another question": (
        EX1, 'check("ex1-size"', 'check("ex1-area"', (EX1, "ex1-size-test"), "calls check()", "ex1-area",
    ),
    "no hidden grade": (
        EX1, 'CHECKS.grade("ex1-size", lambda: size)', "print(size)",
        (EX1, "ex1-size-test"), "calls grade()", "no call of grade",
    ),
    "no rubric": (EX1, "# **Rubric**", "# Rubric", (EX1, "ex1-why"), "has a rubric", "no line"),
    "no model answer": (
        EX1, "# Half of the places are skipped, and the first one counts too.\n#\n", "",
        (EX1, "ex1-why"), "begins with a model answer", "none",
    ),
    "rubric sum": (EX1, "- 0.25: says", "- 0.5: says", (EX1, "ex1-why"), "rubric's points", "1, the cell is worth"),
    "rubric stray": (EX1, "# - 0.25: says", "# Maybe 0.25: says", (EX1, "ex1-why"), "only list items", "Maybe"),
    "notebook sum": (COURSE, "ex1 = 1.75", "ex1 = 2", (EX1, "ex1"), "add up", "1.75, authoring/course.toml says 2"),
    "test against check": (INIT, '"ex1-size": "1"', '"ex1-size": "2"', (EX1, "ex1-size-test"), "worth", "1, check 2"),
    "no check": (INIT, '"ex1-size": "1", ', "", (EX1, "ex1-size"), "question has a check", "no check"),
    "no question": (
        INIT, '"ex1-size": "1"', '"ex1-size": "1", "ex9": "1"', ("package", "ex9"), "check has a question", "ex9",
    ),
    "points no Fraction": (INIT, "Fraction(points)", "float(points)", ("package", "q01"), "Fraction", "1.0"),
    "checks raise": (INIT, "QUESTIONS = {", "1 / 0\nQUESTIONS = {", (COURSE, "checks"), "imported", "ZeroDiv"),
    "checks with a price out of range": (
        INIT, "QUESTIONS = {", 'def validate():\n    raise ValueError("prices.toml: [q01] x: got 2")\n\nQUESTIONS = {',
        ("package", ""), "data of the checks are legal", "prices.toml: [q01] x: got 2",
    ),
    "picture missing": (EX1, "ex1-window.png", "ex1-door.png", (EX1, "ex1-intro"), "picture shown", "ex1-door.png"),
    "picture unused": (EX1, "# ![a window](images/ex1-window.png)", "#", ("authoring/exercises", "ex1-w"), "shown", ""),
    "drawing fails": (
        "authoring/exercises/pictures.py", "def draw", "def paint",
        ("authoring/exercises/pictures.py", "draw"), "draws every picture", "AttributeError",
    ),
    "text unknown": (COURSE, "ex1 = 1.75", "ex2 = 1.75", (EX1, ""), "has points", "no points"),
    "text missing": (COURSE, "ex1 = 1.75", "ex1 = 1.75, ex2 = 1", ("authoring/exercises/ex2.py", ""), "UTF-8", ""),
    "header": (EX1, '# %% [markdown] id="ex1-intro"', "# ---\n# %% [markdown]", (EX1 + ":1", ""), "begins", "-"),
    "course not TOML": (COURSE, 'title = "Small course"', "title = Small", (COURSE, ""), "is TOML", "line 1"),
    "course key unknown": (COURSE, "course_id", "course", (COURSE, ""), "only known keys", "course"),
    "course points text": (COURSE, "ex1 = 1.75", 'ex1 = "1"', (COURSE, "exercises > points > ex1"), "points", "'1'"),
    "course points zero": (COURSE, "ex1 = 1.75", "ex1 = 0", (COURSE, "exercises > points > ex1"), "points", "0"),
    "course points nan": (COURSE, "ex1 = 1.75", "ex1 = nan", (COURSE, ""), "is TOML", "nan"),
    "quiz without points": (COURSE, "quiz = 1.5", "test = 1.5", (COURSE, "quiz_week"), "quiz has points", "test"),
    "kit missing": (COURSE, '"small_kit"', '"big_kit"', (COURSE, "student_files"), "inside the course", "big_kit"),
    "kit outside": (COURSE, '"small_kit"', '".."', (COURSE, "student_files"), "inside the course", ".."),
    "quiz not TOML": (QUIZ, "points = 0.5", "points = ", (QUIZ, ""), "is TOML", "line"),
    "quiz key unknown": (QUIZ, 'why = "The', 'reason = "The', (QUIZ, "q01"), "only known keys", "reason"),
    "quiz type": (QUIZ, '"number"', '"numbers"', (QUIZ, "q02"), "legal words", "numbers"),
    "quiz key no option": (QUIZ, 'key = "b"', 'key = "c"', (QUIZ, "q01"), "key is one of", "'c'"),
    "quiz key two letters": (QUIZ, 'key = "b"', 'key = "ab"', (QUIZ, "q01"), "one letter as its key", "'ab'"),
    "quiz option gap": (QUIZ, 'a = "the picture"', 'c = "the picture"', (QUIZ, "q01"), "a, b, c", "b, c"),
    "quiz hint for key": (QUIZ, "a = \"Think", "b = \"Think", (QUIZ, "q01"), "wrong option has a hint", "hints for b"),
    "quiz number as text": (QUIZ, "key = 9", 'key = "9"', (QUIZ, "q02"), "is a number", "'9'"),
    "quiz id twice": (QUIZ, 'id = "q02"', 'id = "q01"', (QUIZ, "q01"), "used once", "quiz.toml"),
    "no public examples": (
        KIT, '"ex1-size": SimpleNamespace(as_markdown=lambda: "- `size(5)` gives **3**.")', "",
        (EX1, "ex1-size"), "function has public examples", "none",
    ),
    "examples not shown": (EX1, "# {examples:ex1-size}", "# none", (EX1, "ex1-size"), "prompt shows", "not shown"),
    "quiz item without form": (KIT, '"q01": SimpleNamespace(options="ab"), ', "", (QUIZ, "q01"), "has a form", "none"),
    "form of other letters": (KIT, 'options="ab"', 'options="abc"', (QUIZ, "q01"), "letters of its options", "abc"),
    "form without question": (KIT, '"q02": S', '"q3": SimpleNamespace(), "q02": S', ("package", "q3"), "belong to", ""),
    "kit cannot be imported": (KIT, "FORMS =", "FORM =", (COURSE, "student_files"), "has FUNCTIONS and FORMS", "FORMS"),
    "place unknown": (EX1, "{worth:ex1-size}", "{worth:ex1-area}", (EX1, "ex1-examples"), "build knows", "ex1-area"),
    "follows a stranger": (
        EX1, "points=1\n", 'points=1 follows=["ex1-area"]\n', (EX1, "ex1-size-test"), "same notebook", "ex1-area",
    ),
    "follows itself": (
        EX1, "points=1\n", 'points=1 follows=["ex1-size"]\n', (EX1, "ex1-size-test"), "from itself", "ex1-size follows",
    ),
    "follows no list": (EX1, "points=1\n", 'points=1 follows="ex1-size"\n', (EX1, "ex1-size-test"), "is a list", "ex1"),
    "quiz points": (QUIZ, "points = 0.5", "points = 1", (QUIZ, "quiz"), "add up", "2, authoring/course.toml says 1.5"),
}  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_stops_the_build(files, breach):
    """The build names file, item, rule, value and next step, and source/ is not touched."""
    file, old, new, (place, item), rule, value = BREACHES[breach]
    files.write("source/exercises/old.ipynb", "the old output")
    files.change(file.replace("CHECKS", files.checks), old, new)
    with pytest.raises(BuildError) as caught:
        build(load_course(files.root))
    found = caught.value.problems
    hits = [p for p in found if p.file.startswith(place) and item in p.item and rule in p.rule and value in p.value]
    assert hits, "\n".join(map(str, found))
    assert all(p.next_step for p in found)
    assert str(hits[0]) in str(caught.value)
    assert files.snapshot("source") == {"exercises/old.ipynb": b"the old output"}


def test_lines_are_those_of_the_cell_markers(files):
    """A problem names the line of its cell's marker, also after text that looks like a marker."""
    files.change("authoring/exercises/ex1.py", '"""Return the size."""', '"""Return.\n\n    # %% no cell\n    """')
    files.change("authoring/exercises/ex1.py", "# **Rubric**", "# Rubric")
    text = (files.root / "authoring/exercises/ex1.py").read_text(encoding="utf-8").split("\n")
    with pytest.raises(BuildError) as caught:
        build(load_course(files.root))
    (problem,) = caught.value.problems
    marker = text.index('# %% [markdown] id="ex1-why" written=true points=0.75')
    assert problem.file == f"authoring/exercises/ex1.py:{marker + 1}"


def test_problems_of_several_files_are_reported_at_once(files):
    """One build names what is wrong in the exercise and in the quiz."""
    files.change("authoring/exercises/ex1.py", "locked=true", "frozen=true")
    files.change("authoring/quiz_week/quiz.toml", 'key = "b"', 'key = "c"')
    with pytest.raises(BuildError) as caught:
        build(load_course(files.root))
    assert {problem.item for problem in caught.value.problems} == {"cell ex1-setup", "item q01"}


def test_a_question_is_asked_once_in_a_course():
    """The same question in two assignments is named, with both places: a check belongs to one question."""
    cells = (Cell("ex1-size", Kind.ANSWER, "", line=3), Cell("ex1-size-test", Kind.TEST, "", Fraction(1), line=9))
    pages = [Page("ex1", "a/ex1.py", cells), Page("ex1", "b/ex1.py", cells)]
    (problem,) = asked_twice(pages)
    assert (problem.file, problem.item, problem.value) == ("b/ex1.py:3", "cell ex1-size", "also in a/ex1.py:3")


def answers(*follows: tuple[str, ...]) -> Page:
    """Return a notebook of three functions, each of which calls the one before; tests follow as told."""
    sources = ["def a(): return 1", "def b(x): return a() + x", "def c(a): return b(a)"]
    cells = [Cell(f"ex1-{source[4]}", Kind.ANSWER, source) for source in sources]
    tests = [
        Cell(f"{cell.name}-test", Kind.TEST, "", Fraction(1), line=line, follows=names)
        for line, (cell, names) in enumerate(zip(cells, follows, strict=True), 1)
    ]
    return Page("ex1", "ex1.py", (*cells, *tests))


def test_all_answers_that_a_solution_reaches_are_declared():
    """A solution's calls are followed through other answers; an argument of the same name is no call."""
    assert list(check_follows(answers((), ("ex1-a",), ("ex1-a", "ex1-b")))) == []
    problems = list(check_follows(answers((), (), ("ex1-b",))))
    assert [(found.file, found.item, found.value) for found in problems] == [
        ("ex1.py:2", "cell ex1-b-test", "not named: ex1-a"),
        ("ex1.py:3", "cell ex1-c-test", "not named: ex1-a"),
    ]
    assert problems[1].next_step == 'write follows=["ex1-a", "ex1-b"]'


def test_a_circle_of_answers_is_named():
    """Two answers that follow from each other are both named."""
    problems = list(check_follows(answers(("ex1-b",), ("ex1-a",), ("ex1-a", "ex1-b"))))
    assert [found.value for found in problems if "itself" in found.rule] == [
        "ex1-a follows ex1-b follows ex1-a",
        "ex1-b follows ex1-a follows ex1-b",
    ]


def test_an_answer_follows_from_earlier_ones_only():
    """A declaration that names a later answer is refused."""
    problems = list(check_follows(answers(("ex1-c",), ("ex1-a",), ("ex1-a", "ex1-b"))))
    assert any("come before" in found.rule or "itself" in found.rule for found in problems)


def test_an_id_of_two_quizzes_is_named_with_both_files(files):
    """The same item in two quiz files: both files are named, whatever the checks say about it."""
    text = (files.root / QUIZ).read_text(encoding="utf-8")
    files.write("authoring/quiz_again/again.toml", text)
    files.write(COURSE, (files.root / COURSE).read_text("utf-8") + AGAIN)
    with pytest.raises(BuildError) as caught:
        build(load_course(files.root))
    found = {(p.file, p.item, p.value) for p in caught.value.problems if "once in a course" in p.rule}
    again = "authoring/quiz_again/again.toml"
    assert found == {(again, f"cell {name}", f"also in {QUIZ}") for name in ("q01", "q02")}


AGAIN = """
[assignments.quiz_again]
quiz = "again.toml"
points = { again = 1.5 }
"""

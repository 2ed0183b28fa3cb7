"""Questions, verdicts and their display."""

import doctest
import importlib
from fractions import Fraction

import numpy as np
import pytest

import grader_tests
from grader_tests.array_clues import shape_clue
from grader_tests.choice_question import ChoiceQuestion
from grader_tests.clues import ERRORS, amount_clue, direction, error_clue
from grader_tests.function_question import Aspect, Case, FunctionQuestion
from grader_tests.grading import MIME_TYPE, drawn, examine
from grader_tests.render import as_html, as_text
from grader_tests.result import AspectResult, Result
from grader_tests.value_questions import NumberQuestion, NumbersQuestion, SetsQuestion
from student_kit.call import Outcome, call, call_each

RNG = np.random.default_rng(1)


def test_the_cases_of_a_run_are_drawn_once_and_are_those_of_its_seed():
    """What is kept from one answer to the next changes no verdict; a question without cases has none."""
    name = "ex41-conv-output-size"

    def without_padding(size, kernel_size, stride=1, padding=0):
        return (size - kernel_size) // stride + 1

    before = examine(name, lambda: without_padding, 11)
    assert drawn(name, 11) is drawn(name, 11)
    assert drawn(name, 11) is not drawn(name, 12)
    assert examine(name, lambda: without_padding, 11) == before
    with pytest.raises(TypeError, match="ex39-claims"):
        drawn("ex39-claims", 11)


NUMBER = NumberQuestion(id="t-number", name="number", points=Fraction(1, 4), expected=180)
REAL = NumberQuestion(id="t-real", name="real", points=Fraction(1, 4), expected=2.704, tolerance=0.001)
COUNTS = NumbersQuestion(id="t-counts", name="counts", points=Fraction(1, 2), expected={"a": 1, "b": 320, "c": 0})
SETS = SetsQuestion(
    id="t-sets",
    name="sets",
    points=Fraction(1, 2),
    expected={"Conv": frozenset({"weights", "biases"}), "Pool": frozenset()},
    vocabulary=frozenset({"weights", "biases", "stride"}),
    member_hints={("Pool", "weights"): "A maximum has no weights."},
)
CHOICE = ChoiceQuestion(id="t-choice", name="q", points=Fraction(3), key="b", options="abcd", hints={"a": "Why a?"})
LETTERS = ChoiceQuestion(id="t-letters", name="q", points=Fraction(1), key="bd", options="abcd", several=True)


def earned(question, value):
    """Return the points a value earns."""
    return sum(aspect.earned for aspect in question.diagnose(Outcome(value), RNG).aspects)


def function_question(*shares: Fraction) -> FunctionQuestion:
    """Return a question worth 1 with aspects of the given shares."""
    aspects = tuple(
        Aspect(f"part {place}", share, lambda _rng: [Case("1", (1,))]) for place, share in enumerate(shares)
    )
    return FunctionQuestion(
        id="t-f", name="f", points=Fraction(1), reference=lambda x: x, returns="whole", aspects=aspects
    )


@pytest.mark.parametrize(
    ("question", "value", "points"),
    [
        (NUMBER, 180, "1/4"),
        (NUMBER, 180.0, "1/4"),
        (NUMBER, np.int64(180), "1/4"),
        (NUMBER, 181, "0"),
        (NUMBER, "180", "0"),
        (REAL, 2.7045, "1/4"),
        (REAL, 2.71, "0"),
        (COUNTS, {"a": 1, "b": 320, "c": 0}, "1/2"),
        (COUNTS, {"a": 1, "b": 320}, "1/3"),
        (COUNTS, {"a": True, "b": 320, "c": float("nan")}, "1/6"),
        (COUNTS, [1, 320, 0], "0"),
        (SETS, {"Conv": {"biases", "weights"}, "Pool": set()}, "1/2"),
        (SETS, {"Conv": ["weights", "biases"], "Pool": {}}, "1/2"),
        (SETS, {"Conv": {"weights"}, "Pool": set()}, "1/4"),
        (SETS, {"Conv": {"weights", "biases", "gold"}, "Pool": {1}}, "0"),
        (CHOICE, "b", "3"),
        (CHOICE, " B ", "3"),
        (CHOICE, "bd", "0"),
        (CHOICE, "", "0"),
        (LETTERS, "d, b", "1"),
        (LETTERS, "b", "0"),
    ],
)
def test_values_earn_their_share(question, value, points: str) -> None:
    """Each entry of a value earns its exact share; the form may vary, the content may not."""
    assert earned(question, value) == Fraction(points)


def test_hints_belong_to_the_wrong_part() -> None:
    """A word or a letter that does not belong has its own hint."""
    sets = SETS.diagnose(Outcome({"Conv": {"weights", "biases"}, "Pool": {"weights"}}), RNG)
    assert "A maximum has no weights." in sets.aspects[1].message
    assert CHOICE.diagnose(Outcome("a"), RNG).hint == "Why a?"


@pytest.mark.parametrize("question", [COUNTS, SETS])
def test_a_dict_of_blanks_is_not_answered(question) -> None:
    """A dict whose every entry is `...` counts as blank, one filled entry as an answer."""
    blank = dict.fromkeys(question.expected, ...)
    assert not question.diagnose(Outcome(blank), RNG).answered
    first = next(iter(question.expected))
    assert question.diagnose(Outcome({**blank, first: question.expected[first]}), RNG).answered


@pytest.mark.parametrize("shares", [("1/2", "1/3"), ("1/2", "1/2", "0"), ("3/2", "-1/2"), ()])
def test_points_have_to_add_up(shares: tuple[str, ...]) -> None:
    """Aspects whose points are not positive or do not add up exactly are refused."""
    with pytest.raises(ValueError, match="t-f"):
        function_question(*map(Fraction, shares))


def test_points_of_thirds_add_up_exactly() -> None:
    """Shares are fractions, so three thirds are one point."""
    question = function_question(*[Fraction(1, 3)] * 3)
    assert sum(aspect.points for aspect in question.parts()) == 1


def test_a_key_outside_the_options_is_refused() -> None:
    """A choice whose key is no option, or several letters where one is asked for, is a mistake of the course."""
    for key in ("e", "", "ab"):
        with pytest.raises(ValueError, match="key must be out of the options"):
            ChoiceQuestion(id="t", name="q", points=Fraction(1), key=key, options="abcd")


def test_every_question_of_the_course_adds_up() -> None:
    """The aspects of each question add up to its points, and no question is worth nothing."""
    for question in grader_tests.QUESTIONS.values():
        assert sum(part.points for part in question.parts()) == question.points > 0


def test_the_table_shows_points_and_hint() -> None:
    """Text and HTML list every aspect with its points, what failed and the hint; student text is escaped."""
    parts = (
        AspectResult("shape", Fraction(1, 5), Fraction(1, 5)),
        AspectResult("stride", Fraction(4, 5), Fraction(0), "error", "stopped with <b>boom</b>"),
    )
    result = Result("ex41-conv2d", Fraction(1), True, parts, ("E41-flip",), "Look again.", 4711)
    text, html = as_text(result), as_html(result)
    assert "0.2 of 1 points" in text
    assert "✓ shape   0.2/0.2" in text
    assert "✗ stride    0/0.8  stopped with" in text
    assert "Hint: Look again." in text
    assert "&lt;b&gt;boom" in html
    assert "<b>boom" not in html
    for said in (text, html):
        assert "4711" not in said
        assert "E41-flip" not in said


def test_a_notebook_gets_text_html_and_data() -> None:
    """In IPython the verdict is displayed in three forms, and the value of the cell is a Python float."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            points = grader_tests.grade("ex41-conv-parameters", lambda: ..., seed=1)
    finally:
        type(shell).clear_instance()
    assert type(points) is float
    data = captured.outputs[0].data
    assert set(data) == {"text/plain", "text/html", MIME_TYPE}
    assert data[MIME_TYPE]["answered"] is False
    assert captured.stderr == ""


def test_a_recorded_seed_repeats_the_verdict() -> None:
    """The seed of a result gives the same aspects, messages and hint again; another one draws other inputs."""
    drawn: list[bytes] = []

    def noisy(x, weight, bias=None, stride=1, padding=0):
        """Return values that depend on every number of the inputs."""
        drawn.append(x.tobytes())
        return np.full((len(x), len(weight), 2, 2), x.sum() % 7)

    first = grader_tests.examine("ex41-conv2d", lambda: noisy)
    seen = drawn[:]
    drawn.clear()
    assert grader_tests.examine("ex41-conv2d", lambda: noisy, first.as_dict()["seed"]) == first
    assert drawn == seen
    drawn.clear()
    assert grader_tests.examine("ex41-conv2d", lambda: noisy, first.seed + 1).seed == first.seed + 1
    assert drawn != seen


def test_a_seed_of_the_environment_repeats_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that `cnn-course grade --seed` sets leads to the same verdict as the seed itself."""
    monkeypatch.setenv("SPLITGRADE_SEED", "20261120")
    given = grader_tests.examine("ex43-max-pool2d", lambda: lambda x, kernel_size, stride=None: x[:, :, ::2, ::2])
    again = grader_tests.examine(
        "ex43-max-pool2d", lambda: lambda x, kernel_size, stride=None: x[:, :, ::2, ::2], 20261120
    )
    assert given == again
    assert given.seed == 20261120


def test_a_function_that_always_fails_has_refused_nothing() -> None:
    """A ValueError in every call earns nothing, though some calls should raise one."""

    def always(*_arguments, **_settings):
        raise ValueError("no")

    for question in ("ex41-conv2d", "ex41-conv-output-size", "ex43-max-pool2d", "ex39-same-padding"):
        assert grader_tests.examine(question, lambda: always, seed=3).earned == 0


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([(2.5, 3), (4, 4)], "no whole numbers"),
        ([(-1, 3), (4, 4)], "negative"),
        ([(5, 3), (5, 4)], "the same number"),
        ([(4, 3), (8, 7), (3, 2)], "same amount"),
        ([(6, 3), (14, 7), (4, 2)], "one factor"),
    ],
)
def test_counts_point_somewhere(results, words: str) -> None:
    """What all wrong counts have in common is told without the right count."""
    assert words in amount_clue(results)


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([(6, 3), (7, 7), (9, 8)], "they are too large."),
        ([((1, 5), (3, 5)), ((7, 2), (8, 2))], "they are too small."),
        ([(2, 3), (8, 7)], ""),
        ([(2.5, 3.5), (float("inf"), 7.5)], ""),
    ],
)
def test_counts_have_a_direction_where_all_agree(results, words: str) -> None:
    """Too large or too small is said where every wrong count is; one counterexample and nothing is said."""
    assert words in direction(results)
    assert bool(direction(results)) == bool(words)
    assert amount_clue(results) == ""


def test_an_unknown_mistake_is_placed() -> None:
    """A mistake that is not catalogued is told by the property that broke first."""

    def odd(x, weight, bias=None, stride=1, padding=0):
        import cnn_ref

        out = cnn_ref.conv2d(x, weight, bias, stride, padding)
        return out + 1000.0 * (stride == 2)

    result = grader_tests.examine("ex41-conv2d", lambda: odd, seed=1)
    held = {aspect.name: aspect.held for aspect in result.aspects}
    assert held["shape"]
    assert not held["stride"]
    assert result.misconceptions == ()
    assert result.hint
    assert "stride 2" in next(aspect.message for aspect in result.aspects if not aspect.held)


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (lambda: np.ones((2, 3)) * np.ones((2, 2)), "do not fit together"),
        (lambda: np.ones((2, 3)) @ np.ones((2, 3)), "do not fit together"),
        (lambda: np.ones(3)[5], "past the end"),
        (lambda: np.ones((0, 2)).max(), "empty"),
        (lambda: np.zeros((2, -1)), "empty"),
        (lambda: (lambda x: x)(1, 2), "parameters of the task"),
        (lambda: range(2.0), "not an int"),
        (lambda: 1 // 0, "divided by zero"),
        (lambda: undefined, "before it has a value"),  # type: ignore[name-defined]  # noqa: F821
        (lambda: np.ones(3).sum(axis=4), "axis does not exist"),
        (lambda: np.ones((1, 1, 2)).transpose(0, 1), "axis or a setting does not exist"),
        *(
            (lambda says=says: refused(says), "yet something refused them")
            for says in ("empty", "the shapes mismatch", "kernel and channels must match", "no such dimension")
        ),
    ],
)
def test_errors_point_somewhere(failing, words: str) -> None:
    """The usual errors of NumPy code each have a clue."""
    outcome = call(failing)
    assert outcome.error
    assert words in error_clue(outcome)


def refused(says: str) -> None:
    """Refuse something as an answer does that has a condition of its own: no library has said this."""
    raise ValueError(says)


def test_clues_are_all_different() -> None:
    """No two rows of the table say the same."""
    said = [words for _, _, words in ERRORS]
    assert len(set(said)) >= len(said) - 1


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        ((2, 3), (1, 2, 3, 3), "number of axes"),
        ((1, 2, 4, 3), (1, 2, 3, 4), "other axes"),
        ((1, 2, 2, 3), (1, 2, 3, 4), "missing among the rows and columns"),
        ((1, 2, 4, 5), (1, 2, 3, 4), "too many among the rows and columns"),
        ((1, 5, 3, 4), (1, 2, 3, 4), "too many channels"),
        ((1, 2, 1, 2), (1, 2, 3, 4), "too few rows and columns"),
    ],
)
def test_shapes_point_somewhere(got: tuple[int, ...], expected: tuple[int, ...], words: str) -> None:
    """A wrong shape is told by its axes."""
    assert words in shape_clue([(got, expected)])


@pytest.mark.parametrize("name", ["grader_tests.grading", "student_kit.check", "student_kit.show"])
def test_examples_of_docstrings_hold(name: str) -> None:
    """The examples in the docstrings run as printed."""
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


def test_a_new_module_of_questions_is_found(tmp_path, monkeypatch) -> None:
    """A module that is put beside the others needs no list: its questions are in the registry."""
    from grader_tests import questions, registry

    text = "from grader_tests.value_questions import NumberQuestion\nfrom fractions import Fraction\n"
    text += "QUESTIONS = (NumberQuestion(id='ex99-new', name='new', points=Fraction(1), expected=3),)\n"
    (tmp_path / "ex99.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(tmp_path)])
    assert "ex99-new" in registry._collect()


class _Asked(type):
    """A class whose attributes are a trap."""

    def __getattr__(cls, name: str) -> object:
        raise ValueError(name)


class _Forged(metaclass=_Asked):
    """A callable that claims to be the engine's stand-in."""

    def __call__(self, number: int) -> int:
        return number + 1

    def __call_each__(self, calls: object) -> list[tuple[object, None]]:
        return [(42, None)]


def test_only_the_engine_makes_several_calls_at_once() -> None:
    """A class of a student's with a method of that name, or with traps for who asks, is called one by one."""
    assert [outcome.value for outcome in call_each(_Forged(), [((1,), {}), ((2,), {})])] == [2, 3]

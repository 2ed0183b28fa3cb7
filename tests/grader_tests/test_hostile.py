"""Whatever an answer is or does, it gets a verdict: no exception, no stderr, no points for nothing."""

import sys
import warnings
from itertools import product

import numpy as np
import pytest

import cnn_ref
import grader_tests
from grader_tests.function_question import FunctionQuestion
from grader_tests.grading import SEED_VARIABLE


class AlwaysEqual(np.ndarray):
    """An array that claims to be equal to everything."""

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        """Claim equality."""
        return True

    __hash__ = None  # type: ignore[assignment]


class Pretender:
    """An object that converts itself to whatever is asked for."""

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        """Convert to an array."""
        raise AssertionError("the conversion of a foreign object was used")

    def __int__(self) -> int:
        """Convert to a number."""
        raise AssertionError("the conversion of a foreign object was used")

    def __len__(self) -> int:
        """Pretend to be empty."""
        raise AssertionError("the length of a foreign object was used")


class UnprintableError(Exception):
    """An error that cannot be printed."""

    def __str__(self) -> str:
        """Fail."""
        raise RuntimeError("no text")


def returning(value):
    """Return a function that returns `value` whatever it is called with."""
    return lambda *_arguments, **_keywords: value


def raising(error):
    """Return a function that raises `error`."""

    def function(*_arguments, **_keywords):
        raise error

    return function


def endless_list():
    """Return a list that contains itself."""
    items: list[object] = []
    items.append(items)
    return items


HOSTILE = {
    "pretender": Pretender(),
    "subclass": np.ones((1, 1, 2, 2)).view(AlwaysEqual),
    "masked": np.ma.masked_array(np.ones((1, 1, 2, 2)), mask=True),
    "matrix": np.ones((2, 2)).view(type("Matrix", (np.ndarray,), {})),
    "object array": np.array([[1, None]], dtype=object),
    "strings": np.array([["1.0"]]),
    "structured": np.zeros(3, dtype=[("a", float)]),
    "dates": np.zeros(3, dtype="datetime64[s]"),
    "complex": np.ones((1, 1, 2, 2), dtype=complex),
    "bool array": np.ones((1, 1, 2, 2), dtype=bool),
    "half": np.ones((1, 1, 2, 2), dtype=np.float16),
    "NaN": np.full((1, 1, 2, 2), np.nan),
    "infinity": np.full((1, 1, 2, 2), np.inf),
    "huge number": 10**400,
    "list of huge numbers": [10**400, 1],
    "ragged": [[1, 2], [3]],
    "endless": endless_list(),
    "deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
    "text": "12",
    "bytes": b"12",
    "bool": True,
    "generator": (number for number in range(3)),
    "dict": {},
    "set": {1},
    "class": Pretender,
    "module": sys,
    "empty": np.empty((0, 4)),
    "not a number": float("nan"),
}

ERRORS = {
    "exit": SystemExit(0),
    "stop": StopIteration(),
    "memory": MemoryError(),
    "recursion": RecursionError("too deep"),
    "base": BaseException("a base exception"),
    "unprintable": UnprintableError(),
    "long": ValueError("x" * 10_000),
    "lines": TypeError("one\ntwo\x00\x1b[31m"),
    "assertion": AssertionError(),
    "name": NameError("name 'np' is not defined"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_values_earn_nothing(name: str) -> None:
    """A value of another kind, itself or returned by a function, earns no points of any question and raises nothing."""
    for question, answer in product(grader_tests.QUESTIONS, (HOSTILE[name], returning(HOSTILE[name]))):
        result = grader_tests.examine(question, lambda answer=answer: answer, seed=3)
        assert result.score == 0.0
        assert type(result.score) is float


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_errors_of_student_code_become_messages(name: str) -> None:
    """An error, whether in the function or in looking it up, is a short message without a traceback."""
    for question, answer in product(grader_tests.QUESTIONS, (raising(ERRORS[name]), lambda: raising(ERRORS[name]))):
        result = grader_tests.examine(question, answer, seed=3)
        assert result.earned < result.points
        for aspect in result.aspects:
            assert "Traceback" not in aspect.message
            assert len(aspect.message) < 400
            assert aspect.message.isprintable()


def test_an_interrupt_from_outside_passes() -> None:
    """Whoever runs the notebook can still stop a check."""
    with pytest.raises(KeyboardInterrupt):
        grader_tests.examine("ex41-conv2d", lambda: raising(KeyboardInterrupt()))


def test_nothing_reaches_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    """Warnings and prints of student code reach neither stderr nor the verdict."""

    def noisy(x, weight, bias=None, stride=1, padding=0):
        warnings.warn("a warning of the student", RuntimeWarning, stacklevel=2)
        print("hidden input:", x.ravel()[:3])
        print("to stderr", file=sys.stderr)
        np.zeros(1) / 0
        return cnn_ref.conv2d(x, weight, bias, stride, padding)

    assert grader_tests.grade("ex41-conv2d", lambda: noisy, seed=1) == 1.0
    out, err = capfd.readouterr()
    assert err == ""
    assert "hidden input" not in out


@pytest.mark.parametrize("blank", [..., None, returning(None), returning(...), raising(NotImplementedError())])
def test_blank_answers_are_not_answered(blank: object, capsys: pytest.CaptureFixture[str]) -> None:
    """What an untouched answer cell leaves scores 0 and says so."""
    for question, asked in grader_tests.QUESTIONS.items():
        if callable(blank) and not (isinstance(asked, FunctionQuestion) and question.startswith("ex4")):
            continue
        assert grader_tests.grade(question, lambda: blank) == 0.0
        assert "not answered yet" in capsys.readouterr().out


def test_a_missing_name_is_a_message() -> None:
    """A name that was never defined is reported by name."""
    result = grader_tests.examine("ex41-conv2d", lambda: conv2d)  # type: ignore[name-defined]  # noqa: F821
    assert result.score == 0.0
    assert "`conv2d` does not exist" in result.aspects[0].message


def test_hard_coded_public_answers_fail() -> None:
    """A function that knows the public examples by heart, and nothing else, earns nothing."""
    from student_kit.example import REFUSED
    from student_kit.examples import FUNCTIONS

    for question, public in FUNCTIONS.items():
        if question not in grader_tests.QUESTIONS:
            continue

        def by_heart(*arguments, public=public, **keywords):
            for example in public.examples:
                if keywords == example.keywords and all(
                    np.array_equal(a, b) for a, b in zip(arguments, example.arguments, strict=False)
                ):
                    if example.expected is REFUSED:
                        raise ValueError("impossible")
                    return example.expected
            return 0

        assert grader_tests.examine(question, lambda by_heart=by_heart: by_heart).score == 0.0


def test_a_seed_repeats_the_verdict() -> None:
    """The same seed gives the same verdict, another seed other inputs."""
    seen: list[np.ndarray] = []

    def spy(x, *_arguments, **_keywords):
        seen.append(x.copy())
        return x

    first, again, other = (grader_tests.examine("ex43-max-pool2d", lambda: spy, seed) for seed in (7, 7, 8))
    third = len(seen) // 3
    assert first == again
    assert all(map(np.array_equal, seen[:third], seen[third : 2 * third]))
    assert not all(map(np.array_equal, seen[:third], seen[2 * third :]))
    assert other.seed == 8


def test_the_environment_sets_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed of a grading run is taken from the environment; a bad one is refused with the rule."""
    monkeypatch.setenv(SEED_VARIABLE, "123")
    assert grader_tests.examine("ex41-conv2d", lambda: cnn_ref.conv2d).seed == 123
    monkeypatch.setenv(SEED_VARIABLE, "-1")
    with pytest.raises(ValueError, match="whole number of at least 0"):
        grader_tests.examine("ex41-conv2d", lambda: cnn_ref.conv2d)
    monkeypatch.delenv(SEED_VARIABLE)
    seeds = {grader_tests.examine("ex41-conv-parameters", lambda: cnn_ref.conv_parameters).seed for _ in range(3)}
    assert len(seeds) > 1


def test_changes_of_arguments_never_reach_the_expected_value() -> None:
    """A function that spoils its arguments and returns them is compared with what they were before."""

    def spoil(x, kernel_size, stride=None):
        right = cnn_ref.max_pool2d(x, kernel_size, stride)
        x[...] = 0
        return right

    result = grader_tests.examine("ex43-max-pool2d", lambda: spoil, seed=1)
    assert [aspect.name for aspect in result.aspects if not aspect.held] == ["number types, input unchanged"]
    spoiled = next(aspect for aspect in result.aspects if not aspect.held)
    assert result.earned == result.points - spoiled.points


def test_unknown_questions_are_refused() -> None:
    """A question id that does not exist is an error of the course, with the legal ids."""
    with pytest.raises(ValueError, match="there is no question 'ex99'"):
        grader_tests.examine("ex99", lambda: 1)

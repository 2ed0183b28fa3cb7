"""A prediction is noted before anything is run, compared in a friendly way, and never raises or grades."""

import contextlib
import sys
import types

import numpy as np
import pytest

from student_kit import predict
from student_kit.examples.predictions import PREDICTIONS


def said(capsys: pytest.CaptureFixture[str], guess: object, run: object, name: str = "none") -> str:
    """Return what `predict` prints."""
    predict(name, guess, run)
    return capsys.readouterr().out


def undefined() -> object:
    """Look up a name that no cell has defined."""
    return nowhere  # noqa: F821


@pytest.mark.parametrize("guess", [lambda: ..., lambda: None, undefined, ...])
def test_nothing_is_run_before_there_is_a_prediction(capsys: pytest.CaptureFixture[str], guess: object) -> None:
    """A blank or missing guess asks for one, and the run does not happen."""
    ran: list[int] = []
    assert "No prediction yet" in said(capsys, guess, lambda: ran.append(1))
    assert ran == []


@pytest.mark.parametrize(
    ("guess", "result"),
    [
        (3, np.int64(3)),
        (0.1 + 0.2, 0.3),
        (" (C) ", "c"),
        (True, np.bool_(True)),
        ([1, 2], (1, 2)),
        ((1, 2), np.array([1, 2])),
        (0, -0.0),
    ],
)
def test_equal_answers_hold_however_they_are_written(
    capsys: pytest.CaptureFixture[str], guess: object, result: object
) -> None:
    """Numbers, letters, verdicts and tuples are compared by what they say."""
    assert said(capsys, lambda: guess, lambda: result).startswith("✓")


@pytest.mark.parametrize(("guess", "result"), [(3, 4), ("a", "b"), (True, False), ((1, 2), (1, 2, 3)), ("3", 3)])
def test_other_answers_do_not_hold(capsys: pytest.CaptureFixture[str], guess: object, result: object) -> None:
    """What differs is said with both values."""
    out = said(capsys, lambda: guess, lambda: result)
    assert out.startswith("✗")
    assert repr(result) in out


def test_what_explains_the_result_comes_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation follows a prediction that holds and one that does not, and no blank one."""
    why = PREDICTIONS["ex41-predict"]
    assert why in said(capsys, 0, lambda: 0, "ex41-predict")
    assert why in said(capsys, 5, lambda: 0, "ex41-predict")
    assert why not in said(capsys, ..., lambda: 0, "ex41-predict")


class Hostile:
    """An object that fails at whatever it is asked."""

    def __repr__(self) -> str:
        raise RuntimeError

    __str__ = __eq__ = __iter__ = __float__ = __repr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def test_nothing_that_is_typed_or_run_raises(capsys: pytest.CaptureFixture[str]) -> None:
    """Objects of other types, endless numbers and functions that fail are told in a line."""
    for guess in (Hostile(), [Hostile()], {"a": 1}, [], [[Hostile()]], 10**400, float("nan"), "x" * 500):
        out = said(capsys, lambda guess=guess: guess, lambda: 1)
        assert out
        assert max(map(len, out.splitlines())) < 250
    for result in (Hostile(), np.zeros((2, 2)), None, 10**400):
        assert said(capsys, 1, lambda result=result: result)
    assert "ZeroDivisionError" in said(capsys, 1, lambda: 1 / 0)


def test_grading_runs_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """While nbgrader runs the notebook nothing is computed and nothing printed."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    ran: list[int] = []
    assert said(capsys, 1, lambda: ran.append(1)) == ""
    assert ran == []


def test_a_shell_without_a_kernel_runs_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grader runs students' cells in such a shell."""
    shell = types.SimpleNamespace()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    ran: list[int] = []
    assert said(capsys, 1, lambda: ran.append(1)) == ""
    shell.kernel = object()
    monkeypatch.setattr("student_kit.prediction.silence", contextlib.nullcontext)
    assert said(capsys, 1, lambda: 1).startswith("✓")
    assert ran == []

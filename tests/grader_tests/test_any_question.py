"""Slips that every function with arrays can have lose points in every question."""

import inspect

import numpy as np
import pytest

import grader_tests
from grader_tests.function_question import FunctionQuestion

SEED = 11
# Of these, the result holds numbers of the argument only, so that its dtype is right.
SAME_KIND = {
    ("arch3-max-pool-gradient", "grad_output"),
    ("chap1-subsample", "dense"),
    ("chap1-dense", "weight"),
    ("chap1-unpool", "values"),
    ("ex43-max-pool2d", "input"),
}


def given(question, arguments, keywords):
    """Return the arguments of a call by their names, defaults included."""
    bound = inspect.signature(question.reference).bind(*arguments, **keywords)
    bound.apply_defaults()
    return bound.arguments


def draws():
    """Yield every function that is given arrays, with its cases and the names of these arrays."""
    for question in grader_tests.QUESTIONS.values():
        if isinstance(question, FunctionQuestion):
            draw = question.draw(np.random.default_rng(SEED))
            calls = [given(question, case.arguments, case.keywords) for _, cases in draw.cases for case in cases]
            names = {name for call in calls for name, value in call.items() if isinstance(value, np.ndarray)}
            if names:
                yield pytest.param(question, draw, sorted(names), id=question.id)


DRAWS = list(draws())


def loses(question, draw, function):
    """Return whether a function loses points."""
    return any(not aspect.held for aspect in question.judged(function, draw).aspects)


@pytest.mark.parametrize(("question", "draw", "names"), DRAWS)
def test_a_result_of_an_arguments_number_type(question, draw, names):
    """Whole numbers in one array and fractions in another: a result in the first one's dtype loses the fractions."""

    def answer(name):
        def cut(*arguments, **keywords):
            result = question.reference(*arguments, **keywords)
            array = given(question, arguments, keywords)[name]
            return result.astype(array.dtype) if isinstance(array, np.ndarray) else result

        return cut

    if question.returns == "array":
        asked = [name for name in names if (question.id, name) not in SAME_KIND]
        assert [name for name in asked if not loses(question, draw, answer(name))] == []


@pytest.mark.parametrize(("question", "draw", "names"), DRAWS)
def test_an_argument_that_is_written_into(question, draw, names):
    """It is seen in whichever calls it happens, also where nothing else depends on it."""

    def answer(name, hit):
        def writes(*arguments, **keywords):
            call = given(question, arguments, keywords)
            result = np.copy(question.reference(*arguments, **keywords))
            if isinstance(call[name], np.ndarray) and hit(call):
                call[name][...] += 1
            return result if question.returns == "array" else float(result)

        return writes

    conditions = [lambda call: True]
    if "stride" in inspect.signature(question.reference).parameters:
        conditions += [lambda call: call["stride"] in (None, 1), lambda call: call["stride"] not in (None, 1)]
    assert [name for name in names for hit in conditions if not loses(question, draw, answer(name, hit))] == []

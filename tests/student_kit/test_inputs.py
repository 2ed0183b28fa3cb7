"""The inputs of public examples, in messages and as values."""

import ast

import numpy as np
import pytest

import grader_tests
from student_kit.example import REFUSED
from student_kit.examples import FUNCTIONS
from student_kit.inputs import example, inputs

ASKED = sorted(name for name, public in FUNCTIONS.items() if not public.step)  # steps have no hidden check


@pytest.mark.parametrize("question", ASKED)
def test_every_example_can_be_repeated(question, capsys):
    """The inputs that are handed out lead to the result that is printed beside them."""
    function = grader_tests.QUESTIONS[question].reference
    for number, public in enumerate(FUNCTIONS[question].examples, 1):
        given = example(question, number)
        assert public.call in capsys.readouterr().out
        if public.expected is REFUSED:
            with pytest.raises(ValueError, match=r".+"):
                function(*given, **given.keywords)
        else:
            np.testing.assert_allclose(function(*given, **given.keywords), public.expected)


def test_what_is_handed_out_may_be_changed():
    """Writing into an input changes no example."""
    given = example("ex41-conv2d")
    given[0][...] = 99
    assert not (FUNCTIONS["ex41-conv2d"].examples[0].arguments[0] == 99).any()


@pytest.mark.parametrize("question", sorted(FUNCTIONS))
def test_messages_define_the_names_of_a_call(question):
    """A name that stands for a small array in a call is written down as Python that can be pasted."""
    for place, public in enumerate(FUNCTIONS[question].examples):
        lines = [line.strip() for line in inputs(question, place, public)]
        for line in lines:
            name, _, value = line.partition(" = ")
            if value.startswith("np."):
                made = eval(value, {"np": np, "array": np.array})  # noqa: S307 - a line of our own
                assert any(np.array_equal(made, given) for given in (*public.arguments, *public.keywords.values()))
        try:
            names = {node.id for node in ast.walk(ast.parse(public.call, mode="eval")) if isinstance(node, ast.Name)}
        except SyntaxError:
            continue
        for name in names - {FUNCTIONS[question].name, "np", "float", "int"}:
            assert any(name in line.partition(" = ")[0].partition(":")[0] for line in lines)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("ex41", 1),
        ("q01", 1),
        (None, 1),
        ("ex41-conv2d", 0),
        ("ex41-conv2d", 99),
        ("ex41-conv2d", "1"),
        ("ex41-conv2d", True),
    ],
)
def test_what_does_not_exist_is_said(question, number, capsys):
    """A wrong id or number is answered with the legal ones, and nothing is returned."""
    assert example(question, number) == ()
    assert "public example" in capsys.readouterr().out

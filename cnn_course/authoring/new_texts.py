"""The texts that `new` writes: a question, its check, its public examples, a quiz item; each builds as it is."""

from __future__ import annotations

from string import Template

EXERCISE = Template('''\
# %% [markdown] id="$prefix-intro"
# # $title
#
# **You will** write $question, and see at once how far it comes.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `$function`: what it does | {points:$prefix-$question} |

# %% id="$prefix-setup" locked=true
try:
    from $kit import check, progress
except ImportError:
    raise ImportError("Put the folder $kit beside this notebook; it came with the assignment.") from None

# %% [markdown] id="$prefix-$question-prompt"
# ## 1. The first question ({worth:$prefix-$question})
#
# Say here what is asked: names, arguments, what is returned, and when a `ValueError` is raised.
#
# {examples:$prefix-$question}

# %% id="$prefix-$question" solution=true
def $function(number):
    """Return twice a number."""
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION

# %% id="$prefix-$question-try"
$function(3)

# %% id="$prefix-$question-test" points=1
check("$prefix-$question", lambda: $function)
### BEGIN HIDDEN TESTS
import $checks; $checks.grade("$prefix-$question", lambda: $function)
### END HIDDEN TESTS

# %% [markdown] id="$prefix-end"
# ## Where you stand

# %% id="$prefix-progress"
from $kit import progress
progress("$notebook")
''')

CHECK = Template('''\
"""Checks of $notebook: $title."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from $checks.cases import Aspect, Case
from $checks.function_question import FunctionQuestion
from $checks.question import Generator


def $function(number: int) -> int:
    """Return the right answer."""
    return 2 * number


def _by_hand(_: Generator) -> Iterator[Case]:
    yield Case("a small number", (3,))
    yield Case("zero", (0,))
    yield Case("a number below zero", (-7,))


def _fresh(rng: Generator) -> Iterator[Case]:
    for number in rng.integers(100, 1000, 3):
        yield Case("a number drawn anew", (int(number),))


FIRST = FunctionQuestion(
    id="$prefix-$question",
    name="$function",
    points=Fraction(1),
    reference=$function,
    returns="whole",
    aspects=(
        Aspect("small numbers", Fraction(1, 2), _by_hand, clue="Follow your function by hand for 3."),
        Aspect("large numbers", Fraction(1, 2), _fresh, clue="Which numbers does your function work for?"),
    ),
)

QUESTIONS = (FIRST,)
''')

EXAMPLES = Template('''\
"""Public examples of $notebook: small cases with results that can be followed by hand."""

from __future__ import annotations

from $kit.example import Example, FunctionExamples

FUNCTIONS: dict[str, FunctionExamples] = {
    "$prefix-$question": FunctionExamples(
        "$function",
        "whole",
        (Example.of("$function(4)", 8, "4 + 4."),),
    ),
}
''')

QUIZ = Template('''\
title = "$title"
intro = """
{questions:$notebook} short questions, {worth:$notebook} in all.

Answer by replacing `...` with **one letter in quotes**, for example `$item = "a"`, and run the cell below it.
"""
''')

ITEM = Template("""\

[[items]]
id = "$item"
title = "A new question"
prompt = "Ask here what **one** of the options answers."
type = "letter"
key = "b"
points = 1
why = "Say here why the key is right; students read it after grading."
[items.options]
a = "one wrong option"
b = "the right option"
c = "another wrong one"
[items.hints]
a = "Say here what leads away from the first option."
c = "Say here what leads away from the second one."
""")

FORMS = Template('''\
"""The form of the answers of $assignment."""

from __future__ import annotations

from $kit.form import Form, Letters

FORMS: dict[str, Form] = {}
"""Question id -> the form of its answer."""
''')

FORM = Template('FORMS["$item"] = Letters("abc")\n')

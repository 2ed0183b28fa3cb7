"""Expressions of the bank: exact arithmetic, listed functions, and nothing else."""

from fractions import Fraction

import pytest

from grader_tests.bank.expression import Expression


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(n - k) // 2 + 1", 3),
        ("-(-n // 2)", 4),
        ("n / 2", Fraction(7, 2)),
        ("n / 2 * 2 == n", True),
        ("2 ** k * 3", 24),
        ("0 < k <= 3 and not n < k or n == 0", True),
        ("(n, k)[1]", 3),
        ("twice(n) if k > 2 else k", 14),
        ("1 <= n <= 6", False),
    ],
)
def test_arithmetic(text: str, value: object) -> None:
    """Whole numbers stay whole, division is exact, comparisons chain."""
    assert Expression(text, {"twice": lambda x: 2 * x})({"n": 7, "k": 3}) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "n.real",
        "(lambda: 1)()",
        "[n for n in (1, 2)]",
        "f'{n}'",
        "'text'",
        "twice(x=1)",
        "(1, 2)[n]",
        "twice(*(1, 2))",
        "n := 3",
        "n @ 2",
        "n is k",
        "n & 1",
        "{1: 2}",
        "twice.__globals__",
        "1 if",
        "",
        "n" * 500,
        "(" * 300 + "1" + ")" * 300,
        "True",
        "1j",
    ],
)
def test_nothing_else_may_stand_in_it(text: str) -> None:
    """Anything beside arithmetic and calls of listed functions is refused before it is worked out."""
    with pytest.raises(ValueError, match=r"expression|no function"):
        Expression(text, {"twice": lambda x: 2 * x})


def test_a_function_that_is_not_listed_is_named() -> None:
    """The message holds the unknown name and the legal ones."""
    with pytest.raises(ValueError, match=r"no function 'thrice'; legal: twice"):
        Expression("thrice(1)", {"twice": lambda x: 2 * x})


@pytest.mark.parametrize(
    "text", ["n / (n - 7)", "n % 0", "missing + 1", "n ** 99", "99999999 ** 2", "(1, 2)[5]", "(1, 2) - 1"]
)
def test_impossible_arithmetic_is_an_error_with_the_numbers(text: str) -> None:
    """A division by zero, a missing number or a huge power names the expression."""
    with pytest.raises(ValueError, match="cannot be worked out for"):
        Expression(text, {})({"n": 7})

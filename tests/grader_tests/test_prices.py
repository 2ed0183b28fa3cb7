"""The price list: what it says is what is lost, and what it may not say stops with file, entry and rule."""

from fractions import Fraction
from pathlib import Path

import pytest

import grader_tests
from grader_tests.answers import wrong_answers
from grader_tests.prices import FILE, KINDS, MOST, prices, read_prices
from grader_tests.question import Question

MISTAKES = {"E41-flip": "ex41-conv2d"}
DEFAULTS = "[defaults]\nfunction = 0.5\nentries = 0.5\nform = 0.2\nnumber = 0.5\nletters = 0.5\n"


def read(folder: Path, text: str) -> None:
    """Read a price list with a text."""
    file = folder / "prices.toml"
    file.write_text(text, encoding="utf-8")
    read_prices(file, MISTAKES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = 1.5\n", "above 0 and at most 1, got 1.5"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = 0\n", "above 0 and at most 1, got 0"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = -0.1\n", "above 0 and at most 1, got -0.1"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = nan\n", "above 0 and at most 1, got nan"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = true\n", "above 0 and at most 1, got True"),
        (DEFAULTS + '[ex41-conv2d]\nE41-flip = "0.3"\n', "above 0 and at most 1, got '0.3'"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = 0.75\n", "needs a reason in why_more, got 0.75"),
        (DEFAULTS + '[ex41-conv2d]\nE41-flip = { costs = 0.75, why_more = " " }\n', "needs a reason"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flip = { costs = 0.5, why = 1 }\n", "legal keys are costs and why_more"),
        (DEFAULTS + "[ex41-conv2d]\nE41-flop = 0.3\n", "no known mistake 'E41-flop'"),
        (DEFAULTS + "[ex43-max-pool2d]\nE41-flip = 0.3\n", "no known mistake 'E41-flip'"),
        ("E41-flip = 0.3\n" + DEFAULTS, "must be a table"),
        ("[ex41-conv2d]\nE41-flip = 0.3\n", "must price exactly function, entries, number, letters, form"),
        ("[defaults\n", "not valid TOML"),
    ],
)
def test_a_bad_price_stops_with_file_entry_and_rule(tmp_path: Path, text: str, words: str) -> None:
    """Out of range, above half without a reason, for a mistake that does not exist: each is named."""
    with pytest.raises(ValueError, match=r"prices\.toml") as caught:
        read(tmp_path, text)
    assert words in str(caught.value)


def test_every_mistake_costs_at_most_half_or_says_why() -> None:
    """The list of the course holds to its rule; a letter and a number are the whole answer."""
    assert read_prices(FILE, {wrong.id: wrong.question for wrong in wrong_answers().values()})
    for wrong in wrong_answers().values():
        kind = grader_tests.QUESTIONS[wrong.question].kind
        price = prices().price(wrong.question, wrong.id, kind)
        assert kind in KINDS
        assert price.costs == grader_tests.QUESTIONS[wrong.question].price(wrong.id)
        assert 0 < price.costs <= MOST or price.why_more


def test_an_edited_price_is_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """An instructor who makes a mistake dearer or cheaper sees that in the points, spread over what fails."""
    flip = wrong_answers()["E41-flip"]
    for share in (Fraction(1, 10), Fraction(1, 2)):
        monkeypatch.setattr(Question, "price", lambda _question, _mistake, share=share: share)
        result = grader_tests.examine(flip.question, lambda: flip.answer, 3)
        assert result.points - result.earned == share * result.points
        assert all(0 <= aspect.earned <= aspect.points for aspect in result.aspects)


def test_a_second_fault_is_charged_on_its_own() -> None:
    """A flipped filter that also lets impossible layers through loses the price and the points for refusals."""

    def flipped(x, weight, bias=None, stride=1, padding=0):
        try:
            return wrong_answers()["E41-flip"].answer(x, weight, bias, stride, padding)
        except ValueError:
            return x

    result = grader_tests.examine("ex41-conv2d", lambda: flipped, 3)
    assert result.misconceptions == ("E41-flip",)
    assert result.points - result.earned == grader_tests.QUESTIONS["ex41-conv2d"].price("E41-flip") + Fraction(1, 20)


def test_one_mistake_in_many_entries_costs_its_price() -> None:
    """Forgotten biases fail all counts and their total; together they cost no more than the list says."""
    wrong = wrong_answers()["X-costs-parameters"]
    asked = grader_tests.QUESTIONS[wrong.question]
    result = grader_tests.examine(wrong.question, lambda: {**asked.expected, **wrong.answer}, 1)
    assert result.points - result.earned == grader_tests.QUESTIONS[wrong.question].price(wrong.id) * result.points
    assert sum(not aspect.held for aspect in result.aspects) > 3


ONE_IDEA = {
    "how deep a filter is": (
        "E40-no-depth",
        (
            *("X40-depth-forgotten", "X40-lc-no-depth", "X40-number-no-depth", "X40-total-no-depth"),
            *("X40-unshared-no-depth", "X41-no-depth", "E42-cost-no-depth", "X42-bottleneck-no-depth"),
        ),
    ),
    "that a filter has a bias": (
        "E40-bias-missing",
        ("X40-lc-no-bias", "X40-total-bias-missing", "X40-unshared-no-bias", "X41-no-bias"),
    ),
}


@pytest.mark.parametrize("idea", ONE_IDEA)
def test_how_many_numbers_a_filter_holds_is_charged_at_one_home(idea: str) -> None:
    """Whoever gets it wrong in every question of the exercises loses it once, and a trace where it is counted again."""
    home, again = ONE_IDEA[idea]
    known = wrong_answers()

    def costs(mistake: str) -> Fraction:
        question = grader_tests.QUESTIONS[known[mistake].question]
        return question.price(mistake) * question.points

    assert all(5 * costs(mistake) <= costs(home) or costs(mistake) <= Fraction(1, 40) for mistake in again)
    assert sum(map(costs, again)) <= Fraction(17, 100)

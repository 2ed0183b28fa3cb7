"""Exercise 44, constructed: condition numbers of a table of one's own, a learning rate, weights and units."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from grader_tests.construct_question import ConstructQuestion, Entry, Fault
from grader_tests.question import Generator
from student_kit.examples.constructed import CONSTRUCTED
from student_kit.plain import Array

FRUIT = np.array([[15.0, 1.0], [18.0, 3.0], [12.0, 2.0], [10.0, 5.0]])  # as in the notebook
RATING = np.array([1.0, 2.0, 3.0, 4.0])
SCALED_WEIGHTS, SCALED_BIAS = np.array([2.0, -1.0]), 3.0
STEPS, NEAR = 50, 0.01
EXACT_ENOUGH = 0.05  # numbers may be rounded


def forms_of(table: Array) -> dict[str, Array]:
    """Return a table as it is, centered, scaled and standardized."""
    mean, spread = table.mean(axis=0), table.std(axis=0)
    return {
        "raw": table,
        "centered": table - mean,
        "scaled": table / spread,
        "standardized": (table - mean) / spread,
    }


def _table(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    table = read["table"]
    if len(table) < 4 or (table == table[:1]).all(axis=0).any():
        return Fault("The table needs four rows or more, and no column may be constant.")
    if not np.isfinite(_conditions_of(table)).all() or _conditions_of(table).max() > 1e9:
        return Fault("One column is a multiple of the other, so a condition number is infinite.", "X44-table-dependent")
    if _conditions_of(table)[0] < 100:
        return Fault("The condition number of the raw table is below 100.", "X44-table-tame")
    return None


def _conditions_of(table: Array) -> Array:
    """Return the ratio of the eigenvalues of X^T X for the four forms."""
    values = [np.linalg.eigvalsh(form.T @ form) for form in forms_of(table).values()]
    return np.array([high / low if low > 1e-12 * high else np.inf for low, high in values])


def _conditions(read: Mapping[str, Array], rng: Generator) -> Fault | None:
    fault = _table(read, rng)
    if fault is not None:
        return Fault("They cannot be judged, because the table is not what was asked for.")
    got, right = read["conditions"], _conditions_of(read["table"])
    wrong = np.abs(got - right) > 0.01 * right
    if not wrong.any():
        return None
    if np.allclose(got, np.sqrt(right), rtol=0.01):
        return Fault("They are the square roots of what X^T X has.", "X44-conditions-root")
    if np.allclose(np.sort(got), np.sort(right), rtol=0.01):
        return Fault("The four numbers are right, but in another order.", "X44-conditions-order")
    names = [name for name, off in zip(forms_of(FRUIT), wrong, strict=True) if off]
    return Fault(f"Off by more than one percent: {', '.join(names)}.")


def distances(features: Array, rate: float) -> tuple[float, float]:
    """Return the distances of the weights to their best values, before and after `STEPS` steps from 0."""
    best = np.linalg.lstsq(features, RATING, rcond=None)[0]
    weights = np.zeros(2)
    for _ in range(STEPS):
        weights = weights - rate * features.T @ (features @ weights - RATING) / len(RATING)
    distance = float(np.linalg.norm(weights - best))
    return float(np.linalg.norm(best)), distance if np.isfinite(distance) else np.inf  # inf - inf is as far as can be


def _rate(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    rate = float(read["rate"])
    if rate <= 0:
        return Fault("A learning rate is a positive number.")
    (raw_start, raw), (start, end) = (distances(forms_of(FRUIT)[name], rate) for name in ("raw", "standardized"))
    if raw <= raw_start:
        return Fault(
            f"After {STEPS} steps the raw weights are not further away than at the start.", "X44-rate-raw-stable"
        )
    if end <= NEAR * start:
        return None
    if end > start:
        return Fault(f"After {STEPS} steps the standardized weights are further away, too.", "X44-rate-too-large")
    said = f"After {STEPS} steps the standardized weights are still {end / start:.0%} of the way off"
    if distances(forms_of(FRUIT)["standardized"], 0.95 * rate)[1] < end:
        return Fault(f"{said}, and with a slightly smaller rate less than that.", "X44-rate-too-large")
    return Fault(f"{said}.", "X44-rate-too-slow")


def _raw_weights(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    *weights, bias = read["raw_weights"]
    mean, spread = FRUIT.mean(axis=0), FRUIT.std(axis=0)
    wanted = (FRUIT - mean) / spread @ SCALED_WEIGHTS + SCALED_BIAS
    # The four fruits lie on no line, so that one model alone predicts the same for all of them.
    if np.abs(FRUIT @ weights + bias - wanted).max() < EXACT_ENOUGH:
        return None
    if np.allclose(weights, SCALED_WEIGHTS * spread, rtol=0.01):
        return Fault("The weights are multiplied by the spread of their columns.", "X44-weights-multiplied")
    if np.allclose([*weights, bias], _RIGHT_WEIGHTS, rtol=0.02):
        return Fault("These numbers are nearly right: keep four digits of each.")
    if np.allclose(weights, SCALED_WEIGHTS / spread, rtol=0.01):
        mistake = "X44-weights-bias-forgotten" if abs(bias - SCALED_BIAS) < 0.01 else ""
        return Fault("The two weights fit, the bias does not.", mistake)
    return Fault("On the fruits the predictions differ.")


def _unit(read: Mapping[str, Array], rng: Generator) -> Fault | None:  # noqa: ARG001 (nothing is drawn)
    factor = float(read["unit"])
    if factor <= 0:
        return Fault("A unit is a positive number of times the gram's number.")
    scaled = FRUIT * [factor, 1]
    to_apple = np.linalg.norm(scaled - scaled[1], axis=1)
    if np.argmin(np.where(np.arange(4) == 1, np.inf, to_apple)) != 0:
        return None
    if factor < 1:
        return Fault(
            "With this unit the apple's nearest neighbor is still the orange: the weight still counts too much."
        )
    return Fault("With this unit the apple's nearest neighbor is still the orange.", "X44-unit-larger")


_FORMS = CONSTRUCTED["ex44-why"]
_OWN = np.array([[100.0, 1.0], [110.0, 2.0], [120.0, 2.0], [130.0, 4.0]])
_MEAN, _SPREAD = FRUIT.mean(axis=0), FRUIT.std(axis=0)
_RIGHT_WEIGHTS = (*(SCALED_WEIGHTS / _SPREAD), SCALED_BIAS - float(SCALED_WEIGHTS @ (_MEAN / _SPREAD)))

WHY = ConstructQuestion(
    id="ex44-why",
    name="scaling",
    points=Fraction(1, 4),
    asked=(
        Entry("table", Fraction(1, 40), _FORMS["table"], _table, _OWN),
        Entry("conditions", Fraction(1, 20), _FORMS["conditions"], _conditions, _conditions_of(_OWN), ("table",)),
        Entry("rate", Fraction(3, 40), _FORMS["rate"], _rate, 0.5),
        Entry("raw_weights", Fraction(1, 20), _FORMS["raw_weights"], _raw_weights, np.array(_RIGHT_WEIGHTS)),
        Entry("unit", Fraction(1, 20), _FORMS["unit"], _unit, 0.001),
    ),
)

QUESTIONS = (WHY,)

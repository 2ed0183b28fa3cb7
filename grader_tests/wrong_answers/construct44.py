"""Mistakes in the constructions of Exercise 44."""

import numpy as np

from grader_tests.answers import WrongAnswer
from grader_tests.questions.construct44 import FRUIT, SCALED_BIAS, SCALED_WEIGHTS, WHY

WHY_ID = "ex44-why"
SPREAD = FRUIT.std(axis=0)
CONDITIONS = np.array(next(entry.right for entry in WHY.asked if entry.name == "conditions"))
BIAS = next(entry.right for entry in WHY.asked if entry.name == "raw_weights")[2]

WRONG_ANSWERS = (
    WrongAnswer(
        "X44-table-dependent",
        WHY_ID,
        "one column of `table` is a multiple of the other, as it stands or after centering",
        "Then the loss has a direction in which it does not change at all. Change one number.",
        {"table": [[1, 2], [2, 4], [3, 6], [4, 8]]},
    ),
    WrongAnswer(
        "X44-table-tame",
        WHY_ID,
        "the columns of `table` are too much alike",
        "What makes the loss of a raw table long and narrow? Try another unit, or numbers far from 0.",
        {"table": [[1, 2], [2, 1], [3, 5], [4, 3]]},
    ),
    WrongAnswer(
        "X44-conditions-root",
        WHY_ID,
        "`conditions` compares singular values of X",
        "The eigenvalues of X^T X are asked for. What does squaring do to a ratio?",
        {"conditions": np.sqrt(CONDITIONS)},
    ),
    WrongAnswer(
        "X44-conditions-order",
        WHY_ID,
        "the four numbers of `conditions` are in another order",
        "Raw, centered, scaled, standardized: which one belongs to which table?",
        {"conditions": CONDITIONS[[0, 2, 1, 3]]},
    ),
    WrongAnswer(
        "X44-rate-raw-stable",
        WHY_ID,
        "`rate` is small enough for the raw table",
        "Run 50 steps on the raw table and print the distance to the best weights. When does it grow?",
        {"rate": 0.005},
    ),
    WrongAnswer(
        "X44-rate-too-slow",
        WHY_ID,
        "`rate` is too small for the standardized table",
        "The raw table diverges already. How much larger may the rate be before the other one does?",
        {"rate": 0.05},
    ),
    WrongAnswer(
        "X44-rate-too-large",
        WHY_ID,
        "`rate` is too large for the standardized table, too",
        "2 divided by the largest curvature is where divergence begins. How large is that curvature?",
        {"rate": 2},
    ),
    WrongAnswer(
        "X44-weights-multiplied",
        WHY_ID,
        "the weights are multiplied by the standard deviations instead of divided",
        "A feature that counts in hundreds needs a smaller weight for the same effect, or a larger one?",
        {"raw_weights": (*(SCALED_WEIGHTS * SPREAD), BIAS)},
    ),
    WrongAnswer(
        "X44-weights-bias-forgotten",
        WHY_ID,
        "the bias is taken over as it is",
        "Put an average fruit into both models. Where does the mean that was subtracted go?",
        {"raw_weights": (*(SCALED_WEIGHTS / SPREAD), SCALED_BIAS)},
    ),
    WrongAnswer(
        "X44-unit-larger",
        WHY_ID,
        "with `unit` the weight counts as much as before, or more",
        "The neighbor changes when prices decide. Should the numbers for the weight become larger or smaller?",
        {"unit": 1000},
    ),
)

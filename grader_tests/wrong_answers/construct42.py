"""Mistakes in the constructions of Exercise 42."""

from grader_tests.answers import WrongAnswer

ROLE = "ex42-role"
ACROSS = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
HIGHER = [[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
TWICE = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [2, 2, 2, 2, 2], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]

WRONG_ANSWERS = (
    WrongAnswer(
        "X42-mix-order",
        ROLE,
        "the two rows of `mix` are exchanged",
        "Row 0 makes output channel 0. Which of the two is asked for first?",
        {"mix": [[1, -1, 0], [1 / 3, 1 / 3, 1 / 3]]},
    ),
    WrongAnswer(
        "X42-mix-sum",
        ROLE,
        "the first row of `mix` adds the three colors instead of averaging them",
        "Take a pixel with red, green and blue 90. How gray should it be?",
        {"mix": [[1, 1, 1], [1, -1, 0]]},
    ),
    WrongAnswer(
        "X42-mix-transposed",
        ROLE,
        "rows and columns of `mix` are exchanged",
        "A row holds what one filter does with red, green and blue. How many filters are there?",
        {"mix": [[1 / 3, 1, 1 / 3], [-1, 1 / 3, 0]]},
    ),
    WrongAnswer(
        "X42-reduced-c-minus-one",
        ROLE,
        "`largest_reduced` is one less than the channels of the input",
        "Fewer channels are not yet fewer multiplications: the 1 × 1 layer costs something too. Compare both sums.",
        {"largest_reduced": 255},
    ),
    WrongAnswer(
        "X42-reduced-one-too-many",
        ROLE,
        "`largest_reduced` is the first number of channels that saves nothing",
        "Put your number into question 3: is the detour cheaper than the direct way?",
        {"largest_reduced": 232},
    ),
    WrongAnswer(
        "X42-reduced-too-few",
        ROLE,
        "`largest_reduced` can still grow",
        "Put one more into question 3. When does the detour stop being cheaper?",
        {"largest_reduced": 32},
    ),
    WrongAnswer(
        "X42-pair-other-pixels",
        ROLE,
        "the images of `pair` are told apart by their pixels alone",
        "A 1 × 1 filter sees that one image is brighter. Use the same pixels in other places.",
        {"pair": [ACROSS, TWICE]},
    ),
    WrongAnswer(
        "X42-pair-equal",
        ROLE,
        "both images of `pair` are the same",
        "What may differ, if not the pixels?",
        {"pair": [ACROSS, ACROSS]},
    ),
    WrongAnswer(
        "X42-pair-not-told-apart",
        ROLE,
        "the 3 × 3 filter answers to both images of `pair` alike",
        "This filter looks for a horizontal stroke, wherever it lies. Which arrangement of the same pixels has none?",
        {"pair": [ACROSS, HIGHER]},
    ),
)

"""Mistakes in the constructions of Exercise 43."""

from grader_tests.answers import WrongAnswer

EXAMPLE = "ex43-example"

WRONG_ANSWERS = (
    WrongAnswer(
        "X43-example-constant",
        EXAMPLE,
        "a map has hardly any different values",
        "On a constant map everything is absorbed, so it shows nothing. Use three different values or more.",
        {"absorbed": [[[1, 1], [1, 1]], [[0, 1], [0, 1]]]},
    ),
    WrongAnswer(
        "X43-example-rolled",
        EXAMPLE,
        "what leaves at the right comes in again at the left",
        "An image that moves loses its last column, and zeros come in. `np.roll` does something else.",
        {"absorbed": [[[1, 0, 0, 2], [0, 0, 0, 0]], [[2, 1, 0, 0], [0, 0, 0, 0]]]},
    ),
    WrongAnswer(
        "X43-example-other-shift",
        EXAMPLE,
        "the second map is not the first one, moved by one cell to the right",
        "Write down both maps, row by row: every number should stand one column further to the right.",
        {"moved": [[[0, 1, 2], [0, 0, 0]], [[0, 0, 0], [0, 1, 2]]]},
    ),
    WrongAnswer(
        "X43-example-over-a-border",
        EXAMPLE,
        "a number of `absorbed` crosses the border of a window",
        "Draw the borders of the windows. In which of its two columns does a number have to start?",
        {"absorbed": [[[0, 1, 0, 2], [0, 0, 0, 0]], [[0, 0, 1, 0], [0, 0, 0, 0]]]},
    ),
    WrongAnswer(
        "X43-example-inside-a-window",
        EXAMPLE,
        "the numbers of `moved` stay inside their windows",
        "Which step takes a number into the next window?",
        {"moved": [[[1, 0, 2, 0], [0, 0, 0, 0]], [[0, 1, 0, 2], [0, 0, 0, 0]]]},
    ),
    WrongAnswer(
        "X43-lost-equal",
        EXAMPLE,
        "the two maps of `lost` are the same",
        "Change a number of which pooling keeps no trace.",
        {"lost": [[[5, 1], [2, 0]], [[5, 1], [2, 0]]]},
    ),
    WrongAnswer(
        "X43-lost-only-places",
        EXAMPLE,
        "the two maps of `lost` hold the same numbers",
        "Places inside a window are lost, but numbers are lost as well: which ones?",
        {"lost": [[[5, 1], [2, 0]], [[1, 5], [0, 2]]]},
    ),
    WrongAnswer(
        "X43-lost-largest-changed",
        EXAMPLE,
        "the largest number of a window of `lost` changes",
        "Which number of each window does pooling keep? All others are free.",
        {"lost": [[[5, 1], [2, 0]], [[6, 1], [2, 0]]]},
    ),
    WrongAnswer(
        "X43-pipeline-size-kept",
        EXAMPLE,
        "the convolution of `pipeline` keeps the size",
        "Nothing is padded here: at how many places does the filter fit?",
        {"pipeline": (11, 3, 11, 5)},
    ),
    WrongAnswer(
        "X43-pipeline-one-missing",
        EXAMPLE,
        "the map of `pipeline` is one cell too small",
        "The filter also fits at the very first place. Count the starts for 5 cells and a filter of 3.",
        {"pipeline": (10, 4, 6, 3)},
    ),
    WrongAnswer(
        "X43-pipeline-no-rest",
        EXAMPLE,
        "the map of `pipeline` comes out even",
        "For which sizes of a map does a row and a column fall away in windows of 2?",
        {"pipeline": (10, 3, 8, 4)},
    ),
    WrongAnswer(
        "X43-pipeline-rounded-up",
        EXAMPLE,
        "the pooled map of `pipeline` is rounded up",
        "What becomes of a row that does not fill a window?",
        {"pipeline": (10, 4, 7, 4)},
    ),
)

"""Mistakes in the constructions and tasks of Exercise 40."""

import numpy as np

from grader_tests.answers import WrongAnswer

LINKS, GRADIENT, SHIFT, TASKS = "ex40-local-connection", "ex40-sharing", "ex40-shift", "ex40-tasks"


def numbered(n, k, kind, own):
    """Return the matrix with the weights of each unit shared or its own."""
    rows = []
    for unit in range(n - k + 1):
        row = [0] * n
        for tap in range(n if kind == "dense" else k):
            place = tap if kind == "dense" else unit + tap
            row[place] = 1 + tap + (unit * (n if kind == "dense" else k) if own else 0)
        rows.append(row)
    return np.array(rows)


def local_shares(n, k, kind):
    return numbered(n, k, kind, own=kind == "dense")


def conv_does_not_share(n, k, kind):
    return numbered(n, k, kind, own=True)


def dense_shares(n, k, kind):
    return numbered(n, k, kind, own=kind == "local")


def with_padding(n, k, kind):
    before = (k - 1) // 2
    if kind == "dense":
        return np.arange(1, n * n + 1).reshape(n, n)
    full = np.zeros((n, n + k - 1), dtype=int)
    for unit in range(n):
        for tap in range(k):
            full[unit, unit + tap] = 1 + tap + (unit * k if kind == "local" else 0)
    return full[:, before : before + n]


def columns_are_units(n, k, kind):
    return numbered(n, k, kind, own=kind != "conv").T


def side_by_side(n, k, kind):
    if kind == "dense":
        return numbered(n, k, kind, own=True)
    matrix = np.zeros((n - k + 1, n), dtype=int)
    for unit in range(n - k + 1):
        for tap in range(k):
            if unit * k + tap < n:
                matrix[unit, unit * k + tap] = 1 + tap + (unit * k if kind == "local" else 0)
    return matrix


def only_whether(n, k, kind):
    return (numbered(n, k, kind, own=True) > 0).astype(int)


def from_zero(n, k, kind):
    matrix = numbered(n, k, kind, own=kind != "conv")
    return np.where(matrix > 0, matrix - 1, 0)


def windows_of(x, grad_output):
    return np.lib.stride_tricks.sliding_window_view(np.asarray(x), len(x) - len(grad_output) + 1)


def mean_of_positions(x, grad_output, shared):
    own = np.asarray(grad_output)[:, None] * windows_of(x, grad_output)
    return own.mean(axis=0) if shared else own


def never_added(x, grad_output, shared):
    return np.asarray(grad_output)[:, None] * windows_of(x, grad_output)


def sum_over_the_window(x, grad_output, shared):
    own = np.asarray(grad_output)[:, None] * windows_of(x, grad_output)
    return own.sum(axis=1) if shared else own


def last_position_only(x, grad_output, shared):
    own = np.asarray(grad_output)[:, None] * windows_of(x, grad_output)
    return own[-1] if shared else own


def largest_position(x, grad_output, shared):
    own = np.asarray(grad_output)[:, None] * windows_of(x, grad_output)
    return own.max(axis=0) if shared else own


def without_gradient(x, grad_output, shared):
    own = windows_of(x, grad_output) * 1.0
    return own.sum(axis=0) if shared else own


def turned_around(x, grad_output, shared):
    own = np.asarray(grad_output)[:, None] * windows_of(x, grad_output)[:, ::-1]
    return own.sum(axis=0) if shared else own


def always_added(x, grad_output, shared):
    return (np.asarray(grad_output)[:, None] * windows_of(x, grad_output)).sum(axis=0)


PLACES = {
    "A": "an edge in a photograph",
    "B": "an eye in a cropped passport picture",
    "C": "a word in a long recording",
    "D": "a column of the table",
    "E": "a digit on a page",
    "F": "one of the twelve sensors",
}
ANYWHERE = "ACE"  # where sharing fits
SLIPS = {
    (True, "a"): "could {place} just as well stand where another one stands now, and mean the same there?",
    (False, "b"): "is the place of {place} known before you look, and does it mean something else in each place?",
    (True, "c"): "fewer numbers are welcome in every task; what has to hold for {place} so that sharing does no harm?",
    (
        False,
        "d",
    ): "one shared filter gives a different response in each position anyway. What does that mean for {place}?",
}


def _slips():
    for key, place in PLACES.items():
        right = (True, "a") if key in ANYWHERE else (False, "b")
        for (verdict, letter), words in SLIPS.items():
            if (verdict, letter) != right:
                name = f"X40-tasks-{key}-{letter}"
                yield WrongAnswer(name, TASKS, "", f"{key}: {words.format(place=place)}", {key: (verdict, letter)})


def dense_for_each_input(n, k, kind):
    return np.arange(1, n * n + 1).reshape(n, n) if kind == "dense" else numbered(n, k, kind, own=kind == "local")


def numbered_by_cells(n, k, kind):
    matrix = numbered(n, k, kind, own=kind != "conv")
    return np.where(matrix > 0, np.arange(1, matrix.size + 1).reshape(matrix.shape), 0) if kind == "local" else matrix


def cases_exchanged(x, grad_output, shared):
    own = np.asarray(grad_output)[:, None] * windows_of(x, grad_output)
    return own if shared else own.sum(axis=0)


def numbered_by_inputs(n, k, kind):
    matrix = numbered(n, k, kind, own=kind != "conv")
    return np.where(matrix > 0, np.arange(1, n + 1), 0) if kind == "conv" else matrix


WRONG_ANSWERS = (
    WrongAnswer(
        "X40-links-local-shares",
        LINKS,
        "a locally connected layer uses one filter for all units",
        "A locally connected layer looks as near as a convolution. What is the one thing it does not do?",
        local_shares,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-conv-own",
        LINKS,
        "every unit of the convolution has weights of its own",
        "How many different weights does one filter hold, however many units there are?",
        conv_does_not_share,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-dense-shares",
        LINKS,
        "the units of the dense layer share their weights",
        "Two units of a dense layer read the same inputs. With the same weights, could they ever answer differently?",
        dense_shares,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-padded",
        LINKS,
        "the layer is padded, so that there are as many units as inputs",
        "There is no padding here: count the places where the filter fits completely.",
        with_padding,
    ),
    WrongAnswer(
        "X40-links-columns",
        LINKS,
        "units are columns and inputs are rows",
        "Which of the two is asked for as rows? Compare the shape with the first example.",
        columns_are_units,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-side-by-side",
        LINKS,
        "windows lie side by side",
        "By how many cells does the filter move from one unit to the next at stride 1?",
        side_by_side,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-ones",
        LINKS,
        "every link has the number 1",
        "Equal numbers mean the same weight. Do all links use one single weight?",
        only_whether,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-from-zero",
        LINKS,
        "weights are numbered from 0",
        "A 0 says that there is no link. Which number can the first weight have?",
        from_zero,
        (numbered,),
    ),
    WrongAnswer(
        "X40-gradient-mean",
        GRADIENT,
        "the gradients of all positions are averaged",
        "Make a shared weight larger by a little: every position changes the loss. Do these changes add up?",
        mean_of_positions,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-not-added",
        GRADIENT,
        "shared weights keep a gradient for each position",
        "A shared weight is one number. How many numbers does its gradient have?",
        never_added,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-other-axis",
        GRADIENT,
        "the sum runs over the weights instead of over the positions",
        "Which axis of the table of own gradients counts the positions, and which one stays?",
        sum_over_the_window,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-last",
        GRADIENT,
        "only the last position counts",
        "Is a result overwritten in a loop where it should be added to?",
        last_position_only,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-largest",
        GRADIENT,
        "the largest gradient of all positions is taken",
        "That is how max pooling passes gradients on. What do units that share a weight do?",
        largest_position,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-inputs-only",
        GRADIENT,
        "the gradient of the output is left out",
        "By how much the loss grows with an output is given. Where does your code use it?",
        without_gradient,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-turned",
        GRADIENT,
        "the inputs of each window are turned around",
        "Unit i reads x[i + k] with weight k. In which order do the inputs of one window come?",
        turned_around,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-gradient-always-added",
        GRADIENT,
        "own weights are added up as well",
        "With `shared=False` every unit has weights of its own. How many gradients are there then?",
        always_added,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-shift-zeros",
        SHIFT,
        "the line holds only zeros",
        "Set one cell to 1 and compute both responses before and after the step.",
        {"line": [0, 0, 0, 0, 0, 0]},
    ),
    WrongAnswer(
        "X40-shift-border",
        SHIFT,
        "something of the line crosses an end",
        "After the step the last cell is gone and a zero comes in. Which cells have to be 0 so that nothing is lost?",
        {"line": [0, 0, 0, 0, 0, 1]},
    ),
    WrongAnswer(
        "X40-shift-equal-weights",
        SHIFT,
        "the line is seen only by units of the unshared layer that happen to have equal weights",
        "Look at the rows of `unshared`: two units next to each other answer alike. Which ones do not?",
        {"line": [0, 1, 0, 0, 0, 0]},
    ),
    WrongAnswer(
        "X40-tasks-contradiction",
        TASKS,
        "a reason speaks against its own verdict",
        "Read each task together with the reason you chose: does it speak for sharing or against it?",
        {"A": (True, "b")},
    ),
    *_slips(),
    WrongAnswer(
        "X40-links-dense-square",
        LINKS,
        "the dense layer is given as many units as there are inputs",
        "The text says how many units to take for the dense layer too.",
        dense_for_each_input,
        (numbered,),
    ),
    WrongAnswer(
        "X40-links-gaps",
        LINKS,
        "the cells of the table are numbered instead of the weights",
        "Cells without a link have no weight. Which number comes after the last one of the first row?",
        numbered_by_cells,
        (numbered,),
    ),
    WrongAnswer(
        "X40-gradient-exchanged",
        GRADIENT,
        "the two cases of `shared` change places",
        "For which of them does the text ask for a table with a row for each unit?",
        cases_exchanged,
        (windows_of,),
    ),
    WrongAnswer(
        "X40-links-inputs",
        LINKS,
        "each link of the convolution gets the number of its input",
        "The second unit uses the same weights as the first one. Which number has its first link?",
        numbered_by_inputs,
        (numbered,),
    ),
)

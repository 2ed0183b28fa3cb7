"""Mistakes in the constructions and claims of Exercise 39."""

from grader_tests.answers import WrongAnswer

LAYERS, CLAIMS = "ex39-stride-padding", "ex39-claims"


def one_pixel(row, column):
    return [[int((i, j) == (row, column)) for j in range(5)] for i in range(5)]


WRONG_ANSWERS = (
    WrongAnswer(
        "X39-construct-odd-filter",
        LAYERS,
        "the filter of `no_same` has an odd side",
        "How many cells does this filter take away from a line? Can equally many zeros at each end bring them back?",
        {"no_same": (28, 3)},
    ),
    WrongAnswer(
        "X39-construct-small-image",
        LAYERS,
        "the image of `wasteful` is too small for its filter",
        "Of the windows along a side, those that touch the image are more than half. What happens with a longer side?",
        {"wasteful": (6, 3)},
    ),
    WrongAnswer(
        "X39-construct-large-filter",
        LAYERS,
        "the filter of `wasteful` is more than half as large as the image",
        "A large filter meets the image from far away. Which filters see only zeros more often?",
        {"wasteful": (9, 7)},
    ),
    WrongAnswer(
        "X39-construct-many-pixels",
        LAYERS,
        "`border_image` has not exactly one bright pixel",
        "Start with zeros only and set one cell to a positive number.",
        {"border_image": [[1] * 5] * 5},
    ),
    WrongAnswer(
        "X39-construct-inner-pixel",
        LAYERS,
        "the bright pixel of `border_image` can lie under the middle of the filter without padding",
        "Where can the middle of a 3 × 3 filter not go without padding? Lay the filter on paper and slide it.",
        {"border_image": one_pixel(2, 2)},
    ),
    WrongAnswer(
        "X39-claims-contradiction",
        CLAIMS,
        "a reason speaks against its own verdict",
        "Read each claim together with the reason you chose: does the reason support your True or False?",
        {"A": (False, "b")},
    ),
    WrongAnswer(
        "X39-claims-A-half",
        CLAIMS,
        "",
        "A: a window moves down as well as to the right. How many positions are left along each of the two?",
        {"A": (False, "a")},
    ),
    WrongAnswer(
        "X39-claims-A-weights",
        CLAIMS,
        "",
        "A: every window that is left uses the whole filter. So what does a stride of 2 leave out?",
        {"A": (True, "c")},
    ),
    WrongAnswer(
        "X39-claims-B-zeros",
        CLAIMS,
        "",
        "B: which weight is multiplied with a zero of the padding? Is it one that the filter did not have before?",
        {"B": (True, "b")},
    ),
    WrongAnswer(
        "X39-claims-B-bias",
        CLAIMS,
        "",
        "B: all units of a slice use one bias. What does a larger slice change about that?",
        {"B": (True, "c")},
    ),
    WrongAnswer("X39-claims-C-any", CLAIMS, "", "C: put in F = 4. How many zeros are that?", {"C": (True, "a")}),
    WrongAnswer(
        "X39-claims-C-image",
        CLAIMS,
        "",
        "C: try F = 3 on lines of 5 and of 50 cells. Does the padding that keeps the size depend on the line?",
        {"C": (False, "b")},
    ),
    WrongAnswer(
        "X39-claims-D-name",
        CLAIMS,
        "",
        "D: take 28 cells and stride 2 in question 5. How long is the output that Keras makes?",
        {"D": (True, "a")},
    ),
    WrongAnswer(
        "X39-claims-D-none",
        CLAIMS,
        "",
        "D: look at the first example of question 5: are there no zeros at stride 2?",
        {"D": (False, "c")},
    ),
    WrongAnswer(
        "X39-claims-E-weights",
        CLAIMS,
        "",
        "E: is any weight of a filter smaller because it stands at the edge? Count windows instead.",
        {"E": (True, "b")},
    ),
    WrongAnswer(
        "X39-claims-E-equal",
        CLAIMS,
        "",
        "E: in how many windows of 3 × 3 does the corner of a 5 × 5 image lie, and in how many its middle?",
        {"E": (False, "c")},
    ),
)

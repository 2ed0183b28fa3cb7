"""The form of constructions and claims in the exercises: what each entry consists of."""

from __future__ import annotations

from collections.abc import Mapping

from student_kit.constructed import Claims, Constructed, Numbers

CONSTRUCTED: dict[str, Mapping[str, Numbers]] = {
    "ex39-stride-padding": {
        "no_same": Numbers((2,), "a pair (size, kernel_size)", whole=True),
        "wasteful": Numbers((2,), "a pair (size, kernel_size)", whole=True),
        "border_image": Numbers((5, 5), "an image of 5 rows and 5 columns"),
    },
    "ex40-shift": {"line": Numbers((6,), "a line of 6 numbers")},
    "ex42-role": {
        "mix": Numbers((2, 3), "2 rows (output channels) of 3 numbers (input channels)"),
        "largest_reduced": Numbers((), "one whole number", whole=True),
        "pair": Numbers((2, 5, 5), "two images of 5 rows and 5 columns"),
    },
    "ex43-example": {
        "absorbed": Numbers((2, None, None), "two maps of the same shape"),
        "moved": Numbers((2, None, None), "two maps of the same shape"),
        "lost": Numbers((2, None, None), "two maps of the same shape"),
        "pipeline": Numbers((4,), "four sizes: image, filter, map, pooled map", whole=True),
    },
    "ex44-why": {
        "table": Numbers((None, 2), "a table of two columns"),
        "conditions": Numbers((4,), "four numbers"),
        "rate": Numbers((), "one number"),
        "raw_weights": Numbers((3,), "two weights and a bias"),
        "unit": Numbers((), "one number"),
    },
}
"""Question id -> the form of each entry."""

FORMS: dict[str, Constructed | Claims] = {
    **{question: Constructed(entries) for question, entries in CONSTRUCTED.items()},
    "ex39-claims": Claims(("A", "B", "C", "D", "E"), "abc"),
    "ex40-tasks": Claims(("A", "B", "C", "D", "E", "F"), "abcd"),
}
"""Question id -> the form of its answer."""

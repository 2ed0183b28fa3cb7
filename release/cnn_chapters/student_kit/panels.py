"""Panels of a picture of a result: planes of numbers side by side, on one color scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from student_kit.example import Example
from student_kit.plain import Array

# Pixels. A picture of five panels is 1375 wide, and a phone shows it on less than 300.
PANEL = 275
TOP = 110  # of the cells: below the call and the title of the panel
CELLS = 242
LARGEST_CELL = 88
BORDER = 11


@dataclass(frozen=True)
class Panel:
    """One plane and its place.

    Attributes
    ----------
    title : str
        What it is.
    numbers : array, shape (rows, columns)
        What it shows.
    largest : float
        The magnitude that has the darkest color; 0 is white.
    left, top : int
        Pixels: the corner of its first cell.
    side : float
        Pixels: the side of every cell; whole unless there are more cells than pixels.
    """

    title: str
    numbers: Array
    largest: float
    left: int
    side: float
    top: int = TOP

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of its cells in pixels."""
        rows, columns = self.numbers.shape
        return round(self.side * columns), round(self.side * rows)


def panels(example: Example, got: Array) -> list[Panel]:
    """Return input, filter, own result, expected result and, where the shapes agree, their difference."""
    expected = np.asarray(example.expected, dtype=np.float64)
    given = np.asarray(example.arguments[0], dtype=np.float64)
    planes = [("input", plane(given))]
    planes += [("filter", plane(weight)) for weight in example.arguments[1:2] if np.ndim(weight) >= 2]
    alone = len(planes)
    planes += [("your result", plane(got)), ("expected", plane(expected))]
    if got.shape == expected.shape:
        planes.append(("difference", plane(got - expected)))
    # One scale for all results, centered on 0: equal numbers have equal colors. What is given has scales of its own.
    largest = max(largest_of(numbers) for _, numbers in planes[alone:])
    found = []
    for place, (title, numbers) in enumerate(planes):
        most = max(*numbers.shape, 1)
        side = min(CELLS // most, LARGEST_CELL) or CELLS / most
        left = PANEL * place + round(PANEL - side * numbers.shape[1]) // 2
        found.append(Panel(title, numbers, largest_of(numbers) if place < alone else largest, left, side))
    return found


def plane(numbers: Array) -> Array:
    """Return the channels of the first image below each other: (N, C, H, W) -> (C * H, W)."""
    if numbers.ndim == 4:
        numbers = numbers[0]
    elif numbers.ndim == 3:
        numbers = numbers[:1]
    return numbers.reshape(-1, numbers.shape[-1])


def largest_of(numbers: Array) -> float:
    """Return the largest finite magnitude."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    return float(finite.max(initial=0.0))

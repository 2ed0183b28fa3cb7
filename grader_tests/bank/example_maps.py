"""The printed example of a convolution, and maps that known slips make of it: fresh digits from a drawn number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

import numpy as np

import cnn_ref
from student_kit.drawing import number_below

Table: TypeAlias = tuple[tuple[int, ...], ...]

FARTHEST = 3  # cells in which any two maps differ at least


@cache
def _digits(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return an image of digits 0 to 2, shape=(3, 5, 5), and a filter of -1, 0, 1, shape=(3, 3, 3)."""
    draws = [number_below(3, "example maps", number, place) for place in range(3 * 25 + 3 * 9)]
    cells = np.array(draws)
    return cells[:75].reshape(3, 5, 5), cells[75:].reshape(3, 3, 3) - 1


def _map(image: np.ndarray, taps: np.ndarray, stride: int, padding: int) -> np.ndarray:
    out = cnn_ref.conv2d(image[None].astype(float), taps[None].astype(float), stride=stride, padding=padding)
    cells: np.ndarray = out[0, 0]
    return cells


def example_map(number: int, slip: int) -> Table:
    """Return the map at stride 2 and padding 1; slip 1 to 4: no padding, filter turned, first channel alone, bias 1."""
    image, taps = _digits(number)
    made = {
        0: lambda: _map(image, taps, 2, 1),
        1: lambda: _map(image, taps, 1, 0),
        2: lambda: _map(image, taps[:, ::-1, ::-1], 2, 1),
        3: lambda: _map(image[:1], taps[:1], 2, 1),
        4: lambda: _map(image, taps, 2, 1) + 1,
    }[slip]()
    return _table(made)


def example_image(number: int, channel: int) -> Table:
    """Return one channel of the image."""
    return _table(_digits(number)[0][channel])


def example_filter(number: int, channel: int) -> Table:
    """Return one channel of the filter."""
    return _table(_digits(number)[1][channel])


def example_is_clear(number: int) -> bool:
    """Return whether any two of the five maps differ in several cells."""
    maps = [np.array(example_map(number, slip)) for slip in range(5)]
    pairs = [(one, two) for at, one in enumerate(maps) for two in maps[at + 1 :]]
    return all(int((one != two).sum()) >= FARTHEST for one, two in pairs)


def _table(cells: np.ndarray) -> Table:
    return tuple(tuple(int(cell) for cell in row) for row in np.rint(cells))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function for function in (example_map, example_image, example_filter, example_is_clear)
}
"""Name -> function."""

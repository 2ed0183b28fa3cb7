"""The explorers of `explore`: their titles, their scripts, and the pictures that stand in where scripts do not run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from student_kit.explorers import stills


@dataclass(frozen=True)
class Explorer:
    """One explorer.

    Attributes
    ----------
    file : str
        Name of its script in this folder, without ``.js``.
    title : str
        What it is about, in a few words.
    still : callable
        Draws the picture that stands in for it, as SVG.
    """

    file: str
    title: str
    still: Callable[[], str]


EXPLORERS: dict[str, Explorer] = {
    "conv": Explorer("conv", "a filter slides over an image: window, products, sum", stills.conv),
    "size": Explorer("size", "how many positions a window has along one side", stills.size),
    "padding": Explorer("padding", "what zeros around an image change", stills.padding),
    "dilation": Explorer("dilation", "a filter with holes", stills.dilation),
    "sharing": Explorer("sharing", "links and weights of dense, local and shared layers", stills.sharing),
    "one by one": Explorer("one_by_one", "mixing channels, and the work that a detour saves", stills.one_by_one),
    "pooling": Explorer("pooling", "windows, and what a shift changes", stills.pooling),
    "receptive field": Explorer("receptive_field", "what one unit sees of the input", stills.receptive_field),
    "scaling": Explorer("scaling", "gradient descent before and after scaling", stills.scaling),
}
"""Name -> explorer."""

"""The look that all pictures share: colors, text sizes, the light card they are drawn on."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

CARD = "#e6e9ee"  # a soft card: the same picture reads on a light page and does not glare on a dark one
SHEET = "#f4f5f7"  # cells and boxes on it
INK = "#1b1f24"
QUIET = "#6b7280"
LINE = "#9aa3ad"
PADDING = "#d2d7de"
# Okabe and Ito's colors: told apart with every common form of color blindness.
WINDOW = "#e69f00"
WEIGHT = "#56b4e9"
RESULT = "#009e73"
OTHER = "#cc79a7"
SERIES = (WEIGHT, WINDOW, RESULT, OTHER)
HATCHES = ("", "///", "...", "xxx")
TEXT = 11
SMALL = 9
DPI = 160


def card(width: float, height: float, title: str = "") -> Figure:
    """Return an empty figure of ``width`` x ``height`` inches on the shared background."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=CARD)
    if title:
        figure.suptitle(title, fontsize=TEXT + 1, color=INK, fontweight="bold")
    return figure


def bare(axes: Axes, title: str = "") -> None:
    """Take ticks and frame away from ``axes``; write ``title`` above it."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(CARD)
    for side in axes.spines.values():
        side.set_visible(False)
    if title:
        axes.set_title(title, fontsize=TEXT, color=INK)


def chart(axes: Axes) -> None:
    """Give ``axes`` the quiet frame of a chart."""
    axes.set_facecolor(CARD)
    axes.tick_params(colors=INK, labelsize=SMALL)
    for name, side in axes.spines.items():
        side.set_visible(name in {"left", "bottom"})
        side.set_color(LINE)

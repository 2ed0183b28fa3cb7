"""Costs as bars with their numbers written on them."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from cnn_ref.plot.style import HATCHES, INK, QUIET, SERIES, SMALL, TEXT, card, chart


def cost_bars(costs: Mapping[str, Mapping[str, int]], unit: str, title: str = "", *, width: float = 8.0) -> Figure:
    """Draw one stacked horizontal bar for each way of doing the same work.

    Parameters
    ----------
    costs : mapping of str to mapping of str to int
        Name of the way -> (name of the part -> cost). Parts are stacked in their order.
    unit : str
        What is counted, for example ``"multiplications"``.
    title : str
        Text above the picture.
    width : float
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When there is nothing to draw or a cost is negative.

    Examples
    --------
    >>> figure = cost_bars({"direct": {"5 × 5": 120_422_400}}, "multiplications")
    >>> any("120,422,400" in text.get_text() for text in figure.axes[0].texts)
    True
    """
    if not costs or any(value < 0 for parts in costs.values() for value in parts.values()):
        raise ValueError(f"costs must name at least one way, and no cost may be negative; got {dict(costs)}")
    totals = {name: sum(parts.values()) for name, parts in costs.items()}
    longest = max(totals.values()) or 1
    figure = card(width, 0.75 * len(costs) + 1.3)
    axes = figure.add_subplot()
    for row, (name, parts) in enumerate(costs.items()):
        left = 0
        for number, (part, value) in enumerate(parts.items()):
            bars = axes.barh(row, value, left=left, height=0.6, color=SERIES[number % 4], edgecolor=INK, linewidth=0.8)
            bars[0].set_hatch(HATCHES[number % 4])
            if len(parts) > 1 and value > 0.18 * longest:
                axes.text(
                    left + value / 2,
                    row,
                    f"{part}: {value:,}",
                    ha="center",
                    va="center",
                    fontsize=SMALL,
                    color=INK,
                    bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.5},
                )
            left += value
        note = (
            ""
            if len(parts) == 1 or len(costs) == 1
            else "  (" + " + ".join(f"{p} {v:,}" for p, v in parts.items()) + ")"
        )
        axes.text(
            totals[name] + 0.01 * longest,
            row,
            f"{totals[name]:,}",
            va="center",
            fontsize=TEXT,
            color=INK,
            fontweight="bold",
        )
        if note and all(v <= 0.18 * longest for v in parts.values()):
            axes.text(0, row + 0.46, note.strip(), va="center", fontsize=SMALL, color=QUIET)
    axes.set_yticks(range(len(costs)), list(costs))
    axes.set_ylim(len(costs) - 0.4, -0.6)
    axes.set_xlim(0, longest * 1.22)
    axes.set_xticks([])
    axes.set_xlabel(unit, fontsize=SMALL, color=INK)
    chart(axes)
    axes.tick_params(axis="y", labelsize=TEXT, length=0)
    if title:
        axes.set_title(title, fontsize=TEXT + 1, color=INK, fontweight="bold", loc="left")
    figure.tight_layout()
    return figure

"""The table of a network as text."""

from __future__ import annotations

from collections.abc import Iterable

from cnn_ref.networks.arithmetic import LayerReport

HEADINGS = ("layer", "kind", "output", "parameters", "MACs", "field")


def table(title: str, layers: Iterable[LayerReport], totals: Iterable[tuple[str, str]]) -> str:
    """Return the title, one line a layer, and the totals by name; numbers are aligned to the right."""
    rows = [HEADINGS, *map(_row, layers)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    rule = "-" * len(lines[0])
    ends = [f"{name:<22}{value:>18}" for name, value in totals]
    return "\n".join([title, rule, lines[0], rule, *lines[1:], rule, *ends])


def size(shape: tuple[int, ...]) -> str:
    """Return a shape as 96 x 55 x 55."""
    return " x ".join(str(length) for length in shape)


def _row(layer: LayerReport) -> tuple[str, ...]:
    return (
        layer.name + (" (side)" if layer.auxiliary else ""),
        layer.kind,
        size(layer.output_shape),
        f"{layer.parameters:,}" if layer.parameters else "-",
        f"{layer.multiply_accumulates:,}" if layer.multiply_accumulates else "-",
        size(layer.receptive_field),
    )


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    left = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
    right = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(left + right)

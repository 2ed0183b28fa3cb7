"""The table of a network as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnn_ref.networks.network import Network

HEADINGS = ("layer", "kind", "output", "parameters", "MACs", "field")


def table(network: Network) -> str:
    """Return one line a layer and the totals; numbers are aligned to the right."""
    rows = [HEADINGS]
    for layer in network.layers:
        rows.append(
            (
                layer.name + (" (side)" if layer.auxiliary else ""),
                layer.kind,
                size(layer.output_shape),
                f"{layer.parameters:,}" if layer.parameters else "-",
                f"{layer.multiply_accumulates:,}" if layer.multiply_accumulates else "-",
                size(layer.receptive_field),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    rule = "-" * len(lines[0])
    return "\n".join(
        [
            f"{network.name}, input {size(network.input_shape)}",
            rule,
            lines[0],
            rule,
            *lines[1:],
            rule,
            *_totals(network),
        ]
    )


def size(shape: tuple[int, ...]) -> str:
    """Return a shape as 96 x 55 x 55."""
    return " x ".join(str(length) for length in shape)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    left = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
    right = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(left + right)


def _totals(network: Network) -> list[str]:
    lines = [
        f"parameters            {network.parameters:>18,}",
        f"buffers               {network.buffers:>18,}",
        f"multiply-accumulates  {network.multiply_accumulates:>18,}",
        f"activations           {network.activations:>18,}",
        f"memory (float32)      {network.memory / 2**20:>18,.1f} MiB",
    ]
    return lines if network.confirmed else [*lines, "a total rests on a single source"]

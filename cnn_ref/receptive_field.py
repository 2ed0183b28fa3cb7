"""Receptive field and jump: which input cells one output cell depends on, through a stack of layers, along one axis.

Source: Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks, Distill (2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cnn_ref._integers import whole


@dataclass(frozen=True)
class ReceptiveField:
    """What an output cell sees along one axis; the values of the input itself are the defaults.

    Attributes
    ----------
    size : Fraction
        Input cells from the first to the last that one output cell depends on, padding included.
    jump : Fraction
        Input cells between the fields of neighboring output cells: the product of the strides.
    begin : Fraction
        Input cell where the field of output cell 0 begins; negative in the padding.
    """

    size: Fraction = Fraction(1)
    jump: Fraction = Fraction(1)
    begin: Fraction = Fraction(0)

    def after_window(self, kernel_size: int, stride: int, padding: int, dilation: int = 1) -> ReceptiveField:
        """Field after a convolution or pooling layer."""
        reach = dilation * (kernel_size - 1)  # cells of this layer's input between the first and the last tap
        return ReceptiveField(self.size + reach * self.jump, self.jump * stride, self.begin - padding * self.jump)

    def after_transposed_window(self, kernel_size: int, stride: int, padding: int) -> ReceptiveField:
        """Largest field after a transposed convolution: its output cells see up to ceil(kernel_size / stride) cells."""
        seen = -(-kernel_size // stride)
        first = -((kernel_size - 1 - padding) // stride)  # first cell of this layer's input that output cell 0 sees
        return ReceptiveField(self.size + (seen - 1) * self.jump, self.jump / stride, self.begin + first * self.jump)

    def joined(self, other: ReceptiveField) -> ReceptiveField:
        """Field of a sum or concatenation: from the earlier begin to the later end."""
        begin = min(self.begin, other.begin)
        end = max(self.begin + self.size, other.begin + other.size)
        return ReceptiveField(end - begin, max(self.jump, other.jump), begin)


def receptive_fields(layers: Sequence[Sequence[int]]) -> list[ReceptiveField]:
    """Receptive field after each of a stack of convolution or pooling layers, along one axis.

    Parameters
    ----------
    layers : sequence of (kernel_size, stride, padding, dilation)
        One entry a layer, first layer first; all but the kernel size may be left out (1, 0, 1).

    Returns
    -------
    list of ReceptiveField
        One entry a layer, with `size`, `jump` and `begin` in input cells.

    Raises
    ------
    ValueError
        If an entry has no or more than four numbers, or a number is out of range.
    TypeError
        If a number is not an integer.

    Examples
    --------
    >>> [int(field.size) for field in receptive_fields([(3,), (3,), (3,)])]  # three 3x3 see as far as one 7x7
    [3, 5, 7]
    """
    fields, field = [], ReceptiveField()
    for number, layer in enumerate(layers):
        field = field.after_window(*_settings(number, layer))
        fields.append(field)
    return fields


DEFAULTS = (1, 0, 1)  # stride, padding, dilation


def _settings(number: int, layer: Sequence[int]) -> tuple[int, int, int, int]:
    if not isinstance(layer, (tuple, list)) or not 1 <= len(layer) <= 4:
        raise ValueError(f"layers[{number}] must be (kernel_size, stride, padding, dilation) or less, got {layer!r}")
    settings = tuple(layer)
    kernel_size, stride, padding, dilation = settings + DEFAULTS[len(settings) - 1 :]
    return (
        whole(f"kernel_size of layers[{number}]", kernel_size, 1),
        whole(f"stride of layers[{number}]", stride, 1),
        whole(f"padding of layers[{number}]", padding, 0),
        whole(f"dilation of layers[{number}]", dilation, 1),
    )

"""A network and its totals."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

from cnn_ref._integers import whole
from cnn_ref.networks.arithmetic import BYTES_PER_VALUE, LayerReport, reports
from cnn_ref.networks.blocks import blocks
from cnn_ref.networks.description import Layer
from cnn_ref.networks.summary import size, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Network:
    """A network described as data; everything about it is computed from the description.

    Parameters
    ----------
    name : str
        What it is called, with its variant.
    description : tuple of Layer
        The layers in order (see `cnn_ref.networks.description`).
    input_shape : tuple of int
        (channels, height, width), or (features,).
    source : str
        Where the description comes from.
    confirmed : bool
        False where one of its totals rests on a single source.

    Raises
    ------
    ImpossibleLayerError
        If a layer cannot stand where it is; the error names it, the sizes, the rule and the nearest legal settings.
    ValueError, TypeError
        If a setting is out of range or of the wrong type, or two neighbors have the same name.

    Examples
    --------
    >>> from cnn_ref.networks.description import Conv
    >>> network = Network("one layer", (Conv(name="conv1", filters=96, kernel_size=11, stride=4),), (3, 227, 227))
    >>> network.output_shape, network.parameters, network.multiply_accumulates
    ((96, 55, 55), 34944, 105415200)
    """

    def __init__(
        self,
        name: str,
        description: tuple[Layer, ...],
        input_shape: tuple[int, ...],
        source: str = "",
        confirmed: bool = True,
    ) -> None:
        if len(input_shape) not in (1, 3):
            raise ValueError(f"input_shape must be (channels, height, width) or (features,), got {input_shape!r}")
        self.name, self.description, self.source, self.confirmed = name, tuple(description), source, confirmed
        self.input_shape = tuple(whole("input_shape", length, 1) for length in input_shape)
        self.layers, self.output_shape = reports(self.description, self.input_shape)

    def __repr__(self) -> str:
        return f"<Network {self.name}: {self.parameters:,} parameters, {self.multiply_accumulates:,} MACs>"

    def __getitem__(self, name: str) -> LayerReport:
        """Return the row of a layer by its path."""
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"{self.name} has no layer {name!r}; names are listed in .layers") from None

    @cached_property
    def _by_name(self) -> dict[str, LayerReport]:
        return {layer.name: layer for layer in self.layers}

    @property
    def parameters(self) -> int:
        """Numbers that training changes, side outputs included."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def buffers(self) -> int:
        """Numbers that are stored but not trained."""
        return sum(layer.buffers for layer in self.layers)

    @property
    def total_parameters(self) -> int:
        """Parameters and buffers: what Keras prints as the total."""
        return self.parameters + self.buffers

    @property
    def multiply_accumulates(self) -> int:
        """Products of one forward pass of one image at inference, without side outputs."""
        return sum(layer.multiply_accumulates for layer in self.layers if not layer.auxiliary)

    @property
    def connections(self) -> int:
        """Links between units, biases included, without side outputs."""
        return sum(layer.connections for layer in self.layers if not layer.auxiliary)

    @property
    def activations(self) -> int:
        """Values that one forward pass of one image stores, the input included, without side outputs."""
        inside = sum(layer.activations for layer in self.layers if not layer.auxiliary)
        return math.prod(self.input_shape) + inside

    @property
    def memory(self) -> int:
        """Bytes of activations, parameters and buffers in single precision."""
        return BYTES_PER_VALUE * (self.activations + self.total_parameters)

    @property
    def receptive_field(self) -> tuple[int, int]:
        """Height and width of the input, padding included, that an output cell depends on."""
        return self.layers[-1].receptive_field if self.layers else (1, 1)

    def summary(self) -> str:
        """Table of the layers as text: name, kind, output shape, parameters, multiply-accumulates, receptive field."""
        totals = {
            "parameters": f"{self.parameters:,}",
            "buffers": f"{self.buffers:,}",
            "multiply-accumulates": f"{self.multiply_accumulates:,}",
            "activations": f"{self.activations:,}",
            "memory (float32, MiB)": f"{self.memory / 2**20:,.1f}",
        }
        text = table(f"{self.name}, input {size(self.input_shape)}", self.layers, totals.items())
        return text if self.confirmed else f"{text}\na total rests on a single source"

    def plot(self) -> Figure:
        """Draw the blocks of the network with their shapes, parameters and costs (needs matplotlib).

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cnn_ref.plot.network_blocks import network_blocks

        shown = blocks(self.layers)
        beside = self.parameters - sum(block.parameters for block in shown)
        return network_blocks([("input", self.input_shape, 0, 0), *shown], self.name, beside)

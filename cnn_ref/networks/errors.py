"""The one error of the layer arithmetic."""

from __future__ import annotations


class ImpossibleLayerError(ValueError):
    """A layer that cannot stand where it is described.

    Attributes
    ----------
    layer : str
        Path of the layer, block/name.
    input_shape : tuple of int
        What reaches it.
    rule : str
        The rule that it breaks, with the received values.
    nearest : str
        The nearest settings that would be legal.
    """

    def __init__(self, layer: str, input_shape: tuple[int, ...], rule: str, nearest: str) -> None:
        """Keep the parts and put them into one sentence."""
        super().__init__(f"layer {layer!r} on an input of shape {input_shape}: {rule}; nearest legal: {nearest}")
        self.layer, self.input_shape, self.rule, self.nearest = layer, input_shape, rule, nearest

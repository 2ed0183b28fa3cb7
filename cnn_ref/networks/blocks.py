"""The top-level blocks of a network: the layers of each taken together, as its picture shows them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from cnn_ref.networks.arithmetic import LayerReport


class Block(NamedTuple):
    """A block: everything whose path begins with its name."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    multiply_accumulates: int


def blocks(layers: Iterable[LayerReport]) -> list[Block]:
    """Return the blocks that cost something or change the shape, in order; side outputs are left out.

    What does neither (ReLU, normalisation) is folded into the block before it.
    """
    found: list[Block] = []
    on_path = (layer for layer in layers if not layer.auxiliary)
    for name, members in groupby(on_path, lambda layer: layer.name.split("/")[0]):
        inside = list(members)
        parameters = sum(layer.parameters for layer in inside)
        costs = sum(layer.multiply_accumulates for layer in inside)
        block = Block(name, inside[-1].output_shape, parameters, costs)
        if found and not costs and block.shape == found[-1].shape:
            found[-1] = found[-1]._replace(parameters=found[-1].parameters + parameters)
        else:
            found.append(block)
    return found

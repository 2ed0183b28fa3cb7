"""The table of a network: one row a layer, made from its description by carrying the shape along."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cnn_ref.networks import description as d
from cnn_ref.networks.errors import ImpossibleLayerError
from cnn_ref.networks.rules import Fields, Measured, Shape, measure
from cnn_ref.receptive_field import ReceptiveField

BYTES_PER_VALUE = 4  # single precision


@dataclass(frozen=True)
class LayerReport:
    """One layer in its place, for one image.

    Attributes
    ----------
    name : str
        Path of the layer, block/name.
    kind : str
        Kind of layer, e.g. "Conv".
    input_shape, output_shape : tuple of int
        (channels, height, width) or (features,).
    parameters : int
        Numbers that training changes.
    buffers : int
        Numbers that are stored but not trained (running mean and variance).
    multiply_accumulates : int
        Products of convolution and linear layers; biases, pooling and normalisation are not counted.
    connections : int
        Links between units, biases included, as LeCun counted them.
    activations : int
        Values of the output that take memory of their own: 0 for what works in place or only looks at its input.
    receptive_field : tuple of int
        Height and width of the part of the network's input (padding included) that one output cell depends on.
    jump : tuple of int
        Input cells between the fields of neighboring output cells; 0 where a transposed convolution goes below one.
    auxiliary : bool
        Whether the layer belongs to a side output that inference leaves out.
    """

    name: str
    kind: str
    input_shape: Shape
    output_shape: Shape
    parameters: int
    buffers: int
    multiply_accumulates: int
    connections: int
    activations: int
    receptive_field: tuple[int, int]
    jump: tuple[int, int]
    auxiliary: bool = False

    @property
    def memory(self) -> int:
        """Bytes of activations, parameters and buffers in single precision."""
        return BYTES_PER_VALUE * (self.activations + self.parameters + self.buffers)


def reports(layers: Iterable[d.Layer], input_shape: Shape) -> tuple[tuple[LayerReport, ...], Shape]:
    """Return a row for each layer, in the order of the description, and the shape of the output."""
    rows: list[LayerReport] = []
    shape, _ = _walk(layers, "", input_shape, (ReceptiveField(), ReceptiveField()), rows)
    return tuple(rows), shape


def _walk(
    layers: Iterable[d.Layer], path: str, shape: Shape, fields: Fields, rows: list[LayerReport]
) -> tuple[Shape, Fields]:
    names: set[str] = set()
    for layer in layers:
        if not layer.name or "/" in layer.name or layer.name in names:
            raise ValueError(f"names must differ and hold no slash: {layer.name!r} in {path or 'the network'!r}")
        names.add(layer.name)
        shape, fields = _step(layer, f"{path}{layer.name}", shape, fields, rows)
    return shape, fields


def _step(layer: d.Layer, path: str, shape: Shape, fields: Fields, rows: list[LayerReport]) -> tuple[Shape, Fields]:
    if isinstance(layer, d.Block):
        return _walk(layer.layers, f"{path}/", shape, fields, rows)
    if isinstance(layer, d.Auxiliary):
        side: list[LayerReport] = []
        _walk(layer.layers, f"{path}/", shape, fields, side)
        rows.extend(replace(row, auxiliary=True) for row in side)
        return shape, fields
    if isinstance(layer, d.Parallel):
        measured = _parallel(layer, path, shape, fields, rows)
    else:
        measured = measure(layer, path, shape, fields)
    rows.append(_report(layer, path, shape, measured))
    return measured.output_shape, measured.fields


def _parallel(layer: d.Parallel, path: str, shape: Shape, fields: Fields, rows: list[LayerReport]) -> Measured:
    ends = [
        _walk(branch, f"{path}/{number}/", shape, fields, rows) for number, branch in enumerate(layer.branches, start=1)
    ]
    shapes = [shape for shape, _ in ends]
    joined = _added(path, shape, shapes) if layer.join == "add" else _concatenated(path, shape, shapes)
    rows_field, columns_field = ends[0][1]
    for _, (other_rows, other_columns) in ends[1:]:
        rows_field, columns_field = rows_field.joined(other_rows), columns_field.joined(other_columns)
    return Measured(joined, (rows_field, columns_field))


def _added(path: str, shape: Shape, shapes: list[Shape]) -> Shape:
    if len(set(shapes)) > 1:
        target = shapes[0]
        raise ImpossibleLayerError(
            path,
            shape,
            f"branches that are added must have the same shape, got {' and '.join(map(str, shapes))}",
            f"a 1x1 convolution with {target[0]} filters and a stride that gives {target[1:]} on each other branch",
        )
    return shapes[0]


def _concatenated(path: str, shape: Shape, shapes: list[Shape]) -> Shape:
    if len({branch[1:] for branch in shapes}) > 1:
        raise ImpossibleLayerError(
            path,
            shape,
            f"branches that are concatenated must have the same height and width, got {' and '.join(map(str, shapes))}",
            f"strides, paddings or crops with which each branch gives {min(branch[1:] for branch in shapes)}",
        )
    return (sum(branch[0] for branch in shapes), *shapes[0][1:])


def _report(layer: d.Layer, path: str, shape: Shape, measured: Measured) -> LayerReport:
    rows, columns = measured.fields
    return LayerReport(
        name=path,
        kind=_kind(layer),
        input_shape=shape,
        output_shape=measured.output_shape,
        parameters=measured.parameters,
        buffers=measured.buffers,
        multiply_accumulates=measured.multiply_accumulates,
        connections=measured.connections,
        activations=math.prod(measured.output_shape) if measured.stored else 0,
        receptive_field=(math.ceil(rows.size), math.ceil(columns.size)),
        jump=(int(rows.jump), int(columns.jump)),
    )


def _kind(layer: d.Layer) -> str:
    if isinstance(layer, d.Elementwise):
        return layer.kind
    if isinstance(layer, d.Parallel):
        return "Add" if layer.join == "add" else "Concatenate"
    if isinstance(layer, d.Pool):
        return "MaxPool" if layer.kind == "max" else "AveragePool"
    return type(layer).__name__

"""Pictures of convolutional networks, drawn from numbers (needs matplotlib).

Every function returns a :class:`matplotlib.figure.Figure` (or an animation) and touches no global
state. Nothing is told by color alone: windows have thick borders, padding is hatched, cells carry
their numbers; and figures bring their own light background, so that they read on dark pages too.
"""

from cnn_ref.plot.convolution import convolution_animation, convolution_sizes, convolution_step, filter_connections
from cnn_ref.plot.costs import cost_bars
from cnn_ref.plot.grid import draw_grid
from cnn_ref.plot.network_blocks import network_blocks
from cnn_ref.plot.networks import network_diagram
from cnn_ref.plot.pooling import pooling_windows
from cnn_ref.plot.receptive_field import receptive_field_growth
from cnn_ref.plot.scaling import loss_contours

__all__ = [
    "convolution_animation",
    "convolution_sizes",
    "convolution_step",
    "cost_bars",
    "draw_grid",
    "filter_connections",
    "loss_contours",
    "network_blocks",
    "network_diagram",
    "pooling_windows",
    "receptive_field_growth",
]

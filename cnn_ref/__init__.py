"""The right answers: reference operations of convolutional networks in NumPy."""

from cnn_ref import networks
from cnn_ref.convolution import conv1d, conv1d_backward, conv2d, conv2d_backward
from cnn_ref.costs import (
    bottleneck_multiplications,
    conv_multiplications,
    depthwise_separable_multiplications,
    factorised_multiplications,
)
from cnn_ref.depth import depth_slice, depth_slice_backward
from cnn_ref.global_pooling import (
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnn_ref.inverted_dropout import dropout, dropout_backward
from cnn_ref.layer_parameters import (
    batch_norm_parameters,
    dense_parameters,
    depthwise_separable_parameters,
    dropout_parameters,
    locally_connected_parameters,
    pooling_parameters,
)
from cnn_ref.layers import (
    dense,
    dense_backward,
    flatten,
    flatten_backward,
    relu,
    relu_backward,
    softmax,
    softmax_backward,
)
from cnn_ref.locally_connected import locally_connected2d, locally_connected2d_backward
from cnn_ref.lp_pooling import lp_pool2d, lp_pool2d_backward
from cnn_ref.normalisation import (
    batch_norm_inference,
    batch_norm_inference_backward,
    batch_norm_train,
    batch_norm_train_backward,
)
from cnn_ref.parameters import (
    connections_per_unit,
    conv_parameters,
    filter_shape,
    shared_parameters,
    unshared_parameters,
)
from cnn_ref.pointwise import conv1x1, conv1x1_backward
from cnn_ref.pooling import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from cnn_ref.receptive_field import ReceptiveField, receptive_fields
from cnn_ref.same_size import same_output_size, same_padding, same_padding_sides
from cnn_ref.scaling import condition_number, largest_stable_learning_rate, min_max_scale, standardize
from cnn_ref.separable import (
    depthwise_conv2d,
    depthwise_conv2d_backward,
    separable_conv2d,
    separable_conv2d_backward,
)
from cnn_ref.sizes import (
    conv_output_shape,
    conv_output_size,
    effective_kernel_size,
    full_output_size,
    full_padding,
    pool_output_size,
    transposed_output_size,
)
from cnn_ref.toeplitz import conv_matrix
from cnn_ref.transposed import conv_transpose2d, conv_transpose2d_backward
from cnn_ref.transposed1d import conv_transpose1d, conv_transpose1d_backward
from cnn_ref.unpooling import max_unpool2d, max_unpool2d_backward

__all__ = [
    "ReceptiveField",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm_inference",
    "batch_norm_inference_backward",
    "batch_norm_parameters",
    "batch_norm_train",
    "batch_norm_train_backward",
    "bottleneck_multiplications",
    "condition_number",
    "connections_per_unit",
    "conv1d",
    "conv1d_backward",
    "conv1x1",
    "conv1x1_backward",
    "conv2d",
    "conv2d_backward",
    "conv_matrix",
    "conv_multiplications",
    "conv_output_shape",
    "conv_output_size",
    "conv_parameters",
    "conv_transpose1d",
    "conv_transpose1d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "dense",
    "dense_backward",
    "dense_parameters",
    "depth_slice",
    "depth_slice_backward",
    "depthwise_conv2d",
    "depthwise_conv2d_backward",
    "depthwise_separable_multiplications",
    "depthwise_separable_parameters",
    "dropout",
    "dropout_backward",
    "dropout_parameters",
    "effective_kernel_size",
    "factorised_multiplications",
    "filter_shape",
    "flatten",
    "flatten_backward",
    "full_output_size",
    "full_padding",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "largest_stable_learning_rate",
    "locally_connected2d",
    "locally_connected2d_backward",
    "locally_connected_parameters",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_unpool2d",
    "max_unpool2d_backward",
    "min_max_scale",
    "networks",
    "pool_output_size",
    "pooling_parameters",
    "receptive_fields",
    "relu",
    "relu_backward",
    "same_output_size",
    "same_padding",
    "same_padding_sides",
    "separable_conv2d",
    "separable_conv2d_backward",
    "shared_parameters",
    "softmax",
    "softmax_backward",
    "standardize",
    "transposed_output_size",
    "unshared_parameters",
]

"""The networks of the lectures as data, and layer arithmetic for any other.

`NETWORKS[name]()` returns a `Network` with `.parameters`, `.multiply_accumulates`, `.output_shape`, `.layers`,
`.summary()` and `.plot()`. Where a network exists in several forms, its function's docstring says which one carries the
plain name; the others are arguments. A multiply-accumulate is one multiplication and one addition of a convolution or
linear layer, for one image at inference; biases, pooling and normalisation are not counted. `parameters` are what
training changes, `buffers` the running statistics; Keras' totals are their sum.

Networks with a total that rests on a single source have `.confirmed` False.

Examples
--------
>>> network = NETWORKS["lenet5"]("modern")
>>> network.parameters, network.multiply_accumulates, network.output_shape
(61706, 416520, (10,))
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnn_ref.networks.alexnet import alexnet, alexnet_ungrouped, zfnet
from cnn_ref.networks.arithmetic import LayerReport
from cnn_ref.networks.densenet import densenet121
from cnn_ref.networks.errors import ImpossibleLayerError
from cnn_ref.networks.googlenet import googlenet
from cnn_ref.networks.inception import bn_inception, inception_v3
from cnn_ref.networks.inception_resnet import inception_resnet_v2
from cnn_ref.networks.keras_slides import keras_slides
from cnn_ref.networks.lenet import lenet5, lenet1995
from cnn_ref.networks.network import Network
from cnn_ref.networks.resnet import resnet34, resnet50, resnet101, resnet152, resnext50_32x4d
from cnn_ref.networks.unet import unet
from cnn_ref.networks.vgg import vgg_a, vgg_b, vgg_c, vgg_d, vgg_e
from cnn_ref.networks.wav2letter import wav2letter
from cnn_ref.networks.xception import xception

NETWORKS: Mapping[str, Callable[..., Network]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            lenet1995,
            lenet5,
            alexnet,
            alexnet_ungrouped,
            zfnet,
            vgg_a,
            vgg_b,
            vgg_c,
            vgg_d,
            vgg_e,
            googlenet,
            bn_inception,
            inception_v3,
            resnet34,
            resnet50,
            resnet101,
            resnet152,
            resnext50_32x4d,
            densenet121,
            xception,
            inception_resnet_v2,
            unet,
            wav2letter,
            keras_slides,
        )
    }
)
"""The lectures' networks by name, in the order of their history."""

__all__ = ["NETWORKS", "ImpossibleLayerError", "LayerReport", "Network"]

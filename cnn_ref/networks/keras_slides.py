"""The Keras model of the lecture slides."""

from __future__ import annotations

from cnn_ref.networks.description import Dense, Elementwise, Flatten, Layer, conv, max_pool, relu
from cnn_ref.networks.network import Network


def keras_slides() -> Network:
    """Return the slides' classifier of 28x28 digits: 538,698 parameters, 14,014,976 multiply-accumulates.

    Returns
    -------
    Network
        Only the first convolution keeps the size, so that no more than 64 values reach `Flatten`.

    Notes
    -----
    Source: the course's Keras slides; counts confirmed with Keras.

    Examples
    --------
    >>> keras_slides().parameters
    538698
    """
    layers: tuple[Layer, ...] = (
        *conv("conv1", 32, 5, padding="same"),
        max_pool("pool1", 2),
        *conv("conv2", 64, 5),
        *conv("conv3", 128, 5),
        *conv("conv4", 64, 5),
        max_pool("pool2", 2),
        Flatten(name="flatten"),
        Dense(name="dense", units=1024),
        relu("dense_relu"),
        Elementwise(name="dropout", kind="Dropout"),
        Dense(name="output", units=10),
    )
    return Network("Keras model of the slides", layers, (1, 28, 28), "lecture slides; Keras")

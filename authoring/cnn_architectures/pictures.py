"""The pictures of the architectures, drawn from the numbers that the text beside them names."""

from __future__ import annotations

from pathlib import Path

from cnn_ref import plot
from cnn_ref.networks import NETWORKS

# What the slide of question 1 of the third notebook shows, first channel.
SLIDE_X = [[1, 1, 0, 0, 2], [1, 1, 0, 1, 0], [1, 1, 1, 2, 1], [1, 0, 2, 0, 2], [0, 0, 2, 1, 0]]
SLIDE_F = [[1, 1, 1], [1, 0, -1], [-1, 0, 1]]

SETTINGS = {
    "conv1": "conv 32\n5 × 5, same",
    "pool1": "max pool\n2 × 2",
    "conv2": "conv 64\n5 × 5",
    "conv3": "conv 128\n5 × 5",
    "conv4": "conv 64\n5 × 5",
    "pool2": "max pool\n2 × 2",
    "flatten": "flatten",
    "dense": "dense",
    "output": "dense",
}


def draw(folder: Path) -> None:
    """Draw all pictures of this assignment into a folder."""
    keras = NETWORKS["keras_slides"]()
    told = {"dense", "output"}  # the volumes between are asked for
    stages = [(words, keras[name].output_shape if name in told else None) for name, words in SETTINGS.items()]
    pictures = {
        "arch1-keras": plot.network_diagram([("", keras.input_shape), *stages]),
        "arch2-field": plot.receptive_field_growth([(3, 1), (4, 2)], size=14),
        "arch3-slide": plot.convolution_step(SLIDE_X, SLIDE_F, (1, 0), stride=2, padding=1, upto=True),
    }
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})  # the same bytes whatever wrote them

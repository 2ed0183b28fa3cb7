"""Wav2letter: one-dimensional convolutions on speech, written as images of height 1."""

from __future__ import annotations

from typing import Literal

from cnn_ref._integers import whole
from cnn_ref.networks.description import Conv, Layer, conv
from cnn_ref.networks.network import Network


def wav2letter(features: Literal["raw", "mfcc"] = "raw", length: int | None = None) -> Network:
    """Wav2letter with 40 letters, in torchaudio's layout.

    Parameters
    ----------
    features : {"raw", "mfcc"}
        "raw": the wave itself, 26,211,290 parameters; "mfcc": 13 coefficients a frame, 23,304,540. Both counts come
        from this description alone.
    length : int, optional
        Samples or frames; one second by default (16,000 samples or 100 frames). The cost depends on it.

    Returns
    -------
    Network
        Shapes are (channels, 1, time).

    Raises
    ------
    ValueError
        If there are no such features or the input is too short.

    Notes
    -----
    Source: Collobert, Puhrsch and Synnaeve, Wav2Letter, arXiv 1609.03193, figure 2; torchaudio.models.Wav2Letter.

    Examples
    --------
    >>> wav2letter().parameters, wav2letter("mfcc").parameters
    (26211290, 23304540)
    """
    if features not in ("raw", "mfcc"):
        raise ValueError(f'features must be "raw" or "mfcc", got {features!r}')
    raw = features == "raw"
    cells = (16_000 if raw else 100) if length is None else whole("length", length, 1)
    layers: list[Layer] = list(_conv1d("wave", 250, 250, 160, 45)) if raw else []
    layers += _conv1d("conv1", 250, 48, 2, 23)
    for number in range(2, 9):
        layers += _conv1d(f"conv{number}", 250, 7, 1, 3)
    layers += [*_conv1d("conv9", 2000, 32, 1, 16), *_conv1d("conv10", 2000, 1)]
    layers.append(Conv(name="letters", filters=40, kernel_size=(1, 1)))
    shape = (1 if raw else 13, 1, cells)
    return Network(f"Wav2letter ({features})", tuple(layers), shape, "torchaudio.models.Wav2Letter", confirmed=False)


def _conv1d(name: str, filters: int, kernel_size: int, stride: int = 1, padding: int = 0) -> tuple[Layer, ...]:
    return conv(name, filters, (1, kernel_size), stride=(1, stride), padding=(0, padding))

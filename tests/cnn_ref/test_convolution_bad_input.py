"""Arguments that no convolution can have: the error says the rule, what came, and what is legal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnn_ref import (
    conv1d,
    conv1x1,
    conv2d,
    conv2d_backward,
    conv_matrix,
    conv_transpose2d,
    conv_transpose2d_backward,
    depth_slice,
    depth_slice_backward,
    locally_connected2d,
    locally_connected2d_backward,
)

IMAGE, WEIGHT = np.ones((2, 4, 5, 6)), np.ones((6, 4, 3, 3))
TWO_GROUPS = np.ones((6, 2, 3, 3))
OWN = np.ones((3, 4, 1, 4, 3, 3))

VALUE_ERRORS: dict[str, tuple[Callable[[], Any], str]] = {
    "image without batch": (lambda: conv2d(IMAGE[0], WEIGHT), r"input must have 4 axes \(N, C, H, W\), got 3 axes"),
    "image of five axes": (lambda: conv2d(IMAGE[None], WEIGHT), r"input must have 4 axes"),
    "ragged image": (lambda: conv2d([[[[1, 2], [3]]]], WEIGHT), r"input must be a rectangular array"),
    "weight of two axes": (lambda: conv2d(IMAGE, WEIGHT[0, 0]), r"weight must have 4 axes \(O, C/groups, kH, kW\)"),
    "sequence of four axes": (lambda: conv1d(IMAGE, WEIGHT), r"input must have 3 axes \(N, C, W\), got 4"),
    "1x1 weight of four axes": (lambda: conv1x1(IMAGE, WEIGHT), r"weight must have 2 axes \(O, C\)"),
    "no filters": (lambda: conv2d(IMAGE, WEIGHT[:0]), r"weight must have at least one cell along O"),
    "no taps": (lambda: conv2d(IMAGE, WEIGHT[:, :, :0]), r"weight must have at least one cell along kH"),
    "no channels": (lambda: conv2d(IMAGE[:, :0], WEIGHT), r"input must have at least one cell along C"),
    "no rows": (lambda: conv2d(IMAGE[:, :, :0], WEIGHT, padding=3), r"input must have at least one cell along H"),
    "channels differ": (lambda: conv2d(IMAGE, WEIGHT[:, :3]), r"input has 4 channels, groups 1.*reads 3; legal: 4"),
    "1x1 channels differ": (lambda: conv1x1(IMAGE, WEIGHT[:, :3, 0, 0]), r"input has 4 channels.*reads 3; legal: 4"),
    "groups do not divide": (lambda: conv2d(IMAGE, WEIGHT, groups=3), r"groups must divide .* groups 3, 4 channels"),
    "groups do not divide filters": (lambda: conv2d(IMAGE, WEIGHT[:5], groups=2), r"groups 2, 4 channels, 5 filters"),
    "groups with whole weight": (lambda: conv2d(IMAGE, WEIGHT, groups=2), r"reads 4; legal: 2"),
    "group weight without groups": (lambda: conv2d(IMAGE, TWO_GROUPS), r"reads 2; legal: 4"),
    "groups zero": (lambda: conv2d(IMAGE, WEIGHT, groups=0), r"groups must be an integer of at least 1, got 0"),
    "bias too long": (lambda: conv2d(IMAGE, WEIGHT, np.ones(7)), r"bias must have shape \(O\) = \(6,\), got \(7,\)"),
    "bias of two axes": (lambda: conv2d(IMAGE, WEIGHT, np.ones((6, 1))), r"bias must have 1 axes \(O\)"),
    "stride zero": (lambda: conv2d(IMAGE, WEIGHT, stride=0), r"stride must be an integer of at least 1, got 0"),
    "stride negative": (lambda: conv2d(IMAGE, WEIGHT, stride=(1, -2)), r"stride\[1\] .* at least 1, got -2"),
    "three strides": (lambda: conv2d(IMAGE, WEIGHT, stride=(1, 1, 1)), r"stride must be .*\(height, width\), got 3"),
    "dilation zero": (lambda: conv2d(IMAGE, WEIGHT, dilation=0), r"dilation must be an integer of at least 1, got 0"),
    "padding negative": (
        lambda: conv2d(IMAGE, WEIGHT, padding=-1),
        r"padding must be an integer of at least 0, got -1",
    ),
    "three paddings": (lambda: conv2d(IMAGE, WEIGHT, padding=(1, 1, 1)), r"padding must be .* got 3 values"),
    "three ends": (lambda: conv2d(IMAGE, WEIGHT, padding=((1, 1, 1), 1)), r"padding must be .*\(\(top, bottom\)"),
    "padding word": (lambda: conv2d(IMAGE, WEIGHT, padding="SAME"), r"'valid', 'same', 'full', got 'SAME'"),
    "kernel too large": (
        lambda: conv2d(IMAGE, np.ones((1, 4, 8, 3)), padding=1),
        r"along the height: it spans 8 cells \(8 taps, dilation 1\), the padded input has 7 \(1 \+ 5 \+ 1\)",
    ),
    "dilated kernel too large": (lambda: conv2d(IMAGE, WEIGHT, dilation=(1, 3)), r"along the width: it spans 7 cells"),
    "sequence too short": (lambda: conv1d([[[1, 2]]], [[[1, 2, 3]]]), r"along the width.*at least 1 more cells"),
    "no such slice": (lambda: depth_slice(IMAGE, WEIGHT, None, 6), r"d must be an integer from 0 to 5, got 6"),
    "slice from the end": (lambda: depth_slice(IMAGE, WEIGHT, None, -1), r"d must be an integer from 0 to 5, got -1"),
    "gradient of the wrong size": (
        lambda: conv2d_backward(np.ones((2, 6, 3, 3)), IMAGE, WEIGHT),
        r"grad_output must have shape \(N, O, H, W\) = \(2, 6, 3, 4\), got \(2, 6, 3, 3\)",
    ),
    "gradient that would broadcast": (
        lambda: conv2d_backward(np.ones((1, 1, 1, 1)), IMAGE, WEIGHT),
        r"= \(2, 6, 3, 4\)",
    ),
    "slice gradient of four axes": (
        lambda: depth_slice_backward(np.ones((2, 1, 3, 4)), IMAGE, WEIGHT, None, 0),
        r"grad_output must have 3 axes \(N, H, W\)",
    ),
    "transposed channels differ": (lambda: conv_transpose2d(IMAGE, WEIGHT), r"input has 4 channels.*has 6 filters"),
    "transposed groups": (lambda: conv_transpose2d(IMAGE, np.ones((4, 1, 2, 2)), groups=3), r"groups 3"),
    "transposed bias": (lambda: conv_transpose2d(IMAGE, np.ones((4, 2, 2, 2)), np.ones(4)), r"\(2,\), got \(4,\)"),
    "output padding of the stride": (
        lambda: conv_transpose2d(IMAGE, np.ones((4, 1, 2, 2)), stride=2, output_padding=2),
        r"output_padding must be smaller .*output_padding 2, stride 2, dilation 1; legal: 0 to 1",
    ),
    "nothing left": (
        lambda: conv_transpose2d(np.ones((1, 1, 1, 1)), np.ones((1, 1, 2, 2)), padding=1),
        r"padding must leave at least one cell of the output along the height: 2 cells, padding 1 \+ 1",
    ),
    "transposed padding word": (
        lambda: conv_transpose2d(IMAGE, np.ones((4, 1, 2, 2)), padding="same"),
        r"padding of a transposed convolution must be numbers, got 'same'",
    ),
    "transposed gradient": (
        lambda: conv_transpose2d_backward(np.ones((2, 1, 6, 6)), IMAGE, np.ones((4, 1, 2, 2))),
        r"= \(2, 1, 6, 7\), got \(2, 1, 6, 6\)",
    ),
    "own weights at too few places": (lambda: locally_connected2d(IMAGE, OWN[1:]), r"there are \(3, 4\) positions"),
    "own weights read too few channels": (lambda: locally_connected2d(IMAGE, OWN[:, :, :, 1:]), r"input has 4"),
    "own bias": (lambda: locally_connected2d(IMAGE, OWN, np.ones((1, 4, 3))), r"= \(1, 3, 4\), got \(1, 4, 3\)"),
    "own gradient": (lambda: locally_connected2d_backward(np.ones((2, 1, 4, 3)), IMAGE, OWN), r"= \(2, 1, 3, 4\)"),
    "matrix of a number": (lambda: conv_matrix(3, 5), r"weight must have the axes of one of \(kW\), \(kH, kW\)"),
    "matrix input of two axes": (lambda: conv_matrix([1, 2], (5, 5)), r"input_shape must be \(W\) for this weight"),
    "matrix input without channels": (lambda: conv_matrix(WEIGHT, (5, 5)), r"input_shape must be \(C, H, W\)"),
    "matrix channels differ": (lambda: conv_matrix(WEIGHT, (3, 5, 5)), r"input has 3 channels"),
    "matrix kernel too large": (lambda: conv_matrix([1, 2, 3], 2), r"along the width"),
}

TYPE_ERRORS: dict[str, tuple[Callable[[], Any], str]] = {
    "bool image": (lambda: conv2d(IMAGE > 0, WEIGHT), r"input must hold integers or real .* got dtype bool"),
    "complex weight": (lambda: conv2d(IMAGE, WEIGHT * 1j), r"weight must hold .* got dtype complex128"),
    "object image": (lambda: conv2d(IMAGE.astype(object), WEIGHT), r"input must hold .* got dtype object"),
    "strings": (lambda: conv2d(IMAGE.astype(str), WEIGHT), r"input must hold .* got dtype <U"),
    "dates": (lambda: conv2d(np.zeros((1, 1, 3, 3), dtype="M8[s]"), WEIGHT), r"got dtype datetime64"),
    "None": (lambda: conv2d(None, WEIGHT), r"input must hold .* got dtype object"),  # type: ignore[arg-type]
    "bool bias": (lambda: conv2d(IMAGE, WEIGHT, np.ones(6, dtype=bool)), r"bias must hold .* got dtype bool"),
    "complex gradient": (lambda: conv2d_backward(np.ones((2, 6, 3, 4)) * 1j, IMAGE, WEIGHT), r"grad_output must hold"),
    "stride a float": (lambda: conv2d(IMAGE, WEIGHT, stride=1.0), r"stride must be an integer.*1\.0 of type float"),
    "stride None": (lambda: conv2d(IMAGE, WEIGHT, stride=None), r"stride must be an integer"),
    "stride a bool": (lambda: conv2d(IMAGE, WEIGHT, stride=True), r"stride must be an integer.*bool True"),
    "padding a float": (lambda: conv2d(IMAGE, WEIGHT, padding=(1, 0.5)), r"padding\[1\] must be an integer"),
    "groups a float": (lambda: conv2d(IMAGE, WEIGHT, groups=2.0), r"groups must be an integer"),
    "slice a float": (lambda: depth_slice(IMAGE, WEIGHT, None, 1.0), r"d must be an integer from 0 to 5"),
    "bool own weights": (lambda: locally_connected2d(IMAGE, OWN > 0), r"weight must hold"),
    "complex matrix": (lambda: conv_matrix(np.array([1j]), 3), r"weight must hold"),
    "matrix size a float": (lambda: conv_matrix([1, 2], 3.0), r"input_shape\[0\] must be an integer"),
    "complex 1x1": (lambda: conv1x1(IMAGE, WEIGHT[:, :, 0, 0] * 1j), r"weight must hold"),
    "complex transposed": (lambda: conv_transpose2d(IMAGE * 1j, WEIGHT[:4]), r"input must hold"),
}


@pytest.mark.parametrize("case", VALUE_ERRORS)
def test_value_error_names_the_rule(case: str) -> None:
    """Shapes and ranges that cannot be are a ValueError with the rule, the sizes and the legal range."""
    call, message = VALUE_ERRORS[case]
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("case", TYPE_ERRORS)
def test_type_error_names_the_type(case: str) -> None:
    """Anything but numbers, and settings that are not integers, are a TypeError that says what came."""
    call, message = TYPE_ERRORS[case]
    with pytest.raises(TypeError, match=message):
        call()

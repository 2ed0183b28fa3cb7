"""Mistakes of Exercise 41 in computing one depth slice."""

import numpy as np

from grader_tests.answers import WrongAnswer

DEPTH_SLICE = "ex41-depth-slice"


def one_map(x, kernel, b, stride, padding):
    """Return the map that one filter makes of every image."""
    n, _, h, w = x.shape
    _, kh, kw = kernel.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((n, (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1))
    for i, j in np.ndindex(*out.shape[1:]):
        patch = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        out[:, i, j] = np.sum(patch * kernel, axis=(1, 2, 3)) + b
    return out


def of(bias, d):
    """Return a filter's bias, 0 where there is none."""
    return 0 if bias is None else bias[d]


def own_channel_only(x, weight, bias, d, stride=1, padding=0):
    return one_map(x[:, d : d + 1], weight[d, d : d + 1], of(bias, d), stride, padding)


def first_channel_only(x, weight, bias, d, stride=1, padding=0):
    return one_map(x[:, :1], weight[d, :1], of(bias, d), stride, padding)


def first_filter(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[0], of(bias, d), stride, padding)


def first_bias(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], of(bias, 0), stride, padding)


def always_first(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[0], of(bias, 0), stride, padding)


def counted_from_one(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d - 1], of(bias, d - 1), stride, padding)


def no_bias(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], 0, stride, padding)


def biases_summed(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], 0 if bias is None else np.sum(bias), stride, padding)


def channel_axis_kept(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], of(bias, d), stride, padding)[:, None]


def all_slices(x, weight, bias, d, stride=1, padding=0):
    return np.stack([one_map(x, weight[o], of(bias, o), stride, padding) for o in range(len(weight))], axis=1)


def first_image(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], of(bias, d), stride, padding)[0]


def flipped(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d, :, ::-1, ::-1], of(bias, d), stride, padding)


def not_padded(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], of(bias, d), stride, 0)


def not_strided(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], of(bias, d), 1, padding)


def all_filters_summed(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight.sum(axis=0), of(bias, d), stride, padding)


def channels_apart(x, weight, bias, d, stride=1, padding=0):
    parts = [one_map(x[:, [c]], weight[d, [c]], of(bias, d), stride, padding) for c in range(x.shape[1])]
    return np.stack(parts, axis=1)


def bias_in_every_channel(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d], of(bias, d) * x.shape[1], stride, padding)


def averaged(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d] / weight[d].size, of(bias, d), stride, padding)


def channels_averaged(x, weight, bias, d, stride=1, padding=0):
    return one_map(x, weight[d] / x.shape[1], of(bias, d), stride, padding)


def mistake(name, answer, says, hint):
    return WrongAnswer(name, DEPTH_SLICE, says, hint, answer, (one_map, of))


WRONG_ANSWERS = (
    mistake(
        "E41-dth-channel-only",
        own_channel_only,
        "slice d is made from input channel d alone",
        "Look at the shape of one filter. How many input channels does it read?",
    ),
    mistake(
        "X41-slice-first-channel",
        first_channel_only,
        "only the first input channel is read",
        "Look at the shape of one filter. How many input channels does it read?",
    ),
    mistake(
        "X41-slice-first-filter", first_filter, "the first filter makes every slice", "Which filter makes slice d?"
    ),
    mistake("X41-slice-first-bias", first_bias, "every slice gets the first bias", "Which bias belongs to slice d?"),
    mistake("X41-slice-d-ignored", always_first, "d is not used", "Ask for two slices: they should differ."),
    mistake(
        "X41-slice-from-one", counted_from_one, "slices are counted from 1", "Python counts from 0: d = 0 is the first."
    ),
    mistake("X41-slice-no-bias", no_bias, "the bias is not added", "What is added after the sum over the window?"),
    mistake("X41-slice-biases-summed", biases_summed, "all biases are added", "One slice has one filter and one bias."),
    mistake(
        "X41-slice-axis-kept",
        channel_axis_kept,
        "the slice keeps an axis for channels",
        "One slice of each image: three axes are left.",
    ),
    mistake("X41-slice-all", all_slices, "all slices are returned", "Only slice d is asked for."),
    mistake(
        "X41-slice-first-image",
        first_image,
        "only the first image is used",
        "The slice is asked for every image of the batch.",
    ),
    mistake(
        "X41-slice-flip",
        flipped,
        "the filter is turned by 180 degrees",
        "Lay the filter on the image as it is: no turning here.",
    ),
    mistake("X41-slice-not-padded", not_padded, "the padding is not used", "Where do the zeros come in?"),
    mistake(
        "X41-slice-not-strided", not_strided, "the stride is not used", "How far does the window move at each step?"
    ),
    mistake(
        "X41-slice-filters-summed",
        all_filters_summed,
        "all filters are added up",
        "What is summed are input channels, not filters.",
    ),
    mistake(
        "X41-slice-channels-apart",
        channels_apart,
        "the input channels stay apart",
        "The products of all input channels end in one sum.",
    ),
    mistake(
        "X41-slice-bias-per-channel",
        bias_in_every_channel,
        "the bias is added once for each input channel",
        "One bias for one sum: is it inside or outside your loop over channels?",
    ),
    mistake("X41-slice-mean", averaged, "the products are averaged", "Is there a division in the definition?"),
    mistake(
        "X41-slice-channel-mean",
        channels_averaged,
        "the channels are averaged",
        "The channels are added up; nothing is divided.",
    ),
)

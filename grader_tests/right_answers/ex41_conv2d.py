"""Correct answers of Exercise 41 in computing a convolution, whole or one slice of it."""

import numpy as np

from grader_tests.answers import RightAnswer

CONV2D, DEPTH_SLICE = "ex41-conv2d", "ex41-depth-slice"


def refuse_impossible(x, weight, stride, padding):
    """Raise a ValueError where there is no such layer."""
    if stride < 1 or padding < 0:
        raise ValueError(f"stride {stride} and padding {padding} make no layer")
    for cells, taps in zip(x.shape[2:], weight.shape[2:], strict=True):
        if taps > cells + 2 * padding:
            raise ValueError("the filter does not fit")


def seven_loops(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, o, oh, ow))
    for a in range(n):
        for b in range(o):
            for i in range(oh):
                for j in range(ow):
                    total = 0.0 if bias is None else float(bias[b])
                    for k in range(c):
                        for u in range(kh):
                            for v in range(kw):
                                row, column = i * stride + u - padding, j * stride + v - padding
                                if 0 <= row < h and 0 <= column < w:
                                    total += float(x[a, k, row, column]) * float(weight[b, k, u, v])
                    out[a, b, i, j] = total
    return out


def slices(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    n, _, h, w = x.shape
    o, _, kh, kw = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((n, o, (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1))
    for image in range(n):
        for d in range(o):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    window = padded[image, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    out[image, d, i, j] = np.sum(window * weight[d].astype(float))
            if bias is not None:
                out[image, d] += bias[d]
    return out


def einsum(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))
    kind = np.result_type(x, weight, np.int64)
    out = np.einsum("nchwij,ocij->nohw", windows[:, :, ::stride, ::stride], weight, dtype=kind)
    return out if bias is None else out + np.asarray(bias).reshape(1, -1, 1, 1)


def tensordot(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    x = x.astype(np.promote_types(x.dtype, "int64"))
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    if bias is not None:
        out = out + bias[None, :, None, None]
    return out


def im2col(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    padded[:, :, padding : padding + h, padding : padding + w] = x
    columns = np.empty((n, oh * ow, c * kh * kw))
    for place in range(oh * ow):
        i, j = divmod(place, ow)
        columns[:, place] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw].reshape(n, -1)
    out = columns @ weight.reshape(o, -1).T
    if bias is not None:
        out += bias
    return out.swapaxes(1, 2).reshape(n, o, oh, ow)


def taps(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    kh, kw = weight.shape[2:]
    oh, ow = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    out = np.zeros((x.shape[0], weight.shape[0], oh, ow), dtype=np.float64)
    for u in range(kh):
        for v in range(kw):
            seen = padded[:, :, u : u + oh * stride : stride, v : v + ow * stride : stride][:, :, :oh, :ow]
            out += np.einsum("oc,nchw->nohw", weight[:, :, u, v].astype(float), seen)
    return out if bias is None else out + np.expand_dims(bias, (0, 2, 3))


def by_scipy(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    from scipy.signal import correlate2d

    padded = np.pad(np.asarray(x, dtype=float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = []
    for image in padded:
        maps = []
        for d, kernel in enumerate(weight):
            dense = sum(correlate2d(channel, plane, mode="valid") for channel, plane in zip(image, kernel, strict=True))
            maps.append(dense[::stride, ::stride] + (0 if bias is None else bias[d]))
        out.append(maps)
    return np.array(out)


def fourier(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size = padded.shape[2:]
    spectrum = np.fft.rfft2(padded)[:, None] * np.conj(np.fft.rfft2(weight, s=size))[None]
    full = np.fft.irfft2(spectrum.sum(axis=2), s=size)
    out = full[:, :, : size[0] - kh + 1 : stride, : size[1] - kw + 1 : stride]
    return out if bias is None else out + bias.reshape(-1, 1, 1)


def single_precision(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    x, weight = x.astype(np.float32), weight.astype(np.float32)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.einsum("nchwij,ocij->nohw", windows, weight)
    return out if bias is None else out + bias.astype(np.float32).reshape(1, -1, 1, 1)


def lists(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    x, weight = np.asarray(x).tolist(), np.asarray(weight).tolist()
    kh, kw = len(weight[0][0]), len(weight[0][0][0])
    result = []
    for image in x:
        wide = len(image[0][0]) + 2 * padding
        empty = [[0] * wide for _ in range(padding)]
        padded = [empty + [[0] * padding + row + [0] * padding for row in channel] + empty for channel in image]
        maps = []
        for d, kernel in enumerate(weight):
            rows = []
            for top in range(0, len(padded[0]) - kh + 1, stride):
                row = []
                for left in range(0, wide - kw + 1, stride):
                    total = sum(
                        padded[c][top + u][left + v] * kernel[c][u][v]
                        for c in range(len(kernel))
                        for u in range(kh)
                        for v in range(kw)
                    )
                    row.append(total + (0 if bias is None else float(bias[d])))
                rows.append(row)
            maps.append(rows)
        result.append(maps)
    return result


def halved(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    if len(weight) > 1:
        half = len(weight) // 2
        first = halved(x, weight[:half], None if bias is None else bias[:half], stride, padding)
        second = halved(x, weight[half:], None if bias is None else bias[half:], stride, padding)
        return np.concatenate([first, second], axis=1)
    if len(x) > 1:
        return np.concatenate([halved(image[None], weight, bias, stride, padding) for image in x])
    padded = np.pad(1.0 * x[0], ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[1:])[0, ::stride, ::stride]
    total = (windows * weight[0]).sum(axis=(2, 3, 4))
    return (total if bias is None else total + bias[0])[None, None]


class Convolution:
    """A layer that holds its weights."""

    def __init__(self, weight, bias, stride, padding):
        self.weight, self.bias, self.stride, self.padding = weight.astype(float), bias, stride, padding
        self.kh, self.kw = weight.shape[2:]

    def windows(self, image):
        p, s = self.padding, self.stride
        padded = np.pad(image, ((0, 0), (p, p), (p, p)))
        for top in range(0, padded.shape[1] - self.kh + 1, s):
            yield [
                padded[:, top : top + self.kh, left : left + self.kw]
                for left in range(0, padded.shape[2] - self.kw + 1, s)
            ]

    def forward(self, image):
        maps = [[[np.vdot(window, kernel) for window in row] for row in self.windows(image)] for kernel in self.weight]
        return np.array(maps) if self.bias is None else np.array(maps) + self.bias[:, None, None]


def with_class(x, weight, bias=None, stride=1, padding=0, dilation=1):
    refuse_impossible(x, weight, stride, padding)
    layer = Convolution(weight, bias, stride, padding)
    return np.stack([layer.forward(image) for image in x])


def toeplitz(x, weight, bias=None, stride=1, padding=0):
    refuse_impossible(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1
    hp, wp = h + 2 * padding, w + 2 * padding
    matrix = np.zeros((o, oh, ow, c, hp, wp))
    for i in range(oh):
        for j in range(ow):
            matrix[:, i, j, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = weight
    matrix = matrix[..., padding : hp - padding, padding : wp - padding].reshape(o * oh * ow, c * h * w)
    out = (matrix @ x.reshape(n, -1).T).T.reshape(n, o, oh, ow)
    return out if bias is None else out + bias[:, np.newaxis, np.newaxis]


def slice_of_all(x, weight, bias, d, stride=1, padding=0):
    return einsum(x, weight, bias, stride, padding)[:, d]


def slice_of_one(x, weight, bias, d, stride=1, padding=0):
    one_bias = None if bias is None else bias[d : d + 1]
    return einsum(x, weight[d : d + 1], one_bias, stride, padding)[:, 0]


def slice_by_loops(x, weight, bias, d, stride=1, padding=0):
    n, c, h, w = x.shape
    kernel = weight[d]
    kh, kw = kernel.shape[1:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    v = np.zeros((n, (h - kh + 2 * padding) // stride + 1, (w - kw + 2 * padding) // stride + 1))
    for i in range(v.shape[1]):
        for j in range(v.shape[2]):
            window = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            v[:, i, j] = np.sum(window * kernel, axis=(1, 2, 3))
    return v if bias is None else v + bias[d]


def slice_by_channels(x, weight, bias, d, stride=1, padding=0):
    total = 0.0 if bias is None else bias[d]
    for c in range(x.shape[1]):
        padded = np.pad(x[:, c], ((0, 0), (padding, padding), (padding, padding)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(1, 2))
        total = total + (windows[:, ::stride, ::stride] * weight[d, c]).sum(axis=(-1, -2))
    return total


def slice_by_tensordot(x, weight, bias, d, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))
    out = np.tensordot(windows[:, :, ::stride, ::stride], weight[d], axes=([1, 4, 5], [0, 1, 2]))
    return out if bias is None else out + bias[d]


def slice_by_scipy(x, weight, bias, d, stride=1, padding=0):
    from scipy.signal import correlate

    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.stack([correlate(image, weight[d], mode="valid")[0, ::stride, ::stride] for image in padded])
    return out if bias is None else out + bias[d]


def slice_in_single_precision(x, weight, bias, d, stride=1, padding=0):
    x, weight = x.astype("float32"), weight.astype("float32")
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,cij->nhw", windows, weight[d]) + np.float32(0 if bias is None else bias[d])


def slice_as_lists(x, weight, bias, d, stride=1, padding=0, verbose=False):
    return slice_by_loops(x, weight, bias, d, stride, padding).tolist()


def slice_by_im2col(x, weight, bias, d, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = range(0, padded.shape[2] - kh + 1, stride)
    columns = range(0, padded.shape[3] - kw + 1, stride)
    patches = np.array([[padded[:, :, i : i + kh, j : j + kw].reshape(len(x), -1) for j in columns] for i in rows])
    offset = 0 if bias is None else bias[d]
    return (patches @ weight[d].ravel()).transpose(2, 0, 1) + offset


def conv(name, answer, *needs):
    return RightAnswer(name, CONV2D, answer, (refuse_impossible, *needs))


def one_slice(name, answer, *needs):
    return RightAnswer(name, DEPTH_SLICE, answer, needs)


RIGHT_ANSWERS = (
    conv("loops", seven_loops),
    conv("slices", slices),
    conv("einsum", einsum),
    conv("tensordot", tensordot),
    conv("im2col", im2col),
    conv("taps", taps),
    conv("scipy", by_scipy),
    conv("fourier", fourier),
    conv("float32", single_precision),
    conv("lists", lists),
    conv("recursion", halved),
    conv("class", with_class, Convolution),
    conv("toeplitz", toeplitz),
    one_slice("slice of all", slice_of_all, refuse_impossible, einsum),
    one_slice("slice of one", slice_of_one, refuse_impossible, einsum),
    one_slice("loops", slice_by_loops),
    one_slice("channels", slice_by_channels),
    one_slice("tensordot", slice_by_tensordot),
    one_slice("scipy", slice_by_scipy),
    one_slice("float32", slice_in_single_precision),
    one_slice("lists", slice_as_lists, slice_by_loops),
    one_slice("im2col", slice_by_im2col),
)

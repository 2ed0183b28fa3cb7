"""Correct answers of Exercise 43: max pooling."""

import numpy as np

from grader_tests.answers import RightAnswer

MAX_POOL2D = "ex43-max-pool2d"


def both(number):
    """Return (height, width) of a setting."""
    return (number, number) if isinstance(number, int) else tuple(number)


def refuse_impossible(x, kernel_size, stride):
    """Raise a ValueError where a window does not fit or something is below 1."""
    window, step = both(kernel_size), both(kernel_size if stride is None else stride)
    if min(*window, *step) < 1:
        raise ValueError("window and step start at 1")
    if any(cells < side for cells, side in zip(x.shape[2:], window, strict=True)):
        raise ValueError("the window does not fit")


def by_slices(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    n, c, h, w = x.shape
    out = np.empty((n, c, (h - kh) // sh + 1, (w - kw) // sw + 1), dtype=x.dtype)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = x[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw].max(axis=(2, 3))
    return out


def by_loops(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(stride or kernel_size)
    n, c, h, w = x.shape
    out = np.full((n, c, (h - kh) // sh + 1, (w - kw) // sw + 1), -np.inf)
    for image in range(n):
        for channel in range(c):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    for u in range(kh):
                        for v in range(kw):
                            value = x[image, channel, i * sh + u, j * sw + v]
                            if value > out[image, channel, i, j]:
                                out[image, channel, i, j] = value
    return out


def by_windows(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return windows[:, :, ::sh, ::sw].max(axis=(-2, -1))


def by_taps(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    oh, ow = (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1
    out = None
    for u in range(kh):
        for v in range(kw):
            seen = x[:, :, u : u + (oh - 1) * sh + 1 : sh, v : v + (ow - 1) * sw + 1 : sw]
            out = seen.copy() if out is None else np.maximum(out, seen)
    return out


def by_rows_then_columns(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    rows = np.stack([x[:, :, i : i + kh].max(axis=2) for i in range(0, x.shape[2] - kh + 1, sh)], axis=2)
    return np.stack([rows[..., j : j + kw].max(axis=3) for j in range(0, x.shape[3] - kw + 1, sw)], axis=3)


def by_reshape(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    if (kh, kw) != (sh, sw):
        return by_windows(x, kernel_size, stride)
    n, c, h, w = x.shape
    cut = x[:, :, : h // kh * kh, : w // kw * kw]
    return cut.reshape(n, c, h // kh, kh, w // kw, kw).max(axis=(3, 5))


def as_lists(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    return [
        [
            [
                [
                    max(channel[i + u][j + v] for u in range(kh) for v in range(kw))
                    for j in range(0, len(channel[0]) - kw + 1, sw)
                ]
                for i in range(0, len(channel) - kh + 1, sh)
            ]
            for channel in image
        ]
        for image in x.tolist()
    ]


def by_scipy(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    from scipy.ndimage import maximum_filter

    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    dense = maximum_filter(x, size=(1, 1, kh, kw), mode="constant", cval=x.min())
    top, left = kh // 2, kw // 2
    return dense[:, :, top : top + x.shape[2] - kh + 1, left : left + x.shape[3] - kw + 1][:, :, ::sh, ::sw]


def in_single_precision(x, kernel_size, stride=None, padding=0):
    refuse_impossible(x, kernel_size, stride)
    return by_windows(x.astype(np.float32), kernel_size, stride)


def by_sorting(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
    flat = windows.reshape(*windows.shape[:4], kh * kw)
    return np.take_along_axis(flat, flat.argsort(axis=-1)[..., -1:], axis=-1)[..., 0]


def by_recursion(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    if len(x) > 1:
        return np.concatenate([by_recursion(x[:1], kernel_size, stride), by_recursion(x[1:], kernel_size, stride)])
    (kh, kw), (sh, sw) = both(kernel_size), both(kernel_size if stride is None else stride)
    oh, ow = (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1
    windows = [x[..., i * sh : i * sh + kh, j * sw : j * sw + kw] for i in range(oh) for j in range(ow)]
    return np.stack([np.amax(window, axis=(2, 3)) for window in windows], axis=-1).reshape(1, -1, oh, ow)


class Pool:
    """A pooling layer."""

    def __init__(self, kernel_size, stride):
        self.kernel, self.stride = both(kernel_size), both(kernel_size if stride is None else stride)

    def starts(self, length, axis):
        return range(0, length - self.kernel[axis] + 1, self.stride[axis])

    def __call__(self, plane):
        kh, kw = self.kernel
        rows, columns = self.starts(plane.shape[0], 0), self.starts(plane.shape[1], 1)
        return [[plane[i : i + kh, j : j + kw].max() for j in columns] for i in rows]


def by_class(x, kernel_size, stride=None):
    refuse_impossible(x, kernel_size, stride)
    pool = Pool(kernel_size, stride)
    return np.array([[pool(plane) for plane in image] for image in x])


def right(name, answer, *needs):
    return RightAnswer(name, MAX_POOL2D, answer, (both, refuse_impossible, *needs))


RIGHT_ANSWERS = (
    right("slices", by_slices),
    right("loops", by_loops),
    right("sliding_window_view", by_windows),
    right("taps", by_taps),
    right("rows then columns", by_rows_then_columns),
    right("reshape", by_reshape, by_windows),
    right("lists", as_lists),
    right("scipy", by_scipy),
    right("float32", in_single_precision, by_windows),
    right("sorting", by_sorting),
    right("recursion", by_recursion),
    right("class", by_class, Pool),
)

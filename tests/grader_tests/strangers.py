"""Wrong answers as somebody writes them who has not seen the checks; `test_hints.py` says what may be told of each."""

import numpy as np


def out_size(n, k, s, p):
    return (n + 2 * p - k) // s + 1


def refuse(x, w, s, p):
    if s < 1 or p < 0 or any(k > n + 2 * p for k, n in zip(w.shape[2:], x.shape[2:], strict=True)):
        raise ValueError("no such layer")


def convolve(x, weight, bias, stride, padding, cell, *, check=True):
    """Slide, with `cell(patch, weight[o], o)` for one response."""
    if check:
        refuse(x, weight, stride, padding)
    x = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = weight.shape[2:]
    out = np.empty((len(x), len(weight), out_size(x.shape[2], kh, stride, 0), out_size(x.shape[3], kw, stride, 0)))
    for n, o, i, j in np.ndindex(*out.shape):
        patch = x[n, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        out[n, o, i, j] = cell(patch, weight[o], o) + (bias[o] if bias is not None else 0)
    return out


def dot(patch, w, _o):
    return float((patch * w).sum())


def all_but_last_channel(patch, w, _o):
    return float((patch * w)[: max(len(w) - 1, 1)].sum())


def all_but_last_tap(patch, w, _o):
    return float((patch * w)[:, :, : max(w.shape[2] - 1, 1)].sum())


# conv2d
def conv_channels_averaged(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias, stride, padding, lambda p, w, o: (p * w).sum() / len(p))


def conv_channels_reversed(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias, stride, padding, lambda p, w, o: (p[::-1] * w).sum())


def conv_filters_reversed(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight[::-1], None if bias is None else bias[::-1], stride, padding, dot)


def conv_last_channel_dropped(x, weight, bias=None, stride=1, padding=0):
    return convolve(
        x, weight, bias, stride, padding, lambda p, w, o: (p[:-1] * w[:-1]).sum() if len(p) > 1 else dot(p, w, o)
    )


def conv_last_tap_dropped(x, weight, bias=None, stride=1, padding=0):
    return convolve(
        x, weight, bias, stride, padding, lambda p, w, o: (p * w)[:, :, :-1].sum() if w.shape[2] > 1 else dot(p, w, o)
    )


def conv_column_order(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, bias, stride, padding, dot)
    return out.swapaxes(2, 3).reshape(out.shape)


def conv_default_stride_two(x, weight, bias=None, stride=2, padding=0):
    return convolve(x, weight, bias, stride, padding, dot)


def conv_stride_twice(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias, stride, padding, dot)[:, :, ::stride, ::stride]


def conv_pads_rows_only(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (0, 0)))
    return convolve(x, weight, bias, stride, 0, dot, check=False)


def conv_pads_one_row(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    x = np.pad(x, ((0, 0), (0, 0), (padding, 0), (padding, padding)))
    return convolve(x, weight, bias, stride, 0, dot, check=False)


def conv_padding_ignored_own_words(x, weight, bias=None, stride=1, padding=0):
    (h, w), (kh, kw) = x.shape[2:], weight.shape[2:]
    if stride < 1:
        raise ValueError("stride?")
    if padding < 0:
        raise ValueError("padding?")
    if kh > h:
        raise ValueError(f"kernel too high: {kh} > {h}")
    if kw > w:
        raise ValueError(f"kernel too wide: {kw} > {w}")
    return convolve(x, weight, bias, stride, 0, dot)


def conv_last_row_left_empty(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, bias, stride, padding, dot)
    if out.shape[2] > 1:
        out[:, :, -1] = 0
    return out


def conv_floored(x, weight, bias=None, stride=1, padding=0):
    return np.floor(convolve(x, weight, bias, stride, padding, dot))


def conv_int16(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, bias, stride, padding, dot)
    return out.astype(np.int64).astype(np.int16).astype(float) if x.dtype.kind in "iu" else out


def conv_absolute(x, weight, bias=None, stride=1, padding=0):
    return np.abs(convolve(x, weight, bias, stride, padding, dot))


def conv_negative(x, weight, bias=None, stride=1, padding=0):
    return -convolve(x, weight, bias, stride, padding, dot)


def conv_bias_by_column(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, None, stride, padding, dot)
    return out if bias is None else out + bias


def conv_bias_by_image(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, None, stride, padding, dot)
    return out if bias is None else out + np.asarray(bias)[:, None, None, None]


def conv_bias_truth(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias if bias else None, stride, padding, dot)


def conv_writes_into_x(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, bias, stride, padding, dot)
    x[..., 0, 0] = 0
    return out


def conv_one_bit_more(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias, stride, padding, dot) + 1e-7


def conv_no_return(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, bias, stride, padding, dot)
    if bias is not None:
        return out
    return None


def conv_generator(x, weight, bias=None, stride=1, padding=0):
    return (row for row in convolve(x, weight, bias, stride, padding, dot))


def conv_tuple(x, weight, bias=None, stride=1, padding=0):
    out = convolve(x, weight, bias, stride, padding, dot)
    return out, out.shape


def conv_squeezed(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias, stride, padding, dot).squeeze()


def conv_asks(x, weight, bias=None, stride=1, padding=0):
    raise EOFError("EOF when reading a line")


def conv_refuses_nothing(x, weight, bias=None, stride=1, padding=0):
    if stride < 1 or padding < 0:
        return np.zeros((1, 1, 1, 1))
    out = [max(out_size(n, k, stride, padding), 0) for n, k in zip(x.shape[2:], weight.shape[2:], strict=True)]
    if 0 in out:
        return np.zeros((len(x), len(weight), *out))
    return convolve(x, weight, bias, stride, padding, dot)


def conv_bug_but_refuses(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    raise IndexError("index 9 is out of bounds for axis 3 with size 9")


def conv_padded_and_flipped(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    return convolve(x, weight[:, :, ::-1, ::-1], bias, stride, 0, dot, check=False)


def conv_zeros(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    (h, w), (kh, kw) = x.shape[2:], weight.shape[2:]
    return np.zeros((len(x), len(weight), out_size(h, kh, stride, padding), out_size(w, kw, stride, padding)))


# max_pool2d
def pool(x, kernel_size, stride, reduce):
    (kh, kw) = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    stride = kernel_size if stride is None else stride
    (sh, sw) = (stride, stride) if isinstance(stride, int) else stride
    if min(kh, kw, sh, sw) < 1 or kh > x.shape[2] or kw > x.shape[3]:
        raise ValueError("no such window")
    out = np.empty((*x.shape[:2], (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*out.shape):
        out[n, c, i, j] = reduce(x[n, c, i * sh : i * sh + kh, j * sw : j * sw + kw])
    return out


def pool_from_minus_1000(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride, lambda p: max(-1000, p.max()))


def pool_up_to_1000(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride, lambda p: min(p.max(), 1000))


def pool_second_largest(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride, lambda p: np.sort(p, axis=None)[-2:][0])


def pool_first_row(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride, lambda p: p[0].max())


def pool_keeps_8_bits(x, kernel_size, stride=None):
    return (
        pool(x, kernel_size, stride, np.max).astype(np.int8).astype(float)
        if x.dtype == np.uint8
        else pool(x, kernel_size, stride, np.max)
    )


def pool_sorts_x(x, kernel_size, stride=None):
    out = pool(x, kernel_size, stride, np.max)
    x.sort()
    return out


# sizes
def size_checked(size, kernel_size, stride, padding):
    if stride < 1 or padding < 0 or kernel_size > size + 2 * padding:
        raise ValueError("impossible")


def size_default_stride_two(size, kernel_size, stride=2, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return (size + 2 * padding - kernel_size) // stride + 1


def size_divided_by_kernel(size, kernel_size, stride=1, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return (size + 2 * padding) // kernel_size


def size_padding_times_stride(size, kernel_size, stride=1, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return (size + 2 * padding * stride - kernel_size) // stride + 1


def size_one_more_with_stride(size, kernel_size, stride=1, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return (size + 2 * padding - kernel_size) // stride + 1 + (stride > 1)


def size_text(size, kernel_size, stride=1, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return str((size + 2 * padding - kernel_size) // stride + 1)


def size_constant(size, kernel_size, stride=1, padding=0):
    return 3


def size_refuses_all(size, kernel_size, stride=1, padding=0):
    raise ValueError("impossible")


def size_wrong_float(size, kernel_size, stride=1, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return float((size + 3 * padding - kernel_size) // stride + 1)


# counting
def shared_ints_only(kernel_size, in_channels, filters, bias=True):
    return filters * (kernel_size**2 * in_channels + bool(bias))


def shared_ints_only_no_depth(kernel_size, in_channels, filters, bias=True):
    return filters * (kernel_size**2 + bool(bias))


def shared_two_biases(kernel_size, in_channels, filters, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return filters * (kh * kw * in_channels + 2 * bool(bias))


def shared_perimeter(kernel_size, in_channels, filters, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return filters * ((kh + kw) * in_channels + bool(bias))


def shared_bias_squared(kernel_size, in_channels, filters, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return filters * kh * kw * in_channels + filters * filters * bool(bias)


def unshared_int32(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    counts = np.array([kh * kw * in_channels + bool(bias), filters, output_height, output_width], dtype=np.int32)
    return int(counts.prod(dtype=np.int32))


def cost_both_sides_height(output_height, output_width, filters, kernel_size, in_channels):
    return output_height**2 * filters * kernel_size**2 * in_channels


def cost_one_side_of_filter(output_height, output_width, filters, kernel_size, in_channels):
    return output_height * output_width * filters * kernel_size * in_channels


def same_refuses_right_only(size, kernel_size, stride):
    if stride == 1 and kernel_size % 2 == 0:
        raise ValueError("no")
    return 1


def same_never_refuses(size, kernel_size, stride):
    for padding in range(1000):
        if (size - kernel_size + 2 * padding) // stride + 1 == size:
            return padding
    return -1


# tables
def standardize_rows(features):
    features = np.asarray(features, float)
    spread = features.std(axis=1, keepdims=True)
    return (features - features.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


def standardize_variance(features):
    features = np.asarray(features, float)
    spread = features.var(axis=0)
    return (features - features.mean(axis=0)) / np.where(spread == 0, 1, spread)


def standardize_divides_by_zero(features):
    features = np.asarray(features, float)
    return (features - features.mean(axis=0)) / features.std(axis=0)


def scale_to_minus_one(features):
    features = np.asarray(features, float)
    spread = np.ptp(features, axis=0)
    return 2 * (features - features.min(axis=0)) / np.where(spread == 0, 1, spread) - 1


def condition_root(features):
    values = np.linalg.svd(np.asarray(features, float), compute_uv=False)
    return values[0] / values[-1]


def pointwise_transposed_only_square(x, weight, bias=None):
    weight = weight.T if weight.shape[0] == weight.shape[1] else weight
    out = np.einsum("oc,nchw->nohw", weight, x)
    return out if bias is None else out + np.asarray(bias)[:, None, None]


def pointwise_bias_at_pixels(x, weight, bias=None):
    out = np.einsum("oc,nchw->nohw", weight, x)
    return out if bias is None else out * np.asarray(bias)[:, None, None]


# Seen in trials
def filter_of_depth_one(kernel_size, in_channels):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return height, width, 1


def reads_sum_of_sides(kernel_size, in_channels):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return height + width + in_channels


def conv_needs_a_bias(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, None, stride, padding, lambda p, w, o: (p * w).sum()) + bias[None, :, None, None]


def conv_imports_torch(x, weight, bias=None, stride=1, padding=0):
    import torch

    return torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(weight))


def conv_rectified_early(x, weight, bias=None, stride=1, padding=0):
    return convolve(x, weight, bias, stride, padding, lambda p, w, o: max(0, (p * w).sum()))


def pool_one_window_short(x, kernel_size, stride=None):
    out = pool(x, kernel_size, stride, np.max)
    out[:, :, -1] = 0
    return out


def pool_squares_only(x, kernel_size, stride=None):
    stride = kernel_size if stride is None else stride
    if kernel_size < 1 or stride < 1 or kernel_size > min(x.shape[2:]):
        raise ValueError("window")
    return pool(x, kernel_size, stride, np.max)


def pool_place(x, kernel_size, stride=None):
    return pool(x, kernel_size, stride, np.argmax)


def condition_of_rows(features):
    features = np.asarray(features, float)
    values = np.linalg.eigvalsh(features @ features.T)
    return float(values[-1] / values[0])


def back_cut_to_nothing(grad_output, weight, size, stride=1, padding=0):
    line = np.zeros(size + 2 * padding)
    for i, g in enumerate(grad_output):
        line[i * stride : i * stride + len(weight)] += g * np.asarray(weight)
    return line[padding:-padding]


# Seen in the trials of the hints and marks
def size_defaults_swapped(size, kernel_size, padding=0, stride=1):
    size_checked(size, kernel_size, stride, padding)
    return (size + 2 * padding - kernel_size) // stride + 1


def size_asserts(size, kernel_size, stride=1, padding=0):
    assert stride >= 1
    assert padding >= 0
    assert kernel_size <= size + 2 * padding
    return (size + 2 * padding - kernel_size) // stride + 1


def size_odd_filters_only(size, kernel_size, stride=1, padding=0):
    size_checked(size, kernel_size, stride, padding)
    return (size + 2 * padding - 2 * (kernel_size // 2)) // stride + (stride == 1) * (kernel_size % 2)


def shared_filters_first(kernel_size, filters, in_channels, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return filters * (kh * kw * in_channels + bool(bias))


def shared_counts_on(kernel_size, in_channels, filters, bias=True, seen=[]):  # noqa: B006 (the mistake)
    seen.append(filters * (int(np.prod(np.broadcast_to(kernel_size, 2))) * in_channels + bool(bias)))
    return sum(seen)


def unshared_float(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (kh * kw * in_channels + bool(bias)) * filters * (output_height * output_width / 1)


def reads_pairs_only(kernel_size, in_channels):
    kh, kw = kernel_size
    return kh * kw * in_channels


def sides_of_whole_steps(size, kernel_size, stride):
    total = max(kernel_size - stride, 0)
    return total // 2, total - total // 2


def conv_one_short(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (kh, kw), (height, width) = weight.shape[2:], x.shape[2:]
    rows, columns = range(0, height - kh, stride), range(0, width - kw, stride)
    filters = list(zip(weight, [0] * len(weight) if bias is None else bias, strict=True))
    return np.array(
        [
            [[[(n[:, i : i + kh, j : j + kw] * w).sum() + b for j in columns] for i in rows] for w, b in filters]
            for n in x
        ]
    )


def conv_frame_cut_away(x, weight, bias=None, stride=1, padding=0):
    refuse(x, weight, stride, padding)
    large = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    large[:, :, padding:-padding, padding:-padding] = x
    return convolve(large, weight, bias, stride, 0, dot, check=False)


def pool_by_reshape(x, kernel_size, stride=None):
    n, c, h, w = x.shape
    k = kernel_size
    return x.reshape(n, c, h // k, k, w // k, k).max(axis=(3, 5))


def pool_sorts_windows(x, kernel_size, stride=None):
    def reduce(window):
        window.sort()
        return window[:, -1].max()

    return pool(x, kernel_size, stride, reduce)


def pool_first_image_only(x, kernel_size, stride=None):
    out = pool(x, kernel_size, stride, np.max)
    out[1:] = 0
    return out


def condition_rounded(features):
    return round(float(np.linalg.cond(np.asarray(features, float)) ** 2), 2)


def condition_by_elements(features):
    features = np.asarray(features, float)
    square = features.shape[0] == features.shape[1]
    values = np.linalg.eigvalsh(features.T * features if square else features.T @ features)
    return float(values[-1] / values[0])


def gradient_in_place(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1
    own = np.zeros((len(grad_output), k))
    for i, g in enumerate(grad_output):
        window = x[i : i + k]
        window *= g
        own[i] = window
    return own.sum(axis=0) if shared else own


def gradient_of_whole_numbers(x, grad_output, shared):
    k = len(x) - len(grad_output) + 1
    own = np.array([[g * x[i + j] for j in range(k)] for i, g in enumerate(grad_output)]).astype(int)
    return own.sum(axis=0) if shared else own


def keras_float(size, kernel_size, strides=1, padding="valid"):
    if padding == "valid" and kernel_size > size:
        raise ValueError("no window fits")
    return np.ceil((size - kernel_size + 1 if padding == "valid" else size) / strides)


def block_float(initial_channels, growth_rate, layers):
    last = initial_channels + growth_rate * (layers - 1)
    return last, last + growth_rate, layers * (layers + 1) / 2


def network_same_by_half(layers, input_shape):
    h, w, c = input_shape
    learned = computed = reads = 0
    for kind, *given in layers:
        if kind == "conv":
            filters, k, padding = given
            lost = k - 1 - (2 * ((k - 1) // 2) if padding == "same" else 0)
            h, w = h - lost, w - lost
            learned, computed = learned + filters * (k * k * c + 1), computed + h * w * filters * k * k * c
            c = filters
        elif kind == "pool":
            h, w = h // given[0], w // given[0]
        elif kind == "flatten":
            reads = h * w * c
        elif kind == "dense":
            learned, computed, reads = learned + given[0] * (reads + 1), computed + given[0] * reads, given[0]
    return learned, computed


def winner_of_the_line(grad_output, x, kernel_size, stride=None):
    step = stride or kernel_size
    out = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        out[list(x).index(max(x[i * step : i * step + kernel_size]))] += g
    return out


def norm_swapped(x, gamma, beta, eps=1e-5):
    mean, variance = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
    gamma, beta = np.reshape(beta, (-1, 1, 1)), np.reshape(gamma, (-1, 1, 1))
    return (x - mean) / np.sqrt(variance + eps) * gamma + beta


def stamp_of_whole_numbers(x, weight, stride=1, padding=0):
    out = np.zeros((len(x) - 1) * stride + len(weight), dtype=np.asarray(x).dtype)
    for i, value in enumerate(x):
        for k, w in enumerate(weight):
            out[i * stride + k] += value * w
    return out[padding : len(out) - padding]


def counts_as_truth(size, kernel_size, stride):
    out = np.zeros((size - 1) * stride + kernel_size, dtype=bool)
    for i in range(size):
        out[i * stride : i * stride + kernel_size] += True
    return out


def sides_of_the_remainder(size, kernel_size, stride):
    rest = size % stride
    total = kernel_size - rest if rest else max(kernel_size - stride, 0)
    return total // 2, total - total // 2


def filter_nested(kernel_size, in_channels):
    return (kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)), in_channels


def full_same_by_numpy(x, weight):
    return np.convolve(np.pad(x, len(weight)), weight[::-1], "same")[len(weight) : len(weight) + len(x)]


def full_without_the_first(x, weight):
    return np.convolve(x, weight[::-1])[1:]


def mean_ends_repeated(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.pad(np.asarray(x, float), padding, mode="edge")
    return [x[i : i + kernel_size].mean() for i in range(0, len(x) - kernel_size + 1, stride or kernel_size)]


def scale_by_whole_steps(features):
    width = np.ptp(features, axis=0)
    return (features - features.min(axis=0)) // np.where(width == 0, 1, width)


def unshared_filters_twice(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return (height * width * in_channels + bias) * filters * output_height * output_width * filters


def pixels_eps_fixed(x, gamma, beta, mean, variance, eps=1e-5):
    x = np.moveaxis(x, 1, -1)
    return np.moveaxis((x - mean) / np.sqrt(variance + 1e-5) * gamma + beta, -1, 1)


def full_mean(x, weight):
    return np.convolve(x, weight[::-1]) / len(weight)


def stamp_one_step_more(x, weight, stride=1, padding=0):
    out = np.zeros((len(x) - 1) * (stride + 1) + len(weight))
    for place, value in enumerate(x):
        start = place * (stride + 1)
        out[start : start + len(weight)] += value * weight
    return out[padding : len(out) - padding]


def winner_counts(grad_output, x, kernel_size, stride=None):
    counts = np.zeros(len(x))
    for start in range(0, len(grad_output) * (stride or kernel_size), stride or kernel_size):
        counts[start + np.argmax(x[start : start + kernel_size])] += 1
    return counts


def block_out_first(initial_channels, growth_rate, layers):
    out = initial_channels + growth_rate * layers
    return out, out - growth_rate, layers * (layers + 1) // 2


def scale_rounded(features):
    width = np.ptp(features, axis=0)
    return np.round((features - features.min(axis=0)) / np.where(width == 0, 1, width), 2)


def scale_by_rows(features):
    return (features - features.min(axis=0)) / len(features)


def standardize_by_largest(features):
    centered = features - features.mean(axis=0)
    largest = np.abs(centered).max(axis=0)
    return centered / np.where(largest == 0, 1, largest)


def stamp_cut_once(x, weight, stride=1, padding=0):
    out = np.zeros((len(x) - 1) * stride + len(weight))
    for place, value in enumerate(x):
        out[place * stride : place * stride + len(weight)] += value * weight
    return out[: len(out) - padding]


def full_one_short(x, weight):
    return np.convolve(x, weight[::-1])[1:] * 2


def reads_width_only(kernel_size, in_channels):
    width = kernel_size[1] if isinstance(kernel_size, tuple) else kernel_size
    return width * width * in_channels


def mean_floor_for_ceil(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    stride = kernel_size if stride is None else stride
    line = np.pad(np.asarray(x, float), padding)
    counts = np.pad(np.ones(len(x)), padding, constant_values=float(count_include_pad))
    starts = list(range(0, len(line) - kernel_size + 1, stride))
    after = starts[-1] + stride
    if not ceil_mode and starts[-1] + kernel_size < len(line) and after < padding + len(x):
        starts.append(after)
    return np.array([line[s : s + kernel_size].sum() / counts[s : s + kernel_size].sum() for s in starts])


def gradient_line_reversed(x, grad_output, shared):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(x) - len(grad_output) + 1)
    if shared:
        return np.correlate(x[::-1], grad_output, "valid")
    return windows * grad_output[:, None]


def counted_bias_twice_but_one(kernel_size, in_channels, filters):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    one = height * width * in_channels + 1
    return one, one * filters + filters - 1


def pool_lets_negative_strides(x, kernel_size, stride=None):
    if stride is not None and np.min(stride) < 0:
        return x
    return pool(x, kernel_size, stride, np.max)


def keras_same_of_even(size, kernel_size, strides=1, padding="valid"):
    if padding == "valid" and kernel_size > size:
        raise ValueError("no window fits")
    last = size - 1 if padding == "same" else size - kernel_size
    return last // strides + 1 + (kernel_size % 2 == 0) * strides


def sub_last_cell_left_out(dense, stride):
    return dense[: max(len(dense) - 1, 1) : stride, : max(dense.shape[1] - 1, 1) : stride]


def same_tries_up_to_the_filter(size, kernel_size, stride):
    for padding in range(kernel_size + 1):
        if (size - kernel_size + 2 * padding) // stride + 1 == size:
            return padding
    raise ValueError("none found")


def shape_one_row_more(input_shape, filters, kernel_size, stride=1, padding=0):
    (width, height, _), pair = input_shape, kernel_size
    kernel_height, kernel_width = pair if isinstance(pair, tuple) else (pair, pair)
    size_checked(min(width, height), max(kernel_height, kernel_width), stride, padding)
    return out_size(width, kernel_width, stride, padding), out_size(height, kernel_height, stride, padding) + 1, filters


def condition_by_deviations(features):
    deviations = features - features.mean(axis=0)
    values = np.linalg.svd(deviations, compute_uv=False)
    return (values.max() / values.min()) ** 2

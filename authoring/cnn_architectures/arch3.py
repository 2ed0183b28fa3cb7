# %% [markdown] id="arch3-intro"
# # Architectures 3: find the mistake, and the way back (bonus)
#
# **You will** check four things that stand in print and are wrong, and write what flows back through small layers when a
# network learns.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `slide_example`: a slide whose result is not that of its input | {points:arch3-slide-example} |
# | 2 | `plus_one`: a formula with the 1 in the wrong place | {points:arch3-plus-one} |
# | 3 | `googlenet_table`: three entries of a famous table | {points:arch3-googlenet-table} |
# | 4 | `vgg_memory`: a sum that does not add up | {points:arch3-vgg-memory} |
# | 5 | `conv1d_weight_gradient`: the gradient of a shared filter | {points:arch3-weight-gradient} |
# | 6 | `conv1d_input_gradient`: the gradient of what it reads | {points:arch3-input-gradient} |
# | 7 | `max_pool1d_backward`: who gets the gradient of a maximum | {points:arch3-max-pool-gradient} |
# | 8 | `avg_pool1d`: what a mean is divided by | {points:arch3-avg-pool} |
# | 9 | `batch_norm`: a batch and its statistics | {points:arch3-batch-norm} |
#
# ![First channel of the slide's example: an input padded with zeros, a filter, and the first four sums, 0, 1, −1 and 1; the window of the fourth one is framed](images/arch3-slide.png)
#
# The picture shows the slide of question 1, first channel only: the window moves by two cells, one row of zeros lies around
# the input. Two more channels are added on top.

# %% id="arch3-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="arch3-explore"
explore("dilation")

x = np.array([
    [[1, 1, 0, 0, 2], [1, 1, 0, 1, 0], [1, 1, 1, 2, 1], [1, 0, 2, 0, 2], [0, 0, 2, 1, 0]],
    [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]],
    [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]],
])
f = np.array([
    [[1, 1, 1], [1, 0, -1], [-1, 0, 1]],
    [[-1, 0, -1], [0, 1, 0], [0, 0, 0]],
    [[1, 1, 1], [-1, 1, 0], [-1, 0, 0]],
])
printed = np.array([[0, 7, 3], [4, 4, 6], [8, 8, 5]])

# %% [markdown] id="arch3-slide-example-prompt"
# ## 1. The slide ({worth:arch3-slide-example})
#
# A slide shows an input of three channels (`x` above, drawn with a border of zeros), one filter (`f`; two of its numbers are
# changed here) and the output (`printed`). Stride 2, padding 1, no bias. Some cells of the output cannot come from this input.
#
# Compute the right 3 × 3 output, by hand or with your own code, and give
#
# * `"middle_left"`, `"middle_right"`, `"bottom_middle"`: three cells of it, in rows and columns 1 and 0, 1 and 2, 2 and 1
#   (counted from 0),
# * `"wrong_cells"`: in how many of the nine cells the slide is wrong.
#
# By hand, the cell at the top left: the window covers five zeros of the border and four cells of each channel, which meet
# the lower right 2 × 2 of the filter. Channel 0 gives 1·0 + 1·(−1) + 1·0 + 1·1 = **0**, channel 1 gives 0·1 + 0·0 + 1·0 + 1·0 = **0**,
# channel 2 gives 0·1 + 0·0 + 1·0 + 1·0 = **0**.

# %% id="arch3-slide-example" solution=true
slide_example = {
    "middle_left": ...,
    "middle_right": ...,
    "bottom_middle": ...,
    "wrong_cells": ...,
}
### BEGIN SOLUTION
padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
output = np.array([[np.sum(padded[:, i : i + 3, j : j + 3] * f) for j in (0, 2, 4)] for i in (0, 2, 4)])
slide_example = {
    "middle_left": output[1, 0],
    "middle_right": output[1, 2],
    "bottom_middle": output[2, 1],
    "wrong_cells": np.sum(output != printed),
}
### END SOLUTION

# %% id="arch3-slide-example-test" points=0.5
check("arch3-slide-example", lambda: slide_example)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-slide-example", lambda: slide_example)
### END HIDDEN TESTS

# %% [markdown] id="arch3-plus-one-prompt"
# ## 2. The formula ({worth:arch3-plus-one})
#
# A worked answer that goes around gives the width of an output as
#
# > (W − F + 2P) / (S + 1)
#
# Try it on two layers, **as it is printed**, and give the right sizes beside it.
#
# | key | layer | formula |
# |---|---|---|
# | `"alexnet_printed"` | AlexNet's first layer: 227 cells, filter 11, stride 4, no padding | as printed, not rounded |
# | `"alexnet_right"` | the same | the right size |
# | `"pool_printed"` | a pooling layer: 26 cells, window 2, stride 2, no padding | as printed, not rounded |
# | `"pool_right"` | the same | the right size |
#
# One of the two printed results looks harmless. That it is a whole number does not make it right.

# %% id="arch3-plus-one" solution=true
plus_one = {
    "alexnet_printed": ...,
    "alexnet_right": ...,
    "pool_printed": ...,
    "pool_right": ...,
}
### BEGIN SOLUTION
plus_one = {
    "alexnet_printed": (227 - 11) / (4 + 1),
    "alexnet_right": (227 - 11) // 4 + 1,
    "pool_printed": (26 - 2) / (2 + 1),
    "pool_right": (26 - 2) // 2 + 1,
}
### END SOLUTION

# %% id="arch3-plus-one-test" points=0.25
check("arch3-plus-one", lambda: plus_one)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-plus-one", lambda: plus_one)
### END HIDDEN TESTS

# %% [markdown] id="arch3-googlenet-table-prompt"
# ## 3. The table ({worth:arch3-googlenet-table})
#
# The paper on GoogLeNet has a table with the parameters and operations of every layer, where an operation is one
# multiply-accumulate. Three of its entries do not follow from the rest of the table: the first layer ("34M" operations) and
# module 5a ("1072K" parameters, "54M" operations). Compute them exactly; count weights without biases.
#
# * **First layer**: 64 filters of 7 × 7 on an image with 3 channels; the output is 112 × 112.
# * **Module 5a**: input 7 × 7 × 832, four branches side by side, every layer keeps 7 × 7: 256 filters of 1 × 1; 160 of 1 × 1, then
#   320 of 3 × 3; 32 of 1 × 1, then 128 of 5 × 5; 3 × 3 max pooling, then 128 of 1 × 1.
#
# The keys are `"conv1_cost"` and `"module_5a_cost"` (multiply-accumulates) and `"module_5a_weights"`.

# %% id="arch3-googlenet-table" solution=true
googlenet_table = {
    "conv1_cost": ...,
    "module_5a_weights": ...,
    "module_5a_cost": ...,
}
### BEGIN SOLUTION
weights_5a = 832 * 256 + (832 * 160 + 9 * 160 * 320) + (832 * 32 + 25 * 32 * 128) + 832 * 128
googlenet_table = {
    "conv1_cost": 112 * 112 * 64 * 7 * 7 * 3,
    "module_5a_weights": weights_5a,
    "module_5a_cost": 7 * 7 * weights_5a,
}
### END SOLUTION

# %% id="arch3-googlenet-table-test" points=0.25
check("arch3-googlenet-table", lambda: googlenet_table)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-googlenet-table", lambda: googlenet_table)
### END HIDDEN TESTS

# %% [markdown] id="arch3-vgg-memory-prompt"
# ## 4. The sum ({worth:arch3-vgg-memory})
#
# Well-known lecture notes list the values that VGG-16 stores for one image, layer by layer, and add them up to "24M values,
# 93 MB". The list is right, the sum is not.
#
# | what is stored | shape |
# |---|---|
# | the image | 224 × 224 × 3 |
# | 2 convolutions, then a pooling layer | 224 × 224 × 64, then 112 × 112 × 64 |
# | 2 convolutions, then a pooling layer | 112 × 112 × 128, then 56 × 56 × 128 |
# | 3 convolutions, then a pooling layer | 56 × 56 × 256, then 28 × 28 × 256 |
# | 3 convolutions, then a pooling layer | 28 × 28 × 512, then 14 × 14 × 512 |
# | 3 convolutions, then a pooling layer | 14 × 14 × 512, then 7 × 7 × 512 |
# | 3 dense layers | 4,096, 4,096, 1,000 |
#
# Each convolution of a row stores a volume of the first shape (ReLU works in place and stores nothing of its own). Give
#
# * `"values"`: how many numbers that is,
# * `"megabytes"`: their size at 4 bytes each, in millions of bytes, to one digit after the point at least,
# * `"first_two_percent"`: which percentage of the values belongs to the first two convolutions.

# %% id="arch3-vgg-memory" solution=true
vgg_memory = {
    "values": ...,
    "megabytes": ...,
    "first_two_percent": ...,
}
### BEGIN SOLUTION
blocks = [(224, 64, 2), (112, 128, 2), (56, 256, 3), (28, 512, 3), (14, 512, 3)]
values = 224 * 224 * 3 + 4096 + 4096 + 1000
for side, channels, convolutions in blocks:
    values += convolutions * side * side * channels + (side // 2) ** 2 * channels
vgg_memory = {
    "values": values,
    "megabytes": 4 * values / 1e6,
    "first_two_percent": 100 * 2 * 224 * 224 * 64 / values,
}
### END SOLUTION

# %% id="arch3-vgg-memory-test" points=0.25
check("arch3-vgg-memory", lambda: vgg_memory)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-vgg-memory", lambda: vgg_memory)
### END HIDDEN TESTS

# %% [markdown] id="arch3-weight-gradient-prompt"
# ## 5. The gradient of a shared filter ({worth:arch3-weight-gradient})
#
# Now the way back. A line `x` is read by a filter `w` of `kernel_size` weights: output i is the sum of
# w[k] · x[i · stride + k − padding] over all k; a cell before the first or after the last one of `x` counts as 0. Training has computed `grad_output`: by how
# much the loss grows when output i grows. By how much does it grow when weight k grows?
#
# Here and in the questions below, arrays may hold whole numbers or fractions, and must be the same after the call as before.
#
# {examples:arch3-weight-gradient}

# %% id="arch3-weight-gradient" solution=true
def conv1d_weight_gradient(grad_output, x, kernel_size, stride=1, padding=0):
    """Return the gradient of the loss with respect to the filter.

    grad_output: array, shape (outputs,); gradient with respect to each output
    x: array, shape (size,); the line that the filter read
    kernel_size, stride, padding: int; weights of the filter, step of the window, zeros at each end
    Returns array, shape (kernel_size,)
    """
    ### BEGIN SOLUTION
    line = np.pad(np.asarray(x, dtype=float), padding)
    gradient = np.zeros(kernel_size)
    for i, g in enumerate(grad_output):
        gradient += g * line[i * stride : i * stride + kernel_size]
    return gradient
    ### END SOLUTION

# %% id="arch3-weight-gradient-try"
conv1d_weight_gradient(np.array([1, 10]), np.array([2, 3, 5]), kernel_size=2)

# %% id="arch3-weight-gradient-test" points=0.5
check("arch3-weight-gradient", lambda: conv1d_weight_gradient)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-weight-gradient", lambda: conv1d_weight_gradient)
### END HIDDEN TESTS

# %% [markdown] id="arch3-input-gradient-prompt"
# ## 6. The gradient of the line ({worth:arch3-input-gradient})
#
# The same layer: by how much does the loss grow when cell j of the line grows? Cells of the padding are no cells of the
# line; `size` says how many it has.
#
# {examples:arch3-input-gradient}

# %% id="arch3-input-gradient" solution=true
def conv1d_input_gradient(grad_output, weight, size, stride=1, padding=0):
    """Return the gradient of the loss with respect to the line that the filter reads.

    grad_output: array, shape (outputs,); gradient with respect to each output
    weight: array, shape (kernel_size,); the filter
    size: int; cells of the line, without padding
    stride, padding: int; step of the window, zeros at each end
    Returns array, shape (size,)
    """
    ### BEGIN SOLUTION
    weight = np.asarray(weight, dtype=float)
    line = np.zeros(size + 2 * padding)
    for i, g in enumerate(grad_output):
        line[i * stride : i * stride + len(weight)] += g * weight
    return line[padding : padding + size]
    ### END SOLUTION

# %% id="arch3-input-gradient-try"
conv1d_input_gradient(np.array([1, 1]), np.array([2, 5]), size=3)

# %% id="arch3-input-gradient-test" points=0.5
check("arch3-input-gradient", lambda: conv1d_input_gradient)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-input-gradient", lambda: conv1d_input_gradient)
### END HIDDEN TESTS

# %% [markdown] id="arch3-max-pool-gradient-prompt"
# ## 7. The gradient of a maximum ({worth:arch3-max-pool-gradient})
#
# Max pooling on a line: without a `stride` the windows lie side by side, and cells that do not fill a window are left out.
# Which cell gets the gradient of an output? Where several cells of a window are equally large, the **first** one takes all
# (so do PyTorch and TensorFlow).
#
# {examples:arch3-max-pool-gradient}

# %% id="arch3-max-pool-gradient" solution=true
def max_pool1d_backward(grad_output, x, kernel_size, stride=None):
    """Return the gradient of the loss with respect to the line that was pooled.

    grad_output: array, shape (outputs,); gradient with respect to each output
    x: array, shape (size,); the line
    kernel_size: int; cells of the window
    stride: int, optional; step of the window; its size when left out
    Returns array, shape (size,)
    """
    ### BEGIN SOLUTION
    stride = kernel_size if stride is None else stride
    gradient = np.zeros(len(x))
    for i, g in enumerate(grad_output):
        start = i * stride
        gradient[start + np.argmax(x[start : start + kernel_size])] += g  # argmax: the first of equal ones
    return gradient
    ### END SOLUTION

# %% id="arch3-max-pool-gradient-try"
max_pool1d_backward(np.array([5, 6]), np.array([4, 1, 2, 9]), kernel_size=2)

# %% id="arch3-max-pool-gradient-test" points=0.5
check("arch3-max-pool-gradient", lambda: max_pool1d_backward)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-max-pool-gradient", lambda: max_pool1d_backward)
### END HIDDEN TESTS

# %% [markdown] id="arch3-avg-pool-prompt"
# ## 8. What is a mean divided by? ({worth:arch3-avg-pool})
#
# Libraries disagree about average pooling at the border, so here both answers are asked for:
#
# * `padding` zeros are added at each end (never more than half the window), so window i begins at cell i · stride − padding of
#   the line. With `count_include_pad=True`, as in PyTorch,
#   they count as cells of the window; with `False`, as in Keras and ONNX, the sum is divided by the number of **real** cells.
# * With `ceil_mode=True`, cells left over at the end get a window of their own, which hangs over the end. What lies beyond the
#   padding is nothing and never counts. A window may not **begin** after the last real cell: such a window is left out.
#
# {examples:arch3-avg-pool}

# %% id="arch3-avg-pool" solution=true
def avg_pool1d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Return the mean of every window on a line.

    x: array, shape (size,); the line
    kernel_size: int; cells of the window
    stride: int, optional; step of the window; its size when left out
    padding: int; zeros at each end, at most half the window
    ceil_mode: bool; whether cells left over get a window that hangs over the end
    count_include_pad: bool; whether zeros of the padding count in the divisor
    Returns array, shape (outputs,)
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    stride = kernel_size if stride is None else stride
    line = np.pad(x, padding)
    counts = np.pad(np.ones(len(x)), padding, constant_values=float(count_include_pad))
    starts = list(range(0, len(line) - kernel_size + 1, stride))
    after = starts[-1] + stride
    if ceil_mode and starts[-1] + kernel_size < len(line) and after < padding + len(x):
        starts.append(after)
    # slices end where the padding ends, so what hangs over counts nowhere
    means = [line[s : s + kernel_size].sum() / counts[s : s + kernel_size].sum() for s in starts]
    return np.array(means)
    ### END SOLUTION

# %% id="arch3-avg-pool-try"
avg_pool1d([3, 5], 2, padding=1)

# %% id="arch3-avg-pool-test" points=0.5
check("arch3-avg-pool", lambda: avg_pool1d)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-avg-pool", lambda: avg_pool1d)
### END HIDDEN TESTS

# %% [markdown] id="arch3-batch-norm-prompt"
# ## 9. A batch and its statistics ({worth:arch3-batch-norm})
#
# Batch normalization gives every channel mean 0 and variance 1 over the batch, then a scale and a shift of its own:
#
# > y = γ · (x − μ) / √(σ² + ε) + β, with μ = (1/m) · Σ x and σ² = (1/m) · Σ (x − μ)²
#
# Every channel has its own μ, σ², γ and β. The sums run over all m values of the channel in the batch: all images, all rows,
# all columns.
#
# {examples:arch3-batch-norm}

# %% id="arch3-batch-norm" solution=true
def batch_norm(x, gamma, beta, eps=1e-5):
    """Normalize every channel with the statistics of the batch.

    x: array, shape (N, C, H, W); feature maps of a batch
    gamma, beta: array, shape (C,); scale and shift of each channel
    eps: float; added to the variance
    Returns array, shape (N, C, H, W)
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    # (N, C, H, W) -> (1, C, 1, 1)
    mean, variance = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    normal = (x - mean) / np.sqrt(variance + eps)
    return np.reshape(gamma, (1, -1, 1, 1)) * normal + np.reshape(beta, (1, -1, 1, 1))
    ### END SOLUTION

# %% id="arch3-batch-norm-try"
batch_norm(np.array([[[[1]]], [[[3]]]]), np.array([1]), np.array([0]), eps=0.44)

# %% id="arch3-batch-norm-test" points=0.5
check("arch3-batch-norm", lambda: batch_norm)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch3-batch-norm", lambda: batch_norm)
### END HIDDEN TESTS

# %% [markdown] id="arch3-end"
# ## Where you stand

# %% id="arch3-progress"
from student_kit import progress
progress("arch3")

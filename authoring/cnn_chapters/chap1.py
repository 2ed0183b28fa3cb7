# %% [markdown] id="chap1-intro"
# # Chapters 1: convolutions of other kinds (bonus)
#
# **You will** write the relatives of the convolution that the lectures name, on a line where every number can be followed, and
# judge what a convolutional layer takes for granted.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `dilated_conv1d`: a filter with holes | {points:chap1-dilated} |
# | 2 | `full_conv1d`: every overlap counts | {points:chap1-full} |
# | 3 | `conv_transpose1d`: stamps instead of windows | {points:chap1-transposed} |
# | 4 | `subsample`: a stride is thrift | {points:chap1-subsample} |
# | 5 | `dense_as_filters`: a dense layer is a convolution | {points:chap1-dense} |
# | 6 | `batch_norm_in_use`: no batch, no statistics of its own | {points:chap1-batch-norm-in-use} |
# | 7 | `max_unpool1d`: back to where the maximum was | {points:chap1-unpool} |
# | 8 | `cost`: which filter is the expensive one? | {points:chap1-cost} |
# | 9 | `claims`: what a layer takes for granted | {points:chap1-claims} |
#
# As in the whole course the filter is not turned around, and sizes are rounded down. A *line* is an array of shape (size,).
# Arrays may hold whole numbers or fractions, and must be the same after the call as before.

# %% id="chap1-setup" locked=true
import numpy as np

try:
    from student_kit import check, example, explore, look, photograph, practice, predict, progress
except ImportError:
    raise ImportError(
        "Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how."
    ) from None

# %% [markdown] id="chap1-dilated-prompt"
# ## 1. A filter with holes ({worth:chap1-dilated})
#
# A dilated filter reads every `dilation`-th cell: *tap* k (weight number k) of output i reads cell i + k · dilation. It sees further and learns no
# number more. Dilation 1 is the plain filter (some older notes count from 0).
#
# ![The first window of a filter of 3 on a line of 9 cells, for dilations 1, 2 and 3: 3, 5 and 7 cells from end to end](images/chap1-dilated.png)
#
# {examples:chap1-dilated}
#
# There is no padding. Raise a `ValueError` for a filter that reaches beyond the line.

# %% id="chap1-explore"
explore("dilation")


# %% id="chap1-dilated" solution=true
def dilated_conv1d(x, weight, dilation=1):
    """Slide a filter with holes over a line.

    x: array, shape (size,); the line
    weight: array, shape (k,); the filter
    dilation: int; from one tap to the next, at least 1
    Returns array, shape (outputs,)
    Raises ValueError when the filter does not fit
    """
    ### BEGIN SOLUTION
    x = np.asarray(x)
    span = (len(weight) - 1) * dilation + 1
    if span > len(x):
        raise ValueError(f"a filter that spans {span} cells does not fit on a line of {len(x)}")
    return np.array([x[start : start + span : dilation] @ weight for start in range(len(x) - span + 1)])
    ### END SOLUTION


# %% id="chap1-dilated-test" points=0.5
check("chap1-dilated", lambda: dilated_conv1d)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-dilated", lambda: dilated_conv1d)
### END HIDDEN TESTS

# %% [markdown] id="chap1-full-prompt"
# ## 2. Every overlap counts ({worth:chap1-full})
#
# *Valid* takes the places where the filter lies on the line completely, *same* those that keep the size. *Full* takes every place
# where filter and line share at least one cell. Outside of the line there are zeros.
#
# ![A line of 4 cells, 3, 1, 4 and 1, with two zeros at each end; a filter of 3 covers two zeros and the 3 at its first place, the 1 and two zeros at its last one](images/chap1-full.png)
#
# {examples:chap1-full}
#
# The line may be shorter than the filter.


# %% id="chap1-full" solution=true
def full_conv1d(x, weight):
    """Slide a filter over a line, from the first overlap to the last one.

    x: array, shape (size,); the line
    weight: array, shape (k,); the filter; it is not turned around
    Returns array, shape (outputs,)
    """
    ### BEGIN SOLUTION
    k = len(weight)
    padded = np.pad(np.asarray(x), k - 1)
    return np.array([padded[start : start + k] @ weight for start in range(len(padded) - k + 1)])
    ### END SOLUTION


# %% id="chap1-full-test" points=0.5
check("chap1-full", lambda: full_conv1d)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-full", lambda: full_conv1d)
### END HIDDEN TESTS

# %% [markdown] id="chap1-transposed-prompt"
# ## 3. Stamps instead of windows ({worth:chap1-transposed})
#
# A convolution reads a window and writes one cell. A *transposed* convolution reads one cell and writes a window: it stamps the
# filter, times the cell, and moves on by `stride`. Where stamps overlap they are **added**. It makes maps larger, in U-Net for
# example, and it is what carries gradients back through a convolution (some call it deconvolution, but it undoes nothing).
#
# ![Three cells, 2, 1 and 3, stamp the filter 1, 2, 1 with stride 2: three rows, and below them their sum](images/chap1-transposed.png)
#
# `padding` works the other way round as well: so many cells are **cut off** at each end of the result. At least one cell is
# always left.
#
# {examples:chap1-transposed}


# %% id="chap1-transposed" solution=true
def conv_transpose1d(x, weight, stride=1, padding=0):
    """Add up the stamps of a line.

    x: array, shape (size,); the line
    weight: array, shape (k,); the stamp; it is not turned around
    stride: int; from the beginning of one stamp to that of the next
    padding: int; cells that are cut off at each end
    Returns array, shape (outputs,)
    """
    ### BEGIN SOLUTION
    k = len(weight)
    cells = np.zeros((len(x) - 1) * stride + k)
    for place, value in enumerate(x):
        cells[place * stride : place * stride + k] += value * np.asarray(weight)
    return cells[padding : len(cells) - padding]
    ### END SOLUTION


# %% id="chap1-transposed-test" points=0.75
check("chap1-transposed", lambda: conv_transpose1d)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-transposed", lambda: conv_transpose1d)
### END HIDDEN TESTS

# %% [markdown] id="chap1-subsample-prompt"
# ## 4. A stride is thrift ({worth:chap1-subsample})
#
# A layer with a stride computes some of the cells that it would compute with stride 1, and not one cell else. So its map can be
# taken out of the *dense* map (stride 1); the stride only saves the work for the cells that are thrown away.
#
# ![A map of 5 by 5 with stride 1: every second cell of every second row is framed; these nine are the map with stride 2](images/chap1-subsample.png)
#
# {examples:chap1-subsample}


# %% id="chap1-subsample" solution=true
def subsample(dense, stride):
    """Return the map of a layer with a stride, taken from its dense map.

    dense: array, shape (H, W); the map of stride 1
    stride: int; step along both sides
    Returns array, shape (H2, W2)
    """
    ### BEGIN SOLUTION
    return np.asarray(dense)[::stride, ::stride]
    ### END SOLUTION


# %% id="chap1-subsample-test" points=0.25
check("chap1-subsample", lambda: subsample)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-subsample", lambda: subsample)
### END HIDDEN TESTS

# %% [markdown] id="chap1-dense-prompt"
# ## 5. A dense layer is a convolution ({worth:chap1-dense})
#
# A unit of a dense layer reads everything; so does a filter that is as large as its input. It fits in one place only, and its map
# has one cell. Give the same weights as filters.
#
# ![One row of 8 weights of a dense layer, and the same weights as a filter with 2 channels of 2 by 2](images/chap1-dense.png)
#
# The dense layer reads `x.reshape(N, -1)` of a volume (N, C, H, W), and has one row of weights for each unit. The result can be
# handed to `conv2d` of Exercise 41. On a *larger* image it slides: one pass gives a map of answers, as if a window had been cut
# out at every place. That is why it is said that there are no dense layers, only convolutions.
#
# {examples:chap1-dense}


# %% id="chap1-dense" solution=true
def dense_as_filters(weight, channels, height, width):
    """Return the rows of a dense layer as filters.

    weight: array, shape (units, channels * height * width); one row for each unit
    channels, height, width: int; shape of the volume that the layer reads
    Returns array, shape (units, channels, height, width)
    """
    ### BEGIN SOLUTION
    return np.asarray(weight).reshape(-1, channels, height, width)
    ### END SOLUTION


# %% id="chap1-dense-test" points=0.5
check("chap1-dense", lambda: dense_as_filters)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-dense", lambda: dense_as_filters)
### END HIDDEN TESTS

# %% [markdown] id="chap1-batch-norm-in-use-prompt"
# ## 6. Batch normalization in use ({worth:chap1-batch-norm-in-use})
#
# In training every batch is normalized with its own mean and variance, and a slow average of them is kept: after each batch it
# moves a tenth of the way. When the network is *used* there may be one image only, and nobody wants its answer to depend on what
# else is in the batch. So the **stored** mean and variance are taken, and what is left is a fixed scale and shift:
#
# > y = γ · (x − mean) / √(variance + ε) + β
#
# ![Means of 60 batches scatter around 4; the stored mean starts at 0 and follows them smoothly](images/chap1-running.png)
#
# Every channel has its own four numbers. BN-Inception is GoogLeNet with such a layer behind every convolution.
#
# {examples:chap1-batch-norm-in-use}


# %% id="chap1-batch-norm-in-use" solution=true
def batch_norm_in_use(x, gamma, beta, mean, variance, eps=1e-5):
    """Normalize with stored statistics.

    x: array, shape (N, C, H, W); feature maps
    gamma, beta: array, shape (C,); scale and shift of each channel
    mean, variance: array, shape (C,); stored in training
    eps: float; added to the variance
    Returns array, shape (N, C, H, W)
    """
    ### BEGIN SOLUTION
    scale = np.asarray(gamma) / np.sqrt(np.asarray(variance) + eps)
    shift = np.asarray(beta) - np.asarray(mean) * scale
    # (C,) -> (1, C, 1, 1)
    return np.asarray(x) * scale.reshape(1, -1, 1, 1) + shift.reshape(1, -1, 1, 1)
    ### END SOLUTION


# %% id="chap1-batch-norm-in-use-test" points=0.5
check("chap1-batch-norm-in-use", lambda: batch_norm_in_use)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-batch-norm-in-use", lambda: batch_norm_in_use)
### END HIDDEN TESTS

# %% [markdown] id="chap1-unpool-prompt"
# ## 7. Back to where the maximum was ({worth:chap1-unpool})
#
# Max pooling forgets where the maximum was. DeconvNet, which shows what a filter looks for, remembers it: pooling notes the
# **place** of each maximum (its *switch*), and unpooling puts the value back there. All other cells are 0.
#
# ![A line of 6 cells, its three maxima with their places, and the unpooled line: each maximum at its place, zeros elsewhere](images/chap1-unpool.png)
#
# {examples:chap1-unpool}


# %% id="chap1-unpool" solution=true
def max_unpool1d(values, places, size):
    """Put maxima back to where they came from.

    values: array, shape (windows,); the maxima
    places: array of int, shape (windows,); the cell of the line that each one came from; no cell comes twice
    size: int; cells of the line
    Returns array, shape (size,)
    """
    ### BEGIN SOLUTION
    values = np.asarray(values)
    line = np.zeros(size, dtype=values.dtype)
    line[np.asarray(places)] = values
    return line
    ### END SOLUTION


# %% id="chap1-unpool-test" points=0.5
check("chap1-unpool", lambda: max_unpool1d)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-unpool", lambda: max_unpool1d)
### END HIDDEN TESTS

# %% [markdown] id="chap1-cost-prompt"
# ## 8. Which filter is the expensive one? ({worth:chap1-cost})
#
# One sometimes reads that larger filters need less computation, since fewer positions are left for them. Count multiplications:
# cells of the map, times weights of the filter.
#
# ![Multiplications of one filter on 32 by 32 cells against its side, as bars: few at both ends, a hill between them](images/chap1-cost.png)
#
# The picture is about an image of 32 × 32 cells. Take one of **21 × 21**, one channel, no padding, stride 1, and filters from 1 × 1
# to 21 × 21:
#
# * `"most_expensive"`: the side of the filter with the most multiplications,
# * `"most"`: how many these are,
# * `"as_large_as_the_image"`: how many the filter of 21 × 21 needs,
# * `"as_cheap_as_3"`: the side of another filter that needs exactly as many as the one of 3 × 3.

# %% id="chap1-cost" solution=true
cost = {
    "most_expensive": ...,
    "most": ...,
    "as_large_as_the_image": ...,
    "as_cheap_as_3": ...,
}
### BEGIN SOLUTION
products = {side: (21 - side + 1) ** 2 * side**2 for side in range(1, 22)}
cost = {
    "most_expensive": max(products, key=products.get),
    "most": max(products.values()),
    "as_large_as_the_image": products[21],
    "as_cheap_as_3": max(side for side in products if products[side] == products[3]),
}
### END SOLUTION

# %% id="chap1-cost-test" points=0.25
check("chap1-cost", lambda: cost)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-cost", lambda: cost)
### END HIDDEN TESTS

# %% [markdown] id="chap1-claims-prompt"
# ## 9. What a layer takes for granted ({worth:chap1-claims})
#
# A convolutional layer is a dense layer with two orders that no data can change: most weights **are** 0, and the others **are**
# equal from unit to unit. Such a belief, held before any data is seen and never given up, is called an infinitely strong prior.
# Where it is true it saves data; where it is false the layer cannot fit even its training data: it *underfits*.
#
# ![The weights of a convolution on 7 cells as the table of a dense layer: each row has a, b and c side by side, one place further to the right than the row above, and zeros elsewhere](images/chap1-prior.png)
#
# Give a verdict and the letter of the reason for each claim, such as `"A": (True, "c")`. Only the right pair counts.
#
# **A.** A convolutional layer can be written as a dense layer.
#
# - **a)** A dense layer has a fixed size, a convolution has none.
# - **b)** With zeros outside of the window and equal weights within.
# - **c)** Both learn the same number of weights.
#
# **B.** With enough data a dense layer could learn to be a convolution.
#
# - **a)** Its weights are free, so they may also become equal or 0.
# - **b)** It has no way to move its weights along.
# - **c)** Training makes the weights of all units equal sooner or later.
#
# **C.** Since it learns so few numbers, a convolution can at worst overfit.
#
# - **a)** Fewer numbers always fit the data better.
# - **b)** It never overfits, whatever the data.
# - **c)** Where places differ in meaning, its orders keep it from fitting.
#
# **D.** Max pooling in windows of 2 × 2 cannot harm a task in which the exact place of a point counts.
#
# - **a)** The maximum of a window is kept, and with it the point.
# - **b)** Which of the four cells it was is lost.
# - **c)** Pooling moves all points by the same distance.
#
# **E.** For 32 cells, a filter of 5, stride 2 and no padding there is no such layer, as (32 − 5) / 2 + 1 is no whole number.
#
# - **a)** The size is rounded down: the last cell is left over.
# - **b)** A window has to end at the last cell.
# - **c)** The size is rounded up: the last window hangs over.
#
# **F.** For 4 cells, a filter of 7 and a padding of 1 there is no such layer.
#
# - **a)** The filter may hang over as long as it touches the image.
# - **b)** The filter is longer than the image, and padding never changes that.
# - **c)** With its padding the line has 6 cells, and the filter is longer.

# %% id="chap1-claims" solution=true
claims = {
    "A": ...,
    "B": ...,
    "C": ...,
    "D": ...,
    "E": ...,
    "F": ...,
}
### BEGIN SOLUTION
claims = {
    "A": (True, "b"),
    "B": (True, "a"),
    "C": (False, "c"),
    "D": (False, "b"),
    "E": (False, "a"),
    "F": (True, "c"),
}
### END SOLUTION

# %% id="chap1-claims-test" points=0.3
check("chap1-claims", lambda: claims)
### BEGIN HIDDEN TESTS
import grader_tests

grader_tests.grade("chap1-claims", lambda: claims)
### END HIDDEN TESTS

# %% [markdown] id="chap1-end"
# ## Where you stand

# %% id="chap1-progress"
from student_kit import progress

progress("chap1")

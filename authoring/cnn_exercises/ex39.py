# %% [markdown] id="ex39-intro"
# # Exercise 39: parameters, hyperparameters, stride and padding
#
# **You will** tell what a layer learns from what you choose for it, count what is learned, and find the padding that
# keeps the size of an image.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `parameters`: what each layer learns | 0.5 |
# | 2 | `hyperparameters`: what you choose for each layer | 0.5 |
# | 3 | `counts`: ten small numbers | 0.5 |
# | 4 | `same_padding`: padding that keeps the size | 0.5 |
# | 5 | `same_padding_sides`: how TensorFlow and Keras do it | 0.25 |
# | 6 | stride and padding (in words) | 0.75 |
#
# ![The same 5 by 5 input under three settings of stride and padding](images/ex39-stride-padding.png)
#
# **Stride** is the step of the window, **padding** the number of zeros added at *each* end. The frames show the first two
# positions of a 3 × 3 filter, and below them stands what comes out.

# %% id="ex39-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex39-explore"
explore("padding")

vocabulary = {
    "weights", "biases",
    "number of filters", "kernel size", "window size", "stride", "padding",
    "number of units", "activation", "drop rate",
}
print("Words to choose from:", ", ".join(sorted(vocabulary)))

# %% [markdown] id="ex39-parameters-prompt"
# ## 1. What is learned? (0.5 points)
#
# *Parameters* are the numbers that training changes. For each of the four layers, give the set of the words above that
# name its parameters. An empty set is written `set()`.

# %% id="ex39-parameters" solution=true
parameters = {
    "Conv": ...,
    "MaxPooling": ...,
    "Dense": ...,
    "Dropout": ...,
}
### BEGIN SOLUTION
parameters = {
    "Conv": {"weights", "biases"},
    "MaxPooling": set(),
    "Dense": {"weights", "biases"},
    "Dropout": set(),
}
### END SOLUTION

# %% id="ex39-parameters-test" points=0.5
check("ex39-parameters", lambda: parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-parameters", lambda: parameters)
### END HIDDEN TESTS

# %% [markdown] id="ex39-hyperparameters-prompt"
# ## 2. What is chosen? (0.5 points)
#
# *Hyperparameters* are chosen before training and stay as they are. Which words name those of each layer? (Take all that
# fit. In Keras these are the arguments you type into the layer; max pooling has no activation there.)

# %% id="ex39-hyperparameters" solution=true
hyperparameters = {
    "Conv": ...,
    "MaxPooling": ...,
    "Dense": ...,
    "Dropout": ...,
}
### BEGIN SOLUTION
hyperparameters = {
    "Conv": {"number of filters", "kernel size", "stride", "padding", "activation"},
    "MaxPooling": {"window size", "stride", "padding"},
    "Dense": {"number of units", "activation"},
    "Dropout": {"drop rate"},
}
### END SOLUTION

# %% id="ex39-hyperparameters-test" points=0.5
check("ex39-hyperparameters", lambda: hyperparameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-hyperparameters", lambda: hyperparameters)
### END HIDDEN TESTS

# %% [markdown] id="ex39-counts-prompt"
# ## 3. Ten small numbers (0.5 points)
#
# Fill in numbers (or expressions that compute them). *Learned* means: changed by gradient descent.
#
# | key | what to count |
# |---|---|
# | `"conv"` | numbers learned by 32 filters of 3 × 3 with biases on 1 channel, ReLU behind it |
# | `"pooling"` | numbers learned by 2 × 2 max pooling on 64 channels |
# | `"dropout"` | numbers learned by dropout with rate 0.1 on 1,024 units |
# | `"batch_norm"` | numbers learned by batch normalization of 64 channels (a scale and a shift each) |
# | `"dense"` | numbers learned by a dense layer with biases from a 7 × 7 × 512 volume to 4,096 units |
# | `"kept"` | units of 1,000 that dropout with rate 0.1 keeps on average in training |
# | `"dropout_mean"` | mean output in training when inputs are all 1 and the rate is 0.5, in Keras and torch |
# | `"same_stride_2"` | size of Keras' `padding="same"` output for 28 cells, filter 3, stride 2 |
# | `"only_zeros"` | outputs that see nothing but padding when a 16 × 16 image goes through one 3 × 3 filter with stride 2 and padding 9 |
# | `"total_padding"` | output size for 8 cells, filter 3, stride 1 and **2** zeros of padding *in total* (both ends together) |

# %% id="ex39-counts" solution=true
counts = {
    "conv": ...,
    "pooling": ...,
    "dropout": ...,
    "batch_norm": ...,
    "dense": ...,
    "kept": ...,
    "dropout_mean": ...,
    "same_stride_2": ...,
    "only_zeros": ...,
    "total_padding": ...,
}
### BEGIN SOLUTION
counts = {
    "conv": 32 * (3 * 3 * 1 + 1),
    "pooling": 0,
    "dropout": 0,
    "batch_norm": 2 * 64,
    "dense": 7 * 7 * 512 * 4096 + 4096,
    "kept": 900,
    "dropout_mean": 1,
    "same_stride_2": 14,
    # windows start at -9, -7, ..., 21: along one side 9 of the 16 meet the image (starts -1, 1, ..., 15)
    "only_zeros": 16 * 16 - 9 * 9,
    "total_padding": 8 - 3 + 2 + 1,
}
### END SOLUTION

# %% id="ex39-counts-test" points=0.5
check("ex39-counts", lambda: counts)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-counts", lambda: counts)
### END HIDDEN TESTS

# %% [markdown] id="ex39-same-padding-prompt"
# ## 4. Padding that keeps the size (0.5 points)
#
# The output has floor((size − kernel_size + 2 · padding) / stride) + 1 cells. Which padding per side makes that equal to
# `size`? Where two work, return the smaller one. Where none does, raise a `ValueError`.
#
# By hand: 7 cells, filter 5, stride 1 needs 2 zeros per side. An **even** filter at stride 1 would need half a zero: there
# is no such padding. At stride 2 there always is one: for 6 cells and filter 3 it is 4. Solve the formula, and mind the
# floor.

# %% id="ex39-same-padding" solution=true
def same_padding(size, kernel_size, stride):
    """Return the smallest padding per side that keeps the size.

    Parameters
    ----------
    size, kernel_size : int
        Cells of the side and of the filter.
    stride : int
        Step of the window.

    Returns
    -------
    int
        Zeros to add at each end.

    Raises
    ------
    ValueError
        When no padding keeps the size.
    """
    ### BEGIN SOLUTION
    if size < 1 or kernel_size < 1 or stride < 1:
        raise ValueError(f"size, kernel_size and stride start at 1: {size=} {kernel_size=} {stride=}")
    # all of 2P in (size - 1) * stride + kernel_size - size + {0, ..., stride - 1} keep the size
    least = (size - 1) * stride + kernel_size - size
    padding = (least + 1) // 2
    if 2 * padding > least + stride - 1:
        raise ValueError(f"no whole padding keeps {size} cells with an even filter of {kernel_size} at stride 1")
    return padding
    ### END SOLUTION

# %% id="ex39-same-padding-try"
same_padding(7, 5, stride=1), same_padding(6, 3, stride=2)

# %% id="ex39-same-padding-test" points=0.5
check("ex39-same-padding", lambda: same_padding)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-same-padding", lambda: same_padding)
### END HIDDEN TESTS

# %% [markdown] id="ex39-same-padding-sides-prompt"
# ## 5. What TensorFlow and Keras call "same" (0.25 points)
#
# Padding 4 on 6 cells is a strange layer: many outputs see only zeros. TensorFlow means something else by *same*: the
# output has ceil(size / stride) cells, and as few zeros as possible are added for that, in total
#
# max((output − 1) · stride + kernel_size − size, 0).
#
# Half of them go to the beginning, the rest to the end; a spare one goes to the **end**.
#
# By hand: 6 cells, filter 3, stride 2: 3 outputs, 2 · 2 + 3 − 6 = 1 zero in total: **(0, 1)**.

# %% id="ex39-same-padding-sides" solution=true
def same_padding_sides(size, kernel_size, stride):
    """Return the zeros that TensorFlow's SAME adds at both ends.

    Parameters
    ----------
    size, kernel_size : int
        Cells of the side and of the filter.
    stride : int
        Step of the window.

    Returns
    -------
    (int, int)
        Zeros at the beginning and at the end.
    """
    ### BEGIN SOLUTION
    output = -(-size // stride)  # rounded up
    total = max((output - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2
    ### END SOLUTION

# %% id="ex39-same-padding-sides-try"
same_padding_sides(6, 3, stride=2)

# %% id="ex39-same-padding-sides-test" points=0.25
check("ex39-same-padding-sides", lambda: same_padding_sides)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-same-padding-sides", lambda: same_padding_sides)
### END HIDDEN TESTS

# %% [markdown] id="ex39-stride-padding-prompt"
# ## 6. Stride and padding, in your own words (0.75 points)
#
# What is the stride and what does a larger one do to the output? What is padding for? And which padding keeps width and
# height at stride 1, and at stride 2? Say also what is odd about the answer for stride 2.

# %% [markdown] id="ex39-stride-padding" written=true points=0.75
# The stride is the number of cells the window moves from one position to the next; with stride 2 about half of the
# positions along each side are left, so the output is smaller and cheaper to compute. Padding adds cells, usually zeros,
# around the input, so that the filter can also be centered on cells at the border, and the size can be kept. At stride 1
# an odd filter of size F needs P = (F − 1)/2 per side; an even one would need half a cell. At stride 2, P = ceil((H + F)/2) − 1
# keeps the size, but more than half of the outputs may then see only padding (16 cells, filter 3, padding 9: 175 of 256), so
# it is hardly ever what one wants; "same" in Keras means ceil(H/2) there.
#
# **Rubric**
#
# - 0.25: stride is the step of the window; a larger one gives a smaller output
# - 0.25: padding adds cells at the border, with a purpose
# - 0.25: P = (F − 1)/2 for odd F at stride 1, and P = ceil((H + F)/2) − 1 at stride 2 with its drawback

# %% [markdown] id="ex39-end"
# ## Where you stand

# %% id="ex39-progress"
from student_kit import progress
progress("ex39")

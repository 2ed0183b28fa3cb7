# %% [markdown] id="ex42-intro"
# # Exercise 42: filters of size 1 × 1
#
# **You will** write a 1 × 1 convolution and find out what it is good for by counting multiplications.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `conv1x1`: the layer | 0.25 |
# | 2 | `conv_multiplications`: what a convolution costs | 0.25 |
# | 3 | `bottleneck_multiplications`: what it costs with a detour | 0.25 |
# | 4 | what a 1 × 1 filter is for (in words) | 0.25 |
#
# ![Multiplications of a 5 by 5 layer on 192 channels, directly and through 16 channels](images/ex42-cost.png)
#
# Both bars make the same 28 × 28 × 32 output from the same 28 × 28 × 192 input. You will compute every number in this
# picture yourself.

# %% id="ex42-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress, show
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex42-explore"
explore("one by one")

# %% [markdown] id="ex42-conv1x1-prompt"
# ## 1. The layer (0.25 points)
#
# A 1 × 1 filter sees a single position, but **all channels** there. So each output channel is a weighted sum of the input
# channels, the same sum at every position. Stride 1, no padding: height and width stay, only the depth changes.
#
# By hand: one position with the channels 1, 2, 3 and the filter `[10, 1, 0]` gives 10·1 + 1·2 + 0·3 = **12**.
#
# The weight has shape (O, C) here, one row per filter; the two axes of length 1 are left out.

# %% id="ex42-conv1x1" solution=true
def conv1x1(x, weight, bias=None):
    """Mix the channels of every position.

    Parameters
    ----------
    x : array, shape (N, C, H, W)
        Images.
    weight : array, shape (O, C)
        One row of channel weights per filter.
    bias : array, shape (O,), optional
        One number per filter.

    Returns
    -------
    array, shape (N, O, H, W)
    """
    ### BEGIN SOLUTION
    x, weight = np.asarray(x), np.asarray(weight)
    kind = np.result_type(x, weight, np.int64)  # small integers would wrap around
    # (N, C, H, W), (O, C) -> (N, O, H, W)
    result = np.einsum("nchw,oc->nohw", x.astype(kind), weight.astype(kind))
    if bias is not None:
        result = result + np.reshape(bias, (1, -1, 1, 1))
    return result
    ### END SOLUTION

# %% id="ex42-conv1x1-try"
conv1x1(np.array([[[[1]], [[2]], [[3]]]]), np.array([[10, 1, 0]]))

# %% id="ex42-conv1x1-show"
show("ex42-conv1x1", lambda: conv1x1)

# %% id="ex42-conv1x1-test" points=0.25
check("ex42-conv1x1", lambda: conv1x1)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex42-conv1x1", lambda: conv1x1)
### END HIDDEN TESTS

# %% [markdown] id="ex42-conv-multiplications-prompt"
# ## 2. What a convolution costs (0.25 points)
#
# Count multiplications only (additions come on top, and biases need none). Every cell of every output slice is one
# product of a filter with a window.
#
# By hand: an output of 2 × 3 from 4 filters of size 3 × 3 on 5 channels: 2·3·4 = 24 cells, 3·3·5 = 45 products each,
# **1,080** multiplications.

# %% id="ex42-conv-multiplications" solution=true
def conv_multiplications(output_height, output_width, filters, kernel_size, in_channels):
    """Return how many multiplications a convolutional layer needs for one image.

    Parameters
    ----------
    output_height, output_width : int
        Cells of one slice of the output.
    filters : int
        Number of filters.
    kernel_size : int
        Side of the filter.
    in_channels : int
        Depth of the input.

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    kernel_height, kernel_width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return output_height * output_width * filters * kernel_height * kernel_width * in_channels
    ### END SOLUTION

# %% id="ex42-conv-multiplications-try"
conv_multiplications(2, 3, filters=4, kernel_size=3, in_channels=5)

# %% id="ex42-conv-multiplications-test" points=0.25
check("ex42-conv-multiplications", lambda: conv_multiplications)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex42-conv-multiplications", lambda: conv_multiplications)
### END HIDDEN TESTS

# %% [markdown] id="ex42-bottleneck-multiplications-prompt"
# ## 3. The detour (0.25 points)
#
# Now two layers instead of one: first a 1 × 1 convolution down to `reduced_channels`, then the filter of size
# `kernel_size` on the thin volume. Both keep height and width (the second one is padded). How many multiplications do the
# two need together?
#
# By hand: output 2 × 3, 4 filters of size 3 × 3, 5 channels reduced to 2. First layer 2·3·2·5 = 60, second layer
# 2·3·4·3·3·2 = 432, together **492** instead of 1,080.

# %% id="ex42-bottleneck-multiplications" solution=true
def bottleneck_multiplications(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    """Return the multiplications of a 1 × 1 convolution followed by a larger one.

    Parameters
    ----------
    output_height, output_width, filters, kernel_size, in_channels
        As in `conv_multiplications`.
    reduced_channels : int
        Channels between the two layers.

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    squeeze = conv_multiplications(output_height, output_width, reduced_channels, 1, in_channels)
    expand = conv_multiplications(output_height, output_width, filters, kernel_size, reduced_channels)
    return squeeze + expand
    ### END SOLUTION

# %% id="ex42-bottleneck-multiplications-try"
bottleneck_multiplications(2, 3, filters=4, kernel_size=3, in_channels=5, reduced_channels=2)

# %% id="ex42-bottleneck-multiplications-test" points=0.25
check("ex42-bottleneck-multiplications", lambda: bottleneck_multiplications)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex42-bottleneck-multiplications", lambda: bottleneck_multiplications)
### END HIDDEN TESTS

# %% [markdown] id="ex42-role-prompt"
# ## 4. In your own words (0.25 points)
#
# What can a filter be good for that does not even see its neighbors? Two or three sentences, with the numbers of the
# picture at the top of this notebook.

# %% [markdown] id="ex42-role" written=true points=0.25
# A 1 × 1 filter is a weighted sum over all channels at one position, the same sum everywhere. It changes the depth of a
# volume and leaves height and width alone: it mixes channels, and with fewer filters than channels it makes the volume
# thinner, so that the expensive layer behind it costs less. Here 28·28·32·5·5·192 = 120,422,400 multiplications become
# 2,408,448 + 10,035,200 = 12,443,648, about a tenth (a factor of 9.68).
#
# **Rubric**
#
# - 0.125: says that it combines the channels of one position and so changes the depth, not height and width
# - 0.125: names a use (fewer channels before an expensive layer, or mixing channels) and supports it with the numbers

# %% [markdown] id="ex42-end"
# ## Where you stand

# %% id="ex42-progress"
from student_kit import progress
progress("ex42")

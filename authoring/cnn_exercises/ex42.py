# %% [markdown] id="ex42-intro"
# # Exercise 42: filters of size 1 × 1
#
# **You will** write a 1 × 1 convolution and find out what it is good for by counting multiplications.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `conv1x1`: the layer | {points:ex42-conv1x1} |
# | 2 | `conv_multiplications`: what a convolution costs | {points:ex42-conv-multiplications} |
# | 3 | `bottleneck_multiplications`: what it costs with a detour | {points:ex42-bottleneck-multiplications} |
# | 4 | `role`: what a 1 × 1 filter can do, and what it cannot | {points:ex42-role} |
#
# ![Two bars of multiplications for 28 by 28 by 96 outputs: a 5 by 5 layer directly, 481,689,600; through 32 channels, 66,633,728, nearly all of them in the 5 by 5 layer](images/ex42-cost.png)
#
# Both bars make an output of 28 × 28 × 96 from the same input of 28 × 28 × 256. You will compute every number in this
# picture yourself.

# %% id="ex42-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, look, photograph, predict, progress, show
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex42-explore"
explore("one by one")

# %% [markdown] id="ex42-conv1x1-prompt"
# ## 1. The layer ({worth:ex42-conv1x1})
#
# A 1 × 1 filter sees a single position, but **all channels** there. So each output channel is a weighted sum of the input
# channels, the same sum at every position. Stride 1, no padding: height and width stay, only the depth changes.
#
# {examples:ex42-conv1x1}
#
# The weight has shape (O, C) here, one row per filter; the two axes of length 1 are left out. The arrays
# may hold whole numbers or fractions, and must be the same after the call as before.

# %% id="ex42-conv1x1" solution=true
def conv1x1(x, weight, bias=None):
    """Mix the channels of every position.

    x: array, shape (N, C, H, W); images
    weight: array, shape (O, C); one row of channel weights per filter
    bias: array, shape (O,), optional; one number per filter
    Returns array, shape (N, O, H, W)
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

# %% [markdown] id="ex42-photo-text"
# ### On a photograph
#
# `photo` is a picture of a cat: red, green and blue, 72 × 96 cells. Two filters of 1 × 1 read it: the first takes blue alone, the
# second twice green minus red minus blue.
#
# **Predict first.** What is the shape of the result? And, just for your eyes: what will shine in the second map?

# %% id="ex42-photo"
photo = photograph().astype(int)
colors = np.array([[0, 0, 1], [-1, 2, -1]])
prediction = ...  # four numbers: (images, channels, rows, columns)

# %% id="ex42-predict"
predict("ex42-predict", lambda: prediction, lambda: conv1x1(photo[None], colors).shape)

# %% id="ex42-look"
look(photograph(), lambda: conv1x1(photo[None], colors)[0, 0], lambda: conv1x1(photo[None], colors)[0, 1])

# %% [markdown] id="ex42-library"
# Sharp edges stay sharp: no place looked at its neighbors.
#
# **The same in PyTorch** (nothing need be installed, this is what it prints), where the weight has the two axes of length 1:
#
# ```pycon
# >>> import torch
# >>> pair = torch.tensor([[[[1.0, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]]])
# >>> weight = torch.tensor([[1.0, 0.5], [3.0, -0.25]])
# >>> torch.nn.functional.conv2d(pair, weight[:, :, None, None]).tolist()
# [[[[6.0, 12.0, 18.0], [24.0, 30.0, 36.0]], [[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]]]]
# ```
#
# And yours:

# %% id="ex42-library-yours"
conv1x1(np.array([[[[1.0, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]]]), np.array([[1.0, 0.5], [3.0, -0.25]]))

# %% [markdown] id="ex42-conv-multiplications-prompt"
# ## 2. What a convolution costs ({worth:ex42-conv-multiplications})
#
# Count multiplications only (additions come on top, and biases need none). Every cell of every output slice is one
# sum of products: each number of the filter times the number below it.
#
# {examples:ex42-conv-multiplications}

# %% id="ex42-conv-multiplications" solution=true
def conv_multiplications(output_height, output_width, filters, kernel_size, in_channels):
    """Return how many multiplications a convolutional layer needs for one image."""
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
# ## 3. The detour ({worth:ex42-bottleneck-multiplications})
#
# Now two layers instead of one: first a 1 × 1 convolution down to `reduced_channels`, then the filter of size
# `kernel_size` on the thin volume. Both keep height and width (the second one is padded). How many multiplications do the
# two need together?
#
# {examples:ex42-bottleneck-multiplications}

# %% id="ex42-bottleneck-multiplications" solution=true
def bottleneck_multiplications(output_height, output_width, filters, kernel_size, in_channels, reduced_channels):
    """Return the multiplications of a 1 × 1 convolution followed by a larger one."""
    ### BEGIN SOLUTION
    squeeze = conv_multiplications(output_height, output_width, reduced_channels, 1, in_channels)
    expand = conv_multiplications(output_height, output_width, filters, kernel_size, reduced_channels)
    return squeeze + expand
    ### END SOLUTION

# %% id="ex42-bottleneck-multiplications-try"
bottleneck_multiplications(2, 3, filters=4, kernel_size=3, in_channels=5, reduced_channels=2)

# %% id="ex42-bottleneck-multiplications-test" points=0.25 follows=["ex42-conv-multiplications"]
check("ex42-bottleneck-multiplications", lambda: bottleneck_multiplications)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex42-bottleneck-multiplications", lambda: bottleneck_multiplications)
### END HIDDEN TESTS

# %% [markdown] id="ex42-role-prompt"
# ## 4. What is it good for? ({worth:ex42-role})
#
# Find an example of your own for each:
#
# * `"mix"`: the weight (2, 3) of a 1 × 1 convolution that turns red, green and blue into two channels: first the mean of the
#   three (gray; 0.33 is near enough to a third), then red minus green.
# * `"largest_reduced"`: in the picture at the top, the detour goes through 32 channels. Through how many may it go **at most**
#   to need fewer multiplications than the direct way? (Your functions can search.)
# * `"pair"`: two images of 5 × 5 that hold the **same 25 numbers in other places**. A 1 × 1 convolution then gives the same
#   responses for both, only elsewhere. The filter `stroke` has to tell them apart: slide it over each image without padding;
#   the largest response on the one must differ from the largest response on the other.

# %% id="ex42-stroke" locked=true
stroke = np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]])

# %% id="ex42-role" solution=true
role = {
    "mix": ...,
    "largest_reduced": ...,
    "pair": ...,
}
### BEGIN SOLUTION
layer = (28, 28, 96, 5, 256)
cheaper = [r for r in range(1, 257) if bottleneck_multiplications(*layer, r) < conv_multiplications(*layer)]
across, down = np.zeros((5, 5)), np.zeros((5, 5))
across[2, :], down[:, 2] = 1, 1
role = {
    "mix": [[1 / 3, 1 / 3, 1 / 3], [1, -1, 0]],
    "largest_reduced": max(cheaper, default=1),
    "pair": [across, down],
}
### END SOLUTION

# %% id="ex42-role-test" points=0.25 follows=["ex42-conv-multiplications", "ex42-bottleneck-multiplications"]
check("ex42-role", lambda: role)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex42-role", lambda: role)
### END HIDDEN TESTS

# %% [markdown] id="ex42-end"
# ## Where you stand

# %% id="ex42-progress"
from student_kit import progress
progress("ex42")

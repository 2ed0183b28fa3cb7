# %% [markdown] id="ex41-intro"
# # Exercise 41: the convolutional layer
#
# **You will** work out what goes in and what comes out of a convolutional layer, count what it learns, and write the
# convolution itself.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `conv_output_size`: size of one side | {points:ex41-conv-output-size} |
# | 2 | `conv_output_shape`: shape of the whole output | {points:ex41-conv-output-shape} |
# | 3 | `conv_parameters`: numbers to learn, per filter and in total | {points:ex41-conv-parameters} |
# | 4 | `conv2d`: the convolution | {points:ex41-conv2d} |
# | 5 | `depth_slice`: one slice of its output | {points:ex41-depth-slice} |
#
# ![A 3 by 3 window on a 5 by 5 image, the filter of the same size, and the cell of the feature map that the two give; the nine products are written out, their sum is 3](images/ex41-step.png)
#
# The window on the left and the filter have the same shape. Multiply cell by cell, add everything up, and you have one
# cell of the feature map. Then the window moves on by the *stride*.
#
# **Conventions** (they hold in the whole course): the filter is *not* turned around before it slides; mathematicians call
# that cross-correlation, deep learning calls it convolution. Sizes are rounded down. Padding $P$ puts $P$ zeros on **each**
# side.

# %% id="ex41-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, look, photograph, predict, progress, show
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex41-explore"
explore("conv")

# %% [markdown] id="ex41-conv-output-size-prompt"
# ## 1. The size of one side ({worth:ex41-conv-output-size})
#
# A side of `size` cells, a filter of `kernel_size` cells, step `stride`, `padding` zeros at each end. How many positions
# are there for the window? A position that does not fit completely does not count.
#
# ![The same 5 by 5 input and 3 by 3 filter three times: stride 1 gives a 3 by 3 map, stride 2 gives 2 by 2, stride 2 with padding 1 gives 3 by 3; the first two windows and their cells are framed](images/ex41-sizes.png)
#
# {examples:ex41-conv-output-size}
#
# Some layers cannot exist: a filter longer than the padded side, a stride below 1, a negative padding. Raise a
# `ValueError` for those, with a message that would help *you*. (`size` and `kernel_size` are always at least 1.)

# %% id="ex41-conv-output-size" solution=true
def conv_output_size(size, kernel_size, stride=1, padding=0):
    """Return how many positions a window has along one side.

    size, kernel_size: int; cells of the side and of the filter
    stride: int; step of the window
    padding: int; zeros added at each end
    Returns int; size of the output along this side
    Raises ValueError when there is no such layer
    """
    ### BEGIN SOLUTION
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError(f"sizes and stride start at 1, padding at 0: {size=} {kernel_size=} {stride=} {padding=}")
    room = size + 2 * padding - kernel_size
    if room < 0:
        raise ValueError(f"a filter of {kernel_size} does not fit into {size} cells with padding {padding}")
    return room // stride + 1
    ### END SOLUTION

# %% id="ex41-conv-output-size-try"
conv_output_size(5, 3, stride=2, padding=1)

# %% id="ex41-conv-output-size-test" points=0.5
check("ex41-conv-output-size", lambda: conv_output_size)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex41-conv-output-size", lambda: conv_output_size)
### END HIDDEN TESTS

# %% [markdown] id="ex41-conv-output-shape-prompt"
# ## 2. The shape of the output ({worth:ex41-conv-output-shape})
#
# What goes into a layer and what comes out are blocks of numbers, called *volumes*. Lecture notes write them as
# width × height × depth: $W_1 \times H_1 \times D_1$ goes in, $W_2 \times H_2 \times D_2$
# comes out. There are `filters` filters, and each writes one slice of the output.
#
# {examples:ex41-conv-output-shape}
#
# The filter may be a rectangle: `kernel_size` is an int or a pair (height, width). **Mind the order: the volume starts with
# its width, the pair with its height.**

# %% id="ex41-conv-output-shape" solution=true
def conv_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    """Return the shape of a convolutional layer's output.

    input_shape: (int, int, int); width, height and depth of the input: W1, H1, D1
    filters: int; number of filters
    kernel_size: int or (int, int); side of the filter, or its height and width
    stride, padding: int; as in `conv_output_size`, the same for both sides
    Returns (int, int, int); width, height and depth of the output: W2, H2, D2
    Raises ValueError when there is no such layer
    """
    ### BEGIN SOLUTION
    width, height, depth = input_shape
    if filters < 1 or depth < 1:
        raise ValueError(f"a layer needs at least one filter and one channel: {filters=} {depth=}")
    kernel_height, kernel_width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (
        conv_output_size(width, kernel_width, stride, padding),
        conv_output_size(height, kernel_height, stride, padding),
        filters,
    )
    ### END SOLUTION

# %% id="ex41-conv-output-shape-try"
conv_output_shape((7, 5, 3), filters=4, kernel_size=3, stride=2)

# %% id="ex41-conv-output-shape-test" points=0.5 follows=["ex41-conv-output-size"]
check("ex41-conv-output-shape", lambda: conv_output_shape)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex41-conv-output-shape", lambda: conv_output_shape)
### END HIDDEN TESTS

# %% [markdown] id="ex41-conv-parameters-prompt"
# ## 3. What the layer learns ({worth:ex41-conv-parameters})
#
# All positions share one filter. A filter is as deep as its input, and it has one bias. How many numbers does one filter
# hold, and how many the whole layer?
#
# {examples:ex41-conv-parameters}

# %% id="ex41-conv-parameters" solution=true
def conv_parameters(kernel_size, in_channels, filters):
    """Return the parameters of one filter and of the whole layer, biases included."""
    ### BEGIN SOLUTION
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    one = height * width * in_channels + 1
    return one, one * filters
    ### END SOLUTION

# %% id="ex41-conv-parameters-try"
conv_parameters(2, in_channels=3, filters=5)

# %% id="ex41-conv-parameters-test" points=0.25
check("ex41-conv-parameters", lambda: conv_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex41-conv-parameters", lambda: conv_parameters)
### END HIDDEN TESTS

# %% [markdown] id="ex41-steps"
# ## 4. The convolution ({worth:ex41-conv2d})
#
# Now the layer itself, `conv2d`. Five steps lead there, each with a check of its own. They earn no points and may be left
# out: what counts is `conv2d` at the end, and every step that works there earns its share. Each step leaves a little more to
# you: in the first one a line is missing, in the last one everything.
#
# The steps work on **one** image and **one** filter. A *plane* is one channel: (rows, columns).

# %% [markdown] id="ex41-pad-zeros-prompt"
# ### Step 1: a frame of zeros
#
# The large plane of zeros is there. Put the small one into its middle.
#
# {examples:ex41-pad-zeros}

# %% id="ex41-pad-zeros" solution=true
def pad_zeros(plane, padding):
    """Return a plane (H, W) with `padding` zeros on each of its four sides."""
    height, width = plane.shape
    padded = np.zeros((height + 2 * padding, width + 2 * padding))
    # one line is missing: padded[... : ..., ... : ...] = plane
    ### BEGIN SOLUTION
    padded[padding : padding + height, padding : padding + width] = plane
    ### END SOLUTION
    return padded

# %% id="ex41-pad-zeros-check"
check("ex41-pad-zeros", lambda: pad_zeros)

# %% [markdown] id="ex41-window-sum-prompt"
# ### Step 2: one window
#
# Multiply cell by cell, add everything up. Window and filter have the same shape, whatever that is.
#
# {examples:ex41-window-sum}

# %% id="ex41-window-sum" solution=true
def window_sum(window, weight):
    """Return the sum of the products of a window and a filter of the same shape."""
    total = 0
    # one line is missing: what is added up?
    ### BEGIN SOLUTION
    total += np.sum(np.multiply(window, weight))
    ### END SOLUTION
    return total

# %% id="ex41-window-sum-check"
check("ex41-window-sum", lambda: window_sum)

# %% [markdown] id="ex41-conv-plane-prompt"
# ### Step 3: one channel
#
# The loops go over all cells of the map. Which part of the plane lies below the filter there? Cut it out and hand it to
# `window_sum`.
#
# {examples:ex41-conv-plane}

# %% id="ex41-conv-plane" solution=true
def conv_plane(plane, weight):
    """Slide a filter (kH, kW) over a plane (H, W), stride 1, no padding."""
    rows = plane.shape[0] - weight.shape[0] + 1
    columns = plane.shape[1] - weight.shape[1] + 1
    feature_map = np.zeros((rows, columns))
    for top in range(rows):
        for left in range(columns):
            feature_map[top, left] = 0  # instead of 0: cut the window out of the plane, hand it to window_sum
            ### BEGIN SOLUTION
            window = plane[top : top + weight.shape[0], left : left + weight.shape[1]]
            feature_map[top, left] = window_sum(window, weight)
            ### END SOLUTION
    return feature_map

# %% id="ex41-conv-plane-check"
check("ex41-conv-plane", lambda: conv_plane)

# %% [markdown] id="ex41-conv-channels-prompt"
# ### Step 4: all channels
#
# Now image and filter have C channels: (C, H, W) and (C, kH, kW). Each channel of the filter reads its own channel of the
# image, and **all of them together** make one number for each cell.
#
# {examples:ex41-conv-channels}

# %% id="ex41-conv-channels" solution=true
def conv_channels(image, weight):
    """Slide one filter (C, kH, kW) over one image (C, H, W), stride 1, no padding; the result is one plane."""
    # 1. a map for each channel   2. the maps, added up
    ### BEGIN SOLUTION
    return sum(conv_plane(plane, part) for plane, part in zip(image, weight, strict=True))
    ### END SOLUTION

# %% id="ex41-conv-channels-check"
check("ex41-conv-channels", lambda: conv_channels)

# %% [markdown] id="ex41-conv-strided-prompt"
# ### Step 5: stride and padding
#
# Pad every channel first. Then the window moves on by `stride` cells; or let it move by one, and keep every `stride`-th
# row and column of the map.
#
# {examples:ex41-conv-strided}

# %% id="ex41-conv-strided" solution=true
def conv_strided(image, weight, stride=1, padding=0):
    """Slide one filter (C, kH, kW) over one image (C, H, W); the result is one plane."""
    ### BEGIN SOLUTION
    padded = np.stack([pad_zeros(plane, padding) for plane in image])
    return conv_channels(padded, weight)[::stride, ::stride]
    ### END SOLUTION

# %% id="ex41-conv-strided-check"
check("ex41-conv-strided", lambda: conv_strided)

# %% [markdown] id="ex41-conv2d-prompt"
# ### The layer: `conv2d`
#
# What is left: N images, O filters, a bias for each filter, and a refusal where there is no such layer. Arrays come in the
# order that most libraries use:
#
# | array | axes | meaning |
# |---|---|---|
# | `x` | (N, C, H, W) | N images, each with C channels of H × W cells |
# | `weight` | (O, C, kH, kW) | O filters, each as deep as the input |
# | `bias` | (O,) or `None` | one number per filter, added once per output cell |
# | result | (N, O, H2, W2) | one slice per filter |
#
# {examples:ex41-conv2d}
#
# Things that tests like to try: images that are not square, filters that are not square, a stride that leaves a column
# over, several images that differ, small integers such as `uint8`. And `x` must be the same after the call as before.
# For a layer that cannot exist (question 1 lists them), raise a `ValueError`. The filters you get are always as deep as the
# images.
#
# Loops are fine. If you want it faster, look at `np.lib.stride_tricks.sliding_window_view`.

# %% id="ex41-conv2d" solution=true
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Slide every filter over every image.

    x: array, shape (N, C, H, W); images
    weight: array, shape (O, C, kH, kW); filters
    bias: array, shape (O,), optional; one number per filter
    stride, padding: int; step of the window; zeros added on each side of height and width
    Returns array, shape (N, O, H2, W2)
    Raises ValueError when there is no such layer
    """
    ### BEGIN SOLUTION
    x, weight = np.asarray(x), np.asarray(weight)
    # small integers would wrap around: compute in at least 64 bits
    kind = np.result_type(x, weight, np.int64)
    images, channels, height, width = x.shape
    filters, depth, kernel_height, kernel_width = weight.shape
    if depth != channels:
        raise ValueError(f"filters of depth {depth} on an input of depth {channels}")
    out_height = conv_output_size(height, kernel_height, stride, padding)
    out_width = conv_output_size(width, kernel_width, stride, padding)
    # (N, C, H, W) -> (N, C, H + 2P, W + 2P); np.pad copies, so x stays as it is
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    result = np.zeros((images, filters, out_height, out_width), dtype=kind)
    for row in range(out_height):
        for column in range(out_width):
            top, left = row * stride, column * stride
            window = padded[:, :, top : top + kernel_height, left : left + kernel_width].astype(kind)
            # (N, C, kH, kW) and (O, C, kH, kW) -> (N, O)
            result[:, :, row, column] = np.tensordot(window, weight, axes=([1, 2, 3], [1, 2, 3]))
    if bias is not None:
        result = result + np.reshape(bias, (1, filters, 1, 1))
    return result
    ### END SOLUTION

# %% id="ex41-conv2d-try"
conv2d(np.array([[[[1, 2, 3]]]]), np.array([[[[1, 0, -1]]]]))

# %% id="ex41-conv2d-show"
show("ex41-conv2d", lambda: conv2d)

# %% id="ex41-conv2d-test" points=1 follows=["ex41-conv-output-size"]
check("ex41-conv2d", lambda: conv2d)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex41-conv2d", lambda: conv2d)
### END HIDDEN TESTS

# %% [markdown] id="ex41-photo-text"
# ### On a photograph
#
# `photo` is a picture of a cat: red, green and blue, 72 × 96 cells. `gray` is the mean of the three. The filter `edge` takes
# what lies to the right minus what lies to the left.
#
# **Predict first.** The weights of `edge` add up to 0. What does it answer where the picture has one brightness, say 200, in all
# nine cells of the window?

# %% id="ex41-photo"
photo = photograph()
gray = photo.mean(axis=0)
edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
prediction = ...  # a number

# %% id="ex41-predict"
predict("ex41-predict", lambda: prediction, lambda: conv2d(np.full((1, 1, 3, 3), 200), edge[None, None])[0, 0, 0, 0])

# %% id="ex41-look"
look(
    photo,
    lambda: abs(conv2d(gray[None, None], edge[None, None])[0, 0]),
    lambda: abs(conv2d(gray[None, None], edge.T[None, None])[0, 0]),
)

# %% [markdown] id="ex41-library"
# In the middle you see edges that run up and down, on the right those that run across: the same filter, its rows and columns
# exchanged.
#
# **The same in PyTorch**, which calls it `conv2d` too (nothing need be installed, this is what it prints):
#
# ```pycon
# >>> import torch
# >>> step = torch.tensor([[[[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 2]]]])
# >>> weight = torch.tensor([[[[-1, 1], [-1, 2]]]])
# >>> torch.nn.functional.conv2d(step, weight, stride=2, padding=1).tolist()
# [[[[0, 2, 1], [0, 2, 1], [1, 0, 1]]]]
# ```
#
# And yours:

# %% id="ex41-library-yours"
conv2d(
    np.array([[[[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 2]]]]),
    np.array([[[[-1, 1], [-1, 2]]]]),
    stride=2,
    padding=1,
)

# %% [markdown] id="ex41-depth-slice-prompt"
# ## 5. One slice of the output ({worth:ex41-depth-slice})
#
# Where does slice `d` of the output come from? Write a function that computes *only* this slice, for all images. It gets
# the whole input, all filters and all biases; how it makes the slice is up to you. The layer always exists, and has a slice `d`.
# As with `conv2d`, the arrays must be the same after the call as before.
#
# {examples:ex41-depth-slice}

# %% id="ex41-depth-slice" solution=true
def depth_slice(x, weight, bias, d, stride=1, padding=0):
    """Return slice `d` of a convolutional layer's output.

    x: array, shape (N, C, H, W); images
    weight: array, shape (O, C, kH, kW); all filters
    bias: array, shape (O,), or None; all biases
    d: int; number of the slice; the first one is 0
    stride, padding: int; as in `conv2d`
    Returns array, shape (N, H2, W2)
    """
    ### BEGIN SOLUTION
    one_bias = None if bias is None else np.asarray(bias)[d : d + 1]
    # (O, C, kH, kW) -> (1, C, kH, kW), and (N, 1, H2, W2) -> (N, H2, W2)
    return conv2d(x, np.asarray(weight)[d : d + 1], one_bias, stride, padding)[:, 0]
    ### END SOLUTION

# %% id="ex41-depth-slice-try"
depth_slice(np.array([[[[1, 2], [3, 4]], [[10, 20], [30, 50]]]]), np.ones((1, 2, 2, 2)), None, 0)

# %% id="ex41-depth-slice-test" points=0.75 follows=["ex41-conv-output-size", "ex41-conv2d"]
check("ex41-depth-slice", lambda: depth_slice)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex41-depth-slice", lambda: depth_slice)
### END HIDDEN TESTS

# %% [markdown] id="ex41-end"
# ## Where you stand

# %% id="ex41-progress"
from student_kit import progress
progress("ex41")

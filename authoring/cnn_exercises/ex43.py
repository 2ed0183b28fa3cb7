# %% [markdown] id="ex43-intro"
# # Exercise 43: max pooling
#
# **You will** write max pooling and show with examples of your own what it is for and what it loses.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `max_pool2d`: the layer | {points:ex43-max-pool2d} |
# | 2 | `pooling`: what it gives and what it takes | {points:ex43-example} |
#
# ![Four windows of 2 by 2 on a 4 by 4 map; the largest number of each is circled and kept: 5, 8, −1 and 6](images/ex43-windows.png)
#
# Each window keeps its largest number. Nothing is learned here: the size of the window and its step are chosen
# beforehand. A map of 26 × 26 becomes 13 × 13 with windows of 2 × 2: a quarter of the numbers is left.

# %% id="ex43-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, look, photograph, predict, progress, show
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex43-explore"
explore("pooling")

# %% [markdown] id="ex43-max-pool2d-prompt"
# ## 1. The layer ({worth:ex43-max-pool2d})
#
# `x` has the axes (N, C, H, W). Every channel of every image is pooled **on its own**. `kernel_size` and `stride` are an
# int or a pair (height, width); without a `stride`, windows lie side by side (the step is the size of the window). There
# is no padding, and sizes are rounded down: what does not fill a window is left out.
#
# {examples:ex43-max-pool2d}
#
# Three traps: numbers can all be negative; windows can overlap; height and width can differ. `x` must be the same after the
# call as before. For a window that does not fit, raise a `ValueError`.

# %% id="ex43-max-pool2d" solution=true
def max_pool2d(x, kernel_size, stride=None):
    """Keep the largest number of every window.

    x: array, shape (N, C, H, W); feature maps
    kernel_size: int or (int, int); side of the window, or its height and width
    stride: int or (int, int), optional; step of the window; its size when left out
    Returns array, shape (N, C, H2, W2)
    Raises ValueError when the window does not fit, a size is below 1 or a step is negative
    """
    ### BEGIN SOLUTION
    x = np.asarray(x)
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    step = (height, width) if stride is None else stride
    step_down, step_right = (step, step) if isinstance(step, int) else step
    if min(height, width, step_down, step_right) < 1:
        raise ValueError(f"window and step must be at least 1: {kernel_size=} {stride=}")
    if height > x.shape[2] or width > x.shape[3]:
        raise ValueError(f"a window of {height} x {width} does not fit into {x.shape[2]} x {x.shape[3]}")
    rows = (x.shape[2] - height) // step_down + 1
    columns = (x.shape[3] - width) // step_right + 1
    result = np.empty((*x.shape[:2], rows, columns), dtype=x.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * step_down, column * step_right
            # (N, C, h, w) -> (N, C)
            result[:, :, row, column] = x[:, :, top : top + height, left : left + width].max(axis=(2, 3))
    return result
    ### END SOLUTION

# %% id="ex43-max-pool2d-try"
max_pool2d(np.array([[[[4, 1, 7, 2, 9]]]]), kernel_size=(1, 2))

# %% id="ex43-max-pool2d-show"
show("ex43-max-pool2d", lambda: max_pool2d)

# %% id="ex43-max-pool2d-test" points=0.75
check("ex43-max-pool2d", lambda: max_pool2d)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex43-max-pool2d", lambda: max_pool2d)
### END HIDDEN TESTS

# %% [markdown] id="ex43-photo-text"
# ### On a photograph
#
# `green` is one channel of a photograph, `moved` the same one cell further to the right. Both are pooled in windows of 2 × 2.
#
# **Predict first.** How many of the pooled numbers stay exactly the same: `"a"` nearly all, `"b"` more than half, `"c"` less than
# half?

# %% id="ex43-photo"
green = photograph()[1].astype(int)
moved = np.pad(green, ((0, 0), (1, 0)))[:, :-1]
prediction = ...  # "a", "b" or "c"


def unchanged():
    share = np.mean(max_pool2d(green[None, None], 2) == max_pool2d(moved[None, None], 2))
    return "a" if share > 0.9 else "b" if share > 0.5 else "c"

# %% id="ex43-predict"
predict("ex43-predict", lambda: prediction, unchanged)

# %% id="ex43-look"
look(green, lambda: max_pool2d(green[None, None], 2)[0, 0], lambda: max_pool2d(moved[None, None], 2)[0, 0])

# %% [markdown] id="ex43-library"
# The bright hairs grow, the dark ones vanish: a maximum takes the brightest.
#
# **The same in PyTorch** (nothing need be installed, this is what it prints):
#
# ```pycon
# >>> import torch
# >>> x = torch.tensor([[[[4.0, 1, 7, 2, 9], [3, 5, 6, 8, 0], [-3, -1, -7, -6, -9]]]])
# >>> torch.nn.functional.max_pool2d(x, (2, 3), stride=1).tolist()
# [[[[7.0, 8.0, 9.0], [6.0, 8.0, 8.0]]]]
# ```
#
# And yours:

# %% id="ex43-library-yours"
max_pool2d(np.array([[[[4.0, 1, 7, 2, 9], [3, 5, 6, 8, 0], [-3, -1, -7, -6, -9]]]]), (2, 3), stride=1)

# %% [markdown] id="ex43-example-prompt"
# ## 2. What pooling gives and takes ({worth:ex43-example})
#
# Show it with maps of your own, pooled in windows of 2 × 2. To *shift* a map means to move it by one cell to the right: zeros
# come in at the left, the last column is lost. The first map of each of the three pairs needs three different values or more.
#
# * `"absorbed"`: a map and the same map, shifted, whose pooled maps are **equal**.
# * `"moved"`: a map and the same map, shifted, whose pooled maps **differ**.
# * `"lost"`: two maps of one shape, not shifted this time, whose pooled maps are **equal**. They must hold different numbers:
#   the same numbers in other places are not enough.
# * `"pipeline"`: four sizes that agree: the side of an image, the side of a filter (at least 2, no padding, stride 1), the side
#   of its map, and the side of the pooled map. Choose them so that pooling has to leave a row and a column out.

# %% id="ex43-example" solution=true
pooling = {
    "absorbed": ...,
    "moved": ...,
    "lost": ...,
    "pipeline": ...,
}
### BEGIN SOLUTION
pooling = {
    # each number stays in its window
    "absorbed": [[[1, 0, 2, 0], [0, 0, 0, 0]], [[0, 1, 0, 2], [0, 0, 0, 0]]],
    # the 1 crosses the border of its window
    "moved": [[[0, 1, 0, 2], [0, 0, 0, 0]], [[0, 0, 1, 0], [0, 0, 0, 0]]],
    # only the largest number of a window is kept
    "lost": [[[5, 1], [2, 0]], [[5, 3], [0, 4]]],
    "pipeline": (10, 4, 7, 3),
}
### END SOLUTION

# %% id="ex43-example-test" points=0.25
check("ex43-example", lambda: pooling)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex43-example", lambda: pooling)
### END HIDDEN TESTS

# %% [markdown] id="ex43-end"
# ## Where you stand

# %% id="ex43-progress"
from student_kit import progress
progress("ex43")

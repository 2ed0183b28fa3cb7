# %% [markdown] id="ex43-intro"
# # Exercise 43: max pooling
#
# **You will** write max pooling and explain with an example of your own what it is for.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `max_pool2d`: the layer | 0.75 |
# | 2 | a practical example (in words) | 0.25 |
#
# ![Four windows on a 4 by 4 map; the largest number of each is circled and kept](images/ex43-windows.png)
#
# Each window keeps its largest number. Nothing is learned here: the size of the window and its step are chosen
# beforehand. A map of 26 × 26 becomes 13 × 13 with windows of 2 × 2: a quarter of the numbers is left.

# %% id="ex43-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress, show
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex43-explore"
explore("pooling")

# %% [markdown] id="ex43-max-pool2d-prompt"
# ## 1. The layer (0.75 points)
#
# `x` has the axes (N, C, H, W). Every channel of every image is pooled **on its own**. `kernel_size` and `stride` are an
# int or a pair (height, width); without a `stride`, windows lie side by side (the step is the size of the window). There
# is no padding, and sizes are rounded down: what does not fill a window is left out.
#
# By hand: `[4, 1, 7, 2, 9]` in windows of 2 gives `[4, 7]`; with stride 1 it gives `[4, 7, 7, 9]`.
#
# Three traps: numbers can all be negative; windows can overlap; height and width can differ. For a window that does not
# fit, raise a `ValueError`.

# %% id="ex43-max-pool2d" solution=true
def max_pool2d(x, kernel_size, stride=None):
    """Keep the largest number of every window.

    Parameters
    ----------
    x : array, shape (N, C, H, W)
        Feature maps.
    kernel_size : int or (int, int)
        Side of the window, or its height and width.
    stride : int or (int, int), optional
        Step of the window; its size when left out.

    Returns
    -------
    array, shape (N, C, H2, W2)

    Raises
    ------
    ValueError
        When the window does not fit or a size or step is below 1.
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

# %% [markdown] id="ex43-example-prompt"
# ## 2. A practical example (0.25 points)
#
# Pick a task where you would put max pooling behind a convolution. What does it give you there, and what does it lose?
# Give sizes: what goes in, what comes out. (A thought to check your claim with: pool `[0, 9, 0, 0, 0, 0]` in windows of
# 2, then shift the 9 by one cell to the left, and by one cell to the right.)

# %% [markdown] id="ex43-example" written=true points=0.25
# Handwritten digits: a 3 × 3 filter on a 28 × 28 image gives a 26 × 26 map that says where a stroke of some direction
# lies. Max pooling with 2 × 2 windows makes it 13 × 13: a quarter of the numbers, so all later layers are cheaper and each
# of their cells sees more of the image. The strongest response of each window survives; where exactly in the window it
# was is lost. So a stroke that moves by one cell often gives the same pooled map, but not always: `[0, 9, 0, 0, 0, 0]`
# becomes `[9, 0, 0]`; shifted to the left it stays `[9, 0, 0]`, shifted to the right it becomes `[0, 9, 0]`.
#
# **Rubric**
#
# - 0.125: a concrete task with right sizes, and what is gained (smaller maps, less work, a wider view, or the strongest response kept)
# - 0.125: says what is lost, or that small shifts are absorbed only inside a window

# %% [markdown] id="ex43-end"
# ## Where you stand

# %% id="ex43-progress"
from student_kit import progress
progress("ex43")

# %% [markdown] id="ex40-intro"
# # Exercise 40: filters, connections, sharing
#
# **You will** find out what decides the shape of a filter, and what a layer saves by looking only nearby and by using the
# same numbers everywhere.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `filter_shape`: height, width and depth of a filter | 0.25 |
# | 2 | `connections_per_unit`: what one unit reads | 0.25 |
# | 3 | `shared_parameters`: a convolutional layer | 0.25 |
# | 4 | `unshared_parameters`: a locally connected layer | 0.25 |
# | 5 | three numbers for an input of 16 × 16 × 20 | 0.75 |
# | 6 | local connection (in words) | 0.5 |
# | 7 | parameter sharing (in words) | 0.75 |
#
# ![One unit of a feature map and the block of input cells it reads, through all channels](images/ex40-connections.png)
#
# One cell of a feature map is called a *unit*. It reads a small block of the input: a few rows, a few columns, and
# **every** channel.

# %% id="ex40-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex40-explore"
explore("sharing")

# %% [markdown] id="ex40-filter-shape-prompt"
# ## 1. The shape of a filter (0.25 points)
#
# A filter (also called a kernel) is a block of numbers. Which of its three sides may you choose, and which one is decided
# by the input? Return (height, width, depth).
#
# `kernel_size` is an int, or a pair (height, width). By hand: a 2 × 5 filter on an RGB image has the shape **(2, 5, 3)**.

# %% id="ex40-filter-shape" solution=true
def filter_shape(kernel_size, in_channels):
    """Return the shape of one filter.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Side of the filter, or its height and width.
    in_channels : int
        Depth of the input.

    Returns
    -------
    (int, int, int)
        Height, width and depth.
    """
    ### BEGIN SOLUTION
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return height, width, in_channels
    ### END SOLUTION

# %% id="ex40-filter-shape-try"
filter_shape((2, 5), in_channels=3)

# %% id="ex40-filter-shape-test" points=0.25
check("ex40-filter-shape", lambda: filter_shape)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-filter-shape", lambda: filter_shape)
### END HIDDEN TESTS

# %% [markdown] id="ex40-connections-per-unit-prompt"
# ## 2. What one unit reads (0.25 points)
#
# To how many numbers of the input is a single unit of the feature map connected? (The bias is a number of its own; it
# reads nothing.)
#
# By hand: 2 × 5 on 3 channels: **30** connections.

# %% id="ex40-connections-per-unit" solution=true
def connections_per_unit(kernel_size, in_channels):
    """Return how many input numbers one unit is connected to.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Side of the filter, or its height and width.
    in_channels : int
        Depth of the input.

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    height, width, depth = filter_shape(kernel_size, in_channels)
    return height * width * depth
    ### END SOLUTION

# %% id="ex40-connections-per-unit-try"
connections_per_unit((2, 5), in_channels=3)

# %% id="ex40-connections-per-unit-test" points=0.25
check("ex40-connections-per-unit", lambda: connections_per_unit)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-connections-per-unit", lambda: connections_per_unit)
### END HIDDEN TESTS

# %% [markdown] id="ex40-shared-parameters-prompt"
# ## 3. One filter for all positions (0.25 points)
#
# In a convolutional layer all units of one slice use the same filter and the same bias. How many numbers does the layer
# learn?
#
# By hand: four 2 × 5 filters on 3 channels: 4 · (30 + 1) = **124**, without biases **120**. The size of the image does not
# come up.

# %% id="ex40-shared-parameters" solution=true
def shared_parameters(kernel_size, in_channels, filters, bias=True):
    """Return how many numbers a convolutional layer learns.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Side of the filter, or its height and width.
    in_channels : int
        Depth of the input.
    filters : int
        Number of filters.
    bias : bool
        Whether each filter has a bias.

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    return filters * (connections_per_unit(kernel_size, in_channels) + (1 if bias else 0))
    ### END SOLUTION

# %% id="ex40-shared-parameters-try"
shared_parameters((2, 5), in_channels=3, filters=4)

# %% id="ex40-shared-parameters-test" points=0.25
check("ex40-shared-parameters", lambda: shared_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-shared-parameters", lambda: shared_parameters)
### END HIDDEN TESTS

# %% [markdown] id="ex40-unshared-parameters-prompt"
# ## 4. A filter of its own for each position (0.25 points)
#
# A *locally connected* layer looks just as nearby, but shares nothing: every unit has its own weights, and its own bias.
# `output_height` and `output_width` say how many units a slice has.
#
# By hand: four 2 × 5 filters on 3 channels with an output of 6 × 7: 4 · (30 + 1) · 42 = **5,208**.

# %% id="ex40-unshared-parameters" solution=true
def unshared_parameters(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    """Return how many numbers a locally connected layer learns.

    Parameters
    ----------
    kernel_size, in_channels, filters, bias
        As in `shared_parameters`.
    output_height, output_width : int
        Units of one slice of the output.

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    return shared_parameters(kernel_size, in_channels, filters, bias) * output_height * output_width
    ### END SOLUTION

# %% id="ex40-unshared-parameters-try"
unshared_parameters((2, 5), in_channels=3, filters=4, output_height=6, output_width=7)

# %% id="ex40-unshared-parameters-test" points=0.25
check("ex40-unshared-parameters", lambda: unshared_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-unshared-parameters", lambda: unshared_parameters)
### END HIDDEN TESTS

# %% [markdown] id="ex40-numbers-prompt"
# ## 5. Numbers for one layer (0.75 points)
#
# The input has 16 rows, 16 columns and 20 channels. Take **one filter of 3 × 3** with a bias, stride 1, padding 1, so that
# the feature map is 16 × 16 again.
#
# * `connections`: how many input numbers is one unit of the feature map connected to?
# * `shared_total`: how many numbers are learned if all units share the filter and the bias?
# * `unshared_total`: how many if every unit has its own?
#
# Replace each `...` by a whole number, or by an expression that computes it.

# %% id="ex40-connections" solution=true
connections = ...
### BEGIN SOLUTION
connections = 3 * 3 * 20
### END SOLUTION

# %% id="ex40-connections-test" points=0.25
check("ex40-connections", lambda: connections)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-connections", lambda: connections)
### END HIDDEN TESTS

# %% id="ex40-shared-total" solution=true
shared_total = ...
### BEGIN SOLUTION
shared_total = 3 * 3 * 20 + 1
### END SOLUTION

# %% id="ex40-shared-total-test" points=0.25
check("ex40-shared-total", lambda: shared_total)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-shared-total", lambda: shared_total)
### END HIDDEN TESTS

# %% id="ex40-unshared-total" solution=true
unshared_total = ...
### BEGIN SOLUTION
unshared_total = 16 * 16 * (3 * 3 * 20 + 1)
### END SOLUTION

# %% id="ex40-unshared-total-test" points=0.25
check("ex40-unshared-total", lambda: unshared_total)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-unshared-total", lambda: unshared_total)
### END HIDDEN TESTS

# %% [markdown] id="ex40-local-connection-prompt"
# ## 6. Local connection, in your own words (0.5 points)
#
# What is a filter, what decides its height, its width and its depth, and what makes a layer *locally connected*? A few
# sentences; compare with a dense layer for the input of question 5.

# %% [markdown] id="ex40-local-connection" written=true points=0.5
# A filter is a block of learned weights that is multiplied cell by cell with a block of the input and summed up. Height
# and width are chosen by whoever designs the network; the depth is that of the input, because the filter covers every
# channel. A layer is locally connected when each unit reads only a small neighborhood: here 3 · 3 · 20 = 180 numbers,
# while a unit of a dense layer would read all 16 · 16 · 20 = 5,120. In a locally connected layer in the narrow sense every
# position has its own weights; a convolutional layer is local *and* shares them.
#
# **Rubric**
#
# - 0.25: height and width are chosen, depth follows from the input
# - 0.25: each unit reads a small neighborhood, compared with the dense layer (180 against 5,120)

# %% [markdown] id="ex40-sharing-prompt"
# ## 7. Parameter sharing, in your own words (0.75 points)
#
# What is shared, by whom, and what is *not* shared? When is that useful, and when might it hurt? How do the gradients of
# a shared weight come together?

# %% [markdown] id="ex40-sharing" written=true points=0.75
# All units of one slice of the output use the same filter and the same bias; different slices have different filters. That
# is useful when a pattern that is worth finding in one place is worth finding anywhere, as edges in photographs: 181
# numbers instead of 46,336, fewer examples needed, and the response moves along with the pattern. It can hurt where places
# differ in meaning, as in centered and aligned faces, where eyes are always above the mouth. In training every position
# yields a gradient for the shared weight, and these are added up: a sum, not a mean.
#
# **Rubric**
#
# - 0.25: same weights and bias within a slice, different filters for different slices
# - 0.25: when useful, with a reason (181 against 46,336 or the pattern may be anywhere), and a case where it is not
# - 0.25: gradients of all positions are summed

# %% [markdown] id="ex40-end"
# ## Where you stand

# %% id="ex40-progress"
from student_kit import progress
progress("ex40")

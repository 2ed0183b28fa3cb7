# %% [markdown] id="ex40-intro"
# # Exercise 40: filters, connections, sharing
#
# **You will** find out what decides the shape of a filter, and what a layer saves by looking only nearby and by using the
# same numbers everywhere.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `filter_shape`: height, width and depth of a filter | {points:ex40-filter-shape} |
# | 2 | `connections_per_unit`: what one unit reads | {points:ex40-connections-per-unit} |
# | 3 | `shared_parameters`: a convolutional layer | {points:ex40-shared-parameters} |
# | 4 | `unshared_parameters`: a locally connected layer | {points:ex40-unshared-parameters} |
# | 5 | `connections`: what a unit reads in an input of 16 × 16 × 20 | {points:ex40-connections} |
# | | `shared_total`: what is learned with one filter | {points:ex40-shared-total} |
# | | `unshared_total`: what is learned without sharing | {points:ex40-unshared-total} |
# | 6 | `links`: who is linked to whom, with which weight | {points:ex40-local-connection} |
# | 7 | `filter_gradient`: how shared weights learn | {points:ex40-sharing} |
# | 8 | `moving`: a line of your own | {points:ex40-shift} |
# | 9 | `tasks`: share or not, and why | {points:ex40-tasks} |
# | 10 | what is saved, in your own words | {points:ex40-words} |
#
# ![One unit of a feature map and the block of 3 by 3 input cells it reads, in every channel; five of the 20 channels are drawn one behind the other](images/ex40-connections.png)
#
# What one filter writes is a *feature map*, one slice of the output; one cell of it is called a *unit*. A unit reads a small
# block of the input: a few rows, a few columns, and **every** channel.

# %% id="ex40-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, look, photograph, predict, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex40-explore"
explore("sharing")

# %% [markdown] id="ex40-filter-shape-prompt"
# ## 1. The shape of a filter ({worth:ex40-filter-shape})
#
# A filter (also called a kernel) is a block of numbers. Which of its three sides may you choose, and which one is decided
# by the input? Return (height, width, depth). `kernel_size` is an int, or a pair (height, width).
#
# {examples:ex40-filter-shape}

# %% id="ex40-filter-shape" solution=true
def filter_shape(kernel_size, in_channels):
    """Return (height, width, depth) of one filter; kernel_size is an int or (height, width)."""
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
# ## 2. What one unit reads ({worth:ex40-connections-per-unit})
#
# To how many numbers of the input is a single unit of the feature map connected? (The bias, one
# number that is added to the sum, reads nothing.)
#
# {examples:ex40-connections-per-unit}

# %% id="ex40-connections-per-unit" solution=true
def connections_per_unit(kernel_size, in_channels):
    """Return how many numbers of the input one unit is connected to."""
    ### BEGIN SOLUTION
    height, width, depth = filter_shape(kernel_size, in_channels)
    return height * width * depth
    ### END SOLUTION

# %% id="ex40-connections-per-unit-try"
connections_per_unit((2, 5), in_channels=3)

# %% id="ex40-connections-per-unit-test" points=0.25 follows=["ex40-filter-shape"]
check("ex40-connections-per-unit", lambda: connections_per_unit)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-connections-per-unit", lambda: connections_per_unit)
### END HIDDEN TESTS

# %% [markdown] id="ex40-shared-parameters-prompt"
# ## 3. One filter for all positions ({worth:ex40-shared-parameters})
#
# In a convolutional layer all units of one slice use the same filter and the same bias. How many numbers does the layer
# learn?
#
# {examples:ex40-shared-parameters}

# %% id="ex40-shared-parameters" solution=true
def shared_parameters(kernel_size, in_channels, filters, bias=True):
    """Return how many numbers a convolutional layer learns, with or without biases."""
    ### BEGIN SOLUTION
    return filters * (connections_per_unit(kernel_size, in_channels) + (1 if bias else 0))
    ### END SOLUTION

# %% id="ex40-shared-parameters-try"
shared_parameters((2, 5), in_channels=3, filters=4)

# %% id="ex40-shared-parameters-test" points=0.25 follows=["ex40-filter-shape", "ex40-connections-per-unit"]
check("ex40-shared-parameters", lambda: shared_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-shared-parameters", lambda: shared_parameters)
### END HIDDEN TESTS

# %% [markdown] id="ex40-unshared-parameters-prompt"
# ## 4. A filter of its own for each position ({worth:ex40-unshared-parameters})
#
# A *locally connected* layer, as the word is used here, looks just as nearby as a convolution but shares nothing: every unit
# has its own weights, and its own bias.
# `output_height` and `output_width` say how many units a slice has.
#
# {examples:ex40-unshared-parameters}

# %% id="ex40-unshared-parameters" solution=true
def unshared_parameters(kernel_size, in_channels, filters, output_height, output_width, bias=True):
    """Return how many numbers a locally connected layer learns; arguments as in `shared_parameters`."""
    ### BEGIN SOLUTION
    return shared_parameters(kernel_size, in_channels, filters, bias) * output_height * output_width
    ### END SOLUTION

# %% id="ex40-unshared-parameters-try"
unshared_parameters((2, 5), in_channels=3, filters=4, output_height=6, output_width=7)

# %% id="ex40-unshared-parameters-test" points=0.25 follows=["ex40-filter-shape", "ex40-connections-per-unit", "ex40-shared-parameters"]
check("ex40-unshared-parameters", lambda: unshared_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-unshared-parameters", lambda: unshared_parameters)
### END HIDDEN TESTS

# %% [markdown] id="ex40-photo-text"
# ### On a photograph
#
# `photo` is a picture of a cat: 3 channels of 72 × 96 cells. On the right is what **one** unit of a layer with filters of 3 × 3
# reads of it: a block at the rim of the eye, through all three channels.
#
# Four filters slide over the photograph without padding and write maps of 70 × 94 units. **Predict first.** How many times as
# many numbers has the layer to learn if every unit has weights and a bias of its own: `"a"` about ten times, `"b"` about a hundred
# times, `"c"` more than a thousand times?

# %% id="ex40-photo"
photo = photograph()
look(photo, photo[:, 40:43, 40:43])
prediction = ...  # "a", "b" or "c"


def times_as_many():
    times = unshared_parameters(3, 3, 4, 70, 94) / shared_parameters(3, 3, 4)
    return "a" if times < 30 else "b" if times < 1000 else "c"

# %% id="ex40-predict"
predict("ex40-predict", lambda: prediction, times_as_many)

# %% [markdown] id="ex40-library"
# **The same in PyTorch** (nothing need be installed, this is what it prints): a layer of 4 filters of 2 × 5 on 3 channels, and
# how many numbers it holds.
#
# ```pycon
# >>> import torch
# >>> sum(numbers.numel() for numbers in torch.nn.Conv2d(3, 4, (2, 5)).parameters())
# 124
# ```
#
# And yours:

# %% id="ex40-library-yours"
shared_parameters((2, 5), in_channels=3, filters=4)

# %% [markdown] id="ex40-numbers-prompt"
# ## 5. Numbers for one layer (three times {worth:ex40-connections})
#
# The input has 16 rows, 16 columns and 20 channels. Take **one filter of 3 × 3** with a bias, stride 1, padding 1, so that
# the feature map is 16 × 16 again.
#
# * `connections`: how many input numbers is one unit of the feature map connected to?
# * `shared_total`: how many numbers are learned if all units share the filter and the bias?
# * `unshared_total`: how many if every unit has weights of its own and a bias of its own?
#
# Put in place of each `...` a number, or better a call of the function above that knows it. A call is followed: where your
# function is wrong, the points are lost there and not here again.

# %% id="ex40-connections" solution=true
connections = ...
### BEGIN SOLUTION
connections = connections_per_unit(3, 20)
### END SOLUTION

# %% id="ex40-connections-test" points=0.0625 follows=["ex40-filter-shape", "ex40-connections-per-unit"]
check("ex40-connections", lambda: connections)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-connections", lambda: connections)
### END HIDDEN TESTS

# %% id="ex40-shared-total" solution=true
shared_total = ...
### BEGIN SOLUTION
shared_total = shared_parameters(3, 20, filters=1)
### END SOLUTION

# %% id="ex40-shared-total-test" points=0.0625 follows=["ex40-filter-shape", "ex40-connections-per-unit", "ex40-shared-parameters"]
check("ex40-shared-total", lambda: shared_total)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-shared-total", lambda: shared_total)
### END HIDDEN TESTS

# %% id="ex40-unshared-total" solution=true
unshared_total = ...
### BEGIN SOLUTION
unshared_total = unshared_parameters(3, 20, 1, output_height=16, output_width=16)
### END SOLUTION

# %% id="ex40-unshared-total-test" points=0.0625 follows=["ex40-filter-shape", "ex40-connections-per-unit", "ex40-shared-parameters", "ex40-unshared-parameters"]
check("ex40-unshared-total", lambda: unshared_total)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-unshared-total", lambda: unshared_total)
### END HIDDEN TESTS

# %% [markdown] id="ex40-local-connection-prompt"
# ## 6. Who is linked to whom? ({worth:ex40-local-connection})
#
# Take a line of `n` inputs. A layer can be written as a table with a row for each unit and a column for each input: 0 where
# there is no link, else **the number of the weight** on that link. Equal numbers mean the same weight. Weights are numbered
# from 1 in reading order: the first row from left to right, then the next one.
#
# ![Three tables of 3 units by 4 inputs. Dense: all cells are filled. Locally connected: two neighbors in each row, one place further to the right from row to row; every weight is used once. Convolutional: the same cells, the left one always in one color and the right one in another: two weights, used by all units](images/ex40-links.png)
#
# Write `links(n, k, kind)` for one channel, a filter of `k` weights, stride 1 and no padding, so that there are n − k + 1
# units. `kind` is one of
#
# * `"conv"`: every unit reads `k` neighbors, and all units share the weights,
# * `"local"`: every unit reads the same `k` neighbors as there, with weights of its own,
# * `"dense"`: every unit reads everything, with weights of its own; take n − k + 1 units here too.
#
# {examples:ex40-local-connection}

# %% id="ex40-local-connection" solution=true
def links(n, k, kind):
    """Return which weight connects which input to which unit.

    n, k: int; inputs, and weights of the filter
    kind: "conv", "local" or "dense"
    Returns array, shape (n - k + 1, n); numbers of weights from 1; 0 where there is no link
    """
    ### BEGIN SOLUTION
    units = n - k + 1
    if kind == "dense":
        return np.arange(1, units * n + 1).reshape(units, n)
    table = np.zeros((units, n), dtype=int)
    for unit in range(units):
        first = 1 if kind == "conv" else 1 + unit * k
        table[unit, unit : unit + k] = np.arange(first, first + k)
    return table
    ### END SOLUTION

# %% id="ex40-local-connection-try"
links(5, 3, "conv")

# %% id="ex40-local-connection-test" points=0.5
check("ex40-local-connection", lambda: links)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-local-connection", lambda: links)
### END HIDDEN TESTS

# %% [markdown] id="ex40-sharing-prompt"
# ## 7. Learning shared weights ({worth:ex40-sharing})
#
# On a line, unit i of a layer without bias answers w₀ · x[i] + w₁ · x[i + 1] + … Training has computed `grad_output`: by how
# much the loss grows when the answer of unit i grows. By how much does it grow when a *weight* grows?
#
# * With `shared=False`, every unit has weights of its own: return a table with a row for each unit.
# * With `shared=True`, all units use the same weights: return one number for each weight.
#
# Both arrays may hold whole numbers or fractions, and must be the same after the call as before.
#
# {examples:ex40-sharing}

# %% id="ex40-sharing" solution=true
def filter_gradient(x, grad_output, shared):
    """Return the gradient of the loss with respect to the weights.

    x: array, shape (units + k - 1,); the line
    grad_output: array, shape (units,); gradient with respect to each unit's answer
    shared: bool; whether all units use the same k weights
    Returns array, shape (k,) where shared, else (units, k)
    """
    ### BEGIN SOLUTION
    k = len(x) - len(grad_output) + 1
    own = np.array([g * np.asarray(x)[unit : unit + k] for unit, g in enumerate(grad_output)])
    return own.sum(axis=0) if shared else own  # a shared weight acts in all positions: its effects add up
    ### END SOLUTION

# %% id="ex40-sharing-try"
filter_gradient(np.array([2, 3, 5]), np.array([1, 10]), shared=True)

# %% id="ex40-sharing-test" points=0.375
check("ex40-sharing", lambda: filter_gradient)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-sharing", lambda: filter_gradient)
### END HIDDEN TESTS

# %% [markdown] id="ex40-shift-prompt"
# ## 8. Moving along ({worth:ex40-shift})
#
# Both layers read a line of 6 numbers with windows of 2. All units of the convolution use the weights 1, 2; unit i of the
# unshared layer uses row i of `unshared`. Move a line one cell to the right: a zero comes in at the left, the last cell is lost.
# The response *moves along* when exactly that happens to its 5 numbers too: a zero comes in at the left, the last one is lost.
#
# Find a line whose response moves along in the convolution, but **not** in the unshared layer. Begin and end it with a 0, so
# that nothing crosses the ends. (Before you compute, guess, just for yourself: which of the two layers cares where a pattern
# lies?)

# %% id="ex40-unshared" locked=true
unshared = np.array([[1, 2], [1, 2], [1, 0], [3, 2], [0, 1]])

# %% id="ex40-shift" solution=true
moving = {
    "line": ...,
}
### BEGIN SOLUTION
moving = {
    "line": [0, 0, 0, 1, 0, 0],
}
### END SOLUTION

# %% id="ex40-shift-test" points=0.1875
check("ex40-shift", lambda: moving)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-shift", lambda: moving)
### END HIDDEN TESTS

# %% [markdown] id="ex40-tasks-prompt"
# ## 9. Share or not? ({worth:ex40-tasks})
#
# Would you share weights between all places of the input? Give True or False with the letter of the best reason, such as
# `"A": (True, "d")`. Only the right pair counts.
#
# | task | input |
# |---|---|
# | A | edges in photographs |
# | B | eyes, nose and mouth in passport pictures, all cropped and aligned in the same way |
# | C | one spoken word, anywhere in a recording of an hour |
# | D | a table whose three columns are age, income and height |
# | E | handwritten digits, anywhere on a page |
# | F | the readings of 12 sensors, each at its own part of a machine |
#
# - **a)** What is looked for may be anywhere, and means the same wherever it is.
# - **b)** Each place has a meaning of its own.
# - **c)** Fewer numbers to learn are better in any case.
# - **d)** With shared weights all units would answer the same.

# %% id="ex40-tasks" solution=true
tasks = {
    "A": ...,
    "B": ...,
    "C": ...,
    "D": ...,
    "E": ...,
    "F": ...,
}
### BEGIN SOLUTION
tasks = {
    "A": (True, "a"),
    "B": (False, "b"),
    "C": (True, "a"),
    "D": (False, "b"),
    "E": (True, "a"),
    "F": (False, "b"),
}
### END SOLUTION

# %% id="ex40-tasks-test" points=0.375
check("ex40-tasks", lambda: tasks)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex40-tasks", lambda: tasks)
### END HIDDEN TESTS

# %% [markdown] id="ex40-words-prompt"
# ## 10. In your own words ({worth:ex40-words})
#
# Explain to a fellow student, in 3 to 5 sentences in English: what does a layer save by looking only nearby, and what does it
# save *on top of that* by sharing? Use your numbers of question 5, and name a price that is paid. Each of the three is worth
# a third of the points.

# %% [markdown] id="ex40-words" written=true points=0.375
# A unit of a dense layer would read all 16 · 16 · 20 = 5,120 numbers; a unit that looks only nearby reads 3 · 3 · 20 = 180.
# Sharing saves again: all 256 units of the slice use the same 181 numbers, where units with weights of their own would have
# 46,336. The price: a unit can no longer compare places far from each other, and a layer that shares cannot treat places
# differently, as would be good in aligned pictures of faces.
#
# **Rubric**
#
# - 0.125: what looking nearby saves, with a number.
#   Full: 180 against 5,120 for a unit (accepted: "180 links instead of 16·16·20"; refused: "far fewer links").
#   Half: right idea without a number. None: confused with sharing.
# - 0.125: what sharing saves on top, with a number.
#   Full: 181 against 46,336, or "256 times fewer" (accepted: "the 181 are used by all units"; refused: "fewer parameters").
#   Half: right idea without a number. None: nothing beyond looking nearby.
# - 0.125: a price.
#   Full: places cannot be treated differently, or far places cannot be compared (accepted: "in aligned faces the eyes would
#   deserve filters of their own"; refused: "it is less accurate"). Half: a case without a reason. None: no price.

# %% [markdown] id="ex40-end"
# ## Where you stand

# %% id="ex40-progress"
from student_kit import progress
progress("ex40")

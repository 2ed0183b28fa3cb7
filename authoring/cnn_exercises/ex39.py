# %% [markdown] id="ex39-intro"
# # Exercise 39: parameters, hyperparameters, stride and padding
#
# **You will** tell what a layer learns from what you choose for it, count what is learned, and find the padding that
# keeps the size of an image.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `parameters`: what each layer learns | {points:ex39-parameters} |
# | 2 | `hyperparameters`: what you choose for each layer | {points:ex39-hyperparameters} |
# | 3 | `counts`: ten numbers | {points:ex39-counts} |
# | 4 | `same_padding`: padding that keeps the size | {points:ex39-same-padding} |
# | 5 | `same_padding_sides`: how TensorFlow and Keras do it | {points:ex39-same-padding-sides} |
# | 6 | `layers`: three layers of your own | {points:ex39-stride-padding} |
# | 7 | `claims`: true or false, and why | {points:ex39-claims} |
# | 8 | padding in your own words | {points:ex39-words} |
#
# ![A 5 by 5 input and a 3 by 3 filter three times: stride 1 gives a 3 by 3 map, stride 1 with padding 1 gives 5 by 5, stride 2 with padding 1 gives 3 by 3; the first two windows and their cells are framed](images/ex39-stride-padding.png)
#
# **Stride** is the step of the window, **padding** the number of zeros added at *each* end. The frames show the first two
# positions of the 3 × 3 filter, and below them stands what comes out.

# %% id="ex39-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, look, photograph, predict, progress
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
# ## 1. What is learned? ({worth:ex39-parameters})
#
# *Parameters* are the numbers that training changes. For each of the four layers, give the set of the words
# printed by the cell above that name its parameters. An empty set is written `set()`.

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
# ## 2. What is chosen? ({worth:ex39-hyperparameters})
#
# *Hyperparameters* are chosen before training and stay as they are. Which words name those of each layer? Take every word of
# the list that Keras lets you set when you create the layer, whether or not you usually do. (Write *window size* for max
# pooling, which has no activation there.) The words of question 1 do not count again: Keras lets you choose whether a layer has
# biases and how they start, but not what they become.

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
# ## 3. Ten numbers ({worth:ex39-counts})
#
# Fill in numbers (or expressions that compute them). *Learned* means: changed by gradient descent. What a layer only keeps a
# record of is not learned, even where a summary lists it.
#
# | key | what to count |
# |---|---|
# | `"conv"` | numbers learned by a convolution of 32 filters, followed by ReLU; each filter holds 10 numbers, its bias among them |
# | `"pooling"` | numbers learned by 2 × 2 max pooling on 64 channels |
# | `"dropout"` | numbers learned by dropout with rate 0.1 on 1,024 units |
# | `"batch_norm"` | numbers learned by batch normalization of 64 channels (a scale and a shift each) |
# | `"dense"` | numbers learned by a dense layer with biases from a 7 × 7 × 512 volume to 4,096 units |
# | `"kept"` | units of 1,000 that dropout with rate 0.1 keeps on average in training |
# | `"dropout_mean"` | mean output in training over **all** units, dropped ones included, when inputs are all 1 and the rate is 0.5, in Keras and torch |
# | `"same_stride_2"` | size of Keras' `padding="same"` output for 28 cells, filter 3, stride 2 |
# | `"only_zeros"` | how many of the 16 × 16 output cells see nothing but padding, when a 16 × 16 image goes through one 3 × 3 filter with stride 2 and padding 9 |
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
    "conv": 32 * 10,
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
# ## 4. Padding that keeps the size ({worth:ex39-same-padding})
#
# The output has floor((size − kernel_size + 2 · padding) / stride) + 1 cells. Which padding per side makes that equal to
# `size`? Where several work, return the smallest. Where none does, raise a `ValueError`.
#
# {examples:ex39-same-padding}

# %% id="ex39-same-padding" solution=true
def same_padding(size, kernel_size, stride):
    """Return the smallest padding per side that keeps the size.

    size, kernel_size: int; cells of the side and of the filter
    stride: int; step of the window
    Returns int; zeros to add at each end
    Raises ValueError when no padding keeps the size
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
same_padding(7, 5, stride=1)

# %% id="ex39-same-padding-test" points=0.5
check("ex39-same-padding", lambda: same_padding)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-same-padding", lambda: same_padding)
### END HIDDEN TESTS

# %% [markdown] id="ex39-same-padding-sides-prompt"
# ## 5. What TensorFlow and Keras call "same" ({worth:ex39-same-padding-sides})
#
# Padding 4 on 6 cells is a strange layer (question 6 looks at it). TensorFlow means something else by *same*: the output
# has ceil(size / stride) cells, and as few zeros as possible are added for that, in total
#
# max((output − 1) · stride + kernel_size − size, 0).
#
# Half of them go to the beginning, the rest to the end; a spare one goes to the **end**.
#
# {examples:ex39-same-padding-sides}

# %% id="ex39-same-padding-sides" solution=true
def same_padding_sides(size, kernel_size, stride):
    """Return the zeros that TensorFlow's SAME adds at the beginning and at the end."""
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

# %% [markdown] id="ex39-photo-text"
# ### On a photograph
#
# `photo` is a picture of a cat: red, green and blue, 72 × 96 cells. The padding of question 4 keeps its size at stride 2, with a
# filter of 3 × 3.
#
# **Predict first.** How much of the padded picture is still photograph: `"a"` more than half, `"b"` between a third and half,
# `"c"` less than a third?

# %% id="ex39-photo"
photo = photograph()
prediction = ...  # "a", "b" or "c"


def padded_photo():
    rows, columns = (same_padding(side, 3, stride=2) for side in photo.shape[1:])
    return np.pad(photo, ((0, 0), (rows, rows), (columns, columns)))


def photograph_left():
    share = photo.size / padded_photo().size
    return "a" if share > 1 / 2 else "b" if share > 1 / 3 else "c"

# %% id="ex39-predict"
predict("ex39-predict", lambda: prediction, photograph_left)

# %% id="ex39-look"
look(photo, padded_photo)

# %% [markdown] id="ex39-library"
# **The same in PyTorch** (nothing need be installed, this is what it prints): sizes of the output for 7 cells, a filter of 5 and
# a padding of 0, 1, 2 and 3.
#
# ```pycon
# >>> import torch
# >>> x, weight = torch.ones(1, 1, 7), torch.ones(1, 1, 5)
# >>> [torch.nn.functional.conv1d(x, weight, padding=padding).shape[-1] for padding in range(4)]
# [3, 5, 7, 9]
# ```
#
# Where in this list is the 7? Your function says:

# %% id="ex39-library-yours"
same_padding(7, 5, stride=1)

# %% [markdown] id="ex39-stride-padding-prompt"
# ## 6. Build three layers ({worth:ex39-stride-padding})
#
# Find an example of your own for each; every one that does what it should counts, the simplest too.
#
# * `"no_same"`: a pair (size, kernel_size) for which **no** padding keeps the size at stride 1.
# * `"wasteful"`: a pair (size, kernel_size) where, at stride 2 and with the padding of question 4, **more than 70 %** of the
#   cells of a square output see only zeros.
# * `"border_image"`: an image of 5 × 5 with one bright pixel (a positive number) and zeros elsewhere. The filter `spot` slides
#   over it. Its strongest possible response, 9 times the pixel, must come up with padding 1, but not without padding.
#
# ![A 5 by 5 image without and with padding; a frame shows the first position of a 3 by 3 filter, a dot its middle cell](images/ex39-border.png)

# %% id="ex39-spot" locked=true
spot = np.array([[0, 1, 0], [2, 9, 1], [0, 3, 0]])

# %% id="ex39-stride-padding" solution=true
layers = {
    "no_same": ...,
    "wasteful": ...,
    "border_image": ...,
}
### BEGIN SOLUTION
image = np.zeros((5, 5))
image[0, 2] = 1
layers = {
    "no_same": (28, 4),  # an even filter
    "wasteful": (100, 3),  # half of the windows miss the image along each side: nearly three quarters see only zeros
    "border_image": image,
}
### END SOLUTION

# %% id="ex39-stride-padding-test" points=0.3
check("ex39-stride-padding", lambda: layers)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-stride-padding", lambda: layers)
### END HIDDEN TESTS

# %% [markdown] id="ex39-claims-prompt"
# ## 7. True or false, and why? ({worth:ex39-claims})
#
# Give a verdict and the letter of the reason for each claim, such as `"A": (True, "c")`. Only the right pair counts.
#
# **A.** With stride 2, the output of a layer has about a quarter of the cells that it has with stride 1.
#
# - **a)** Every second row is left out, so half of the cells remain.
# - **b)** Every second position is left out along the height and along the width.
# - **c)** Three quarters of the filter are not used.
#
# **B.** Padding changes how many numbers a layer learns.
#
# - **a)** The zeros are no weights, and the filters stay as they are.
# - **b)** Every zero that is added needs a weight.
# - **c)** There are more units, and each one has a bias.
#
# **C.** At stride 1, a padding of (F − 1)/2 zeros per side keeps the size for every filter size F.
#
# - **a)** Yes, F is all that the padding depends on.
# - **b)** No, it depends on the size of the image as well.
# - **c)** No, for some F that is not a whole number.
#
# **D.** In Keras, `padding="same"` makes the output as large as the input, whatever the stride.
#
# - **a)** *Same* says just that.
# - **b)** The size is divided by the stride.
# - **c)** From stride 2 on, *same* adds no zeros.
#
# **E.** Without padding, the corner of an image has less influence on the output than its middle.
#
# - **a)** Fewer windows cover it.
# - **b)** Weights at the edge of a filter are smaller.
# - **c)** No, every cell is covered by equally many windows.

# %% id="ex39-claims" solution=true
claims = {
    "A": ...,
    "B": ...,
    "C": ...,
    "D": ...,
    "E": ...,
}
### BEGIN SOLUTION
claims = {
    "A": (True, "b"),
    "B": (False, "a"),
    "C": (False, "c"),
    "D": (False, "b"),
    "E": (True, "a"),
}
### END SOLUTION

# %% id="ex39-claims-test" points=0.2
check("ex39-claims", lambda: claims)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex39-claims", lambda: claims)
### END HIDDEN TESTS

# %% [markdown] id="ex39-words-prompt"
# ## 8. In your own words ({worth:ex39-words})
#
# Write 2 to 4 sentences, in English. What is padding good for? And why is the padding that keeps the size at stride 2
# hardly ever used, although it exists? Each of the two answers is worth half of the points; examples of your own are welcome.

# %% [markdown] id="ex39-words" written=true points=0.25
# Padding adds cells, usually zeros, around the image, so that the filter can also be centered on cells at the border and the
# size need not shrink from layer to layer. At stride 2 so much padding is needed for the same size that a large part of the
# output sees nothing but zeros: for 16 cells and a filter of 3 it takes 9 zeros per side, and more than two thirds of the
# output then carry no information about the image, while all of it has to be computed.
#
# **Rubric**
#
# - 0.125: what padding makes possible.
#   Full: a consequence, such as border cells in the middle of a window, or a size that does not shrink
#   (accepted: "so that the border is seen as often"; refused: "it puts zeros around the image").
#   Half: only "the size stays". None: nothing but what padding is. A wrong statement beside a right one costs half.
# - 0.125: why keeping the size at stride 2 is wasteful.
#   Full: many outputs see only zeros (accepted: "most of the output knows nothing of the image"; refused: "the padding is
#   large"). Half: only "a lot of zeros are computed". None: "it is not possible".

# %% [markdown] id="ex39-end"
# ## Where you stand

# %% id="ex39-progress"
from student_kit import progress
progress("ex39")

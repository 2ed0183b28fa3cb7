# %% [markdown] id="arch2-intro"
# # Architectures 2: building blocks (bonus)
#
# **You will** find out why deep networks are built from small filters, thin layers and shortcuts, by computing what each of
# them saves, and how a network makes maps larger again.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `receptive_field`: how far a unit sees | {points:arch2-receptive-field} |
# | 2 | `stacks`: small filters instead of large ones | {points:arch2-stacks} |
# | 3 | `depthwise_separable_parameters`: space and channels one after the other | {points:arch2-separable} |
# | 4 | `inception`: the bottleneck of GoogLeNet | {points:arch2-inception} |
# | 5 | `residual`: what a shortcut costs | {points:arch2-residual} |
# | 6 | `dense_block`: DenseNet's channels and connections | {points:arch2-dense-block} |
# | 7 | `conv_transpose_output_size`: making maps larger | {points:arch2-transposed-size} |
# | 8 | `overlap_counts`: who writes which cell | {points:arch2-overlap-counts} |
# | 9 | `even_kernel`: how to avoid a checkerboard | {points:arch2-even-kernel} |
#
# ![A line of input cells at the top, below it layer 1 (3 wide, stride 1) and layer 2 (4 wide, stride 2); dashed lines lead from one unit of layer 2 to four units of layer 1 and to the 6 input cells that it sees](images/arch2-field.png)
#
# The picture shows one axis of two layers, the first with filters of 3 and stride 1, the second with filters of 4 and stride
# 2. The marked cells are everything that the marked unit at the bottom depends on: its **receptive field**.

# %% id="arch2-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="arch2-explore"
explore("receptive field")

# %% [markdown] id="arch2-receptive-field-prompt"
# ## 1. How far a unit sees ({worth:arch2-receptive-field})
#
# A stack of layers is given as a list of pairs (kernel_size, stride), first layer first. How many neighboring cells of the
# image, along one axis, can change the value of **one** cell after the last layer? (Convolutions and pooling layers count
# alike. Borders do not matter here.)
#
# {examples:arch2-receptive-field}

# %% id="arch2-receptive-field" solution=true
def receptive_field(layers):
    """Return how many input cells one cell after a stack of layers sees, along one axis.

    layers: list of (int, int); kernel size and stride of each layer, first layer first
    Returns int
    """
    ### BEGIN SOLUTION
    field, jump = 1, 1  # jump: input cells between the fields of two neighbors
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * jump
        jump *= stride
    return field
    ### END SOLUTION

# %% id="arch2-receptive-field-try"
receptive_field([(3, 1), (2, 1)])

# %% id="arch2-receptive-field-test" points=0.5
check("arch2-receptive-field", lambda: receptive_field)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-receptive-field", lambda: receptive_field)
### END HIDDEN TESTS

# %% [markdown] id="arch2-stacks-prompt"
# ## 2. Small filters instead of large ones ({worth:arch2-stacks})
#
# VGG replaced one 5 × 5 convolution by two 3 × 3 convolutions in a row: they see just as far. Inception networks
# went further and replaced n × n by 1 × n followed by n × 1.
#
# All layers here turn 64 channels into 64 channels; count **weights, without biases**. Percentages to one digit after the
# point at least.
#
# | key | what to compute |
# |---|---|
# | `"one_5x5"` | weights of one 5 × 5 layer |
# | `"two_3x3"` | weights of two 3 × 3 layers |
# | `"saved_percent"` | percent of the 5 × 5 weights that the two save |
# | `"three_3x3_see"` | cells along one axis that three 3 × 3 layers (stride 1) see |
# | `"row_and_column"` | weights of a 1 × 3 layer followed by a 3 × 1 layer |
# | `"row_column_saved_percent"` | percent of the weights of **one** 3 × 3 layer that the pair saves |

# %% id="arch2-stacks" solution=true
stacks = {
    "one_5x5": ...,
    "two_3x3": ...,
    "saved_percent": ...,
    "three_3x3_see": ...,
    "row_and_column": ...,
    "row_column_saved_percent": ...,
}
### BEGIN SOLUTION
stacks = {
    "one_5x5": 5 * 5 * 64 * 64,
    "two_3x3": 2 * 3 * 3 * 64 * 64,
    "saved_percent": 100 * (1 - 18 / 25),
    "three_3x3_see": receptive_field([(3, 1), (3, 1), (3, 1)]),
    "row_and_column": (1 * 3 + 3 * 1) * 64 * 64,
    "row_column_saved_percent": 100 * (1 - 6 / 9),
}
### END SOLUTION

# %% id="arch2-stacks-test" points=0.5 follows=["arch2-receptive-field"]
check("arch2-stacks", lambda: stacks)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-stacks", lambda: stacks)
### END HIDDEN TESTS

# %% [markdown] id="arch2-separable-prompt"
# ## 3. First space, then channels ({worth:arch2-separable})
#
# A *depthwise separable* convolution (Xception, MobileNet) works in two steps. First every channel gets **one** filter of
# kernel_size × kernel_size **of its own**, which reads no other channel. Then a 1 × 1 convolution mixes the channels.
#
# How many weights do both steps have together? No biases.
#
# {examples:arch2-separable}

# %% id="arch2-separable" solution=true
def depthwise_separable_parameters(kernel_size, in_channels, filters):
    """Return how many weights a depthwise separable convolution has.

    kernel_size: int; side of the filters of the first step
    in_channels, filters: int; channels of the input and of the output
    Returns int
    """
    ### BEGIN SOLUTION
    depthwise = kernel_size * kernel_size * in_channels
    pointwise = in_channels * filters
    return depthwise + pointwise
    ### END SOLUTION

# %% id="arch2-separable-try"
depthwise_separable_parameters(5, in_channels=2, filters=3)

# %% id="arch2-separable-test" points=0.25
check("arch2-separable", lambda: depthwise_separable_parameters)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-separable", lambda: depthwise_separable_parameters)
### END HIDDEN TESTS

# %% [markdown] id="arch2-inception-prompt"
# ## 4. An Inception module ({worth:arch2-inception})
#
# Module 3a of GoogLeNet reads a volume of 28 × 28 × 192 with four branches side by side and stacks their maps along the channels:
#
# | branch | layers |
# |---|---|
# | 1 | 64 filters of 1 × 1 |
# | 2 | 96 filters of 1 × 1, then 128 filters of 3 × 3 |
# | 3 | 16 filters of 1 × 1, then 32 filters of 5 × 5 |
# | 4 | 3 × 3 max pooling, then 32 filters of 1 × 1 |
#
# Every layer keeps 28 × 28. Give
#
# * `"channels"`: the channels of the module's output,
# * `"direct"`: multiplications of 32 filters of 5 × 5 directly on the 192 channels,
# * `"bottleneck"`: multiplications of the whole branch 3,
# * `"times_cheaper"`: how many times cheaper the branch is (one digit after the point at least).

# %% id="arch2-inception" solution=true
inception = {
    "channels": ...,
    "direct": ...,
    "bottleneck": ...,
    "times_cheaper": ...,
}
### BEGIN SOLUTION
inception = {
    "channels": 64 + 128 + 32 + 32,
    "direct": 28 * 28 * 32 * 5 * 5 * 192,
    "bottleneck": 28 * 28 * 16 * 192 + 28 * 28 * 32 * 5 * 5 * 16,
}
inception["times_cheaper"] = inception["direct"] / inception["bottleneck"]
### END SOLUTION

# %% id="arch2-inception-test" points=0.25
check("arch2-inception", lambda: inception)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-inception", lambda: inception)
### END HIDDEN TESTS

# %% [markdown] id="arch2-residual-prompt"
# ## 5. Shortcuts ({worth:arch2-residual})
#
# ResNet is a stack of residual blocks. A residual block **adds** its input to its output, so both must have the same shape.
# Where the number of channels changes, a 1 × 1 convolution on the shortcut, the *projection*, brings the input to the right
# depth. Count weights; there are no biases (batch normalization follows and has a shift of its own).
#
# | key | weights of |
# |---|---|
# | `"plain"` | a block of two 3 × 3 convolutions, 64 channels to 64 to 64 |
# | `"identity"` | its shortcut |
# | `"projection"` | a shortcut from 64 to 128 channels |
# | `"bottleneck"` | a block of 1 × 1 (256 to 64), 3 × 3 (64 to 64), 1 × 1 (64 to 256), without its shortcut |

# %% id="arch2-residual" solution=true
residual = {
    "plain": ...,
    "identity": ...,
    "projection": ...,
    "bottleneck": ...,
}
### BEGIN SOLUTION
residual = {
    "plain": 2 * 3 * 3 * 64 * 64,
    "identity": 0,
    "projection": 1 * 1 * 64 * 128,
    "bottleneck": 256 * 64 + 3 * 3 * 64 * 64 + 64 * 256,
}
### END SOLUTION

# %% id="arch2-residual-test" points=0.25
check("arch2-residual", lambda: residual)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-residual", lambda: residual)
### END HIDDEN TESTS

# %% [markdown] id="arch2-dense-block-prompt"
# ## 6. A dense block ({worth:arch2-dense-block})
#
# In DenseNet every layer reads the input of the block **and** the maps of all layers before it, stacked along the channels, and
# appends `growth_rate` maps of its own. Return three numbers:
#
# 1. the channels that the **last** layer reads,
# 2. the channels that **leave** the block (everything, the last layer's maps included),
# 3. the connections: an arrow from the block's input, and from each layer, to every layer that reads it.
#
# {examples:arch2-dense-block}

# %% id="arch2-dense-block" solution=true
def dense_block(initial_channels, growth_rate, layers):
    """Return what a dense block reads, gives out and connects.

    initial_channels: int; channels that enter the block
    growth_rate: int; maps that each layer appends
    layers: int; number of layers, at least 1
    Returns (int, int, int); channels into the last layer, channels out of the block, connections
    """
    ### BEGIN SOLUTION
    last_reads = initial_channels + growth_rate * (layers - 1)
    return last_reads, last_reads + growth_rate, layers * (layers + 1) // 2
    ### END SOLUTION

# %% id="arch2-dense-block-try"
dense_block(10, growth_rate=4, layers=2)

# %% id="arch2-dense-block-test" points=0.5
check("arch2-dense-block", lambda: dense_block)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-dense-block", lambda: dense_block)
### END HIDDEN TESTS

# %% [markdown] id="arch2-transposed-size-prompt"
# ## 7. Larger again ({worth:arch2-transposed-size})
#
# A *transposed convolution* (often misnamed deconvolution) works like a rubber stamp: every input cell puts the filter,
# times its value, onto the output; the stamps of neighbors begin `stride` cells apart and are added up where they overlap.
# Then `padding` cells are cut off at **each** end. Finally `output_padding` cells are added at the end only, to choose
# between output sizes that an ordinary convolution with this stride would map to the same input.
#
# {examples:arch2-transposed-size}
#
# Raise a `ValueError` when the result, added cells included, would have no cell, and when `output_padding` is not smaller than
# the stride.

# %% id="arch2-transposed-size" solution=true
def conv_transpose_output_size(size, kernel_size, stride=1, padding=0, output_padding=0):
    """Return the cells along one axis after a transposed convolution.

    size, kernel_size: int; cells of the input and of the filter
    stride: int; cells from one stamp to the next
    padding: int; cells cut off at each end
    output_padding: int; cells added at the end, smaller than the stride
    Returns int
    Raises ValueError when nothing would be left, or output_padding is not smaller than the stride
    """
    ### BEGIN SOLUTION
    if output_padding >= stride:
        raise ValueError(f"output_padding must be smaller than the stride: {output_padding=} {stride=}")
    cells = (size - 1) * stride + kernel_size - 2 * padding + output_padding
    if cells < 1:
        raise ValueError(f"padding {padding} leaves nothing")
    return cells
    ### END SOLUTION

# %% id="arch2-transposed-size-try"
conv_transpose_output_size(4, 2, stride=3)

# %% id="arch2-transposed-size-test" points=0.5
check("arch2-transposed-size", lambda: conv_transpose_output_size)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-transposed-size", lambda: conv_transpose_output_size)
### END HIDDEN TESTS

# %% [markdown] id="arch2-overlap-counts-prompt"
# ## 8. Who writes which cell? ({worth:arch2-overlap-counts})
#
# Pictures made by transposed convolutions often show a checkerboard. To see why, count for every output cell how many
# stamps write it (one axis, no padding).
#
# {examples:arch2-overlap-counts}

# %% id="arch2-overlap-counts" solution=true
def overlap_counts(size, kernel_size, stride):
    """Return how many stamps of a transposed convolution write each output cell.

    size, kernel_size: int; cells of the input and of the filter
    stride: int; cells from one stamp to the next
    Returns array, shape (output cells,)
    """
    ### BEGIN SOLUTION
    counts = np.zeros(conv_transpose_output_size(size, kernel_size, stride), dtype=int)
    for place in range(size):
        counts[place * stride : place * stride + kernel_size] += 1
    return counts
    ### END SOLUTION

# %% id="arch2-overlap-counts-try"
overlap_counts(3, 2, 1)

# %% id="arch2-overlap-counts-test" points=0.25 follows=["arch2-transposed-size"]
check("arch2-overlap-counts", lambda: overlap_counts)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-overlap-counts", lambda: overlap_counts)
### END HIDDEN TESTS

# %% [markdown] id="arch2-even-kernel-prompt"
# ## 9. No checkerboard ({worth:arch2-even-kernel})
#
# The stride is 2, to double the size. Which is the smallest `kernel_size` of **at least 3** for which all cells away from the
# ends are written by the **same** number of stamps? Try a few with your function.

# %% id="arch2-even-kernel" solution=true
even_kernel = ...
### BEGIN SOLUTION
even_kernel = 4
### END SOLUTION

# %% id="arch2-even-kernel-test" points=0.25
check("arch2-even-kernel", lambda: even_kernel)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("arch2-even-kernel", lambda: even_kernel)
### END HIDDEN TESTS

# %% [markdown] id="arch2-end"
# ## Where you stand

# %% id="arch2-progress"
from student_kit import progress
progress("arch2")

# %% [markdown] id="ex44-intro"
# # Exercise 44: feature scaling
#
# **You will** bring features to one scale in two ways and measure what that does to gradient descent.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `standardize`: mean 0, standard deviation 1 | {points:ex44-standardize} |
# | 2 | `min_max_scale`: from 0 to 1 | {points:ex44-min-max-scale} |
# | 3 | `condition_number`: how stretched the loss is | {points:ex44-condition-number} |
# | 4 | `scaling`: why it matters, with examples of your own | {points:ex44-why} |
#
# ![Contours of four losses, from long and narrow for the raw table to nearly round for the standardized one, with the path of gradient descent](images/ex44-contours.png)
#
# Four fruits with a weight and a price:
#
# | fruit | weight (g) | price |
# |---|---|---|
# | orange | 15 | 1 |
# | apple | 18 | 3 |
# | banana | 12 | 2 |
# | grape | 10 | 5 |
#
# The model is a sum of weight times feature, without a bias, and its loss is 1/(2n) · Σ (prediction − target)² over the n
# fruits. Each panel shows this loss for the same targets and another form of the table: as measured, with the mean of each
# column subtracted (*centered*), divided by its standard deviation (*scaled*), and both (*standardized*). Each one starts
# at the same distance from its minimum and uses the learning rate that suits it best. The number above a panel is the
# condition number that question 3 is about.

# %% id="ex44-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, look, photograph, predict, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex44-explore"
explore("scaling")

fruit = np.array([[15, 1], [18, 3], [12, 2], [10, 5]])

# %% [markdown] id="ex44-standardize-prompt"
# ## 1. Mean 0, standard deviation 1 ({worth:ex44-standardize})
#
# Columns are features, rows are samples. Subtract from each column its mean and divide by its standard deviation. Take
# the *population* standard deviation: divide the sum of squares by the number of rows, not by one less. A constant column
# has no spread to divide by: it becomes zeros. Tables may hold whole numbers or fractions, and must be the same after the call as before, here and in
# question 2.
#
# {examples:ex44-standardize}
#
# Is it enough to ask whether the deviation is 0? For the tables that we try it is. For a column of 0.1 the computer may find
# 1e-17, because 0.1 is rounded.

# %% id="ex44-standardize" solution=true
def standardize(features):
    """Give every column mean 0 and standard deviation 1; a constant one becomes 0."""
    ### BEGIN SOLUTION
    features = np.asarray(features, dtype=float)
    centered = features - features.mean(axis=0)
    # a constant column is compared with itself: its computed mean may be off by a rounding error
    constant = (features == features[:1]).all(axis=0)
    spread = np.where(constant, 1.0, features.std(axis=0))
    return np.where(constant, 0.0, centered / spread)
    ### END SOLUTION

# %% id="ex44-standardize-try"
standardize(fruit)

# %% id="ex44-standardize-test" points=0.25
check("ex44-standardize", lambda: standardize)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex44-standardize", lambda: standardize)
### END HIDDEN TESTS

# %% [markdown] id="ex44-min-max-scale-prompt"
# ## 2. From 0 to 1 ({worth:ex44-min-max-scale})
#
# Move and stretch each column so that its smallest number becomes 0 and its largest 1. A constant column becomes zeros.
#
# {examples:ex44-min-max-scale}

# %% id="ex44-min-max-scale" solution=true
def min_max_scale(features):
    """Bring every column to the range from 0 to 1; a constant one becomes 0."""
    ### BEGIN SOLUTION
    features = np.asarray(features, dtype=float)
    low, high = features.min(axis=0), features.max(axis=0)
    spread = np.where(high == low, 1.0, high - low)
    return (features - low) / spread
    ### END SOLUTION

# %% id="ex44-min-max-scale-try"
min_max_scale(fruit)

# %% id="ex44-min-max-scale-test" points=0.25
check("ex44-min-max-scale", lambda: min_max_scale)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex44-min-max-scale", lambda: min_max_scale)
### END HIDDEN TESTS

# %% [markdown] id="ex44-condition-number-prompt"
# ## 3. How stretched is the loss? ({worth:ex44-condition-number})
#
# For a linear model with squared loss, the shape of the valley is set by the matrix $X^T X$: its eigenvalues are the
# curvatures of the loss in its steepest and its flattest direction. Their ratio, largest by smallest, is the **condition
# number**. At 1 the contours are circles; the larger it is, the longer gradient descent zigzags.
#
# {examples:ex44-condition-number}
#
# Use $X$ as it comes (do not center it).

# %% id="ex44-condition-number" solution=true
def condition_number(features):
    """Return the condition number of X^T X.

    features: array, shape (samples, features); one row per sample; the columns are linearly independent
    Returns float; largest eigenvalue divided by the smallest
    """
    ### BEGIN SOLUTION
    # the eigenvalues of X^T X are the squares of the singular values of X
    values = np.linalg.svd(np.asarray(features, dtype=float), compute_uv=False)
    return float((values[0] / values[-1]) ** 2)
    ### END SOLUTION

# %% id="ex44-condition-number-try"
condition_number(np.array([[3, 0], [0, 1]]))

# %% id="ex44-condition-number-test" points=0.25
check("ex44-condition-number", lambda: condition_number)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex44-condition-number", lambda: condition_number)
### END HIDDEN TESTS

# %% [markdown] id="ex44-photo-text"
# ### On a photograph
#
# A photograph of a cat becomes a table: every pixel is a row, its red, green and blue are the columns. Raw, the condition number
# is above 2,000.
#
# **Predict first.** After standardizing, is it below 10 (`True`), as it is for the fruits, or not (`False`)?

# %% id="ex44-photo"
pixels = photograph().reshape(3, -1).T
look(photograph(), *photograph())
prediction = ...  # True or False

# %% id="ex44-predict"
predict("ex44-predict", lambda: prediction, lambda: condition_number(standardize(pixels)) < 10)

# %% [markdown] id="ex44-library"
# The three gray pictures are red, green and blue.
#
# **The same in PyTorch** (nothing need be installed, this is what it prints): batch normalization without anything learned
# standardizes columns.
#
# ```pycon
# >>> import torch
# >>> fruit = torch.tensor([[15.0, 1], [18, 3], [12, 2], [10, 5]], dtype=torch.float64)
# >>> torch.nn.functional.batch_norm(fruit, None, None, training=True, eps=1e-12).round(decimals=3).tolist()
# [[0.412, -1.183], [1.402, 0.169], [-0.577, -0.507], [-1.237, 1.521]]
# ```
#
# And yours:

# %% id="ex44-library-yours"
standardize(fruit)

# %% [markdown] id="ex44-why-prompt"
# ## 4. Why does it matter? ({worth:ex44-why})
#
# "Bigger numbers count more" is not the reason: a model can learn a smaller weight. Find out what is, with examples of your
# own. The loss is the one above, 1/(2n) · Σ (prediction − target)².
#
# * `"table"`: a table of two columns and four rows or more, raw condition number at least 100, no column constant.
# * `"conditions"`: its four condition numbers: raw, centered, scaled, standardized (right within 1 %). For the fruits they are
#   64.05, 6.00, 18.75 and 2.70: centering and scaling both have their share. (With a column of ones for a bias, the raw table
#   has 8,588.)
# * `"rate"`: a learning rate for the fruits with the targets `rating`. Start with both of the model's weights at 0 and take 50
#   steps. *Distance* is the straight line from the two weights to their best values for that table. On the raw table it must be
#   larger at the end than at the start; on the standardized table at most 1 % of it may be left.
# * `"raw_weights"`: the model 2 · z₁ − 1 · z₂ + 3 reads the *standardized* fruits. Another model, w₁ · grams + w₂ · price + b,
#   reads the *raw* table and is to predict the same. Give `(w1, w2, b)`.
# * `"unit"`: the apple's nearest neighbor (straight distance) is the orange. Multiply the column of grams by a factor, so that
#   it is another fruit. Which factor? (0.01 turns grams into units of 100 g.)

# %% id="ex44-rating" locked=true
rating = np.array([1, 2, 3, 4])

# %% id="ex44-why" solution=true
scaling = {
    "table": ...,
    "conditions": ...,
    "rate": ...,
    "raw_weights": ...,
    "unit": ...,
}
### BEGIN SOLUTION
table = np.array([[100, 1], [110, 2], [120, 2], [130, 4]])
centered, spread = table - table.mean(axis=0), table.std(axis=0)
mean_of_fruit, spread_of_fruit = fruit.mean(axis=0), fruit.std(axis=0)
weights = np.array([2, -1]) / spread_of_fruit
scaling = {
    "table": table,
    "conditions": [condition_number(form) for form in (table, centered, table / spread, centered / spread)],
    "rate": 0.5,  # raw: stable below 0.0098; standardized: below 1.37
    "raw_weights": [*weights, 3 - weights @ mean_of_fruit],
    "unit": 0.001,  # kilograms: prices alone decide
}
### END SOLUTION

# %% id="ex44-why-test" points=0.25 follows=["ex44-standardize", "ex44-min-max-scale", "ex44-condition-number"]
check("ex44-why", lambda: scaling)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex44-why", lambda: scaling)
### END HIDDEN TESTS

# %% [markdown] id="ex44-end"
# ## Where you stand

# %% id="ex44-progress"
from student_kit import progress
progress("ex44")

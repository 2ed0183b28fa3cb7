# %% [markdown] id="ex44-intro"
# # Exercise 44: feature scaling
#
# **You will** bring features to one scale in two ways and measure what that does to gradient descent.
#
# | question | what you write | points |
# |---|---|---|
# | 1 | `standardize`: mean 0, standard deviation 1 | 0.25 |
# | 2 | `min_max_scale`: from 0 to 1 | 0.25 |
# | 3 | `condition_number`: how stretched the loss is | 0.25 |
# | 4 | why scaling matters (in words) | 0.25 |
#
# ![Contours of the same loss before and after scaling, with the path of gradient descent](images/ex44-contours.png)
#
# Four fruits with a weight and a price:
#
# | | weight (g) | price |
# |---|---|---|
# | orange | 15 | 1 |
# | apple | 18 | 3 |
# | banana | 12 | 2 |
# | grape | 10 | 5 |
#
# Both pictures show the loss of the same little model on this table. On the left the features are as measured, on the
# right they are standardized, and each side uses the learning rate that suits it best.

# %% id="ex44-setup" locked=true
import numpy as np
try:
    from student_kit import check, example, explore, progress
except ImportError:
    raise ImportError("Put the folder student_kit beside this notebook; it came with the assignment. START-HERE.md says how.") from None

# %% id="ex44-explore"
explore("scaling")

fruit = np.array([[15, 1], [18, 3], [12, 2], [10, 5]])

# %% [markdown] id="ex44-standardize-prompt"
# ## 1. Mean 0, standard deviation 1 (0.25 points)
#
# Columns are features, rows are samples. Subtract from each column its mean and divide by its standard deviation. Take
# the *population* standard deviation: divide the sum of squares by the number of rows, not by one less.
#
# By hand: the column 1, 3 has mean 2 and standard deviation 1, and becomes −1, 1. A column that is constant has no spread
# to divide by: it becomes zeros.

# %% id="ex44-standardize" solution=true
def standardize(features):
    """Give every column mean 0 and standard deviation 1.

    Parameters
    ----------
    features : array, shape (samples, features)
        One row per sample.

    Returns
    -------
    array, shape (samples, features)
        A constant column becomes zeros.
    """
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
# ## 2. From 0 to 1 (0.25 points)
#
# Move and stretch each column so that its smallest number becomes 0 and its largest 1.
#
# By hand: the column 2, 4, 6 becomes 0, 0.5, 1. A constant column becomes zeros.

# %% id="ex44-min-max-scale" solution=true
def min_max_scale(features):
    """Bring every column to the range from 0 to 1.

    Parameters
    ----------
    features : array, shape (samples, features)
        One row per sample.

    Returns
    -------
    array, shape (samples, features)
        A constant column becomes zeros.
    """
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
# ## 3. How stretched is the loss? (0.25 points)
#
# For a linear model with squared loss, the shape of the valley is set by the matrix $X^T X$: its eigenvalues are the
# curvatures of the loss in its steepest and its flattest direction. Their ratio, largest by smallest, is the **condition
# number**. At 1 the contours are circles; the larger it is, the longer gradient descent zigzags.
#
# By hand: the columns (3, 0) and (0, 1) give $X^T X$ = diag(9, 1) and the condition number **9**.
#
# Use $X$ as it comes (do not center it).

# %% id="ex44-condition-number" solution=true
def condition_number(features):
    """Return the condition number of X^T X.

    Parameters
    ----------
    features : array, shape (samples, features)
        One row per sample; the columns are linearly independent.

    Returns
    -------
    float
        Largest eigenvalue divided by the smallest.
    """
    ### BEGIN SOLUTION
    # the eigenvalues of X^T X are the squares of the singular values of X
    values = np.linalg.svd(np.asarray(features, dtype=float), compute_uv=False)
    return float((values[0] / values[-1]) ** 2)
    ### END SOLUTION

# %% id="ex44-condition-number-try"
print(condition_number(np.array([[3, 0], [0, 1]])), condition_number(fruit))

# %% id="ex44-condition-number-test" points=0.25
check("ex44-condition-number", lambda: condition_number)
### BEGIN HIDDEN TESTS
import grader_tests; grader_tests.grade("ex44-condition-number", lambda: condition_number)
### END HIDDEN TESTS

# %% [markdown] id="ex44-why-prompt"
# ## 4. Why does it matter? (0.25 points)
#
# Compute the condition number of the fruit table before and after `standardize`, and with the weight in kilograms
# instead of grams. Then explain in a few sentences why a network trains better on scaled features. "Bigger numbers count
# more" is not enough: a network could simply learn a smaller weight.

# %% [markdown] id="ex44-why" written=true points=0.25
# The condition number is 64.05 for the raw table, 2.70 after standardizing, and 145,165 with the weight in kilograms. One
# learning rate has to serve all directions: it must be small enough for the steepest one (raw: below 0.0098, standardized:
# below 1.37), and then the flattest one moves hardly at all. Scaling makes the curvatures alike, so gradient descent can
# take large steps in all directions. Large inputs also push sigmoid units to where they are flat: at 15 the slope is
# 3·10⁻⁷. And methods that measure distances depend on units: the nearest neighbor of the apple is the orange in grams and
# the banana in kilograms. (Trees do not care.)
#
# **Rubric**
#
# - 0.125: links scale to the shape of the loss or to one learning rate for all weights, with the numbers
# - 0.125: a second reason: saturation, distances and units, or regularization that treats all weights alike

# %% [markdown] id="ex44-end"
# ## Where you stand

# %% id="ex44-progress"
from student_kit import progress
progress("ex44")

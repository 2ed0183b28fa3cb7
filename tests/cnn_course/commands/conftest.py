"""The small graded class of the tests of nbgrader's steps."""

from tests.splitgrade.nbgrader.conftest import released  # noqa: F401 - a fixture

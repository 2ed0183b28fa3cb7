"""The small graded class of the tests of nbgrader's steps."""

from tests.splitgrade.nbgrader.conftest import _released, released  # noqa: F401 - fixtures

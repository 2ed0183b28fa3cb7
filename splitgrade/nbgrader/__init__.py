"""The steps that ``nbgrader_config.py`` lists, and `configure`, which lists them."""

from splitgrade.nbgrader.configuration import configure

__all__ = ["configure"]

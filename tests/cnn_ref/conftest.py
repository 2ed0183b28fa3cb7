"""Hypothesis for the reference: no deadline, because how fast one example runs says nothing about what is right."""

from hypothesis import settings

settings.register_profile("reference", deadline=None)
settings.load_profile("reference")

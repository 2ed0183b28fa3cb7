"""Decisions of the instructor as data: recorded once, applied wherever points are shown."""

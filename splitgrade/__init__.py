"""Grades the notebooks of any nbgrader course: students' code in a sandbox, tests in another process."""

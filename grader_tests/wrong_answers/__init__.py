"""Misconceptions as answers; each module defines WRONG_ANSWERS, a tuple of `grader_tests.answers.WrongAnswer`."""

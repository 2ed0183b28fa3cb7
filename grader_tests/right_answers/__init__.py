"""Correct answers of every make; each module defines RIGHT_ANSWERS, a tuple of `grader_tests.answers.RightAnswer`."""

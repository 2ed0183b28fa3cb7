"""Grading of a class: the gradebook is read once, workers run the submissions, one writer records each."""

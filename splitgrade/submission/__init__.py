"""Submissions of students: read, checked, and rebuilt on the instructor's notebook before anything runs."""

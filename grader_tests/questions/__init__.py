"""The questions of the course; every module here that has ``QUESTIONS`` is found."""

"""The tests' process: never runs a line of a student's; no student's process can read this folder."""

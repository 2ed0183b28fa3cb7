"""One notebook in two processes: what runs here is the grader; each room below says who may look inside.

`wire` is what crosses, `interpreter` what both processes share, `student` the student's process, `trusted` the tests'.
A student's process can read the first three, and nothing else of this package.
"""

"""What runs inside the sandbox: the student's process, the trusted process, and the wire between them.

Everything in this package is visible to students' code, so it holds no answer and imports nothing of the project
outside itself.
"""

"""Walls around untrusted code on Linux: one confined process per notebook, forked from a warm interpreter.

`launcher` is the host's side, `fork_server` the inside; every other module is one layer.
"""

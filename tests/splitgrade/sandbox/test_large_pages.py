"""The warm interpreter's memory lies in large pages, and holds what it held."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
from splitgrade.sandbox.large_pages import gather
kept = bytearray(range(256)) * (64 << 10)
gather()
assert kept == bytearray(range(256)) * (64 << 10)
print(next(line for line in open("/proc/self/smaps_rollup") if line.startswith("AnonHugePages:")).split()[1])
"""
RELEASE = tuple(int(part) for part in os.uname().release.split(".")[:2])


@pytest.mark.skipif(RELEASE < (6, 1), reason="MADV_COLLAPSE came with Linux 6.1")
def test_memory_is_gathered_and_unchanged():
    """Of 16 MB most lie in large pages afterwards; how many depends on where they begin, and on free memory."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 8 << 10

"""What is read once for all questions, read when this is imported: before the first notebook, not in each process.

The engine imports every module of this package into the interpreter from which the processes of tests are forked.
"""

from __future__ import annotations

from grader_tests.prices import prices

prices()

"""Words of the engine that reach a test as the message of an error, in one place for who writes and who reads them."""

from __future__ import annotations

from typing import Final

CALL_TOO_LONG: Final = "took longer than {seconds} s"
PROCESS_GONE: Final = "the notebook's process ended: {why}"

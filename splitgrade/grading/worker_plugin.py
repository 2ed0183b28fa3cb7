"""What a worker of a cluster does when a run begins: it looks whether it can grade, and offers a place if so."""

from __future__ import annotations

import socket
from typing import Any

from distributed import Worker, WorkerPlugin

from splitgrade.errors import SandboxUnavailableError
from splitgrade.grading.grade_bytes import PLACE, close
from splitgrade.grading.versions import Versions, difference, versions_here
from splitgrade.sandbox.layers import probe, require


class OfferPlace(WorkerPlugin):  # type: ignore[misc]  # Dask ships no types
    """Offers one place for a submission where the versions are those of the run and there is a sandbox.

    Parameters
    ----------
    versions : Versions
        Those of the run.
    """

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    async def setup(self, worker: Worker) -> None:
        """Offer a place, or take it back where another run has found it."""
        why = fault_here(self._versions)
        await worker.set_resources(**{PLACE: 0 if why else 1})

    def teardown(self, worker: Any) -> None:  # noqa: ARG002 - Dask's signature
        """End the warm interpreters."""
        close()


def fault_here(versions: Versions) -> str:
    """Return why this worker cannot grade, with its name; empty where it can."""
    why = difference(versions, versions_here())
    if not why:
        try:
            require(probe())
        except SandboxUnavailableError as error:
            why = str(error)
    return f"{socket.gethostname()}: {why}" if why else ""

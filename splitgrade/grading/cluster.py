"""Grading on machines that Dask's scheduler knows; scheduler and workers are started as Dask's documentation says.

A worker takes work once it has shown that it can grade: it has to import this package in the version of the run. Each
offers one place, so that the submissions on a machine are as many as its workers. The assignment travels as the result
of a task of its own: once for each worker, from the next one that has it, and again where it was lost.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from types import TracebackType
from typing import Any, Self

from splitgrade.errors import CourseError
from splitgrade.grading.bundle import Bundle
from splitgrade.grading.executor_pool import ExecutorPool
from splitgrade.grading.grade_bytes import PLACE
from splitgrade.grading.submission_run import Workplace
from splitgrade.grading.versions import Versions

CONNECT_SECONDS = 30.0  # for a scheduler to answer
NOBODY_SECONDS = 120.0  # without any worker: Dask starts one that was killed again within seconds
AHEAD = 2  # submissions for each worker: the next lies there when one is done


class ClusterPool(ExecutorPool):
    """A pool on a cluster; use it as a context manager, for it holds a connection.

    Parameters
    ----------
    place : Workplace
        The course.
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786`` or ``tls://10.0.0.1:8786``; certificates for the latter are
        those of Dask's own configuration.

    Raises
    ------
    CourseError
        When Dask is not installed, nobody answers there, or no worker can grade.
    """

    def __init__(self, place: Workplace, address: str) -> None:
        self._client = _connect(address)
        try:
            bundle = Bundle.of(place)
            self._client.register_plugin(_plugin(bundle.versions), name=PLACE)
            self._address, self._since = address, time.monotonic()
            self._require_workers(bundle.versions)
            executor = self._client.get_executor(resources={PLACE: 1}, pure=False)
            key = f"{PLACE}-bundle-{bundle.digest}"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of a large argument: it is one, and sent once
                future = self._client.submit(_itself, bundle, key=key, pure=True)
        except BaseException:
            self._client.close()
            raise
        super().__init__(
            executor,
            future,
            at_once=lambda: AHEAD * len(self._places()),
            look=self._look_for_workers,
            others=lambda: bool(self._places()),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take back what is under way, end the warm interpreters, and hang up; may be called twice."""
        with contextlib.suppress(Exception):  # a scheduler that has gone takes nothing back
            self._executor.shutdown(wait=False)
            self._client.unregister_worker_plugin(PLACE)
        self._client.close()

    def _places(self) -> list[str]:
        """Return the addresses of the workers that can grade."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return [address for address, each in workers.items() if each.get("resources", {}).get(PLACE)]

    def _require_workers(self, versions: Versions) -> None:
        if self._places():
            return
        faults = self._client.run(_fault, versions, on_error="return")
        said = sorted({str(why) for why in faults.values()})
        raise CourseError(
            f"no worker of {self._address} can grade: "
            + ("; ".join(said[:5]) if said else "it has none; start them with `dask worker`")
        )

    def _look_for_workers(self) -> None:
        """Raise where no worker has been there for a while: those that were killed have been started again by then."""
        if self._places():
            self._since = time.monotonic()
        elif time.monotonic() - self._since > NOBODY_SECONDS:
            raise CourseError(
                f"no worker of {self._address} has been able to grade for {NOBODY_SECONDS:.0f} s; start workers, and "
                "the same command goes on from here"
            )


def _connect(address: str) -> Any:
    """Return a client of the scheduler.

    Raises
    ------
    CourseError
        When Dask is not installed, or nobody answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask: pip install 'cnn-course[cluster]'") from None
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise CourseError(f"no scheduler answers at {address}: {error}") from error


def _plugin(versions: Versions) -> Any:
    """Return what Dask sets up in each worker, also in those that come later."""
    from splitgrade.grading.worker_plugin import OfferPlace

    return OfferPlace(versions)


def _itself(bundle: Bundle) -> Bundle:
    return bundle


def _fault(versions: Versions) -> str:
    """Return why a worker cannot grade; runs there."""
    from splitgrade.grading.worker_plugin import fault_here

    return fault_here(versions)

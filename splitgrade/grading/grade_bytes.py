"""Grading on a machine that has neither the course nor its gradebook: bytes in, bytes and plain values out.

The functions here are what an executor runs in its worker processes. A process keeps the warm interpreters of the
bundle that it worked with last, and one submission at a time goes through them.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from splitgrade.errors import CourseError, SandboxError
from splitgrade.execution.engine import Engine
from splitgrade.execution.trial import try_engine
from splitgrade.grading.bundle import PACKAGES, Bundle
from splitgrade.grading.submission_run import SubmissionRunner
from splitgrade.grading.task import Task, Verdict
from splitgrade.grading.versions import difference, versions_here
from splitgrade.sandbox import folders, owned

PLACE = "splitgrade"  # the resource of a worker of a cluster that can grade; one place a worker
_turn = threading.Lock()
_open: _Open | None = None


@dataclass
class _Open:
    digest: str
    folder: Path
    runner: SubmissionRunner
    engine: Engine

    def close(self) -> None:
        self.engine.close()
        _remove(self.folder)


def grade_bytes(bundle: Bundle, task: Task) -> Verdict:
    """Grade a submission.

    Parameters
    ----------
    bundle : Bundle
        The assignment.
    task : Task
        What was handed in.

    Raises
    ------
    CourseError
        When this machine cannot grade: another version, or no sandbox.
    """
    with _turn:
        place = _opened(bundle)
        return place.runner.run(task, place.engine)


def calibrate_bytes(bundle: Bundle) -> list[str]:
    """Run the instructor's solutions and return what an instructor should know of them.

    Raises
    ------
    CourseError
        As `grade_bytes`.
    """
    with _turn:
        place = _opened(bundle)
        return place.runner.calibrate(place.engine)


def close() -> None:
    """End the warm interpreters of this process and remove their files; not while a submission is in them."""
    if _turn.acquire(blocking=False):
        try:
            _close()
        finally:
            _turn.release()


def _close() -> None:
    global _open
    if _open is not None:
        _open.close()
        _open = None


def _opened(bundle: Bundle) -> _Open:
    """Return the place of a bundle in this process; the one of another bundle is closed."""
    global _open
    if _open is None or _open.digest != bundle.digest:
        _close()
        _open = _unpacked(bundle)
    return _open


def _unpacked(bundle: Bundle) -> _Open:
    folder = Path(tempfile.mkdtemp(prefix=owned.prefix(), dir=_worker_folder()))
    try:
        if why := difference(bundle.versions, versions_here()):
            raise CourseError(f"{_name()} grades with other versions: {why}; install the same on both")
        place = bundle.unpack(folder)
        _import_from(folder / PACKAGES, bundle.packages)
        runner = SubmissionRunner(place)
        _open_to_tests(folder)
        engine = Engine(runner.engine_options)
        try:
            try_engine(engine)
        except SandboxError as error:
            engine.close()
            raise CourseError(f"{_name()} cannot grade: {error}") from error
    except CourseError:
        _remove(folder)
        _withdraw()
        raise
    except BaseException:
        _remove(folder)
        raise
    return _Open(bundle.digest, folder, runner, engine)


def _import_from(folder: Path, names: Collection[str]) -> None:
    """Let the course's packages be those of the bundle, whatever is installed here or has been imported before."""
    sys.path.insert(0, str(folder))
    for module in [module for module in sys.modules if module.partition(".")[0] in names]:
        del sys.modules[module]
    importlib.invalidate_caches()


def _remove(folder: Path) -> None:
    """Remove an unpacked bundle, and what was to be imported from it."""
    with contextlib.suppress(ValueError):  # it did not come to that
        sys.path.remove(str(folder / PACKAGES))
    folders.remove(folder)


def _withdraw() -> None:
    """Offer no place any more, where this is a worker of a cluster: its next task would end the same way."""
    try:
        from distributed import get_worker

        worker = get_worker()
    except (ImportError, ValueError):
        return
    worker.loop.add_callback(worker.set_resources, **{PLACE: 0})


def _open_to_tests(folder: Path) -> None:
    """Let another user, as whom tests run where the grader is root, open what he knows the name of."""
    if os.geteuid() != 0:
        return
    folder.chmod(0o711)
    for path in (path for name in ("data", PACKAGES) for path in (folder / name, *(folder / name).rglob("*"))):
        if path.exists():
            path.chmod(0o755 if path.is_dir() else 0o644)


def _worker_folder() -> str | None:
    """Return the folder that goes with this worker, which its keeper removes after a kill; None without one."""
    try:
        from distributed import get_worker

        return str(get_worker().local_directory)
    except (ImportError, ValueError):
        return None


def _name() -> str:
    return f"the worker on {socket.gethostname()} (process {os.getpid()})"


atexit.register(close)

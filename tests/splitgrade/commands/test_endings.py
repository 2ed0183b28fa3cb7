"""How a command line ends: an exit status that tells, one sentence, and no traceback for what is no fault of ours."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import click
import pytest

from splitgrade.commands.lazy import run
from splitgrade.errors import CourseError


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Put the handlers of signals back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number in kept:
        signal.signal(number, signal.SIG_DFL)
    hook, alarm = sys.unraisablehook, signal.getsignal(signal.SIGALRM)
    yield
    sys.unraisablehook = hook
    signal.signal(signal.SIGALRM, alarm)
    for number, handler in kept.items():
        signal.signal(number, handler)


def ending(what: Callable[[], object]) -> int:
    """Return the exit status of a command line whose command does something."""
    group = click.Group(commands=[click.Command("do", callback=what)])

    def line(**options: object) -> object:
        return group.main(["do"], **options)  # type: ignore[arg-type]

    with pytest.raises(SystemExit) as ended:
        run(line, "program")
    return int(ended.value.code or 0)


def raising(error: BaseException) -> Callable[[], NoReturn]:
    """Return a command that ends with an error."""

    def do() -> NoReturn:
        raise error

    return do


def send(number: int) -> Callable[[], None]:
    """Return a command that gets a signal while it works."""

    def do() -> None:
        os.kill(os.getpid(), number)
        time.sleep(60)

    return do


def send_to_a_finalizer(number: int) -> Callable[[], None]:
    """Return a command that gets a signal where Python lets no error through, and goes on."""

    class Last:
        def __del__(self) -> None:
            signal.raise_signal(number)

    def do() -> None:
        Last()
        time.sleep(60)

    return do


@pytest.mark.parametrize(
    ("what", "status", "says"),
    [
        (lambda: None, 0, ""),
        (raising(SystemExit(3)), 3, ""),
        (raising(CourseError("release it first")), 1, "release it first"),
        (raising(click.UsageError("no such option")), 2, "no such option"),
        (raising(OSError(errno.ENOSPC, "No space left on device", "/x/y")), 1, "No space left on device: /x/y"),
        (raising(PermissionError(errno.EACCES, "Permission denied", "/x/y")), 1, "Permission denied: /x/y"),
        (raising(KeyboardInterrupt()), 130, "stopped"),
        (send(signal.SIGINT), 130, "stopped"),
        (send(signal.SIGTERM), 143, "stopped"),
        (send(signal.SIGHUP), 129, "stopped"),
        (send_to_a_finalizer(signal.SIGINT), 130, "stopped"),
        (send_to_a_finalizer(signal.SIGTERM), 143, "stopped"),
    ],
)
def test_each_ending_has_its_status_and_a_sentence(
    what: Callable[[], object], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors of the course, of the command line and of the machine, and signals that end a program; none is lost."""
    assert ending(what) == status
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    """What nobody has thought of is not hidden behind a sentence."""
    with pytest.raises(FileNotFoundError):
        run(lambda **_: raising(FileNotFoundError(errno.ENOENT, "No such file", "/x"))(), "program")


def test_nohup_is_respected() -> None:
    """A signal that whoever started the program has it ignore stays ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert ending(lambda: os.kill(os.getpid(), signal.SIGHUP)) == 0

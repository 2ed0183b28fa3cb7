"""Tests that need one process with the student's code: they run in a copy of the student's own sandboxed process.

Some tests pass for no answer at all in split processes: they replace ``input``, subclass the student's class, look at
``globals()``. Where the instructor's solution shows that such a test works in one process, the student's cells run a
second time in a process of their own, in the same sandbox, and the test runs there as in a kernel::

    student's process, trusted process     all other tests, as ever
    this process                           the student's cells, set-up, the released text of the other tests,
                                           and the whole text of the tests that need it

That is safe for the machine and for everybody else. It is not safe against the student who wrote the code: whoever
owns the process owns what it says of these tests. So what it says is worth no more than these tests, its score tells no
more than a hundred steps, and no word of it reaches a page.
"""

from __future__ import annotations

import math

from splitgrade.execution.alone import Alone
from splitgrade.execution.endings import Ending, read_ending, result_text
from splitgrade.execution.messages import as_text, error, raised
from splitgrade.execution.reasons import TEXTS, Event, Reason
from splitgrade.execution.setting import Setting
from splitgrade.execution.wire.outputs import Output
from splitgrade.sandbox.launcher import ForkServer
from splitgrade.sandbox.limits import Limits

_STEPS = 100  # of a score: hidden text that the process has seen must not leave as the digits of a number


class SharedProcess(Alone):
    """The process in which tests run together with the student's code; it starts when the first of them comes."""

    def __init__(self, server: ForkServer, setting: Setting, limits: Limits) -> None:
        super().__init__(server, setting, limits)
        self._waiting: list[tuple[str, str]] = []

    def note(self, label: str, code: str, *, harmful: bool = False) -> None:
        """Have a cell run before the next test here; one that ended the other process, or hung, is left out."""
        if not harmful:
            self._waiting.append((label, code))

    def run_test(self, label: str, code: str, points: float, ending: Ending) -> list[Output]:
        """Run a test and return outputs of which nothing but one error or one number in steps decides.

        Parameters
        ----------
        label, code : str
            The test.
        points : float
            The most that it may give.
        ending : Ending
            What the instructor's solution ends with.
        """
        outputs = self.try_test(label, code)
        return verdict(read_ending(outputs, ending), points)

    def try_test(self, label: str, code: str) -> list[Output]:
        """Run a test and return what it shows, as the process says it."""
        with self.student.unnoted():  # limits were noted where these cells ran first
            waiting, self._waiting = self._waiting, []
            for name, text in waiting:
                self.run(name, text)
        return self.run(label, code)

    @property
    def events(self) -> list[Event]:
        """Return what had to be decided about tests here."""
        return self.student.events


def verdict(outputs: list[Output], points: float) -> list[Output]:
    """Return what counts of a test in the student's process; the rest of it is text for the instructor."""
    shown = [as_text(output) for output in outputs if output["output_type"] != "execute_result"]
    if raised(outputs):
        return [*shown, error(Reason.SHARED_FAILED, TEXTS[Reason.SHARED_FAILED])]
    text = result_text(outputs)
    if text is None:
        return shown
    number = in_steps(text, points)
    if number is None:
        return [*shown, error(Reason.NO_NUMBER, TEXTS[Reason.NO_NUMBER])]
    result = {"output_type": "execute_result", "data": {"text/plain": repr(number)}, "metadata": {}}
    return [*shown, {**result, "execution_count": None}]


def in_steps(text: str, points: float) -> float | None:
    """Return a score between 0 and the points in hundredths of them, None where the text is no number.

    Examples
    --------
    >>> in_steps("0.49817263", 1.0)
    0.5
    """
    try:
        score = float(text)
    except ValueError:
        return None
    if math.isnan(score):
        return None
    share = min(max(score / points, 0.0), 1.0) if points > 0 else 0.0
    return round(points * round(share * _STEPS) / _STEPS, 9)

"""One child of a fork server as a session sees it: requests, answers, and what to do while none comes."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from splitgrade.errors import Closed, OutsideDeathError, WireError
from splitgrade.execution.clock import Clock, Patience
from splitgrade.execution.wire.channel import Channel
from splitgrade.sandbox.causes import Cause, text_of
from splitgrade.sandbox.launcher import Child
from splitgrade.sandbox.limits import FRAME_SECONDS, GRACE_SECONDS
from splitgrade.sandbox.processor import busy

_MAX_STALE = 1000

Step = tuple[Clock, Callable[[], None]]


class Process:
    """A child and the wire to it.

    Parameters
    ----------
    child : Child
        What a fork server has spawned; closed with this.

    Attributes
    ----------
    started : float
        When that was, by `time.monotonic`.
    """

    def __init__(self, child: Child) -> None:
        self.child, self.channel = child, Channel(child.socket)
        self.started = time.monotonic()
        self._number = 0
        self._ended_because = ""
        self._poll = select.poll()
        self._poll.register(self.channel, select.POLLIN)

    def ask(
        self,
        message: Mapping[str, Any],
        steps: Sequence[Step],
        *,
        on_why: Callable[[Mapping[str, Any]], str] | None = None,
    ) -> tuple[dict[str, Any] | None, int]:
        """Send a request and wait for its answer, in steps.

        Parameters
        ----------
        message : mapping
            The request.
        steps : sequence of (clock, action)
            How long to wait, and what to do when nothing has come until then.
        on_why : callable, optional
            Answers the question of a trusted process what has become of the student's.

        Returns
        -------
        reply : dict or None
            None when the process has ended or was ended for breaking the protocol.
        taken : int
            How many of the steps were taken.
        """
        self._number += 1
        pending, taken, stale_and_late = iter(steps), 0, False
        try:
            self.channel.send({**message, "n": self._number}, deadline=time.monotonic() + GRACE_SECONDS * busy())
            clock, act = next(pending)
            clock.start()
            for _ in range(_MAX_STALE):
                # Answers to other questions must not keep it alive: behind the time they are as good as none.
                while stale_and_late or not self._ready(clock):
                    taken += 1
                    act()
                    clock, act = next(pending, (Patience(10.0), self.child.kill))
                    clock.start()
                    stale_and_late = False
                reply, _ = self.channel.receive(deadline=time.monotonic() + FRAME_SECONDS * busy())
                if on_why is not None and reply.get("op") == "why":
                    self.channel.send({"why": on_why(reply)})
                elif reply.get("n") == self._number:
                    return reply, taken
                else:
                    stale_and_late = clock.left() <= 0
            raise WireError("it answered questions that were not asked")
        except Closed:
            return None, taken
        except WireError as error:
            self.end(text_of(Cause.PROTOCOL, says=error))
            return None, taken

    def _ready(self, clock: Clock) -> bool:
        """Wait until something comes; False when the time is over."""
        if self.channel.waiting:
            return True
        while (left := clock.left()) > 0:
            if self._poll.poll(1000 * left):
                return True
        return bool(self._poll.poll(0))

    def end(self, why: str) -> None:
        """Kill the process; ``why`` is the reason unless it had ended already."""
        if not self.child.wait(0):
            self._ended_because = self._ended_because or why
        self.child.kill()

    def why_it_ended(self, *, patience: float = GRACE_SECONDS, otherwise: str = "") -> str:
        """Return why the process ended, after ending one that only shut its wire.

        Parameters
        ----------
        patience : float
            Seconds to wait for its end.
        otherwise : str
            The reason for killing it when it does not end.

        Raises
        ------
        OutsideDeathError
            When neither the submission nor the grader ended it.
        """
        if not self.child.wait(patience * busy()):
            self.end(otherwise or text_of(Cause.HUNG_UP))
            self.child.wait(10 * busy())
        if self.child.ended_from_outside:
            raise OutsideDeathError(f"a process was ended from outside: {self.child.cause()}")
        return self._ended_because or self.child.cause() or text_of(Cause.SANDBOX)

    def close(self) -> None:
        """End the process and give back what it held."""
        self.child.close()

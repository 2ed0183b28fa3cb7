"""One request to the student's process and its answer; what comes in between is served or shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from splitgrade.errors import Closed, StudentGoneError, WireError
from splitgrade.execution.interpreter.shell import recorder
from splitgrade.execution.trusted.redirection import say
from splitgrade.execution.wire.channel import Channel
from splitgrade.execution.wire.outputs import clean
from splitgrade.execution.wire.said import PROCESS_GONE
from splitgrade.sandbox.limits import MAX_NESTED

Frame = tuple[dict[str, Any], Sequence[Any]]


class Exchange:
    """Numbered requests, one at a time; an answer may ask back before it comes.

    Parameters
    ----------
    peer : Channel
        The wire.
    why : callable
        Asks the grader why the student's process ended; gets what was seen here and whether the wire was closed.
    serve : callable
        Answers what the student's process asks in between.
    """

    def __init__(
        self,
        peer: Channel,
        why: Callable[[str, bool], str],
        serve: Callable[[Mapping[str, Any], list[bytearray]], Frame],
    ) -> None:
        self._peer, self._why, self._serve = peer, why, serve
        self._gone: str | None = None
        self._number = 0
        self._depth = 0

    def replace_peer(self, peer: Channel) -> None:
        """Go on with a new process."""
        self._peer.close()
        self._peer, self._gone = peer, None

    @property
    def is_asking(self) -> bool:
        """Whether a request is on its way: the next one comes from a function that the student's code called."""
        return self._depth > 0

    def check_is_open(self) -> None:
        """Refuse where there is nobody to ask.

        Raises
        ------
        StudentGoneError
            When the process has ended.
        """
        if self._gone is not None:
            raise StudentGoneError(self._gone)

    def ask(self, message: dict[str, Any], blobs: Sequence[Any] = ()) -> tuple[dict[str, Any], list[bytearray]]:
        """Send a request and return its answer, serving callbacks until it comes.

        Raises
        ------
        StudentGoneError
            When the process has ended, or ends now.
        """
        self._number += 1
        number = message["n"] = self._number
        self._depth += 1
        try:
            if self._depth > MAX_NESTED:
                raise WireError(f"tests and student's code call each other more than {MAX_NESTED} deep")
            self._peer.send(message, blobs)
            while True:
                reply, reply_blobs = self._peer.receive()
                if reply.get("op") != "callback":
                    break
                self._peer.send(*self._serve(reply, reply_blobs))
            if reply.get("n") != number:
                raise WireError("it answered a question that was not asked")
        except WireError as error:
            self._gone = PROCESS_GONE.format(why=self._why(str(error), isinstance(error, Closed)))
            raise StudentGoneError(self._gone) from None
        except BaseException:
            self._gone = "a request to the student's process was broken off"
            raise
        finally:
            self._depth -= 1
        _show(reply.get("shown"))
        return reply, reply_blobs


def _show(shown: Any) -> None:
    """Put what the student's code printed or drew among the outputs of the test, never as an error or result."""
    for output in clean(shown, text_limit=recorder.text_limit) if shown else ():
        if output["output_type"] == "stream" and output["name"] == "stdout":
            say(output["text"])
        elif output["output_type"] == "stream":  # no `redirect_stdout` catches it
            recorder.stream("stdout", output["text"])
        elif output["output_type"] in ("display_data", "execute_result"):
            recorder.display(output["data"], {})

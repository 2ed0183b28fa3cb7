"""Requests to the student's process and their answers; what comes in between is served or shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from splitgrade.errors import Closed, StudentGoneError, WireError
from splitgrade.execution.interpreter.shell import recorder
from splitgrade.execution.trusted.redirection import say
from splitgrade.execution.wire.channel import Channel, frame
from splitgrade.execution.wire.outputs import clean
from splitgrade.execution.wire.said import PROCESS_GONE
from splitgrade.sandbox.limits import MAX_AHEAD, MAX_AHEAD_BYTES, MAX_NESTED

Request = tuple[dict[str, Any], Sequence[Any]]
Answer = tuple[dict[str, Any], list[bytearray]]


class Exchange:
    """Numbered requests, answered in their order; an answer may ask back before it comes.

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
        serve: Callable[[Mapping[str, Any], list[bytearray]], Request],
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

    def ask(self, message: dict[str, Any], blobs: Sequence[Any] = ()) -> Answer:
        """Send a request and return its answer, serving callbacks until it comes.

        Raises
        ------
        StudentGoneError
            When the process has ended, or ends now.
        """
        with self._conversation():
            self._peer.send(self._numbered(message), blobs)
            answer = self._answer(message["n"])
        _show(answer)
        return answer

    def ask_each(self, requests: Sequence[Request]) -> list[Answer | StudentGoneError]:
        """Send requests that do not depend on each other, later ones before earlier ones are answered.

        Neither side waits for the other then, which is most of what a small request costs.

        Returns
        -------
        list
            An answer for each request, or the error of a process that has ended.
        """
        answers: list[Answer | StudentGoneError] = []
        try:
            if self._depth > 0 or len(requests) == 1:  # the student's code may be waiting: it answers at once then
                for message, blobs in requests:
                    answers.append(self.ask(message, blobs))
                return answers
            with self._conversation():
                for some in _groups(self._ahead(request) for request in requests):
                    self._peer.send_framed(b"".join(some.values()))
                    for number in some:
                        answers.append(self._answer(number))
        except StudentGoneError as error:
            answers += [error] * (len(requests) - len(answers))
        for answer in answers:
            if not isinstance(answer, StudentGoneError):
                _show(answer)
        return answers

    def _ahead(self, request: Request) -> tuple[int, bytes]:
        """Return the number and the frame of a request that the student's process is to keep until its turn comes."""
        message, blobs = request
        framed = frame({**self._numbered(message), "ahead": True}, blobs)
        return message["n"], framed

    def _numbered(self, message: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        message["n"] = self._number
        return message

    def _answer(self, number: int) -> Answer:
        """Return the answer to a request, serving callbacks until it comes."""
        while True:
            reply, blobs = self._peer.receive()
            if reply.get("op") != "callback":
                break
            self._peer.send(*self._serve(reply, blobs))
        if reply.get("n") != number:
            raise WireError("it answered a question that was not asked")
        return reply, blobs

    @contextmanager
    def _conversation(self) -> Iterator[None]:
        """Take what goes wrong meanwhile for the end of the process."""
        if self._gone is not None:
            raise StudentGoneError(self._gone)
        self._depth += 1
        try:
            if self._depth > MAX_NESTED:
                raise WireError(f"tests and student's code call each other more than {MAX_NESTED} deep")
            yield
        except WireError as error:
            self._gone = PROCESS_GONE.format(why=self._why(str(error), isinstance(error, Closed)))
            raise StudentGoneError(self._gone) from None
        except BaseException:
            self._gone = "a request to the student's process was broken off"
            raise
        finally:
            self._depth -= 1


def _groups(frames: Iterable[tuple[int, bytes]]) -> Iterator[dict[int, bytes]]:
    """Yield as many frames at a time as a socket takes while nobody reads: then neither side waits for the other's."""
    some, size = dict[int, bytes](), 0
    for number, each in frames:
        if some and (size + len(each) > MAX_AHEAD_BYTES or len(some) == MAX_AHEAD):
            yield some
            some, size = {}, 0
        some[number] = each
        size += len(each)
    if some:
        yield some


def _show(answer: Answer) -> None:
    """Put what the student's code printed or drew among the outputs of the test, never as an error or result."""
    shown = answer[0].get("shown")
    for output in clean(shown, text_limit=recorder.text_limit) if shown else ():
        if output["output_type"] == "stream" and output["name"] == "stdout":
            say(output["text"])
        elif output["output_type"] == "stream":  # no `redirect_stdout` catches it
            recorder.stream("stdout", output["text"])
        elif output["output_type"] in ("display_data", "execute_result"):
            recorder.display(output["data"], {})

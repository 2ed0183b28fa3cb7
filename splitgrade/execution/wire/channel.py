"""Frames on a socket: a JSON message and raw blobs, both bounded before a byte of them is read.

A frame is a header (magic, bytes of JSON, number of blobs), the length of each blob, the JSON text, and the blobs.
Whoever receives trusts nothing: lengths, the number of JSON nodes and the type of the message are checked first.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from splitgrade.errors import Closed, TimedOut, WireError
from splitgrade.sandbox.limits import MAX_BLOBS, MAX_FRAME, MAX_JSON, MAX_NODES

_MAGIC = b"CNN1"
_HEADER = struct.Struct("<4sII")
_SMALL = 1 << 16
_DEEPEST = 1000  # lists in lists, as far as both parsers read
# What is no JSON by itself, such as dates, is none here.
_AS_JSON = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


class Channel:
    """Sends and receives frames over a connected stream socket.

    Parameters
    ----------
    connection : socket.socket
        A connected ``AF_UNIX`` stream; the channel owns it from here on.

    Examples
    --------
    >>> left, right = map(Channel, socket.socketpair())
    >>> left.send({"op": "hello"}, [b"raw"])
    >>> right.receive()
    ({'op': 'hello'}, [bytearray(b'raw')])
    >>> left.close(), right.close()
    (None, None)
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._ahead = bytearray(_SMALL)  # what has come behind that which was asked for: a small frame is read at once
        self._from = self._to = 0

    @property
    def waiting(self) -> bool:
        """Return whether something has been read that nobody has asked for; a poll does not see it."""
        return self._from < self._to

    def fileno(self) -> int:
        """Return the descriptor, so that a channel can be polled."""
        return self.connection.fileno()

    def close(self) -> None:
        """Close the socket."""
        self.connection.close()

    def send(
        self,
        message: Mapping[str, Any],
        blobs: Sequence[bytes | bytearray | memoryview] = (),
        *,
        deadline: float | None = None,
    ) -> None:
        """Send one message.

        Parameters
        ----------
        message : mapping
            JSON data.
        blobs : sequence of bytes
            Raw parts that the message speaks of by index.
        deadline : float, optional
            `time.monotonic` value after which to give up.

        Raises
        ------
        WireError
            When the frame is larger than `MAX_FRAME` or the message is no JSON.
        Closed, TimedOut
            When the other side has gone or does not read.
        """
        head = _head(message, blobs)
        if len(head) + sum(map(len, blobs)) <= _SMALL:
            self.send_framed(b"".join([head, *blobs]), deadline=deadline)
            return
        for part in (head, *blobs):
            self.send_framed(part, deadline=deadline)

    def send_framed(self, framed: bytes | bytearray | memoryview, *, deadline: float | None = None) -> None:
        """Send what is a frame already, or several, or part of one.

        Parameters
        ----------
        framed : bytes
            Of `frame`.
        deadline : float, optional
            `time.monotonic` value after which to give up.

        Raises
        ------
        Closed, TimedOut
            When the other side has gone or does not read.
        """
        try:
            self._arm(deadline)
            self.connection.sendall(framed)
        except TimeoutError:
            raise TimedOut("the other side does not read") from None
        except OSError as error:
            raise Closed(f"the other side has gone ({error})") from None

    def receive(self, *, deadline: float | None = None) -> tuple[dict[str, Any], list[bytearray]]:
        """Return the next message and its blobs.

        Parameters
        ----------
        deadline : float, optional
            `time.monotonic` value after which to give up.

        Raises
        ------
        WireError
            When the frame breaks a rule; the channel is of no further use then.
        Closed, TimedOut
            When the other side has gone or does not answer.
        """
        magic, json_size, count = _HEADER.unpack(self._read(_HEADER.size, deadline))
        if magic != _MAGIC or json_size > MAX_JSON or count > MAX_BLOBS:
            raise WireError("a frame begins with its magic, at most 16 MiB of JSON and at most 10,000 blobs")
        sizes = struct.unpack(f"<{count}I", self._read(4 * count, deadline)) if count else ()
        if json_size + sum(sizes) > MAX_FRAME:
            raise WireError(f"a frame holds at most {MAX_FRAME} bytes, got {json_size + sum(sizes)}")
        message = _parse(self._read(json_size, deadline))
        return message, [self._read(size, deadline) for size in sizes]

    def _arm(self, deadline: float | None) -> None:
        """Give the next system call what is left of the time."""
        left = None if deadline is None else max(deadline - time.monotonic(), 0.001)
        if left is not None or self.connection.gettimeout() is not None:
            self.connection.settimeout(left)

    def _read(self, size: int, deadline: float | None) -> bytearray:
        """Return exactly ``size`` bytes."""
        done = min(size, self._to - self._from)
        held = self._ahead[self._from : self._from + done]
        self._from += done
        if done == size:
            return held
        buffer = bytearray(size)
        view = memoryview(buffer)
        view[:done] = held
        while done < size:
            if size - done >= _SMALL:
                done += self._receive(view[done:], deadline)
                continue
            self._to = self._receive(self._ahead, deadline)
            self._from = min(size - done, self._to)
            view[done : done + self._from] = memoryview(self._ahead)[: self._from]
            done += self._from
        return buffer

    def _receive(self, place: bytearray | memoryview, deadline: float | None) -> int:
        """Read into a place what has come, and return how many bytes that are."""
        if deadline is not None and time.monotonic() > deadline:
            raise TimedOut("no answer in time")
        try:
            self._arm(deadline)
            received = self.connection.recv_into(place)
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except OSError as error:
            raise Closed(f"the other side has gone ({error})") from None
        if received == 0:
            raise Closed("the other side has gone")
        return received


def frame(message: Mapping[str, Any], blobs: Sequence[bytes | bytearray | memoryview] = ()) -> bytes:
    """Return one message as the bytes that are sent.

    Raises
    ------
    WireError
        When the frame is larger than `MAX_FRAME` or the message is no JSON.
    """
    return b"".join([_head(message, blobs), *blobs])


def _head(message: Mapping[str, Any], blobs: Sequence[bytes | bytearray | memoryview]) -> bytes:
    """Return all of a frame that comes before the blobs."""
    text = _text(message)
    sizes = [len(blob) for blob in blobs]
    total = len(text) + sum(sizes)
    if total > MAX_FRAME or len(text) > MAX_JSON or len(sizes) > MAX_BLOBS:
        raise WireError(f"a message of {total} bytes is too large; at most {MAX_FRAME} bytes can be handed over")
    return _HEADER.pack(_MAGIC, len(text), len(sizes)) + struct.pack(f"<{len(sizes)}I", *sizes) + text


def _text(message: Mapping[str, Any]) -> bytes:
    """Return a message as JSON.

    Raises
    ------
    WireError
        When it is none.
    """
    try:
        return orjson.dumps(message, option=_AS_JSON)
    except TypeError:
        pass  # text that is no Unicode, keys that are numbers, what derives from plain types: the other writer knows
    try:
        return json.dumps(message).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise WireError(f"a message must be JSON: {error}") from None


def _parse(text: bytearray) -> dict[str, Any]:
    """Return the JSON object in ``text``, refused before it is parsed when it would grow too large in memory."""
    nodes = text.count(b",") + text.count(b"[") + text.count(b"{")
    if nodes > 4 * MAX_NODES:
        raise WireError(f"a message holds at most {4 * MAX_NODES} JSON nodes, got {nodes}")
    try:
        message = _parsed(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a message is a JSON object: {type(error).__name__}") from None
    if type(message) is not dict:
        raise WireError(f"a message is a JSON object, got {type(message).__name__}")
    return message


def _parsed(text: bytearray) -> Any:
    """Return what JSON says; what the stricter parser refuses, such as half a character, the other may still read."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        message = json.loads(text.decode("ascii"))
    level = [message]
    for _ in range(_DEEPEST):
        level = [part for each in level if type(each) in (list, dict) for part in _parts(each)]
    if level:  # from Python 3.14 on its parser reads tens of thousands of lists in lists
        raise ValueError(f"JSON is nested more than {_DEEPEST} deep")
    return message


def _parts(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container

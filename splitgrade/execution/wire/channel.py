"""Frames on a socket: a JSON message and raw blobs, both bounded before a byte of them is read.

A frame is a header (magic, bytes of JSON, number of blobs), the length of each blob, the JSON text, and the blobs.
Whoever receives trusts nothing: lengths, the number of JSON nodes and the type of the message are checked first.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

from splitgrade.errors import Closed, TimedOut, WireError
from splitgrade.sandbox.limits import MAX_BLOBS, MAX_FRAME, MAX_JSON, MAX_NODES

_MAGIC = b"CNN1"
_HEADER = struct.Struct("<4sII")
_SMALL = 1 << 16
_READ = json.JSONDecoder().decode


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
        try:
            text = json.dumps(message).encode("ascii")
        except (TypeError, ValueError, RecursionError) as error:
            raise WireError(f"a message must be JSON: {error}") from None
        sizes = [len(blob) for blob in blobs]
        total = len(text) + sum(sizes)
        if total > MAX_FRAME or len(text) > MAX_JSON or len(sizes) > MAX_BLOBS:
            raise WireError(f"a message of {total} bytes is too large; at most {MAX_FRAME} bytes can be handed over")
        head = _HEADER.pack(_MAGIC, len(text), len(sizes)) + struct.pack(f"<{len(sizes)}I", *sizes) + text
        try:
            self._arm(deadline)
            if total <= _SMALL:
                self.connection.sendall(b"".join([head, *blobs]))
                return
            self.connection.sendall(head)
            for blob in blobs:
                self._arm(deadline)
                self.connection.sendall(blob)
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
        buffer = bytearray(size)
        view, done = memoryview(buffer), 0
        while done < size:
            if deadline is not None and time.monotonic() > deadline:
                raise TimedOut("no answer in time")
            try:
                self._arm(deadline)
                # One call where the other side has sent all of it; with a deadline the socket does not wait for all.
                received = self.connection.recv_into(view[done:], 0, socket.MSG_WAITALL)
            except TimeoutError:
                raise TimedOut("no answer in time") from None
            except OSError as error:
                raise Closed(f"the other side has gone ({error})") from None
            if received == 0:
                raise Closed("the other side has gone")
            done += received
        return buffer


def _parse(text: bytearray) -> dict[str, Any]:
    """Return the JSON object in ``text``, refused before it is parsed when it would grow too large in memory."""
    nodes = text.count(b",") + text.count(b"[") + text.count(b"{")
    if nodes > 4 * MAX_NODES:
        raise WireError(f"a message holds at most {4 * MAX_NODES} JSON nodes, got {nodes}")
    try:
        message = _READ(text.decode("ascii"))  # json.loads would find out the encoding first
    except (ValueError, RecursionError) as error:
        raise WireError(f"a message is a JSON object: {type(error).__name__}") from None
    if type(message) is not dict:
        raise WireError(f"a message is a JSON object, got {type(message).__name__}")
    return message

"""One request to a fork server: the descriptors that a child is given, or one more socket to ask by."""

from __future__ import annotations

import socket
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Request:
    """Descriptors of a child, or of another grader's process that may ask; -1 for one that is not given.

    Parameters
    ----------
    channel
        Its socket to the host.
    report
        The socket on which the fork server tells how it ended.
    luggage
        A file with its files and environment.
    peer
        A second socket.
    group
        The file by which it joins its control group.
    control
        Alone: a socket on which requests will come as well.
    """

    channel: int = -1
    report: int = -1
    luggage: int = -1
    peer: int = -1
    group: int = -1
    control: int = -1

    def send(self, control: socket.socket) -> None:
        """Send the descriptors.

        Raises
        ------
        OSError
            If the other side has gone.
        """
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        present = {name: descriptor for name, descriptor in given.items() if descriptor >= 0}
        socket.send_fds(control, [" ".join(present).encode()], list(present.values()))

    @classmethod
    def receive(cls, control: socket.socket) -> Request | None:
        """Receive descriptors, which are now ours to close; None when the other side has gone."""
        data, descriptors, _, _ = socket.recv_fds(control, 256, len(fields(cls)))
        return cls(**dict(zip(data.decode().split(), descriptors, strict=True))) if data else None

"""The inside of the tests: runs the text it is sent and answers with what came of it, as JSON lines."""

from __future__ import annotations

import json
import os
import socket
import traceback


def preload() -> None:
    """Load nothing: the tests are about the walls, not about what is inside."""


def serve(channel: socket.socket, peer: socket.socket | None) -> None:
    """Run one program after the other; what a program names `result` is its answer."""
    stream = channel.makefile("rw")
    for line in stream:
        space: dict[str, object] = {"os": os, "socket": socket, "channel": channel, "peer": peer, "result": None}
        try:
            exec(json.loads(line), space)  # noqa: S102 - that is what this module is for
            answer = {"result": space["result"]}
        except BaseException as error:
            answer = {"error": type(error).__name__, "errno": getattr(error, "errno", None), "text": str(error)}
            answer["trace"] = traceback.format_exc()
        stream.write(json.dumps(answer, default=repr) + "\n")
        stream.flush()

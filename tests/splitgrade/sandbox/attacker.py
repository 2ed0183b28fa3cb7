"""The inside of the tests: runs the text it is sent and answers with what came of it, as JSON lines."""

from __future__ import annotations

import json
import os
import socket
import traceback

library = -1  # the descriptor of `preload`


def load() -> None:
    """Leave two files open: one from which this process runs code, and one that is nobody's library."""
    preload()
    os.open(__file__, os.O_RDONLY)


def preload() -> None:
    """Keep a library's file open, as libffi does; load nothing: the tests are about the walls."""
    global library
    library = os.open("/proc/self/exe", os.O_RDONLY)


def serve(channel: socket.socket, peer: socket.socket | None) -> None:
    """Run one program after the other; what a program names `result` is its answer."""
    stream = channel.makefile("rw")
    for line in stream:
        space: dict[str, object] = {"os": os, "socket": socket, "channel": channel, "peer": peer, "library": library}
        space["result"] = None
        try:
            exec(json.loads(line), space)  # noqa: S102 - that is what this module is for
            answer = {"result": space["result"]}
        except BaseException as error:
            answer = {"error": type(error).__name__, "errno": getattr(error, "errno", None), "text": str(error)}
            answer["trace"] = traceback.format_exc()
        stream.write(json.dumps(answer, default=repr) + "\n")
        stream.flush()

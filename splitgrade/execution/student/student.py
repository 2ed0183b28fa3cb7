"""The student's process: runs the cells that students write and answers the tests' requests.

Students' code can change anything here, so nothing that leaves this process is believed by the other sides.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import marshal
import os
import random
import signal
import socket
import tempfile
from collections import deque
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np

from splitgrade.errors import Closed, WireError
from splitgrade.execution.interpreter.exceptions import describe
from splitgrade.execution.interpreter.shell import CellShell, make_shell, recorder, run_cell
from splitgrade.execution.interpreter.work_folder import enter_work_folder, files_here, forget
from splitgrade.execution.student.handles import Handles, kind_of
from splitgrade.execution.student.watched import Watched
from splitgrade.execution.wire.channel import Channel
from splitgrade.execution.wire.decoder import Decoder
from splitgrade.execution.wire.encoder import Encoder
from splitgrade.execution.wire.operations import OPERATIONS
from splitgrade.execution.wire.outputs import Output
from splitgrade.execution.wire.plain import TYPES
from splitgrade.execution.wire.snapshot import assign, is_mutable
from splitgrade.sandbox.limits import MAX_CROSSED_BYTES, MAX_NAMES

_shell: CellShell | None = None


def preload() -> None:
    """Make the shell of all notebooks, once `interpreter.base` is loaded."""
    global _shell
    _shell = make_shell(CellShell)


def serve(channel: socket.socket, peer: socket.socket | None) -> None:
    """Serve one notebook until the grader hangs up.

    Parameters
    ----------
    channel : socket.socket
        To the grader, which sends cells.
    peer : socket.socket
        To the trusted process, which sends the tests' requests.
    """
    if _shell is None or peer is None:
        raise ValueError("serve() needs preload() before it, and a peer")
    enter_work_folder()
    student = Student(_shell, Channel(channel), Channel(peer))
    signal.signal(signal.SIGINT, student.interrupt)
    os.register_at_fork(after_in_child=student.leave)
    with contextlib.suppress(Closed):
        student.serve()


class Student:
    """The loop of the student's process.

    Parameters
    ----------
    shell : CellShell
        The warm shell.
    channel : Channel
        To the grader.
    peer : Channel
        To the trusted process.
    """

    def __init__(self, shell: CellShell, channel: Channel, peer: Channel) -> None:
        self.shell, self.channel, self.peer = shell, channel, peer
        self._handles = Handles(self.call_back)
        self._interruptible = False
        self._later: deque[tuple[dict[str, Any], list[bytearray]]] = deque()  # requests that came ahead of their turn
        self._files = files_here()
        self._below_python = _redirect_descriptors()

    def interrupt(self, *_: object) -> None:
        """Stop the student's code; between two requests there is none to stop."""
        if self._interruptible:
            self._interruptible = False
            raise KeyboardInterrupt

    def leave(self) -> None:
        """Give up both wires in a copy of this process that the student's code has forked: one process answers."""
        self.channel.close()
        self.peer.close()

    def serve(self) -> None:
        """Answer both sides, one request at a time."""
        import select

        poll = select.poll()
        poll.register(self.channel, select.POLLIN)
        poll.register(self.peer, select.POLLIN)
        grader = self.channel.fileno()
        while True:
            while self._later:
                self._answer_test(*self._later.popleft())
            ready = [] if self.channel.waiting or self.peer.waiting else poll.poll()
            if self.channel.waiting or grader in [descriptor for descriptor, _ in ready]:  # `any` may be the student's
                self._answer_grader()
            else:
                self._answer_test(*self.peer.receive())

    # ---- the grader's requests

    def _answer_grader(self) -> None:
        message, _ = self.channel.receive()
        if message["op"] == "written":
            now = files_here()
            names = [name for name in self._files | now if self._files.get(name) != now.get(name)]
            self.channel.send({"n": message["n"], "names": names[:MAX_NAMES]})
            return
        if message["op"] == "setup":
            recorder.text_limit = message["text_limit"]
            forget(message["forget"])
            outputs: list[Output] = []
        elif message["op"] == "run":
            outputs = self._run(message["code"])
        elif message["op"] == "solution":
            outputs = self._run_compiled(message["code"])
        else:
            outputs = self._flush()
        self._send_outputs(message["n"], outputs)

    def _run(self, code: str) -> list[Output]:
        """Return the outputs of one cell."""
        self._interruptible = True
        try:
            outputs = run_cell(self.shell, code)
        finally:
            self._interruptible = False
        return self._printed_below() + outputs

    def _run_compiled(self, code: str) -> list[Output]:
        """Run an answer of the instructor's that has no text; what it raises is an error without one."""
        self._interruptible = True
        try:
            exec(marshal.loads(base64.b64decode(code)), self.shell.user_ns)  # noqa: S102, S302 - the grader's own
        except Exception as error:
            recorder.error(type(error).__name__, "", [])
        finally:
            self._interruptible = False
        return recorder.take()

    def _flush(self) -> list[Output]:
        """Return what functions that a test called have drawn and left open."""
        self._interruptible = True
        try:
            self.shell.events.trigger("post_execute")
        except KeyboardInterrupt:
            pass
        finally:
            self._interruptible = False
        return self._printed_below() + recorder.take()

    def _send_outputs(self, number: int, outputs: list[Output]) -> None:
        try:
            self.channel.send({"n": number, "outputs": outputs})
        except Closed:
            raise
        except WireError as error:
            text = f"the outputs of this cell cannot be shown: {error}\n"
            kept = [output for output in outputs if output["output_type"] == "error"][:1]
            shown = [{"output_type": "stream", "name": "stderr", "text": text}, *kept]
            self.channel.send({"n": number, "outputs": shown})

    def _printed_below(self, name: str = "stdout") -> list[Output]:
        """Return what was written to descriptors 1 and 2 below Python, by a program or C code."""
        file = self._below_python
        try:
            size = os.fstat(file.fileno()).st_size
            if not size:
                return []
            text = os.pread(file.fileno(), recorder.text_limit, 0).decode("utf-8", "replace")
            os.ftruncate(file.fileno(), 0)
            os.lseek(file.fileno(), 0, os.SEEK_SET)
        except (OSError, ValueError):
            return []  # the student closed it: then there is nothing to show
        return [{"output_type": "stream", "name": name, "text": text}]

    # ---- the tests' requests

    def _answer_test(self, message: dict[str, Any], blobs: list[bytearray]) -> None:
        encoder = Encoder(self._handles.refer)
        try:
            if message["op"] == "get":
                reply = self._get(message["name"], encoder, hold=message.get("hold") is True)
            elif message["op"] == "imported":
                reply = self._imported(message["name"])
            elif message["op"] == "names":
                reply = {"names": [name for name in self.shell.user_ns if isinstance(name, str)][:MAX_NAMES]}
            elif message["op"] == "bind":
                reply = self._bind(message, Decoder(blobs, self._handles.resolve))
            elif message["op"] == "assign":
                value = Decoder(blobs, self._handles.resolve).decode(message["value"])
                reply = {"done": assign(self._handles.resolve(["h", message["number"]]), value)}
            elif message["op"] == "unbind":
                reply = {} if self.shell.user_ns.pop(message["name"], self) is not self else {"missing": True}
            else:
                reply = self._do(message, Decoder(blobs, self._handles.resolve), encoder)
        except WireError as error:
            encoder, reply = Encoder(), {"refused": str(error)}
        self._interruptible = False
        shown = self._printed_below("stderr") + recorder.take()
        if shown:
            reply["shown"] = shown
        reply["n"] = message["n"]
        try:
            self.peer.send(reply, encoder.blobs)
        except Closed:
            raise
        except WireError as error:
            self.peer.send({"n": message["n"], "refused": str(error)})

    def _get(self, name: str, encoder: Encoder, *, hold: bool) -> dict[str, Any]:
        """Return the reply that holds a global of the notebook, or a builtin that its code has set."""
        namespace = self.shell.user_ns
        if name in namespace:
            return {"value": encoder.encode(namespace[name]), **self._held(namespace[name], hold=hold)}
        return {"missing": True}

    def _bind(self, message: dict[str, Any], decoder: Decoder) -> dict[str, Any]:
        """Give a global the value that a test has given it, into the same object where the test changed one."""
        name, value, names = message["name"], decoder.decode(message["value"]), self.shell.user_ns
        if not (message["in_place"] and name in names and assign(names[name], value)):
            names[name] = value
        return {}

    def _held(self, value: Any, *, hold: bool) -> dict[str, Any]:
        """Return the number of a value that the test holds together with this process."""
        return {"at": self._handles.number(value)} if hold and _may_hold(value) else {}

    def _imported(self, name: str) -> dict[str, Any]:
        """Return what a global is, for a test that means an import by it."""
        if name not in self.shell.user_ns:
            return {"missing": True}
        value = self.shell.user_ns[name]
        called = getattr(value, "__name__", "")
        return {"kind": kind_of(value), "name": called if isinstance(called, str) else ""}

    def _do(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Carry out one operation and return the reply: a value or an exception, and the arguments it changed."""
        if "random" in message:
            legacy, plain = decoder.decode(message["random"])
            np.random.set_state(legacy)  # noqa: NPY002 - a test that seeds expects the same numbers here
            random.setstate(plain)
        args = [decoder.decode(tree) for tree in message["args"]]
        kwargs = {str(name): decoder.decode(tree) for name, tree in message["kwargs"].items()}
        replaced = {name: decoder.decode(tree) for name, tree in message.get("replaced", {}).items()}
        watched = Watched([*enumerate(args[1:], start=1), *kwargs.items()])
        kept = {name: getattr(builtins, name) for name in replaced}
        try:
            vars(builtins).update(replaced)
            self._interruptible = True
            value = OPERATIONS[message["what"]](*args, **kwargs)
            self._interruptible = False
        except BaseException as error:
            self._interruptible = False
            reply: dict[str, Any] = {"raised": describe(error)}
        else:
            alias = watched.place_of(value)
            reply = {"alias": alias} if alias is not None else {"value": encoder.encode(value)}
            if message["hold"]:
                reply |= self._held(value, hold=alias is None)
                reply["lent"] = [
                    [place, self._handles.number(each)] for place, each in watched.held() if _may_hold(each)
                ]
        finally:
            vars(builtins).update(kept)
        changed = [[place, encoder.encode(argument)] for place, argument in watched.changed()]
        return {**reply, "changed": changed} if changed else reply

    # ---- functions of the test

    def call_back(self, number: int, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function of the test and wait for its value, serving requests meanwhile."""
        encoder = Encoder(self._handles.refer)
        trees = [encoder.encode(argument) for argument in args]
        named = {name: encoder.encode(argument) for name, argument in kwargs.items()}
        self._interruptible = False  # half a conversation cannot be taken up again
        self.peer.send({"op": "callback", "number": number, "args": trees, "kwargs": named}, encoder.blobs)
        message, blobs = self.peer.receive()
        while message["op"] != "answer":
            if message.get("ahead") is True:
                self._later.append((message, blobs))
            else:
                self._answer_test(message, blobs)
            message, blobs = self.peer.receive()
        self._interruptible = True
        if "raised" not in message:
            return Decoder(blobs, self._handles.resolve).decode(message["value"])
        name, text = message["raised"]
        raise TYPES.get(name, RuntimeError)(text)


def _may_hold(value: Any) -> bool:
    return is_mutable(value) and not (type(value) is np.ndarray and value.nbytes > MAX_CROSSED_BYTES)


def _redirect_descriptors() -> BinaryIO:
    """Send descriptors 1 and 2 into a file of the private folder and return it."""
    tempfile.tempdir = os.environ.get("TMPDIR")  # Python would try out some first
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the process
    for descriptor in (1, 2):
        os.dup2(file.fileno(), descriptor)
    return file

"""The trusted process: runs the instructor's cells only, never a line of a student's.

A name that neither the instructor's cells nor Python defines is asked for in the student's process, once per cell.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import math
import os
import random
import signal
import socket
from collections.abc import Mapping, MutableMapping
from typing import Any

import numpy as np

from splitgrade.errors import Closed, RefusedValueError, StudentGoneError
from splitgrade.execution.interpreter.shell import CellShell, make_shell, recorder, run_cell
from splitgrade.execution.interpreter.work_folder import enter_work_folder
from splitgrade.execution.trusted.bindings import (
    BOUND,
    DELETED,
    REPLACEABLE,
    TYPE,
    Carrying,
    bound_at_the_top,
)
from splitgrade.execution.trusted.expectations import Expectations
from splitgrade.execution.trusted.link import MISSING, Link
from splitgrade.execution.trusted.proxy import type_of
from splitgrade.execution.trusted.random_state import note_seeding
from splitgrade.execution.trusted.redirection import note_originals
from splitgrade.execution.trusted.reflection import NotebookNames, read_sources_of_students, reflecting
from splitgrade.execution.wire.channel import Channel
from splitgrade.execution.wire.outputs import Output

_shell: TrustedShell | None = None


class TrustedShell(CellShell):
    """A shell whose last expression is a score when the cell has points."""

    points: float | None = None
    carrying = Carrying()

    def carry(self, *, needed: bool) -> None:
        """Add calls to the next cell, or leave it alone: a transformer costs two walks through its tree."""
        if needed and self.carrying not in self.ast_transformers:
            self.ast_transformers.insert(0, self.carrying)
        elif not needed and self.carrying in self.ast_transformers:
            self.ast_transformers.remove(self.carrying)

    def formatted(self, value: Any) -> str | None:
        """Return a number as a float between 0 and the points, since nbgrader trips over any other."""
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
        if self.points is None or not number:
            return None
        score = float(value)
        return repr(0.0 if math.isnan(score) else min(max(score, 0.0), self.points))


def preload() -> None:
    """Make the shell of all notebooks, once `interpreter.base` is loaded."""
    global _shell
    np.random.seed()  # noqa: NPY002 - what the student's fork server has inherited tells nothing of this one's numbers
    note_seeding()
    read_sources_of_students()
    _shell = make_shell(TrustedShell, traceback_mode="Plain")
    note_originals()


def serve(channel: socket.socket, peer: socket.socket | None) -> None:
    """Serve one notebook until the grader hangs up.

    Parameters
    ----------
    channel : socket.socket
        To the grader.
    peer : socket.socket
        To the student's process.
    """
    if _shell is None or peer is None:
        raise ValueError("serve() needs preload() before it, and a peer")
    enter_work_folder()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    trusted = Trusted(_shell, Channel(channel), Channel(peer))
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # came when the cell was over already
            try:
                trusted.serve()
            except Closed:
                return


class Names(dict[str, Any]):
    """Builtins of the test cells: Python's own, then the student's names, each fetched once a cell.

    Parameters
    ----------
    link : Link
        The way to the student's process.
    hidden : set of str
        Builtins that the exercise asks students to define themselves.
    own : mutable mapping
        The names of the test cells.
    """

    def __init__(self, link: Link, hidden: set[str], own: MutableMapping[str, Any]) -> None:
        super().__init__({name: value for name, value in vars(builtins).items() if name not in hidden})
        self._link, self._hidden, self._own, self._fresh = link, hidden, own, False
        reflection = reflecting(NotebookNames(own, link.names, self.__missing__))
        self.update({name: value for name, value in reflection.items() if name not in hidden})
        self.update({BOUND: self._carry, DELETED: self._delete, TYPE: type_of})
        self._fetched: dict[str, Any] = {}
        self._stopped: Mapping[str, str] = {}
        self.set_up: set[str] = set()  # what set-up cells bind, on both sides
        self.imports: dict[str, Any] = {}  # of the instructor's notebook; one counts where the student has it too

    def __missing__(self, name: str) -> Any:
        """Return the student's value of a name, else the builtin that the student was asked to replace.

        Raises
        ------
        KeyError
            When the notebook has no such name; the interpreter makes a NameError of it.
        NameError
            When it has none because its cell stopped before; ``stopped_by`` says with which error.
        """
        if name.startswith("__") and name.endswith("__"):
            raise KeyError(name)
        if name not in self._fetched or (self._fresh and name not in self.imports):
            self._fetched[name] = self._imported(name) if name in self.imports else self._link.get(name)
        if self._fetched[name] is MISSING:
            if name in self._hidden:
                return getattr(builtins, name)
            if name in self._stopped:
                raise _not_defined(name, self._stopped[name])
            raise KeyError(name)
        return self._fetched[name]

    def _imported(self, name: str) -> Any:
        """Return what the instructor imports under a name, where the student's notebook has that import."""
        try:
            same = self._link.has_import(name, self.imports[name])
        except StudentGoneError:
            return self.imports[name]  # it needs nobody
        if same is None:
            return MISSING
        return self.imports[name] if same else self._link.get(name)

    def start_cell(self, stopped: Mapping[str, str], *, fresh: bool = False) -> None:
        """Forget what the last cell fetched, and note the names whose cells have stopped."""
        self._fetched.clear()
        self._stopped, self._fresh = stopped, fresh

    def _carry(self, name: str) -> None:
        """Give the student's notebook what a test has bound to a name; one of the student's is theirs again."""
        if self._link.bind(name, self._own[name]) and name not in self.set_up:
            del self._own[name]

    def _delete(self, name: str) -> None:
        """Delete a name of the test's, or else the student's."""
        if name in self._own:
            del self._own[name]
        else:
            self._link.unbind(name)


class Trusted:
    """The loop of the trusted process.

    Parameters
    ----------
    shell : TrustedShell
        The warm shell.
    channel : Channel
        To the grader.
    peer : Channel
        To the student's process.
    """

    def __init__(self, shell: TrustedShell, channel: Channel, peer: Channel) -> None:
        self.shell, self.channel, self._peer = shell, channel, peer
        self._folder = os.getcwd()  # noqa: PTH109 - to go back to
        self._served = False
        self.link: Link
        self.names: Names
        self._solution_names: set[str] = set()

    def serve(self) -> None:
        """Answer the grader."""
        answers = {"setup": self._setup, "peer": self._replace_peer, "locked": self._locked, "test": self._test}
        while True:
            message, _ = self.channel.receive()
            reply = answers[message["op"]](message)
            self.channel.send({"n": message["n"], **reply})

    def _setup(self, message: dict[str, Any]) -> dict[str, Any]:
        """Import what the instructor's notebook imports; the rest of its solution never comes here."""
        if self._served:
            self._forget()
        self._served = True
        recorder.text_limit = message["text_limit"]
        self._solution_names = set(message["solution_names"])
        self.link = Link(self._peer, self._why, message["cell_seconds"])
        self.link.always_copy_back = message["always_copy_back"]
        self.names = Names(self.link, self._solution_names & set(vars(builtins)), self.shell.user_ns)
        self.link.refusals_end_tests = message["refusals"] == "end"
        self.shell.user_module.__dict__["__builtins__"] = self.names
        failed, imports = [], self.names.imports
        for statement in message["imports"]:
            try:
                exec(statement, imports)  # noqa: S102 - an import statement of the instructor's own notebook
            except Exception as error:
                failed.append(f"{statement}: {type(error).__name__}: {error}")
        imports.pop("__builtins__", None)
        return {"failed": failed}

    def _forget(self) -> None:
        """Be as new for the next notebook of the submission, as far as its tests have not changed modules."""
        os.chdir(self._folder)
        recorder.take()
        self.shell.reset(new_session=True)
        self.shell.execution_count = 1
        gc.collect()  # what the last notebook's student has sent
        np.random.seed()  # noqa: NPY002 - the state that tests' legacy calls use
        random.seed()

    def _why(self, says: str, closed: bool) -> str:
        """Ask the grader how the student's process ended."""
        self.channel.send({"op": "why", "says": says, "closed": closed})
        return str(self.channel.receive()[0]["why"])

    def _replace_peer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take over the socket to a new student process; the descriptor comes right behind this message."""
        self.channel.send({"n": message["n"], "ready": True})
        _, descriptors, _, _ = socket.recv_fds(self.channel.connection, 1, 1)
        self._peer = Channel(socket.socket(fileno=descriptors[0]))
        self.link.replace_peer(self._peer)
        return {}

    def _locked(self, message: dict[str, Any]) -> dict[str, Any]:
        """Run a set-up cell; a name that the solution binds as well belongs to the student."""
        outputs = self._run(message, Expectations())
        self.link.random_state.take_as_known()
        self.names.set_up |= bound_at_the_top(message["code"]) - self._solution_names
        for name in self._solution_names:
            self.shell.user_ns.pop(name, None)
        return {"outputs": outputs}

    def _test(self, message: dict[str, Any]) -> dict[str, Any]:
        """Run a test cell; its number counts only when it ends without an error."""
        expectations = Expectations(message["mode"], message.get("record"))
        self.shell.points = message["points"]
        try:
            if message["close"]:
                self.shell.carrying.names = self._solution_names | self.names.set_up | REPLACEABLE
            outputs = self._run(message, expectations)
        finally:
            self.shell.points, self.shell.carrying.names = None, ()
        if self.link.refused is not None:
            outputs = _refused(outputs, self.link.refused)
        reply: dict[str, Any] = {"outputs": outputs, "asked": self.link.asked, "kept_apart": self.link.kept_apart}
        if message["mode"] == "record":
            entangled = self.link.crossed is not None and self.link.crossed.may_be_entangled()
            reply["record"] = {**expectations.to_json(), "entangled": entangled}
        return reply

    def _run(self, message: dict[str, Any], expectations: Expectations) -> list[Output]:
        code = message["code"]
        close = message.get("close", False)
        self.names.start_cell(message.get("stopped", {}), fresh=close)
        self.link.start_cell(expectations, close=close)
        self.link.asks_types = "type(" in code or "__class__" in code
        self.shell.carry(needed=close or "__class__" in code)
        return run_cell(self.shell, code)


def _not_defined(name: str, stopped_by: str) -> NameError:
    """Return the error of a name whose cell stopped, with the error that stopped it."""
    error = NameError(f"name {name!r} is not defined: its cell stopped with {stopped_by}", name=name)
    error.stopped_by = stopped_by  # type: ignore[attr-defined]  # for tests that explain
    return error


def _refused(outputs: list[Output], error: Exception) -> list[Output]:
    """Return the outputs of a test that was refused something: whatever it made of that, it counts nothing."""
    told = isinstance(error, StudentGoneError | TimeoutError)  # what pages have words for
    name, why = type(error).__name__ if told else RefusedValueError.__name__, str(error)
    shown = [output for output in outputs if output["output_type"] not in ("execute_result", "error")]
    return [*shown, {"output_type": "error", "ename": name, "evalue": why, "traceback": [f"{name}: {why}"]}]

"""The trusted end of the wire to the student's process: what a test asks for, as requests and checked answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from splitgrade.errors import OpaqueError, RefusedValueError, StudentGoneError, WireError
from splitgrade.execution.interpreter.exceptions import rebuild
from splitgrade.execution.trusted.arguments import Arguments
from splitgrade.execution.trusted.callbacks import Callbacks, call, name_of
from splitgrade.execution.trusted.crossed import Crossed
from splitgrade.execution.trusted.exchange import Exchange, Request
from splitgrade.execution.trusted.expectations import Expectations
from splitgrade.execution.trusted.importable import import_name
from splitgrade.execution.trusted.mirror import Mirror
from splitgrade.execution.trusted.proxy import Call, Proxy, Reference, Result, proxy_type, reference_of
from splitgrade.execution.trusted.random_state import RandomState
from splitgrade.execution.trusted.redirection import replaced_builtins
from splitgrade.execution.wire.channel import Channel
from splitgrade.execution.wire.decoder import Decoder
from splitgrade.execution.wire.encoder import Encoder
from splitgrade.execution.wire.snapshot import assign
from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_NAMES

MISSING = object()


class Link:
    """Requests to the student's process.

    Parameters
    ----------
    peer : Channel
        The wire.
    why : callable
        Asks the grader why the student's process ended; gets what was seen here and whether the wire was closed.
    cell_seconds : int
        The limit that an interrupted call has broken.
    """

    def __init__(self, peer: Channel, why: Callable[[str, bool], str], cell_seconds: int) -> None:
        self._exchange = Exchange(peer, why, self._serve)
        self._callbacks = Callbacks()
        self._cell_seconds = cell_seconds
        self.generation = 0
        self.asked = False  # whether this cell asked for anything
        self.expectations = Expectations()
        self.always_copy_back = False
        self.refusals_end_tests = False
        self.kept_apart = False  # whether an argument was changed that the instructor's solution left alone
        self.asks_types = False  # whether this cell asks for the types of values
        self.refused: Exception | None = None  # why this cell was refused something
        self._turn = threading.RLock()  # for tests that call from several threads
        self.random_state = RandomState()
        self._path, self._proxies = "", 0
        self.mirror: Mirror | None = None  # of a test whose solution needs it
        self.crossed: Crossed | None = None  # likewise
        self._carried = False

    def replace_peer(self, peer: Channel) -> None:
        """Go on with a new student process; what the old one held is gone."""
        self._exchange.replace_peer(peer)
        self.generation += 1
        self.random_state.forget()

    def start_cell(self, expectations: Expectations, *, close: bool = False) -> None:
        """Begin a test cell with new expectations; a close one sees and makes changes of names at once."""
        self.expectations, self.asked, self.refused, self.kept_apart = expectations, False, None, False
        self.mirror = Mirror() if close else None
        self.crossed = Crossed() if expectations.holds else None
        if not self._carried:  # a function that was carried over may be called later
            self._callbacks.clear()

    def get(self, name: str) -> Any:
        """Return a global of the student's notebook, or `MISSING`."""
        with self._turn:
            return self._get(name)

    def _get(self, name: str) -> Any:
        reply, blobs = self._request({"op": "get", "name": name, "hold": self._holding})
        if reply.get("missing") is True:
            return MISSING
        self._path, self._proxies = name, 0
        value = self._value(reply, Decoder(blobs, self._unrefer), name)
        return value if self.mirror is None else self.mirror.hold(name, value)

    def names(self) -> list[str]:
        """Return the names of the student's notebook."""
        reply, _ = self._request({"op": "names"})
        listed = reply.get("names")
        return [name for name in listed[:MAX_NAMES] if type(name) is str] if type(listed) is list else []

    def bind(self, name: str, value: Any, *, in_place: bool = False) -> bool:
        """Give a name of the student's notebook a value; return whether the value can be handed over."""
        encoder = Encoder(self._refer)
        try:
            tree = encoder.encode(value)
        except WireError:
            return False
        if self.mirror is not None and not in_place:
            self.mirror.forget(name)
        self._carried = True
        self._request({"op": "bind", "name": name, "value": tree, "in_place": in_place}, encoder.blobs)
        return True

    def unbind(self, name: str) -> None:
        """Delete a name of the student's notebook.

        Raises
        ------
        NameError
            When it has none.
        """
        if self.mirror is not None:
            self.mirror.forget(name)
        if self._request({"op": "unbind", "name": name})[0].get("missing") is True:
            raise NameError(f"name {name!r} is not defined", name=name)

    def do(self, what: str, args: Sequence[Any], kwargs: Mapping[str, Any], path: str) -> Any:
        """Carry out an operation in the student's process.

        Parameters
        ----------
        what : str
            A name in `operations.OPERATIONS`.
        args, kwargs : sequence, mapping
            Plain data, proxies and functions.
        path : str
            How the test comes by the answer.

        Raises
        ------
        TypeError
            When an argument cannot be handed over.
        StudentGoneError
            When there is nobody to ask.
        Exception
            What the student's code raised, as its nearest builtin type.
        """
        with self._turn:
            message, blobs = self._operation(what, args, kwargs)
            return self._result(*self._request(message, blobs), what, Arguments(args, kwargs), path)

    def call_each(self, calls: Sequence[Call], path: str) -> list[Result]:
        """Call functions of the student's one after another, and return of each its value or what it raised.

        Parameters
        ----------
        calls : sequence of tuple
            Positional arguments, the function first, and named ones; none depends on what another call gives.
        path : str
            How the test comes by the answers.

        Returns
        -------
        list of tuple
            As `do` returns and raises.
        """
        with self._turn:
            if self.mirror is not None or self.crossed is not None:  # what one call changes, the next one may get
                return [_tried(partial(self.do, "call", *call, path)) for call in calls]
            requests = [_tried(partial(self._operation, "call", *call)) for call in calls]
            self.asked = True
            answers = iter(self._exchange.ask_each([request for request, error in requests if error is None]))
            results = list[Result]()
            for call, (_, error) in zip(calls, requests, strict=True):
                answer = error or next(answers)
                if isinstance(answer, StudentGoneError):
                    answer = self.refuse(answer)
                if isinstance(answer, BaseException):
                    results.append((None, answer))
                else:
                    results.append(_tried(partial(self._result, *answer, "call", Arguments(*call), path)))
            return results

    def _operation(self, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Request:
        """Return the request for an operation."""
        encoder = Encoder(self._refer)
        try:
            message: dict[str, Any] = {
                "op": "do",
                "what": what,
                "args": [self._argument(value, encoder) for value in args],
                "kwargs": {name: self._argument(value, encoder) for name, value in kwargs.items()},
                "hold": self._holding,
            }
        except WireError as error:
            raise self.refuse(TypeError(f"an argument cannot be handed to the student's code: {error}")) from None
        if what == "call":
            if (news := self.random_state.news()) is not None:
                message["random"] = encoder.encode(news)
            if self.mirror is not None and (replaced := replaced_builtins()):
                message["replaced"] = {name: encoder.encode(function) for name, function in replaced.items()}
        return message, encoder.blobs

    def _result(self, reply: dict[str, Any], blobs: list[bytearray], what: str, arguments: Arguments, path: str) -> Any:
        """Return the value of an answer, or raise what it says was raised."""
        self._path, self._proxies = path, 0
        decoder = Decoder(blobs, self._unrefer)
        kept_apart = self._copy_back(reply, decoder, arguments, path)
        if self.crossed is not None:
            self._lend(self.crossed, reply.get("lent"), arguments)
        if "raised" in reply:
            stops = what == "next"
            raise rebuild(reply["raised"], self._cell_seconds, may_stop=stops, refuse=self.refuse) from None
        if "alias" in reply:
            argument = arguments.at(reply["alias"])
            return kept_apart.get(reply["alias"], argument)
        return self._value(reply, decoder, path)

    @property
    def _holding(self) -> bool:
        return self.crossed is not None and not self.crossed.full

    def _argument(self, value: Any, encoder: Encoder) -> Any:
        """Return the tree of an argument: a reference where it is an object that both sides have."""
        number = None if self.crossed is None else self.crossed.number_of(value)
        return encoder.encode(value) if number is None else ["h", number]

    def _lend(self, crossed: Crossed, rows: Any, arguments: Arguments) -> None:
        """Hold arguments under the numbers that the student's process has given them."""
        for row in _list(rows):
            try:
                place, number = row
                argument = arguments.at(place)
            except (ValueError, TypeError) as error:
                raise self.refuse(TypeError(f"the student's process said something malformed: {error}")) from None
            if type(number) is int:
                crossed.lend(number, argument)

    def _send_changes(self) -> None:
        """Send what the test has changed in values that it holds together with the student's process."""
        for name, held in [] if self.mirror is None else self.mirror.changes():
            self.bind(name, held, in_place=True)
        for number, value in [] if self.crossed is None else self.crossed.changes():
            self.expectations.note_holding()
            encoder = Encoder(self._refer)
            try:
                tree = encoder.encode(value)
            except WireError as error:
                raise self.refuse(TypeError(f"a change cannot be handed to the student's code: {error}")) from None
            self._request({"op": "assign", "number": number, "value": tree}, encoder.blobs)

    def _request(self, message: dict[str, Any], blobs: Sequence[Any] = ()) -> tuple[dict[str, Any], list[bytearray]]:
        """Send a request that a test cannot do without, and return its answer."""
        try:
            return self._ask(message, blobs)
        except StudentGoneError as error:
            raise self.refuse(error) from None

    def _ask(self, message: dict[str, Any], blobs: Sequence[Any] = ()) -> tuple[dict[str, Any], list[bytearray]]:
        """Send a request, with what the test has changed meanwhile before it, and return its answer."""
        if not self._exchange.is_asking and message["op"] not in ("bind", "assign"):
            self._send_changes()
        self.asked = True
        return self._exchange.ask(message, blobs)

    def _value(self, reply: Mapping[str, Any], decoder: Decoder, path: str) -> Any:
        """Return the checked value of an answer."""
        if "refused" in reply:
            raise self.refuse(TypeError(f"{path} cannot be handed over: {clean_text(str(reply['refused'])[:500])}"))
        decoder.names_fields = self.expectations.names_fields(path)
        try:
            value = decoder.decode(reply.get("value"))
        except WireError as error:
            raise self.refuse(TypeError(f"{path} gave something malformed: {error}")) from None
        except OpaqueError as error:
            raise self.refuse(error) from None
        if decoder.saw_fields:
            self.expectations.note_fields(path)
        if decoder.saw_subclass and self.asks_types:
            try:
                self.expectations.check_derived(path)
            except OpaqueError as error:
                raise self.refuse(error) from None
        if not self._proxies:
            self.expectations.check_plain(path)
        number = reply.get("at")
        return self.crossed.take(number, value) if self.crossed is not None and type(number) is int else value

    # ---- arguments that a call changed

    def _copy_back(
        self, reply: Mapping[str, Any], decoder: Decoder, arguments: Arguments, path: str
    ) -> dict[int | str, Any]:
        """Carry changes into the test's arguments where that is wanted, and return the others by place."""
        kept_apart: dict[int | str, Any] = {}
        for row in _list(reply.get("changed")):
            try:
                place, tree = row
                argument, value = arguments.at(place), decoder.decode(tree)
            except (WireError, ValueError) as error:
                raise self.refuse(TypeError(f"{path} gave something malformed: {error}")) from None
            except OpaqueError as error:
                raise self.refuse(error) from None
            self.expectations.note_change(path, place)
            if self.always_copy_back or place in self.expectations.changes(path):
                assign(argument, value)
            else:
                kept_apart[place] = value
                self.kept_apart = True
        return kept_apart

    # ---- references

    def _refer(self, value: Any) -> list[Any]:
        if isinstance(value, Proxy):
            reference = reference_of(value)
            if reference.generation != self.generation:
                raise WireError("an object of a process that has ended")
            return ["h", reference.number]
        name = import_name(value)
        if name is not None:
            return ["m", name]
        if callable(value):
            return self._callbacks.refer(value)
        raise WireError(f"{type(value).__name__} is no plain data")

    def _unrefer(self, tree: list[Any]) -> Any:
        if tree[0] == "k" and len(tree) == 2:
            return self._callbacks.at(tree[1])
        if tree[0] != "h" or len(tree) != 6 or type(tree[1]) is not int or type(tree[5]) is not list:
            raise WireError("a reference is a handle of six parts")
        if not all(type(text) is str for text in (*tree[2:5], *tree[5])):
            raise WireError("the parts of a reference are a number and texts")
        number, kind, type_name, name = tree[1], *(clean_text(text[:100]) for text in tree[2:5])
        self._proxies += 1
        self.expectations.check_value(self._path, kind, type_name)
        proxy = proxy_type(kind, frozenset(tree[5]))
        reference = Reference(
            self.do,
            self.call_each,
            self._permits,
            self.refuse,
            self.generation,
            number,
            kind,
            type_name,
            name,
            self._path,
        )
        return proxy(reference)

    def refuse(self, error: Exception) -> BaseException:
        """Return what is raised where a test gets nothing of the student's; noted, so that no test can let it pass."""
        if not self.refusals_end_tests:
            return error
        self.refused = self.refused or error
        return RefusedValueError(str(error))

    def has_import(self, name: str, value: Any) -> bool | None:
        """Return whether the student's global of a name is the import that the instructor's is.

        Returns
        -------
        bool or None
            None where the student's process has nothing of this name.
        """
        reply, _ = self._ask({"op": "imported", "name": name})
        if reply.get("missing") is True:
            return None
        return bool(reply.get("name")) and reply.get("name") == getattr(value, "__name__", None)

    def _permits(self, path: str, operator: str) -> bool:
        return self.expectations.permits(path, operator)

    def _serve(self, message: Mapping[str, Any], blobs: list[bytearray]) -> tuple[dict[str, Any], Sequence[Any]]:
        """Call a function of the test for the student's code."""
        function = self._callbacks.at(message.get("number"))
        kept = self._path, self._proxies
        self._path = f"{name_of(function)} argument"
        try:
            return call(function, message, Decoder(blobs, self._unrefer), Encoder(self._refer))
        finally:
            self._path, self._proxies = kept


def _tried(work: Callable[[], Any]) -> Result:
    """Return what comes of some work: a value, or what it raised, as far as that is the test's to know."""
    try:
        return work(), None
    except (Exception, RefusedValueError) as error:
        return None, error


def _list(value: Any) -> list[Any]:
    return value[:20] if type(value) is list else []

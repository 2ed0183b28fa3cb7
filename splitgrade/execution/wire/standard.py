"""Values that cross as themselves: dates, named tuples, counters, streams of text, paths, and tables of pandas.

Each is sent as plain parts and built anew from checked parts, so that a subclass of a student's never crosses as one.
"""

from __future__ import annotations

import datetime
import io
import keyword
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path, PosixPath
from typing import Any

from splitgrade.errors import WireError
from splitgrade.execution.wire.tables import TABLES, build_table, table_parts
from splitgrade.sandbox.limits import MAX_FIELDS

_FACTORIES = {kind.__name__: kind for kind in (int, float, complex, str, bool, list, dict, set, tuple)}
STREAM = io.StringIO
ITEMS = {"Counter": Counter, "OrderedDict": OrderedDict}


def parts_of(value: Any) -> list[Any] | None:
    """Return the name of a kind and the plain parts of a value of that very kind; None where it is of no such kind.

    Examples
    --------
    >>> parts_of(datetime.date(2024, 2, 29))
    ['date', '2024-02-29']
    """
    handler = _PARTS.get(type(value))
    if handler is not None:
        return handler(value)
    if isinstance(value, tuple) and _is_named_tuple(type(value)):
        return ["namedtuple", type(value).__name__, list(type(value).__dict__["_fields"]), list(tuple.__iter__(value))]
    return table_parts(value)


def build(parts: list[Any]) -> Any:
    """Return the value of parts that anybody may have written.

    Raises
    ------
    WireError
        When there is no such kind.
    ValueError, TypeError, OverflowError
        When its parts are malformed.
    """
    name, *rest = parts
    if type(name) is str and name in TABLES:
        return build_table(name, *rest)
    if type(name) is not str or name not in _BUILDERS:
        raise WireError("a value of the standard library has a known kind")
    return _BUILDERS[name](*rest)


def _is_named_tuple(kind: type) -> bool:
    """Return whether a class is one that `namedtuple` or `NamedTuple` made, not a class derived from it."""
    fields = kind.__dict__.get("_fields")
    own = kind.__bases__ == (tuple,) and type(fields) is tuple and all(type(each) is str for each in fields)
    return own and set(kind.__dict__) <= _NAMED_TUPLE_HAS | set(fields or ())


_ALSO = {  # of a class statement with NamedTuple; the second line since Python 3.13, the third since 3.14
    *("__annotations__", "__orig_bases__"),
    *("__static_attributes__", "__firstlineno__"),
    *("__annotate__", "__annotate_func__", "__annotations_cache__"),
}
_NAMED_TUPLE_HAS = frozenset(vars(namedtuple("Any", ""))) | _ALSO


@lru_cache(maxsize=256)
def _named_tuple(name: str, fields: tuple[str, ...]) -> Any:
    return namedtuple(name, fields)


def _build_named_tuple(name: Any, fields: Any, values: Any) -> Any:
    texts = [name, *fields] if type(fields) is list else [None]
    good = all(type(text) is str and text.isidentifier() and not keyword.iskeyword(text) for text in texts)
    if not good or len(texts) > MAX_FIELDS or type(values) is not list:
        raise WireError(f"a named tuple has a name and at most {MAX_FIELDS} fields")
    return _named_tuple(name, tuple(fields))(*values)


def _build_items(kind: Callable[[], Any]) -> Callable[[Any], Any]:
    def build_items(pairs: Any) -> Any:
        found = kind()
        for key, value in pairs:
            found[key] = value
        return found

    return build_items


def _build_default(factory: Any, pairs: Any) -> Any:
    found: defaultdict[Any, Any] = defaultdict(None if factory is None else _FACTORIES[factory])
    found.update(dict(pairs))
    return found


def _build_stream(text: Any, place: Any) -> io.StringIO:
    stream = io.StringIO(str(text))
    if type(place) is not int or not 0 <= place <= len(text):
        raise WireError("a place in a text lies in it")
    stream.seek(place)
    return stream


def _deque(values: Sequence[Any], most: int | None) -> deque[Any]:
    return deque(values, most)


_PARTS: dict[type, Callable[[Any], list[Any] | None]] = {
    datetime.date: lambda value: ["date", value.isoformat()],
    datetime.datetime: lambda value: ["datetime", value.isoformat()] if _plain_zone(value) else None,
    datetime.time: lambda value: ["time", value.isoformat()] if _plain_zone(value) else None,
    datetime.timedelta: lambda value: ["timedelta", value.days, value.seconds, value.microseconds],
    Counter: lambda value: ["Counter", [list(pair) for pair in dict.items(value)]],
    OrderedDict: lambda value: ["OrderedDict", [list(pair) for pair in OrderedDict.items(value)]],
    defaultdict: lambda value: ["defaultdict", _factory(value), [list(pair) for pair in dict.items(value)]],
    deque: lambda value: ["deque", list(value), value.maxlen],
    io.StringIO: lambda value: None if value.closed else ["StringIO", value.getvalue(), value.tell()],
    PosixPath: lambda value: ["Path", str(value)],
}
_BUILDERS: dict[str, Callable[..., Any]] = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": datetime.timedelta,
    **{name: _build_items(kind) for name, kind in ITEMS.items()},
    "defaultdict": _build_default,
    "deque": _deque,
    "StringIO": _build_stream,
    "Path": lambda text: Path(text),
    "namedtuple": _build_named_tuple,
}


def _plain_zone(value: Any) -> bool:
    return value.tzinfo is None or type(value.tzinfo) is datetime.timezone


def _factory(value: defaultdict[Any, Any]) -> str | None:
    name = getattr(value.default_factory, "__name__", "")
    return name if _FACTORIES.get(name) is value.default_factory else None

"""Tables of pandas as plain parts: frames, series, indexes, timestamps. pandas need not be there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from splitgrade.errors import WireError

_TEXT = ("object", "str", "string")
_NULLABLE = ("boolean", *(f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)), "Float32", "Float64")


def table_parts(value: Any) -> list[Any] | None:
    """Return the name of a kind and the plain parts of a table; None where it is of no kind that is known.

    Parameters
    ----------
    value : object
        A frame, series, index or moment of pandas; of that very class, none derived from it.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or type(value).__module__.split(".")[0] != "pandas":
        return None
    if value is pandas.NaT or value is pandas.NA:
        return ["NaT" if value is pandas.NaT else "NA"]
    handler = _PARTS.get(type(value).__name__)
    return (
        handler(value) if handler is not None and type(value) is getattr(pandas, type(value).__name__, None) else None
    )


def build_table(name: str, *parts: Any) -> Any:
    """Return the table of parts that anybody may have written.

    Raises
    ------
    WireError
        When the parts are malformed, or pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise WireError("a table needs pandas where the tests run") from None
    try:
        return _BUILDERS[name](pandas, *parts)
    except WireError:
        raise
    except Exception as error:  # pandas has many kinds of errors for what does not fit together
        raise WireError(f"a malformed table: {type(error).__name__}") from None


# ---- taking apart


def _column(values: Any) -> list[Any] | None:
    """Return the parts of the values of a series or an index."""
    dtype = str(values.dtype)
    if getattr(values.dtype, "kind", "O") in "biufcmM" and not hasattr(values.dtype, "na_value"):
        return ["array", values.to_numpy()] if dtype[:1].islower() and "," not in dtype else None
    if dtype in _TEXT or dtype in _NULLABLE:
        return ["values", dtype, list(values)]
    if dtype == "category":
        categories = _index(values.dtype.categories)
        return None if categories is None else ["category", list(values), categories, bool(values.dtype.ordered)]
    return None


def _index(index: Any) -> list[Any] | None:
    """Return the parts of an index."""
    if type(index).__name__ == "RangeIndex":
        return ["range", index.start, index.stop, index.step, index.name]
    if type(index).__name__ == "MultiIndex":
        levels = [_index(level) for level in index.levels]
        codes = [[int(code) for code in each] for each in index.codes]
        return None if None in levels else ["levels", levels, codes, list(index.names)]
    column = _column(index)
    freq = getattr(index, "freqstr", None)
    return None if column is None else ["index", column, index.name, freq]


def _series(value: Any) -> list[Any] | None:
    parts = [_column(value), _index(value.index)]
    return None if None in parts else ["Series", *parts, value.name]


def _frame(value: Any) -> list[Any] | None:
    columns = [_column(value.iloc[:, place]) for place in range(value.shape[1])]
    parts = [_index(value.index), _index(value.columns)]
    return None if None in columns or None in parts else ["DataFrame", columns, *parts]


def _any_index(value: Any) -> list[Any] | None:
    parts = _index(value)
    return None if parts is None else ["Index", parts]


def _moment(value: Any) -> list[Any] | None:
    zone = None if value.tzinfo is None else str(value.tzinfo)
    return None if zone not in (None, "UTC") else ["Timestamp", value.isoformat(), zone, value.unit]


_PARTS: dict[str, Callable[[Any], list[Any] | None]] = {
    "Series": _series,
    "DataFrame": _frame,
    **dict.fromkeys(("Index", "RangeIndex", "DatetimeIndex", "TimedeltaIndex", "MultiIndex"), _any_index),
    "Timestamp": _moment,
    "Timedelta": lambda value: ["Timedelta", value.as_unit("ns").value, value.unit],
}


# ---- putting together


def _build_column(pandas: Any, parts: Any, index: Any = None) -> Any:
    kind, *rest = parts
    if kind == "array":
        return pandas.Series(rest[0], index=index)
    if kind == "values" and rest[0] in (*_TEXT, *_NULLABLE):
        return pandas.Series(rest[1], index=index, dtype=rest[0])
    if kind == "category":
        categories = _build_index(pandas, rest[1])
        return pandas.Series(pandas.Categorical(rest[0], categories=categories, ordered=rest[2] is True), index=index)
    raise WireError("a column of a table has a known kind")


def _build_index(pandas: Any, parts: Any) -> Any:
    kind, *rest = parts
    if kind == "range":
        return pandas.RangeIndex(*rest[:3], name=rest[3])
    if kind == "levels":
        levels = [_build_index(pandas, level) for level in rest[0]]
        return pandas.MultiIndex(levels=levels, codes=rest[1], names=rest[2])
    column, name, freq = rest
    index = pandas.Index(_build_column(pandas, column), name=name)
    if freq is not None:
        index.freq = freq  # checked against the values by pandas
    return index


def _build_series(pandas: Any, column: Any, index: Any, name: Any) -> Any:
    found = _build_column(pandas, column, _build_index(pandas, index))
    found.name = name
    return found


def _build_frame(pandas: Any, columns: Any, index: Any, names: Any) -> Any:
    rows, headings = _build_index(pandas, index), _build_index(pandas, names)
    if type(columns) is not list or len(columns) != len(headings):
        raise WireError("a table has as many columns as names of them")
    found = pandas.DataFrame(dict(enumerate(_build_column(pandas, each, rows) for each in columns)), index=rows)
    found.columns = headings
    return found


def _build_moment(pandas: Any, text: Any, zone: Any, unit: Any) -> Any:
    moment = pandas.Timestamp(text) if zone is None else pandas.Timestamp(text).tz_convert("UTC")
    return moment.as_unit(unit)


_BUILDERS: dict[str, Callable[..., Any]] = {
    "Series": _build_series,
    "DataFrame": _build_frame,
    "Index": _build_index,
    "Timestamp": _build_moment,
    "Timedelta": lambda pandas, value, unit: pandas.Timedelta(int(value), unit="ns").as_unit(unit),
    "NaT": lambda pandas: pandas.NaT,
    "NA": lambda pandas: pandas.NA,
}
TABLES = frozenset(_BUILDERS)

"""What a page shows of a revealed case: a short list of fields, each of a known type and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_CASE_PLANES, MAX_CASE_SIDE, MAX_CASE_TEXT, MAX_CASE_VALUES


def case_of(data: Any) -> dict[str, Any] | None:
    """Return the fields of a case that the page draws, None where it is no case.

    Parameters
    ----------
    data : object
        What the trusted process displayed; a student's result may stand in it.

    Returns
    -------
    dict or None
        ``what``, ``call``, ``code``, ``message`` as text, ``example`` as a number (0 for none), ``inputs`` as values,
        ``yours`` and ``expected`` as values, ``difference`` as a value or None. A value has ``name``, ``note``,
        ``text`` and ``planes``; a plane ``caption`` and ``rows``, of pairs: text, and whether it is marked.
    """
    if not isinstance(data, Mapping):
        return None
    yours, expected = _value(data.get("yours")), _value(data.get("expected"))
    if yours is None or expected is None:
        return None
    example = data.get("example")
    inputs = data.get("inputs")
    return {
        **{name: _text(data.get(name)) for name in ("what", "call", "code", "message")},
        "example": example if type(example) is int else 0,
        "inputs": [_value(one) for one in _list(inputs, MAX_CASE_VALUES) if isinstance(one, Mapping)],
        "yours": yours,
        "expected": expected,
        "difference": _value(data.get("difference")),
    }


def _value(data: Any) -> dict[str, Any] | None:
    if not isinstance(data, Mapping):
        return None
    planes = [_plane(one) for one in _list(data.get("planes"), MAX_CASE_PLANES) if isinstance(one, Mapping)]
    return {**{name: _text(data.get(name)) for name in ("name", "note", "text")}, "planes": planes}


def _plane(data: Mapping[str, Any]) -> dict[str, Any]:
    marked = {tuple(place) for place in _list(data.get("marked"), MAX_CASE_SIDE**2) if isinstance(place, list)}
    rows = [
        [(_text(cell), (row, column) in marked) for column, cell in enumerate(_list(line, MAX_CASE_SIDE))]
        for row, line in enumerate(_list(data.get("rows"), MAX_CASE_SIDE))
    ]
    return {"caption": _text(data.get("caption")), "rows": rows, "marks": any(mark for row in rows for _, mark in row)}


def _list(value: Any, most: int) -> list[Any]:
    return value[:most] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return clean_text(value[:MAX_CASE_TEXT]) if isinstance(value, str) else ""

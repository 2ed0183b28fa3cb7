"""Outputs of a cell as they cross the wire: bounded, and cleaned of whatever a browser would run."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from splitgrade.execution.wire.pictures import STARTS, is_picture
from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_DECISIVE, MAX_IMAGE, MAX_IMAGES, MAX_OUTPUTS, MAX_RESULT

Output = dict[str, Any]

PLAIN = frozenset({"text/plain", "image/png", "image/jpeg"})
RESULT = "application/vnd.splitgrade.result+json"  # what a test says of an answer
CARRIED = "application/vnd.splitgrade.carried+json"  # what the engine says of a score that an earlier fault had cost
CASE = "application/vnd.splitgrade.case+json"  # what a course's checks show of a case that may be shown
WAITS = "application/vnd.splitgrade.waits+json"  # the engine's mark of a test that a person has to decide
TRUSTED = PLAIN | {"text/html", RESULT, CASE}
# Kept even after a flood: without its error or number a failed test would look like one that passed.
DECISIVE = frozenset({"error", "execute_result"})
CUT = "\n[the rest of the output is cut off]\n"


def clean(outputs: Any, *, kinds: frozenset[str] = PLAIN, text_limit: int = 1 << 20) -> list[Output]:
    """Return outputs that anybody may have written as valid, bounded notebook outputs of harmless kinds.

    Parameters
    ----------
    outputs : object
        What came over the wire.
    kinds : frozenset of str
        MIME types to keep; `PLAIN` for whatever students' code made.
    text_limit : int
        Characters of printed text to keep.

    Returns
    -------
    list of dict
        Outputs in notebook format 4. What is malformed is left out.

    Examples
    --------
    >>> clean([{"output_type": "display_data", "data": {"text/html": "<script>", "text/plain": "x"}}])
    [{'output_type': 'display_data', 'data': {'text/plain': 'x'}, 'metadata': {}}]
    """
    result: list[Output] = []
    budget = {"text": text_limit + len(CUT), "images": MAX_IMAGES}
    left = {True: MAX_DECISIVE, False: MAX_OUTPUTS}
    for output in outputs if type(outputs) is list else []:
        cleaned = _clean_one(output, kinds, budget) if type(output) is dict else None
        if cleaned is not None and left[decisive := cleaned["output_type"] in DECISIVE] > 0:
            left[decisive] -= 1
            result.append(cleaned)
    return result


def _clean_one(output: dict[Any, Any], kinds: frozenset[str], budget: dict[str, int]) -> Output | None:
    """Return one output with exactly the fields of its type, or None."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(output.get("text"), budget)}
    if kind == "error":
        lines = output.get("traceback")
        return {
            "output_type": "error",
            "ename": _short(output.get("ename"), 200),
            "evalue": _short(output.get("evalue"), 5000),
            "traceback": [_short(line, 20_000) for line in (lines if type(lines) is list else [])[:100]],
        }
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or type(data) is not dict:
        return None
    if kind == "execute_result":  # what was printed before must not use up the room for the number of a test
        budget = {"text": MAX_RESULT, "images": budget["images"]}
    values = {name: _value(name, data[name], budget) for name in sorted(kinds & set(data))}
    kept = {name: value for name, value in values.items() if value is not None}
    cleaned: Output = {"output_type": kind, "data": kept, "metadata": {}}
    if kind == "execute_result":
        count = output.get("execution_count")
        cleaned["execution_count"] = count if type(count) is int else None
    return cleaned


def _value(kind: str, value: Any, budget: dict[str, int]) -> Any:
    """Return the data of one MIME type, or None."""
    if kind in STARTS:
        return _image(kind, value, budget)
    if kind.endswith("+json"):
        return value if isinstance(value, dict | list) else None
    return _text(value, budget)


def _text(value: Any, budget: dict[str, int]) -> str:
    """Return text without lone surrogates, taken out of the budget."""
    text = _short(value, max(budget["text"], 0))
    budget["text"] -= len(text)
    return text


def _short(value: Any, limit: int) -> str:
    return clean_text(value[:limit]) if type(value) is str else ""


def _image(kind: str, value: Any, budget: dict[str, int]) -> str | None:
    """Return an image as canonical base64 of real image bytes: anything else could leave its HTML attribute."""
    if type(value) is not str or len(value) > min(MAX_IMAGE, budget["images"]):
        return None
    try:
        raw = base64.b64decode(value.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not is_picture(kind, raw):
        return None
    budget["images"] -= len(value)
    return base64.b64encode(raw).decode()

"""The table of bounds in docs is the one in code, and no module has a bound of its own."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from splitgrade.sandbox import limits
from splitgrade.sandbox.limits import Limits

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
# What these bound is not a submission: pages of the system, the grader's own waiting.
OF_THE_GRADER = {
    "STOP_SECONDS",
    "GRADEBOOK_SECONDS",
    "LOOK_SECONDS",
    "CONNECT_SECONDS",
    "NOBODY_SECONDS",
    "MAX_WIDTH",
    "MAX_SHOWN",
    "MAX_UNPLACED",
    "MAX_STATE_NAME_BYTES",
}
OF_THE_SYSTEM = {"MAX_PART", "MAX_PART_BYTES"}


def in_the_page() -> dict[str, float]:
    """Return names and values of the tables in docs/limits.md."""
    rows = re.findall(r"^\| `(\w+)` \| ([\d,.]+) \|", PAGE, flags=re.MULTILINE)
    return {name: float(value.replace(",", "")) for name, value in rows}


def test_the_page_has_every_bound_with_its_value():
    """Names and values in docs are those in code, none more and none less."""
    fixed = {name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int | float)}
    settable = {field.name: field.default for field in dataclasses.fields(Limits)}
    assert in_the_page() == {**fixed, **settable}


def test_no_module_has_a_bound_of_its_own():
    """A constant named MAX_... or ..._SECONDS stands in the table, or on the short list of what bounds the grader."""
    found = set()
    for path in (ROOT / "splitgrade").rglob("*.py"):
        if path.name != "limits.py":
            found |= set(re.findall(r"^(MAX_\w+|\w+_SECONDS)(?:: Final)? = ", path.read_text(), flags=re.MULTILINE))
    names = {name for name in found if not name.startswith("_")}
    assert names <= OF_THE_GRADER | OF_THE_SYSTEM

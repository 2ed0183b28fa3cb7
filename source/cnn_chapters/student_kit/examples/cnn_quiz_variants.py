"""The form of the answers to questions with own numbers."""

from __future__ import annotations

from student_kit.form import Form, Numbers, OneNumber

_PAIRS = {"v01", "v09", "v10", "v11"}

FORMS: dict[str, Form] = {
    name: Numbers(2) if name in _PAIRS else OneNumber() for name in (f"v{number:02}" for number in range(1, 13))
}
"""Question id -> the form of its answer."""

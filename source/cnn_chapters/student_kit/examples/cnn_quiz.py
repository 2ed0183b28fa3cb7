"""The form of the answers of the quiz."""

from __future__ import annotations

from student_kit.form import Form, Letters

FORMS: dict[str, Form] = {f"q{number:02}": Letters("abcd") for number in range(1, 15)}
"""Question id -> the form of its answer."""

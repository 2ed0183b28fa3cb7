"""The form of the answers on the sheet of claims."""

from __future__ import annotations

from student_kit.form import Form, Letters, OneNumber

FORMS: dict[str, Form] = {
    **dict.fromkeys(
        ("q15", "q16", "q17", "q18", "q19", "q20", "q21", "q22", "q24", "q27", "q28", "q29", "q31"), Letters("abc")
    ),
    **dict.fromkeys(("q23", "q25", "q26", "q30", "q32", "q33"), OneNumber()),
}
"""Question id -> the form of its answer."""

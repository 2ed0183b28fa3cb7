"""Public examples and the form of answers, a module for each assignment."""

from __future__ import annotations

from student_kit.constructed import Claims, Constructed
from student_kit.example import FunctionExamples
from student_kit.examples import (
    cnn_architectures,
    cnn_chapters,
    cnn_claims,
    cnn_exercises,
    cnn_quiz,
    cnn_quiz_variants,
    constructed,
)
from student_kit.form import Form

FUNCTIONS: dict[str, FunctionExamples] = {
    **cnn_exercises.FUNCTIONS,
    **cnn_architectures.FUNCTIONS,
    **cnn_chapters.FUNCTIONS,
}
"""Question id -> its public examples."""

FORMS: dict[str, Form | Constructed | Claims] = {
    **cnn_exercises.FORMS,
    **constructed.FORMS,
    **cnn_quiz.FORMS,
    **cnn_claims.FORMS,
    **cnn_quiz_variants.FORMS,
    **cnn_architectures.FORMS,
    **cnn_chapters.FORMS,
}
"""Question id -> the form of its answer."""

WRITTEN: dict[str, str] = cnn_exercises.WRITTEN
"""Id of a written answer -> what it is about; these are read by a person."""

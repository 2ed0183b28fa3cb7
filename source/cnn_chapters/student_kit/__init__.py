"""What a student may have: checks with staged messages, pictures to touch, an overview, practice without end."""

from student_kit.check import check
from student_kit.choices import choices
from student_kit.explore import explore
from student_kit.inputs import example
from student_kit.own_numbers import ask
from student_kit.photograph import look, photograph
from student_kit.practice import practice
from student_kit.prediction import predict
from student_kit.progress import progress
from student_kit.show import show
from student_kit.slips import forgive

__all__ = [
    "ask",
    "check",
    "choices",
    "example",
    "explore",
    "look",
    "photograph",
    "practice",
    "predict",
    "progress",
    "show",
]

forgive()  # a slip in one cell costs that cell only

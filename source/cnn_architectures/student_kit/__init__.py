"""What a student may have: public examples with staged messages, pictures of results, an overview, practice."""

from student_kit.check import check, progress
from student_kit.own_numbers import ask
from student_kit.practice import practice
from student_kit.show import show

__all__ = ["ask", "check", "practice", "progress", "show"]

"""What a student may have: public examples with staged messages, pictures of results, an overview of the notebook."""

from student_kit.check import check, progress
from student_kit.show import show

__all__ = ["check", "progress", "show"]

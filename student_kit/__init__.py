"""What a student may have: public examples with staged messages, interactive pictures, an overview of the notebook."""

from student_kit.check import check, progress
from student_kit.explore import explore
from student_kit.show import show

__all__ = ["check", "explore", "progress", "show"]

"""What a student may have: public examples with staged messages, interactive pictures, an overview of the notebook."""

from student_kit.check import check
from student_kit.choices import choices
from student_kit.explore import explore
from student_kit.inputs import example
from student_kit.progress import progress
from student_kit.show import show
from student_kit.slips import forgive

__all__ = ["check", "choices", "example", "explore", "progress", "show"]

forgive()  # a slip in one cell costs that cell only

"""How nbgrader runs this course: the engine, and what is this course's own."""

import sys
from pathlib import Path

from cnn_course.exporting.nbgrader_plugin import QuotedCsvExport
from splitgrade.nbgrader import configure

HERE = Path(__file__).parent.resolve()

if (HERE / "grader_tests").is_dir() and str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # checks, reference and kit of this course, before those that are installed

c = get_config()  # noqa: F821 - given by traitlets, which reads this file

configure(
    c,
    checks=["grader_tests"],
    travelling=["student_kit"],
    private=["cnn_ref", "cnn_course"],
    check_data=[HERE / "authoring"],  # keys and hints of the quizzes
    after_grades=["cnn_course.reporting.settle.ApplyDecisions"],  # decisions.toml, on every path of grading
    cell_seconds=30,  # an endless loop costs a submission its own question
    advice="grader_tests.advice",  # what to practice, a case that fails, why the right answer is right
    shared="refuse",  # every test of this course runs apart from students' code
)

c.CourseDirectory.course_id = "cnn"  # also in authoring/course.toml; a test holds them equal
c.CourseDirectory.root = str(HERE)  # the course is where this file is, not where we stand

# A comment is a stub that runs: a function keeps its docstring as body, and a blank notebook goes from top to bottom.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}

c.SplitExecute.copy_back = "always"  # our checks compute expected values from private copies
c.SplitExecute.refusals = "raise"  # our checks take no error for a right answer, and go on with the next case

# Pages made from then on explain the right answers, such as {"cnn_quiz": "2026-12-20 18:00"}; no date, no explanation.
c.RedactFeedback.explain_from = {}

c.ExportApp.plugin_class = QuotedCsvExport  # nbgrader's own writes names with commas unquoted

"""How nbgrader runs this course: wiring only. What a step does stands in `cnn_course.nbgrader`."""

from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.validator import Validator

from cnn_course.grading.execute import RestoreNotebook, SplitExecute
from cnn_course.grading.validate import ValidateExecute
from cnn_course.nbgrader.environment import prepare
from cnn_course.nbgrader.feedback_exporter import TEMPLATES, FeedbackExporter
from cnn_course.nbgrader.question_grades import QuestionGrades
from cnn_course.nbgrader.redact_feedback import RedactFeedback
from cnn_course.nbgrader.show_rubric import ShowRubric
from cnn_course.nbgrader.strict_results import StrictResults
from cnn_course.nbgrader.timeout import timeout_error
from cnn_course.reporting.exports import QuotedCsvExport

prepare()  # nbgrader starts alembic by name; found also where .venv is not activated

c = get_config()  # noqa: F821 - given by traitlets, which reads this file

c.CourseDirectory.course_id = "cnn"  # also in authoring/course.toml; a test holds them equal
c.CourseDirectory.root = str(Path(__file__).parent.resolve())  # the course is where this file is, not where we stand

# A comment is a stub that runs: a function keeps its docstring as body, and a blank notebook goes from top to bottom.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}

# A test cell that a student deleted comes back from the gradebook instead of waiting for a manual grade for ever.
c.OverwriteCells.add_missing_cells = True

c.SplitExecute.limits = {"cell_seconds": 30}  # an endless loop costs a submission its own question
c.SplitExecute.copy_back = "always"  # our checks compute expected values from private copies

# nbgrader's own way of running notebooks is left to notebooks that `nbgrader validate` does not find in source/.
c.Execute.timeout = 30  # seconds a cell
c.Execute.startup_timeout = 120  # seconds: a busy machine starts kernels slowly, which is nobody's fault
c.Execute.error_on_timeout = timeout_error(30)  # nbgrader's own message has no text
c.LimitOutput.max_lines = 500  # lines of printed text a cell; pages stay readable

c.Autograde.sanitize_preprocessors = [
    RestoreNotebook,  # first: nbgrader's own steps fail on damaged metadata, and one failure would end the batch
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    SplitExecute,  # students' code in a sandbox, tests in another process; nbgrader's own Execute would run both in one
    StrictResults,  # after the run and before the grades: nbgrader takes nearly anything for full points
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    ShowRubric,  # after the grades: its cell is for the eyes of the marker only
    CheckCellMetadata,
]

Validator.preprocessors.tag(config=True)  # nbgrader offers the list, but not to its own configuration
c.Validator.preprocessors = [
    CheckCellMetadata,
    ClearOutput,
    ValidateExecute,  # `nbgrader validate` judges as grading does
]

c.GenerateFeedback.preprocessors = [
    QuestionGrades,  # scores, comments, and what is not marked yet
    RedactFeedback,  # last: nothing after it may bring a test back
]
c.GenerateFeedback.exporter_class = FeedbackExporter  # one file without scripts
c.FeedbackExporter.template_name = "cnn_feedback"
c.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]

c.ExportApp.plugin_class = QuotedCsvExport  # nbgrader's own writes names with commas unquoted
